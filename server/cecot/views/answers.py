"""A query answered over HTTP: evaluated unless the client has the answer, then dressed."""

from __future__ import annotations

import time

from flask import Response, request

from cecot.engine import Answer
from cecot.errors import NotAcceptable
from cecot.protocol.answer_headers import QUERY_HINT, query_hint, server_timing
from cecot.protocol.caching import query_tag
from cecot.protocol.requests import Operation, offered
from cecot.sparql.emptiness import is_empty
from cecot.sparql.hints import Hint, find_hints
from cecot.views.context import Context
from cecot.views.responses import gzip_asked, kept, respond

HINTED_WITHIN = 1.0
"""Seconds of evaluation within which an empty answer is given hints."""


def answered(context: Context, operation: Operation) -> Response:
    """The answer to the query of ``operation``, whole; raises what an Engine raises."""
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
    if hints := hints_on(context, query.text, answer):
        response.headers[QUERY_HINT] = query_hint(hints)
    spent = time.perf_counter() - started
    response.headers["Server-Timing"] = server_timing(answer.seconds, spent)
    return kept(response, context, tag)


def hints_on(context: Context, text: str, answer: Answer) -> tuple[Hint, ...]:
    """Why ``answer``, if it says nothing, may say nothing to the query ``text``.

    To find out is to ask more, which one who has waited long would wait for as well.
    """
    if answer.seconds > HINTED_WITHIN or not is_empty(answer):
        return ()
    return find_hints(context.engine, text, context.vocabulary)
