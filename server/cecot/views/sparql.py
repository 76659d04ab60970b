"""The addresses that are asked: a query is prepared, asked of the engine, rendered.

SPARQL 1.1 Protocol, 2; Graph Store HTTP Protocol, 5.2, 5.7.
"""

from __future__ import annotations

import time

from flask import Blueprint, Response, request
from werkzeug.wsgi import wrap_file

from cecot.errors import NotAcceptable, TooLarge
from cecot.messages import say
from cecot.protocol.answers import (
    HINTED_WITHIN,
    Prepared,
    explained,
    not_modified,
    prepare,
    render,
)
from cecot.protocol.answers import Response as Rendered
from cecot.protocol.requests import Operation, Request
from cecot.sparql.hints import Hint, hints_on
from cecot.views.context import Context
from cecot.views.wellknown import describe_service


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


def prepared(context: Context, operation: Operation | None = None) -> Prepared:
    """What this request asks for, or ``operation``, read as the protocol has it."""
    return prepare(_received(context), context.endpoint, operation)


def answered(context: Context, asked: Prepared) -> Response:
    """The answer to what was ``asked``, whole; raises what an Engine raises."""
    started = time.perf_counter()
    if asked.query is None:
        return describe_service(context, asked.operation)
    if asked.has_it:
        return flask_response(not_modified(asked))
    try:
        answer = context.engine.answer(asked.query)
    except NotAcceptable as error:
        raise explained(error) from None
    hints: tuple[Hint, ...] = ()
    if answer.seconds <= HINTED_WITHIN:
        hints = hints_on(context.engine, asked.query.text, answer, context.vocabulary)
    seconds = time.perf_counter() - started
    return flask_response(render(asked, answer, seconds=seconds, hints=hints))


def flask_response(rendered: Rendered) -> Response:
    """What was rendered, as the framework has it; a file is closed at its end."""
    body = rendered.body
    if isinstance(body, bytes):
        response = Response(body, rendered.status)
    else:
        response = Response(
            wrap_file(request.environ, body), rendered.status, direct_passthrough=True
        )
        response.call_on_close(body.close)
    response.headers.pop("Content-Type")
    for name, value in rendered.headers:
        response.headers[name.title()] = value
    return response


def _received(context: Context) -> Request:
    """The plain values of the request; of a body no more than shows whether it is too long."""
    limit = context.endpoint.limits.body
    if (request.content_length or 0) > limit:
        raise TooLarge(
            say("The body has more than {limit:,} bytes.", limit=limit),
            hint=say("Send a shorter query."),
            where="body",
        )
    return Request(
        method=request.method,
        query_string=request.query_string,
        content_type=request.headers.get("Content-Type"),
        content_encoding=request.headers.get("Content-Encoding"),
        accept=request.headers.get("Accept"),
        body=request.stream.read(limit + 1) if request.method == "POST" else b"",
        path=request.path,
        accept_encoding=request.headers.get("Accept-Encoding"),
        if_none_match=request.headers.get("If-None-Match"),
        if_modified_since=request.headers.get("If-Modified-Since"),
    )
