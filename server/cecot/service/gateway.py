"""What stands between a connection and what answers: bodies, clients, the application of the pages.

Bodies are read as they come: bounded in length and in time, and only whole ones. Who the client is,
when proxies stand before us (RFC 7239 tells why not to believe just anyone). One call of a WSGI
application (PEP 3333).
"""

from __future__ import annotations

import asyncio
import io
import ipaddress
import re
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Any

from werkzeug.wsgi import FileWrapper

from cecot.errors import CecotError, Overloaded, RequestTimeout
from cecot.messages import say
from cecot.protocol.answers import Headers, Response
from cecot.protocol.requests import too_large
from cecot.service.exchange import Exchange
from cecot.views.app import ERROR

ROOM = 64
"""How many bodies of the greatest length may be read at once; of short ones there may be more."""


@dataclass(slots=True)
class Bodies:
    """How long a body may be, in bytes, and how many seconds it may take; what is held of all."""

    limit: int
    patience: float
    held: int = 0

    async def read(self, exchange: Exchange) -> bytes:
        """Read the body: of one that passes the limit no more, and nothing if the client waits.

        Raises TooLarge for that one, RequestTimeout if it takes too long, BadRequest if it is cut
        off, and Overloaded if there is no room for it beside others.
        """
        announced = exchange.head.length
        if announced > self.limit and exchange.waits:
            raise too_large(self.limit)
        pieces: list[bytes] = []
        length = 0
        try:
            async with asyncio.timeout(self.patience):
                async for piece in exchange:
                    pieces.append(piece)
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
        return b"".join(pieces)

    async def skip(self, exchange: Exchange) -> None:
        """Throw a body away that is of no use here: no more of it than of any other.

        What is left of it then ends the connection. Raises BadRequest if it is cut off.
        """
        length = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(self.patience):
                async for piece in exchange:
                    length += len(piece)
                    if length > self.limit:
                        return


UNKNOWN = "0.0.0.0"  # noqa: S104 (nothing is bound to it)
"""The address of a client whom a proxy has not named: nobody has it."""

_WITH_PORT = re.compile(r"(?:\[([^\]]+)\]|([0-9.]+))(?::[0-9]+)?")
"""So Application Gateway and IIS name clients, and RFC 7239 (6) writes IPv6."""


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

    ``peer`` is the address that has connected, ``forwarded_for`` what the request says in
    X-Forwarded-For: of ``proxies`` alone it is believed. Whom a proxy names in another way is
    UNKNOWN, for nobody may pass for the proxy.
    """
    address = peer
    if not forwarded_for or address not in proxies:
        return address
    said = [part.strip() for part in forwarded_for.split(",") if part.strip()]
    for each in reversed(said):
        with_port = _WITH_PORT.fullmatch(each)
        address = (with_port[1] or with_port[2]) if with_port else each
        if not is_address(address):
            return UNKNOWN
        if address not in proxies:
            break
    return address


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
        return _response(*said[-1], body.file)
    try:
        pieces.extend(body)
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()
    return _response(*said[-1], b"".join(pieces))


def _response(status: str, headers: Headers, body: bytes | IO[bytes]) -> Response:
    return Response(int(status[:3]), [(name.lower(), value) for name, value in headers], body)


def environ_of(
    exchange: Exchange, client: str, body: bytes, error: CecotError | None = None
) -> Environ:
    """Build the environment of PEP 3333; text is latin-1, as it demands.

    ``client`` is an address without a port. With an ``error`` that is all that the application has
    to answer: it makes the page that tells it.
    """
    host, port = exchange.connection.server
    environ: Environ = {
        "REQUEST_METHOD": exchange.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": exchange.path.encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": exchange.query_string.encode().decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{exchange.version}",
        "REMOTE_ADDR": client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
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
    for name, value in exchange.head.pairs:
        if "_" in name:  # it would pass for the header with hyphens
            continue
        key = _WITHOUT_PREFIX.get(name) or "HTTP_" + name.upper().replace("-", "_")
        before = environ.get(key)
        environ[key] = value if before is None else f"{before},{value}"
    return environ
