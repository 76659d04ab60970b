"""What machines look for at fixed addresses: robots.txt, sitemap.xml, llms.txt (RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response

from cecot.protocol.caching import entity_tag
from cecot.render.dumps import TABLE, has_claims, is_settled
from cecot.render.urls import sitemap, sitemap_index
from cecot.views.context import Context
from cecot.views.navigation import FEET, SECTIONS, reachable
from cecot.views.responses import gzip_asked, kept, respond

_CLOSED = (
    *("/sparql?", "/graph-store", "/resource", "/claims?", "/search?"),
    *("/cite?", "/corrections?", "/network?", "/timeline?"),
)
"""Addresses without end, which a crawler would get lost in; the dumps hold the same."""


def wellknown(context: Context) -> Blueprint:
    """``/robots.txt``, ``/sitemap.xml`` with ``/sitemap-pages.xml``, ``/llms.txt``."""
    views = Blueprint("wellknown", __name__)

    @views.get("/robots.txt")
    def robots() -> Response:
        closed = "".join(f"Disallow: {context.path(each)}\n" for each in _CLOSED)
        text = f"User-agent: *\n{closed}\nSitemap: {context.url('/sitemap.xml')}\n"
        return _sent(context, text.encode(), "text/plain")

    @views.get("/sitemap.xml")
    def sitemaps() -> Response:
        ready = context.dumps
        names = [each.name for each in ready.of_kind("sitemap")] if ready else []
        urls = [context.url(f"/{name}") for name in ("sitemap-pages.xml", *names)]
        index = sitemap_index(urls)
        return _sent(context, index, "application/xml", is_final=is_settled(ready))

    @views.get("/sitemap-pages.xml")
    def pages() -> Response:
        return _sent(context, sitemap(map(context.url, _pages(context))), "application/xml")

    @views.get("/llms.txt")
    def llms() -> Response:
        return _sent(context, _llms(context).encode(), "text/plain")

    return views


def _sent(context: Context, body: bytes, media_type: str, *, is_final: bool = True) -> Response:
    response = respond(body, len(body), media_type)
    tag = entity_tag(media_type, body.decode(), gzip=gzip_asked()) if is_final else None
    return kept(response, context, tag)


def _pages(context: Context) -> Iterator[str]:
    """The pages that are there for every graph, then those of its questions."""
    yield "/"
    there = reachable(context.description)
    for name in (*SECTIONS, *FEET):
        if there[name]:
            yield f"/{name}.html" if name in ("ontology", "shapes") else f"/{name}"
    if there["questions"]:
        yield from (f"/questions/{each.slug}" for each in context.description.questions)


def _llms(context: Context) -> str:
    """What a language model should know before it reads or asks (llmstxt.org)."""
    description, there = context.description, reachable(context.description)
    title = description.titles.get("en") or next(iter(description.titles.values()), "A graph")
    parts = [f"# {title}\n", f"> {description.triples:,} triples of RDF behind a SPARQL endpoint."]
    if has_claims(description):
        parts.append(
            "\nEvery statement is a claim with a speaker, a status and a place in a source. Only"
            " claims whose status is Asserted are facts; all others (Hedged, Attributed, Alleged,"
            " Planned, Evaluative) are what somebody says. Never repeat one of those without its"
            " speaker and its status, and say so where the graph has no answer.\n"
        )
    parts += ["\n## Data\n", *map(_item, _data(context))]
    if there["questions"]:
        parts += ["\n## Questions that the graph answers\n"]
        parts += [
            f"- [{each.title('en')}]({context.url(f'/questions/{each.slug}')})"
            for each in description.questions
        ]
    parts += ["\n## Vocabulary\n", *map(_item, _vocabulary(context))]
    return "\n".join(parts) + "\n"


def _data(context: Context) -> Iterator[tuple[str, str, str]]:
    names, url = context.description.names, context.url
    slug = "{name}"
    yield (
        "Things",
        url(f"/id/{slug}.json"),
        (f"the description of {names.namespace}{slug}; also .ttl, .jsonld, .rdf, .nt, .html"),
    )
    yield "SPARQL endpoint", url("/sparql"), "SPARQL 1.1 queries, by GET or POST, parameter query"
    yield "Limits", url("/limits"), "what one query may use"
    if context.dumps:
        if has_claims(context.description):
            yield "Claims", url(f"/dumps/{TABLE}"), "all claims, one to a line"
        yield "Downloads", url("/dumps"), "everything, in every format, with checksums"
    yield "VoID", url("/.well-known/void"), "sizes, classes, properties"


def _vocabulary(context: Context) -> Iterator[tuple[str, str, str]]:
    graphs = {part.iri for part in context.description.graphs}
    names = context.description.names
    if names.ontology_iri in graphs:
        yield "Ontology", context.url("/ontology.ttl"), "every class and property, explained"
    if names.shapes_iri in graphs:
        yield "Rules", context.url("/shapes.ttl"), "what holds for all data (SHACL)"


def _item(item: tuple[str, str, str]) -> str:
    name, address, text = item
    return f"- [{name}]({address}): {text}"
