"""Whole graphs by name (SPARQL 1.1 Graph Store HTTP Protocol: GET and HEAD, 5.2 and 5.7)."""

from __future__ import annotations

from flask import Blueprint, Response, request

from cecot.protocol.graph_store import read_direct, read_indirect
from cecot.views.answers import answered
from cecot.views.context import Context


def graph_store(context: Context) -> Blueprint:
    """``/graph-store?default``, ``/graph-store?graph=IRI``, ``/graph-store/name``."""
    views = Blueprint("graph_store", __name__)
    graphs = {part.iri for part in context.description.graphs}

    @views.get("/graph-store", strict_slashes=False)
    def indirect() -> Response:
        accept = request.headers.get("Accept")
        return answered(context, read_indirect(request.query_string, accept, graphs))

    @views.get("/graph-store/<path:name>")
    def direct(name: str) -> Response:
        # A graph has the IRI of its address; or the one that the same path has below the base.
        names = (context.url(f"/graph-store/{name}"), context.description.names.base + name)
        accept = request.headers.get("Accept")
        return answered(context, read_direct(names, request.query_string, accept, graphs))

    return views
