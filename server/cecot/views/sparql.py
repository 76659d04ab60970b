"""The endpoint: SPARQL 1.1 queries over HTTP (SPARQL 1.1 Protocol, section 2)."""

from __future__ import annotations

import time

from flask import Blueprint, Response, request

from cecot.caching import query_tag
from cecot.errors import NotAcceptable, TooLarge
from cecot.protocol import Operation, Request, offered, read
from cecot.views.context import Context
from cecot.views.description import describe_service
from cecot.views.responses import gzip_asked, kept, respond


def sparql(context: Context) -> Blueprint:
    """``/sparql``: a query by GET or POST; without one, what this service is."""
    views = Blueprint("sparql", __name__)

    @views.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
    def endpoint() -> Response:
        operation = read(_received(context), context.limits)
        if operation.text is None:
            return describe_service(context, operation)
        return _answered(context, operation)

    return views


def _answered(context: Context, operation: Operation) -> Response:
    started = time.perf_counter()
    query = operation.query()
    tag = query_tag(context.description.version, query, gzip=gzip_asked())
    if tag and request.method != "POST" and tag in request.if_none_match.as_set():
        # Whoever knows the tag had this very answer, whole: there is nothing to evaluate.
        return kept(Response(status=304), context, tag)
    try:
        answer = context.engine.answer(query)
    except NotAcceptable as error:
        error.hint = offered()
        raise
    response = respond(answer.body, answer.length, answer.media_type)
    spent = time.perf_counter() - started
    response.headers["Server-Timing"] = (
        f"evaluate;dur={answer.seconds * 1000:.1f}, total;dur={spent * 1000:.1f}"
    )
    return kept(response, context, tag)


def _received(context: Context) -> Request:
    """The plain values of the request; of a body no more than shows whether it is too long."""
    limit = context.limits.body
    if (request.content_length or 0) > limit:
        raise TooLarge(
            f"The body has more than {limit:,} bytes.", hint="Send a shorter query.", where="body"
        )
    return Request(
        method=request.method,
        query_string=request.query_string,
        content_type=request.headers.get("Content-Type"),
        content_encoding=request.headers.get("Content-Encoding"),
        accept=request.headers.get("Accept"),
        body=request.stream.read(limit + 1) if request.method == "POST" else b"",
    )
