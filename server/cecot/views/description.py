"""What the service says of itself: at the endpoint, at the well-known address, in ``/limits``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import cast

from flask import Blueprint, Response, request
from pyoxigraph import RdfFormat, Triple, serialize

from cecot.errors import NotAcceptable
from cecot.messages import say
from cecot.protocol.caching import entity_tag
from cecot.protocol.limits import limits
from cecot.protocol.negotiation import HTML, best, choose, prefers_html
from cecot.protocol.parameters import asked_formats, parameters_of
from cecot.protocol.requests import Operation
from cecot.rdf.prefixes import Prefixes
from cecot.rdf.writing import write_turtle
from cecot.render.catalogue import FORMATS, SD, dcat, service_description, void
from cecot.render.dumps import is_settled
from cecot.sparql.formats import GRAPHS, RESULTS, graph_writer
from cecot.views.context import Context
from cecot.views.pages import page
from cecot.views.responses import gzip_asked, kept, respond
from cecot.vocabulary import DCAT, DCTERMS, FOAF, RDFS, SH, VOID, XSD

JSON = "application/json"
_PREFIXES = {
    "dcat": str(DCAT),
    "dcterms": str(DCTERMS),
    "foaf": str(FOAF),
    "formats": FORMATS,
    "rdfs": str(RDFS),
    "sd": SD,
    "sh": str(SH),
    "void": str(VOID),
    "xsd": str(XSD),
}


def description(context: Context) -> Blueprint:
    """The addresses of the descriptions, the endpoint's own apart."""
    views = Blueprint("description", __name__)

    @views.get("/.well-known/void")
    def void_description() -> Response:
        dumps = context.dumps
        told = void(context.description, context.url, dumps)
        return rdf(context, told, _asked(), is_final=is_settled(dumps))

    @views.get("/dcat")
    def catalogue() -> Response:
        dumps = context.dumps
        told = dcat(context.description, context.url, dumps)
        return rdf(context, told, _asked(), is_final=is_settled(dumps))

    @views.get("/limits")
    def limits_of_a_request() -> Response:
        told = limits(context.settings)
        if best(request.headers.get("Accept"), [JSON, HTML]) == HTML:
            return page(context, "limits.html", limits=told)
        body = json.dumps(told, indent=2).encode() + b"\n"
        response = respond(body, len(body), JSON)
        return kept(response, context, entity_tag(body.decode(), gzip=gzip_asked()))

    return views


def describe_service(context: Context, operation: Operation) -> Response:
    """The endpoint without a query: a form for a browser, RDF for the others."""
    accept = operation.accept
    if not operation.asked and prefers_html(accept, GRAPHS):
        return page(context, "query.html", formats=(*RESULTS, *GRAPHS))
    triples = service_description(context.description, context.settings, context.url)
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
        )
    writer = graph_writer(media_type)
    if writer == RdfFormat.TURTLE:
        prefixes = Prefixes({**_PREFIXES, **context.description.names.prefixes})
        body = write_turtle(triples, prefixes).encode()
    else:
        body = cast("bytes", serialize(triples, format=writer))
    response = respond(body, len(body), media_type)
    tag = entity_tag(media_type, body.decode(), gzip=gzip_asked()) if is_final else None
    return kept(response, context, tag)


def _asked() -> str | None:
    """The RDF format that this request asks for, or None."""
    asked = asked_formats(parameters_of(request.query_string, "address"))
    return choose(GRAPHS, request.headers.get("Accept"), asked)
