"""What the service says of itself to programs: at well-known addresses, in RDF, in JSON.

robots.txt (RFC 9309), sitemaps, llms.txt; VoID, DCAT, the service description; limits, health.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from flask import Blueprint, Response, render_template, request
from pyoxigraph import RdfFormat, Triple, serialize

from cecot.engine import Form, Query
from cecot.errors import DeadlineExceeded, NotAcceptable, Overloaded, Unavailable
from cecot.messages import Message, say
from cecot.protocol.answers import NO_STORE
from cecot.protocol.negotiation import HTML, best, choose, prefers_html
from cecot.protocol.problem import JSON
from cecot.protocol.requests import Operation, asked_formats, limits, parameters_of
from cecot.rdf.terms import Prefixes
from cecot.rdf.writing import write_turtle
from cecot.render.catalogue import SD, dcat, service_description, void
from cecot.render.dumps import TABLE, is_settled
from cecot.render.urls import sitemap, sitemap_index
from cecot.settings import MIB
from cecot.sparql.formats import FORMATS_IRI, GRAPHS, graph_writer
from cecot.views.context import Context, as_json, respond, respond_kept
from cecot.views.pages import FEET, SECTIONS, page, page_links, reachable, reader_locale
from cecot.vocabulary import DCAT, DCTERMS, FOAF, RDFS, SH, VOID, XSD

_CLOSED = (
    *("/sparql?", "/graph-store", "/resource", "/claims?", "/search?"),
    *("/cite?", "/corrections?", "/network?", "/timeline?"),
)
"""Addresses without end, which a crawler would get lost in; the dumps hold the same."""


def blueprint(context: Context) -> Blueprint:
    """For crawlers and models, in RDF, for load balancers and whoever hits a limit."""
    views = Blueprint("wellknown", __name__)
    for add in (_add_crawling, _add_descriptions, _add_health):
        add(views, context)
    return views


def _add_crawling(views: Blueprint, context: Context) -> None:
    """``/robots.txt``, ``/sitemap.xml`` with ``/sitemap-pages.xml``, ``/llms.txt``."""

    @views.get("/robots.txt")
    def robots() -> Response:
        closed = "".join(f"Disallow: {context.urls.to(each)}\n" for each in _CLOSED)
        text = f"User-agent: *\n{closed}\nSitemap: {context.site.to('/sitemap.xml')}\n"
        return respond_kept(context, text, "text/plain")

    @views.get("/sitemap.xml")
    def sitemaps() -> Response:
        ready = context.dumps
        names = [each.name for each in ready.of_kind("sitemap")] if ready else []
        urls = [context.site.to(f"/{name}") for name in ("sitemap-pages.xml", *names)]
        index = sitemap_index(urls)
        return respond_kept(context, index.decode(), "application/xml", is_final=is_settled(ready))

    @views.get("/sitemap-pages.xml")
    def pages() -> Response:
        pages = sitemap(map(context.site.to, _pages(context)))
        return respond_kept(context, pages.decode(), "application/xml")

    @views.get("/llms.txt")
    def llms() -> Response:
        told = render_template(
            "llms.txt",
            description=context.description,
            site=context.site,
            has=reachable(context.description),
            has_dumps=bool(context.dumps),
            table=TABLE,
        )
        return respond_kept(context, told, "text/plain")


def _pages(context: Context) -> Iterator[str]:
    """The pages that are there for every graph, then those of its questions."""
    yield "/"
    there = reachable(context.description)
    feet = (name for names in FEET.values() for name in names)
    for name in dict.fromkeys((*SECTIONS, *feet)):
        if there[name] and name != "sparql":
            yield f"/{name}.html" if name in ("ontology", "shapes") else f"/{name}"
    if there["questions"]:
        yield from (f"/questions/{each.slug}" for each in context.description.questions)


_PREFIXES = {
    "dcat": str(DCAT),
    "dcterms": str(DCTERMS),
    "foaf": str(FOAF),
    "formats": FORMATS_IRI,
    "rdfs": str(RDFS),
    "sd": SD,
    "sh": str(SH),
    "void": str(VOID),
    "xsd": str(XSD),
}


def _add_descriptions(views: Blueprint, context: Context) -> None:
    """``/.well-known/void``, ``/dcat``, ``/limits``; the endpoint's own stands at the endpoint."""

    @views.get("/.well-known/void")
    def void_description() -> Response:
        dumps = context.dumps
        told = void(context.description, context.site, dumps)
        return rdf(context, told, _asked(), is_final=is_settled(dumps))

    @views.get("/dcat")
    def catalogue() -> Response:
        dumps = context.dumps
        told = dcat(context.description, context.site, dumps)
        return rdf(context, told, _asked(), is_final=is_settled(dumps))

    @views.get("/limits")
    def limits_of_a_request() -> Response:
        told = limits(context.settings)
        if best(request.headers.get("Accept"), [JSON, HTML]) == HTML:
            return page(context, "limits.html", limits=told, called=CALLED, amount=_amount)
        return respond_kept(context, as_json(told), JSON)


CALLED: Mapping[str, Message] = {
    "deadline": say("Time of a query"),
    "memory": say("Memory of a query"),
    "result": say("Length of an answer"),
    "queries": say("Queries at once"),
    "waiting": say("Queue"),
    "patience": say("Time in the queue"),
    "per_client": say("Queries of one address"),
    "address": say("Length of an address"),
    "body": say("Length of a request"),
    "words": say("Length of a query"),
    "nesting": say("Nesting of a query"),
}
"""What readers call each limit."""


def _amount(value: float, unit: Message) -> str:
    """A limit as people read it: bytes in KiB or MiB where these are whole numbers."""
    locale = reader_locale()
    words, plain = locale.gettext(unit), locale.gettext("bytes")
    if value != int(value):
        return f"{str(value).replace('.', locale.style.point)} {words}"
    for size, name in ((MIB, "MiB"), (1 << 10, "KiB")):
        if words.startswith(plain) and value >= size and value % size == 0:
            value, words = value // size, words.replace(plain, name, 1)
    return f"{locale.style.whole(int(value))} {words}"


def describe_service(context: Context, operation: Operation) -> Response:
    """The endpoint where no query is evaluated: the editor for a browser, RDF for the others."""
    accept = operation.accept
    if operation.text is not None or (not operation.asked and prefers_html(accept, GRAPHS)):
        asked = page_links(context).to("/editor", query=operation.text)
        return respond(b"", HTML, status=303, headers={"Location": asked})
    triples = service_description(context.description, context.settings, context.site)
    return rdf(context, triples, choose(GRAPHS, accept, operation.asked))


def rdf(
    context: Context,
    triples: Iterable[Triple],
    media_type: str | None,
    *,
    is_final: bool = True,
) -> Response:
    """``triples`` in the format that was negotiated; NotAcceptable if there is none.

    What is not final is not kept by anybody.
    """
    if media_type is None:
        raise NotAcceptable(
            say("This is RDF, and no RDF format that you accept is offered."),
            hint=say(
                "Offered: {offers}. To ask a question at the endpoint, send the parameter query.",
                offers=", ".join(each.media_type for each in GRAPHS),
            ),
            where="Accept",
            offered=(each.media_type for each in GRAPHS),
        )
    writer = graph_writer(media_type)
    if writer == RdfFormat.TURTLE:
        prefixes = Prefixes({**_PREFIXES, **context.description.names.prefixes})
        text = write_turtle(triples, prefixes)
    else:
        text = cast("bytes", serialize(triples, format=writer)).decode()
    return respond_kept(context, text, media_type, is_final=is_final)


def _asked() -> str | None:
    """The RDF format that this request asks for, or None."""
    asked = asked_formats(parameters_of(request.query_string, "address"))
    return choose(GRAPHS, request.headers.get("Accept"), asked)


_PROBE = Query("ASK {}", None, "application/sparql-results+json", None, ours=Form.ASK)


def _add_health(views: Blueprint, context: Context) -> None:
    """``/health``: 200 when the graph answers, 503 when it does not."""

    @views.get("/health")
    def probe() -> Response:
        state = "ready"
        try:
            context.engine.answer(_PROBE)
        except Overloaded:
            state = "busy"  # it answers, to others: this is no reason to take it out
        except DeadlineExceeded as error:
            # The probe asks for nothing, so it is not its text that takes too long.
            raise Unavailable(
                error.message, hint=say("Send the query again in a moment.")
            ) from None
        body = json.dumps({"status": state, "version": context.description.version}).encode()
        return respond(body + b"\n", JSON, headers={"Cache-Control": NO_STORE})
