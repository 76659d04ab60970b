"""The headers of a whole answer (RFC 9110), as both ways to it send them: view and event loop."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime

from cecot.http.caching import NO_STORE, PUBLIC
from cecot.sparql.formats import content_type

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
VARY = ("Accept", "Accept-Encoding")
EXPOSED = "Allow, Content-Length, ETag, Link, Retry-After, Server-Timing, X-Query-Id"
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}
"""Any page of any origin may read what is here."""

_SAME = [
    ("vary", ", ".join(VARY)),
    ("content-security-policy", DATA_POLICY),
    *((name.lower(), value) for name, value in (SECURITY | OPEN).items()),
]


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
