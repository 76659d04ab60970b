"""From answers and errors to HTTP responses (RFC 9110), with the headers that all of them carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO

from flask import Response, request
from werkzeug.wsgi import wrap_file

from cecot.protocol.answers import DATA_POLICY, OPEN, SECURITY, VARY
from cecot.protocol.caching import NO_STORE, PUBLIC
from cecot.protocol.coding import SMALLEST_PACKED, pack
from cecot.protocol.negotiation import HTML, accepts_gzip
from cecot.sparql.formats import content_type
from cecot.views.context import Context

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def gzip_asked() -> bool:
    """Whether this request may be answered in gzip."""
    return accepts_gzip(request.headers.get("Accept-Encoding"))


def respond(
    body: bytes | IO[bytes],
    length: int,
    media_type: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A response that carries ``body`` (bytes, or a file that is closed at its end), as asked."""
    coded = length >= SMALLEST_PACKED and gzip_asked()
    if coded:
        body, length = pack(body, length)
    if isinstance(body, bytes):
        response = Response(body, status)
    else:
        response = Response(wrap_file(request.environ, body), status, direct_passthrough=True)
        response.call_on_close(body.close)
    response.headers["Content-Type"] = content_type(media_type)
    response.headers["Content-Length"] = str(length)
    if coded:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.update(VARY)
    response.headers.update(headers or {})
    return response


def kept(response: Response, context: Context, tag: str | None) -> Response:
    """``response`` with what caches need; 304 if the client has it already (RFC 9110, 13.2)."""
    response.vary.update(VARY)
    if tag is None or request.method == "POST" or context.settings.watch:
        response.headers["Cache-Control"] = NO_STORE
        return response
    response.headers["Cache-Control"] = PUBLIC
    response.set_etag(tag)
    if context.description.modified:
        response.last_modified = context.description.modified
    response.make_conditional(request)
    return response


def dressed(response: Response) -> Response:
    """``response`` with the headers of every response: security, and any origin may read it."""
    is_page = (response.mimetype or "") == HTML
    headers = response.headers
    headers.setdefault("Content-Security-Policy", PAGE_POLICY if is_page else DATA_POLICY)
    for name, value in SECURITY.items():
        headers.setdefault(name, value)
    headers.update(OPEN)
    if request.method == "OPTIONS" and response.status_code == 200:
        response.status_code = 204
        del headers["Content-Type"]
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        asked = request.headers.get("Access-Control-Request-Headers", "Accept, Content-Type")
        headers["Access-Control-Allow-Methods"] = headers.get("Allow", "GET, HEAD, OPTIONS")
        headers["Access-Control-Allow-Headers"] = asked
        headers["Access-Control-Max-Age"] = "86400"
        response.vary.add("Access-Control-Request-Headers")
    return response
