"""The one builder of addresses: where an IRI or a page is found on the host that serves (RFC 3986).

Permanent IRIs name things and stay as they are; what people follow is an address of this host.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

from cecot.claims.nodes import Node
from cecot.dataset.content import Names

SAFE = "/:@!$&'()*+,;=~-._"
"""What stands as it is in a path (RFC 3986, 3.3)."""


FOLLOWED = ("http:", "https:", "mailto:")
"""Beginnings of addresses of others to which pages lead."""


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses below ``root``: the public address, or its path alone (empty, or ``/graph``).

    Links of a page whose reader asked for a language (``?lang=``) keep it: ``lang`` is that, or
    empty. ``path`` (below the root) and ``given``, its parameters, are those of that page.
    """

    names: Names
    root: str = ""
    lang: str = ""
    path: str = "/"
    given: tuple[tuple[str, str], ...] = ()

    def to(self, path: str, **parameters: str | Sequence[str] | None) -> str:
        """``path`` of this service, with the parameters that have a value, or several."""
        given = {name: value for name, value in parameters.items() if value}
        if self.lang:
            given["lang"] = self.lang
        return self.root + path + _query(given.items())

    def here(self, **changes: str | Sequence[str] | None) -> str:
        """This page with some parameters changed; None, or no value, takes one away."""
        kept = [(name, value) for name, value in self.given if name not in changes]
        added = [(name, value) for name, value in changes.items() if value]
        return self.root + self.path + _query([*kept, *added])

    def in_language(self, language: str) -> str:
        """This page in ``language``."""
        return self.here(lang=language)

    @property
    def canonical(self) -> str:
        """The path of this page for whoever keeps it: without what only chose its language."""
        return self.path + _query([each for each in self.given if each[0] != "lang"])

    @property
    def last_part(self) -> str:
        """The end of the path as words: what a reader of a page that is not there was after."""
        return self.path.rstrip("/").rpartition("/")[2].removesuffix(".html").replace("-", " ")

    def of(self, iri: str) -> str:
        """Where ``iri`` is told of: here if it is one of ours, else ``iri`` itself.

        Empty if a browser would do something else with it than to go there (``javascript:``).
        """
        document, hash_, fragment = iri.partition("#")
        slug = iri.removeprefix(self.names.namespace)
        if slug and slug != iri and not hash_:
            return self.to("/id/" + quote(slug, safe=SAFE))
        for name, graph in self._vocabularies():
            if document == graph:
                return self.to(name) + hash_ + quote(fragment, safe=SAFE + "?")
        if iri.startswith(self.names.base):
            return self.described(iri)
        return iri if iri.lower().startswith(FOLLOWED) else ""

    def of_node(self, node: Node) -> str:
        """Where ``node`` is told of; here too if the graph types a thing of somebody else's."""
        here = self.of(node.iri)
        return self.described(node.iri) if here in (node.iri, "") and node.types else here

    def described(self, iri: str) -> str:
        """Where any IRI is told of by what this graph says of it."""
        return self.to("/resource", iri=iri)

    def page(self, iri: str) -> str:
        """The page that tells of ``iri``, without a detour; as ``of`` if it is not ours."""
        return self._page(iri, self.of(iri))

    def page_of(self, node: Node) -> str:
        """The page that tells of ``node``; as ``of`` if it is told of elsewhere."""
        return self._page(node.iri, self.of_node(node))

    def document(self, address: str, suffix: str) -> str:
        """The document in the format ``suffix`` of the thing at ``address`` (of this host)."""
        path, hash_, fragment = address.partition("#")
        path, mark, query = path.partition("?")
        return f"{path}.{suffix}{mark}{query}{hash_}{fragment}"

    def claims(self, suffix: str = "", **filters: str | Sequence[str] | None) -> str:
        """The table of claims: ``about``, ``by``, ``status``, ``act``, ``policy`` and the like."""
        return self.to("/claims" + (f".{suffix}" if suffix else ""), **filters)

    def question(self, slug: str, suffix: str = "") -> str:
        """The page of a question, or its answer as a file."""
        return self.to(f"/questions/{slug}" + (f".{suffix}" if suffix else ""))

    def dump(self, name: str = "") -> str:
        """A file of the whole dataset; the list of them without ``name``."""
        return self.to(f"/dumps/{name}")

    def iris_of_slug(self, slug: str) -> Iterator[str]:
        """The IRIs that ``/id/slug`` may mean: as it is read, and with its escapes kept."""
        return self._read(self.names.namespace, slug)

    def iris_of_path(self, path: str) -> Iterator[str]:
        """The IRIs below the base that the path ``path`` may mean; permanent IRIs lead here."""
        return self._read(self.names.base, path)

    def _page(self, iri: str, address: str) -> str:
        return address if address in (iri, "") else self.document(address, "html")

    def _read(self, start: str, rest: str) -> Iterator[str]:
        yield start + rest
        kept = "".join(each if each > "~" else quote(each, safe=SAFE + "%") for each in rest)
        if kept != rest:
            yield start + kept

    def _vocabularies(self) -> tuple[tuple[str, str], ...]:
        """The two documents whose things are fragments, each with the name of its graph."""
        names = self.names
        return (
            ("/ontology", names.ontology_iri.rstrip("#")),
            ("/shapes", names.shapes_iri.rstrip("#")),
        )


def _query(parameters: Iterable[tuple[str, str | Sequence[str]]]) -> str:
    query = urlencode([*parameters], doseq=True)
    return f"?{query}" if query else ""


MOST_ADDRESSES = 50_000
"""Addresses in one sitemap."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(pages: Iterable[str]) -> bytes:
    """A sitemap of the absolute addresses ``pages``, at most MOST_ADDRESSES."""
    return _written("urlset", "url", pages)


def sitemap_index(sitemaps: Iterable[str]) -> bytes:
    """The list of the sitemaps at the absolute addresses ``sitemaps``."""
    return _written("sitemapindex", "sitemap", sitemaps)


def _written(root: str, entry: str, addresses: Iterable[str]) -> bytes:
    entries = "".join(f"<{entry}><loc>{escape(each)}</loc></{entry}>\n" for each in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{root} xmlns="{_NAMESPACE}">\n{entries}</{root}>\n'
    ).encode()
