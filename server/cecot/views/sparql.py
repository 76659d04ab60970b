"""The addresses that are asked (SPARQL 1.1 Protocol, 2; Graph Store HTTP Protocol, 5.2, 5.7)."""

from __future__ import annotations

from flask import Blueprint, Response

from cecot.views.answers import answered, prepared
from cecot.views.context import Context


def blueprint(context: Context) -> Blueprint:
    """``/sparql``: a query, or what this service is; ``/graph-store``: a graph by its name."""
    views = Blueprint("sparql", __name__)

    @views.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
    def endpoint() -> Response:
        return answered(context, prepared(context))

    @views.get("/graph-store", strict_slashes=False)
    @views.get("/graph-store/<path:name>")
    def graph(name: str = "") -> Response:
        del name  # it is part of the path, which is read as a whole
        return answered(context, prepared(context))

    return views
