"""The headers of a whole answer (RFC 9110), as both ways to it send them: view and event loop."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

from cecot.protocol.caching import NO_STORE, PUBLIC
from cecot.sparql.formats import content_type
from cecot.sparql.hints import Hint, Unknown

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
VARY = ("Accept", "Accept-Encoding")
QUERY_HINT = "X-Query-Hint"
"""The header that says why an answer may be empty."""

EXPOSED = f"Allow, Content-Length, ETag, Link, Retry-After, Server-Timing, {QUERY_HINT}, X-Query-Id"
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}
"""Any page of any origin may read what is here."""

_LONGEST_TEXT = 200
_PLAIN = " !#$&'()*+,-./:;<=>?@[]^_`{|}~"

OF_DATA = [
    ("content-security-policy", DATA_POLICY),
    *((name.lower(), value) for name, value in (SECURITY | OPEN).items()),
]
"""The headers of every response that is no page."""

_SAME = [("vary", ", ".join(VARY)), *OF_DATA]


def query_hint(hints: Iterable[Hint]) -> str:
    """The X-Query-Hint header: a structured list (RFC 9651, 3.1) of what may be wrong.

    In a string, what is not printable ASCII, and ``%``, is percent-encoded UTF-8.
    """
    return ", ".join(
        f"unknown;iri={_string(hint.iri)}" + _listed("like", hint.like)
        if isinstance(hint, Unknown)
        else f"untagged;text={_string(hint.text[:_LONGEST_TEXT])}"
        + _listed("languages", hint.languages)
        for hint in hints
    )


def _listed(name: str, values: Iterable[str]) -> str:
    joined = " ".join(values)
    return f";{name}={_string(joined)}" if joined else ""


def _string(text: str) -> str:
    return f'"{quote(text, safe=_PLAIN)}"'


def server_timing(evaluation: float, total: float) -> str:
    """The Server-Timing header: seconds of evaluation, and from the request to the answer."""
    return f"evaluate;dur={evaluation * 1000:.1f}, total;dur={total * 1000:.1f}"


def answer_headers(
    media_type: str,
    length: int,
    *,
    packed: bool,
    tag: str | None,
    modified: datetime | None,
    timing: str,
) -> list[tuple[str, str]]:
    """The headers of an answer of ``length`` bytes as they are sent, in gzip if ``packed``.

    ``tag`` is its entity tag without quotes, None if nobody may keep it; ``modified`` is in UTC.
    """
    headers = [
        ("content-type", content_type(media_type)),
        ("content-length", str(length)),
        ("server-timing", timing),
        *_SAME,
    ]
    if packed:
        headers.append(("content-encoding", "gzip"))
    if tag is None:
        headers.append(("cache-control", NO_STORE))
        return headers
    headers += [("cache-control", PUBLIC), ("etag", f'"{tag}"')]
    if modified:
        headers.append(("last-modified", format_datetime(modified, usegmt=True)))
    return headers
