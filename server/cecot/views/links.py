"""Where the links of a page lead: to pages of this host, in the language that the reader chose.

A language that was asked for in the address (``?lang=``) stays in every link; one that the browser
prefers does not need to (RFC 9110, 12.5.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from cecot.claims.nodes import Node
from cecot.render.urls import Urls


@dataclass(frozen=True, slots=True)
class Links:
    """Links of the page at ``path`` (below the root) with the parameters ``given``.

    ``lang`` is the language asked for in the address, empty if none is.
    """

    addresses: Urls
    lang: str
    path: str
    given: tuple[tuple[str, str], ...] = ()

    @property
    def last_part(self) -> str:
        """The end of the path as words: what a reader of a page that is not there was after."""
        return self.path.rstrip("/").rpartition("/")[2].removesuffix(".html").replace("-", " ")

    def to(self, path: str, **parameters: str | None) -> str:
        """A page of this service."""
        return self._kept(self.addresses.to(path, **parameters))

    def node(self, node: Node) -> str:
        """The page that tells of ``node``; of a thing that is told of elsewhere, its IRI."""
        address = self.addresses.of_node(node)
        return address if address == node.iri else self.page(address)

    def iri(self, iri: str) -> str:
        """The page that tells of ``iri``; ``iri`` itself if it is not one of ours."""
        address = self.addresses.of(iri)
        return address if address == iri else self.page(address)

    def page(self, address: str) -> str:
        """The page of the thing at ``address``, without the detour over its IRI."""
        return self._kept(self.addresses.document(address, "html"))

    def claims(self, suffix: str = "", **filters: str | Sequence[str] | None) -> str:
        """The table of claims, or its twin in CSV or JSON."""
        return self._kept(self.addresses.claims(suffix, **filters))

    def question(self, slug: str, suffix: str = "") -> str:
        """The page of a question, or its answer as a file."""
        return self._kept(self.addresses.question(slug, suffix))

    def here(self, **changes: str | Sequence[str] | None) -> str:
        """This page with some parameters changed; None, or no value, takes one away."""
        kept = [(name, value) for name, value in self.given if name not in changes]
        added = [(name, value) for name, value in changes.items() if value]
        query = urlencode([*kept, *added], doseq=True)
        return self.addresses.root + self.path + (f"?{query}" if query else "")

    def in_language(self, language: str) -> str:
        """This page in ``language``."""
        return self.here(lang=language)

    def _kept(self, address: str) -> str:
        if not self.lang:
            return address
        parts = urlsplit(address)
        query = "&".join(filter(None, (parts.query, urlencode({"lang": self.lang}))))
        return urlunsplit(parts._replace(query=query))
