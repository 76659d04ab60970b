"""The endpoint: SPARQL 1.1 queries over HTTP (SPARQL 1.1 Protocol, section 2)."""

from __future__ import annotations

from flask import Blueprint, Response, request

from cecot.errors import TooLarge
from cecot.messages import say
from cecot.protocol.requests import Request, read
from cecot.views.answers import answered
from cecot.views.context import Context
from cecot.views.description import describe_service


def sparql(context: Context) -> Blueprint:
    """``/sparql``: a query by GET or POST; without one, what this service is."""
    views = Blueprint("sparql", __name__)

    @views.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
    def endpoint() -> Response:
        operation = read(_received(context), context.limits)
        if operation.text is None:
            return describe_service(context, operation)
        return answered(context, operation)

    return views


def _received(context: Context) -> Request:
    """The plain values of the request; of a body no more than shows whether it is too long."""
    limit = context.limits.body
    if (request.content_length or 0) > limit:
        raise TooLarge(
            say("The body has more than {limit:,} bytes.", limit=limit),
            hint="Send a shorter query.",
            where="body",
        )
    return Request(
        method=request.method,
        query_string=request.query_string,
        content_type=request.headers.get("Content-Type"),
        content_encoding=request.headers.get("Content-Encoding"),
        accept=request.headers.get("Accept"),
        body=request.stream.read(limit + 1) if request.method == "POST" else b"",
    )
