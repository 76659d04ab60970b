"""What the server hands to the front, and the front to the application of the pages.

RSGI 1: a request, its body, and the one way to answer it. Of a path the server has read what was
percent-encoded; what is not visible ASCII in a header it does not show. Bodies are read as they
come: bounded in length and in time, and only whole ones. Who the client is, when proxies stand
before us (RFC 7239 tells why not to believe just anyone). One call of a WSGI application (PEP
3333).
"""

from __future__ import annotations

import asyncio
import io
import ipaddress
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from granian._granian import RSGIHTTPProtocol as Channel
from granian.rsgi import Scope
from werkzeug.wsgi import FileWrapper

from cecot.errors import BadRequest, CecotError, Overloaded, RequestTimeout
from cecot.messages import say
from cecot.protocol.answers import Headers, Response
from cecot.protocol.requests import HEADERS_READ, too_large
from cecot.service.cache import KEY_HEADERS
from cecot.views.app import ERROR

ROOM = 64
"""How many bodies of the greatest length may be read at once; of short ones there may be more."""

_WITHOUT_BODY = frozenset(("GET", "HEAD", "OPTIONS"))


KEPT_HEADS = 128
"""Heads of requests that are remembered; the server lets none have more than 64 KB."""

_HOST = re.compile(r"(?:[\w.~%!$&'()*+;=-]*+|\[[\w.:~!$&'()*+;=-]+\])(?::[0-9]*+)?", re.ASCII)
"""One host, with or without its port (RFC 9110, 7.2; RFC 3986, 3.2.2): two have a comma between."""

_UNKEPT = frozenset(
    (
        "authorization",
        "range",
        "cookie",
        "if-match",
        "if-unmodified-since",
        "transfer-encoding",
    )
)


class RequestHead(NamedTuple):
    """What a request says in its headers: read once for all that say the same.

    ``varying`` is what a kept response depends on beside the address (KEY_HEADERS), None if the
    request must not be answered from what is kept. ``said`` are the last fields of a Request.
    """

    headers: Mapping[str, str]
    has_host: bool
    varying: tuple[str | None, ...] | None
    said: tuple[str | None, ...]

    @classmethod
    def of(cls, scope: Scope) -> RequestHead:
        """Read the head of a request."""
        return _read_head(tuple(scope.headers.items()))


@lru_cache(maxsize=KEPT_HEADS)
def _read_head(pairs: tuple[tuple[str, str], ...]) -> RequestHead:
    headers: dict[str, str] = {}
    for name, value in pairs:  # values of one name are joined (RFC 9110, 5.2)
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return RequestHead(
        headers,
        _HOST.fullmatch(headers.get("host", "?")) is not None,
        tuple(map(headers.get, KEY_HEADERS)) if _UNKEPT.isdisjoint(headers) else None,
        tuple(map(headers.get, HEADERS_READ)),
    )


@dataclass(slots=True)
class Bodies:
    """How long a body may be, in bytes, and how many seconds it may take; what is held of all."""

    limit: int
    patience: float
    held: int = 0

    async def read(self, scope: Scope, channel: Channel) -> bytes:
        """Read the body: of one that passes the limit no more, and nothing if the client waits.

        Raises TooLarge for that one, RequestTimeout if it takes too long, BadRequest if it ends
        before its length, and Overloaded if there is no room for it beside others.
        """
        if scope.method in _WITHOUT_BODY:
            return b""
        announced = _announced(scope)
        if announced > self.limit and waits(scope):
            raise too_large(self.limit)
        pieces: list[bytes] = []
        length = 0
        try:
            async with asyncio.timeout(self.patience):
                async for piece in channel:
                    pieces.append(bytes(piece))
                    length += len(piece)
                    self.held += len(piece)
                    if length > self.limit:
                        raise too_large(self.limit)
                    if self.held > ROOM * self.limit:
                        raise Overloaded(say("Too many requests wait already."))
        except TimeoutError:
            if announced > self.limit:
                raise too_large(self.limit) from None
            raise RequestTimeout(
                say("The body did not come in time."),
                hint=say("Send it at once, with the head."),
                where="body",
            ) from None
        finally:
            self.held -= length
        # The server tells nothing of a body that was cut off.
        if length < announced:
            raise BadRequest(
                say("The body ends before its Content-Length."),
                hint=say("Send it whole."),
                where="body",
            )
        return b"".join(pieces)


def waits(scope: Scope) -> bool:
    """Whether the client sends its body only once it is told to go on (RFC 9110, 10.1.1).

    It is told so by the first look at the body.
    """
    return (scope.headers.get("expect") or "").strip().lower() == "100-continue"


def _announced(scope: Scope) -> int:
    """Give the length that the request has by its head; 0 if that says nothing of it."""
    length = scope.headers.get("content-length") or ""
    return int(length) if length.isascii() and length.isdigit() else 0


class Networks:
    """A set of addresses: single ones, or networks."""

    def __init__(self, networks: str) -> None:
        """Read networks or addresses, separated by commas."""
        self._networks = [
            ipaddress.ip_network(each.strip(), strict=False)
            for each in networks.split(",")
            if each.strip()
        ]
        self._look = lru_cache(maxsize=1024)(self._look_up)

    def __contains__(self, address: str) -> bool:
        """Whether ``address`` is in it; what is no address is not."""
        return self._look(address)

    def _look_up(self, address: str) -> bool:
        return is_address(address) and any(
            ipaddress.ip_address(address) in network for network in self._networks
        )


def client_of(peer: str, forwarded_for: str, proxies: Networks) -> str:
    """Give the client's address: the last one that none of the trusted ``proxies`` has.

    ``peer`` is ``address:port`` as the server saw it, ``forwarded_for`` what the request says in
    X-Forwarded-For: of them alone it is believed.
    """
    address = address_of(peer)
    if not forwarded_for or address not in proxies:
        return address
    said = [part.strip() for part in forwarded_for.split(",") if part.strip()]
    for each in reversed(said):
        if not is_address(each):
            break
        address = each
        if each not in proxies:
            break
    return address


def address_of(peer: str) -> str:
    """Give the address of ``address:port``."""
    return peer.rpartition(":")[0].strip("[]")


def is_address(text: str) -> bool:
    """Tell whether ``text`` is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Callable[[bytes], object]]], Iterable[bytes]]

_WITHOUT_PREFIX = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def call(application: Application, environ: Environ) -> Response:
    """Call ``application`` and gather its whole response."""
    said: list[tuple[str, Headers]] = []
    pieces: list[bytes] = []

    def start_response(
        status: str, headers: Headers, _exc_info: object = None
    ) -> Callable[[bytes], object]:
        said.append((status, headers))
        return pieces.append

    body = application(environ, start_response)
    if isinstance(body, FileWrapper):
        status, headers = said[-1]
        return Response(int(status[:3]), headers, body.file)
    try:
        pieces.extend(body)
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()
    status, headers = said[-1]
    return Response(int(status[:3]), headers, b"".join(pieces))


def environ_of(scope: Scope, client: str, body: bytes, error: CecotError | None = None) -> Environ:
    """Build the environment of PEP 3333; text is latin-1, as it demands.

    ``client`` is an address without a port. With an ``error`` that is all that the application has
    to answer: it makes the page that tells it.
    """
    host, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        # A file is handed over as it is, for who knows better than to read it.
        "wsgi.file_wrapper": FileWrapper,
        # The whole body is here, so its length is known however it was sent.
        "wsgi.input_terminated": True,
        ERROR: error,
    }
    for name, value in scope.headers.items():
        if "_" in name:  # it would pass for the header with hyphens
            continue
        key = _WITHOUT_PREFIX.get(name) or "HTTP_" + name.upper().replace("-", "_")
        before = environ.get(key)
        environ[key] = value if before is None else f"{before},{value}"
    return environ
