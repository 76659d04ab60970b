"""The one place that decides how an answer is written (RFC 9110, 12.5; SPARQL 1.1 Protocol 2.1.5).

Parsing and the order of media ranges are Werkzeug's; what is added here is what real clients send
besides: parameters of media types, a quality of ``.2``, a lone ``*``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from werkzeug.datastructures import Accept, LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

from cecot.engine import Form
from cecot.sparql.formats import FORMATS, Formats, formats_of, media_types

HTML = "text/html"
_PAGES = (HTML, "application/xhtml+xml")
_DATA = tuple(media_types(FORMATS))
_LONGEST_REMEMBERED = 1024
_MOST_RANGES = 64
"""Members of an Accept header that are read; the rest of a longer one counts for nothing."""

_BARE_FRACTION = re.compile(r"(;\s*q\s*=\s*)\.(?=\d)", re.IGNORECASE)


def choose(formats: Formats, accept: str | None, asked: Iterable[str] = ()) -> str | None:
    """The media type to write one of ``formats`` in, or None if none of them is acceptable.

    ``asked`` are the values of the parameters ``format``, ``output``, ``results``, in order: names
    or media types. The first that means anything here beats ``accept``, the Accept header.
    """
    for value in asked:
        if any(each.is_called(value) for each in FORMATS):
            called = [each.media_type for each in formats if each.is_called(value)]
            return called[0] if called else None
        if "/" in value and _best(value, media_types(FORMATS)):
            return _best(value, media_types(formats))
    return _best(accept, media_types(formats))


def negotiated(
    accept: str | None, asked: tuple[str, ...]
) -> tuple[str | None, str | None, str | None]:
    """What to write a SELECT, an ASK and a graph in: ``choose`` for each.

    Clients send the same headers again and again, so what came of them is remembered.
    """
    if len(accept or "") + sum(map(len, asked)) > _LONGEST_REMEMBERED:
        return _negotiated.__wrapped__(accept, asked)
    return _negotiated(accept, asked)


@lru_cache(maxsize=512)
def _negotiated(
    accept: str | None, asked: tuple[str, ...]
) -> tuple[str | None, str | None, str | None]:
    return (
        choose(formats_of(Form.SELECT), accept, asked),
        choose(formats_of(Form.ASK), accept, asked),
        choose(formats_of(Form.GRAPH), accept, asked),
    )


def best(accept: str | None, offers: Sequence[str]) -> str | None:
    """The media type among ``offers`` that the Accept header prefers, or None."""
    return _best(accept, offers)


def prefers_html(accept: str | None, formats: Formats) -> bool:
    """Whether the client names HTML itself, and likes it better than every one of ``formats``."""
    return _best(accept, [*media_types(formats), *_PAGES]) in _PAGES


def is_browser(accept: str | None) -> bool:
    """Whether only a page will do for an answer, or whoever asks is a browser.

    Programs of Java name HTML before all others by default, and want data; browsers name XHTML too.
    """
    if not accept or "html" not in accept.lower():
        return False
    names_xhtml = _PAGES[1] in [*_ranges(accept).values()]
    return prefers_html(accept, FORMATS) and (names_xhtml or best(accept, _DATA) is None)


def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether an answer may be sent in gzip: asked for, and not liked less than plain."""
    if not accept_encoding:
        return False
    codings = parse_accept_header(_shortened(accept_encoding), Accept)
    plain = codings.quality("identity") if "identity" in list(codings.values()) else 0
    return codings.quality("gzip") > 0 and codings.quality("gzip") >= plain


def language(accept_language: str | None, offers: Sequence[str]) -> str:
    """The language among ``offers`` that the reader prefers; the first if none is."""
    accepted = parse_accept_header(_shortened(accept_language or ""), LanguageAccept)
    return accepted.best_match(offers) or offers[0]


def _best(accept: str | None, offers: Sequence[str]) -> str | None:
    return _ranges(accept).best_match(offers)


def _ranges(accept: str | None) -> MIMEAccept:
    """The media ranges without their parameters, which no format here has (a charset is UTF-8).

    A range with parameters yields to the same range without: ``a/b;v=1;q=0, a/b`` accepts a/b.
    """
    if accept is None or not accept.strip():
        return MIMEAccept([("*/*", 1)])
    parsed = parse_accept_header(_BARE_FRACTION.sub(r"\g<1>0.", _shortened(accept)), MIMEAccept)
    bare = {value.lower() for value in parsed.values() if ";" not in value}
    ranges = []
    for value, quality in parsed:
        name, parameters = value.lower().partition(";")[::2]
        if not (parameters and name in bare):
            ranges.append(("*/*" if name == "*" else name.strip(), quality))
    return MIMEAccept(ranges)


def _shortened(header: str) -> str:
    return ",".join(header.split(",", _MOST_RANGES)[:_MOST_RANGES])
