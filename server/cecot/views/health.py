"""Whether the service can answer: for load balancers and for people."""

from __future__ import annotations

import json

from flask import Blueprint, Response

from cecot.engine import Query
from cecot.errors import Overloaded
from cecot.protocol.caching import NO_STORE
from cecot.views.context import Context
from cecot.views.responses import respond

_PROBE = Query("ASK {}", None, "application/sparql-results+json", None)


def health(context: Context) -> Blueprint:
    """``/health``: 200 when the graph answers, 503 when it does not."""
    views = Blueprint("health", __name__)

    @views.get("/health")
    def probe() -> Response:
        state = "ready"
        try:
            context.engine.answer(_PROBE)
        except Overloaded:
            state = "busy"  # it answers, to others: this is no reason to take it out
        body = json.dumps({"status": state, "version": context.description.version}).encode()
        return respond(
            body + b"\n", len(body) + 1, "application/json", headers={"Cache-Control": NO_STORE}
        )

    return views
