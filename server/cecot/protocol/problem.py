"""An error as a client reads it: problem details (RFC 9457), plain text, or the parts of a page."""

from __future__ import annotations

import copy
import json
import re
from functools import lru_cache

from cecot.errors import (
    CecotError,
    DefectError,
    MethodNotAllowed,
    NotAcceptable,
    Overloaded,
    UnsupportedMediaType,
)
from cecot.locale.catalogue import Locale, locale_of
from cecot.messages import say
from cecot.protocol.answers import NO_STORE, OF_DATA, Response
from cecot.protocol.negotiation import HTML, best, remembered
from cecot.sparql.formats import FORMATS, content_type

PROBLEM, JSON, TEXT = "application/problem+json", "application/json", "text/plain"
_OFFERED = (PROBLEM, JSON, TEXT, HTML)
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def problem_type(kind: type[CecotError]) -> str:
    """The short name of a kind of error: ``query-syntax-error``."""
    return _WORD.sub("-", kind.__name__).lower()


@remembered
def media_type_of(accept: str | None) -> str:
    """How the client wants to read an error; problem details if it says nothing that fits."""
    return best(accept, _OFFERED) or PROBLEM


def as_json(error: CecotError, types: str) -> bytes:
    """``error`` as a problem object; ``types`` is the address that explains the kinds."""
    members: dict[str, object] = {
        "type": f"{types}#{problem_type(type(error))}",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
        "hint": error.hint,
        "where": error.where,
        "line": error.line,
        "column": error.column,
    }
    if isinstance(error, NotAcceptable):
        members["offered"] = error.offered or [each.media_type for each in FORMATS]
    present = {name: value for name, value in members.items() if value not in ("", None)}
    return json.dumps(present, ensure_ascii=False, indent=2).encode() + b"\n"


def defect(number: str) -> DefectError:
    """What is told of a defect; ``number`` is that of the request in the log."""
    return DefectError(
        say("The service failed; this is a defect of it, not of the request."),
        hint=say("Please report it, with the number of this request: {number}.", number=number),
    )


def headers_of(error: CecotError) -> list[tuple[str, str]]:
    """What is said with ``error``, however it is written."""
    said = [("cache-control", NO_STORE)]
    if error.status == 503:
        said.append(("retry-after", str(getattr(error, "retry_after", 2))))
    if isinstance(error, MethodNotAllowed):
        said.append(("allow", ", ".join(error.methods)))
    if isinstance(error, UnsupportedMediaType) and error.where == "Content-Encoding":
        said.append(("accept-encoding", "gzip"))
    return said


def in_words_of(error: CecotError, locale: Locale) -> CecotError:
    """``error`` with its title, message and hint in the language of its reader."""
    told = copy.copy(error)
    told.title = locale.gettext(error.title)
    told.message = locale.gettext(error.message)
    told.hint = locale.gettext(error.hint)
    return told


def told(error: CecotError, accept: str | None, locale: Locale, types: str) -> Response:
    """``error`` as problem details or text, in the language of its reader.

    ``types`` is the address that explains the kinds. A client that wants a page gets text: to make
    a page takes the application.
    """
    media_type = media_type_of(accept)
    media_type = TEXT if media_type == HTML else media_type
    if isinstance(error, Overloaded):  # a flood is refused with the same few words
        body = _refusal(error.message, error.hint, media_type, locale.code, types)
    else:
        body = _written(error, media_type, locale, types)
    headers = [
        ("content-type", content_type(media_type)),
        ("content-length", str(len(body))),
        ("content-language", locale.code),
        ("vary", "Accept, Accept-Language"),
        *headers_of(error),
        *OF_DATA,
    ]
    return Response(error.status, headers, body)


def _written(error: CecotError, media_type: str, locale: Locale, types: str) -> bytes:
    error = in_words_of(error, locale)
    if media_type != TEXT:
        return as_json(error, types)
    where = locale.gettext(place(error))
    lines = (f"{error.status} {error.title}", error.message, where, error.hint)
    return "\n".join(filter(None, lines)).encode() + b"\n"


@lru_cache(maxsize=256)
def _refusal(message: str, hint: str, media_type: str, language: str, types: str) -> bytes:
    return _written(Overloaded(message, hint=hint), media_type, locale_of(language), types)


def place(error: CecotError) -> str:
    """Where the error is, in words; empty if that is not known."""
    if error.line is not None:
        if error.column is None:
            return say("Line {line}.", line=error.line)
        return say("Line {line}, column {column}.", line=error.line, column=error.column)
    return say("In: {where}.", where=error.where) if error.where else ""
