"""Requests that are refused before the application sees them: told like its own errors."""

from __future__ import annotations

from cecot.errors import CecotError
from cecot.front.rsgi import Headers, Scope, said
from cecot.locale.catalogue import locale_of, locales
from cecot.protocol import problem
from cecot.protocol.answers import OF_DATA
from cecot.protocol.negotiation import HTML, language
from cecot.sparql.formats import content_type


def refusal(error: CecotError, scope: Scope, problems: str) -> tuple[Headers, bytes]:
    """Tell ``error`` as problem details, or as text; ``problems`` explains the kinds.

    Give headers and body.
    """
    spoken = language(said(scope.headers, "accept-language"), [*locales()])
    locale = locale_of(spoken)
    told = problem.in_words_of(error, locale)
    media_type = problem.media_type_of(said(scope.headers, "accept"))
    if media_type == HTML:  # to make a page takes the application
        media_type = problem.TEXT
    place = locale.gettext(problem.place(error))
    body = problem.written(told, media_type, place, problems)
    headers: Headers = [
        ("content-type", content_type(media_type)),
        ("content-language", spoken),
        ("vary", "Accept, Accept-Language"),
        *((name.lower(), value) for name, value in problem.headers_of(error).items()),
        *OF_DATA,
    ]
    if error.where == "body":
        headers.append(("connection", "close"))
    return headers, body
