"""What the service says of itself: at the endpoint, at the well-known address, in ``/limits``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from flask import Response
from pyoxigraph import RdfFormat, Triple, serialize

from cecot.caching import entity_tag
from cecot.errors import NotAcceptable
from cecot.formats import GRAPHS, RESULTS, graph_writer
from cecot.negotiation import choose, prefers_html
from cecot.prefixes import Prefixes
from cecot.protocol import Operation
from cecot.service_description import FORMATS, SD, service_description
from cecot.turtle.writing import write_turtle
from cecot.views.context import Context
from cecot.views.pages import page
from cecot.views.responses import gzip_asked, kept, respond


def describe_service(context: Context, operation: Operation) -> Response:
    """The endpoint without a query: a form for a browser, RDF for the others."""
    accept = operation.accept
    if not operation.asked and prefers_html(accept, GRAPHS):
        return page(context, "query.html", formats=(*RESULTS, *GRAPHS))
    triples = service_description(context.description, context.settings, context.url)
    return rdf(context, triples, choose(GRAPHS, accept, operation.asked))


def rdf(context: Context, triples: Iterable[Triple], media_type: str | None) -> Response:
    """``triples`` in the format that was negotiated; NotAcceptable if there is none."""
    if media_type is None:
        raise NotAcceptable(
            "This is RDF, and no RDF format that you accept is offered.",
            hint=f"Offered: {', '.join(each.media_type for each in GRAPHS)}. To ask a question at "
            "the endpoint, send the parameter query.",
            where="Accept",
        )
    if graph_writer(media_type) == RdfFormat.TURTLE:
        names = {**context.description.names.prefixes, "sd": SD, "formats": FORMATS}
        body = write_turtle(triples, Prefixes(names)).encode()
    else:
        body = cast("bytes", serialize(triples, format=graph_writer(media_type)))
    response = respond(body, len(body), media_type)
    tag = entity_tag(context.description.version, body.decode(), gzip=gzip_asked())
    return kept(response, context, tag)
