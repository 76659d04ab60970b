"""Requests that are refused before the application sees them: told like its own errors."""

from __future__ import annotations

from cecot.errors import CecotError, RequestTimeout
from cecot.front.rsgi import Headers, Scope, said
from cecot.http import problem
from cecot.http.answer_headers import DATA_POLICY, OPEN, SECURITY
from cecot.http.caching import NO_STORE
from cecot.http.negotiation import language
from cecot.sparql.formats import content_type
from cecot.views.messages import CATALOGUES, error_in, in_language


def refusal(error: CecotError, scope: Scope, problems: str) -> tuple[Headers, bytes]:
    """Tell ``error`` as problem details, or as text; ``problems`` explains the kinds.

    Give headers and body.
    """
    accept = said(scope.headers, "accept")
    spoken = language(said(scope.headers, "accept-language"), [*CATALOGUES])
    told = error_in(error, spoken)
    media_type = problem.media_type_of(accept)
    if media_type in (problem.PROBLEM, problem.JSON):
        body = problem.as_json(told, problems)
    else:
        media_type = problem.TEXT
        body = problem.as_text(told, in_language(problem.place(error), spoken))
    headers: Headers = [
        ("content-type", content_type(media_type)),
        ("content-language", spoken),
        ("vary", "Accept, Accept-Language"),
        ("cache-control", NO_STORE),
        ("content-security-policy", DATA_POLICY),
        *((name.lower(), value) for name, value in (*SECURITY.items(), *OPEN.items())),
    ]
    if error.status == 503:
        headers.append(("retry-after", str(getattr(error, "retry_after", 2))))
    if error.where == "body" or isinstance(error, RequestTimeout):
        headers.append(("connection", "close"))
    return headers, body
