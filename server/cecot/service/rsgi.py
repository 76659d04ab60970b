"""What RSGI 1 hands to an application: a request, its body, and the one way to answer it.

Bodies are read as they come: bounded in length and in time, and only whole ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Protocol

from cecot.errors import BadRequest, Overloaded, RequestTimeout
from cecot.messages import say
from cecot.protocol.answers import Headers

ROOM = 64
"""How many bodies of the greatest length may be read at once; of short ones there may be more."""

_WITHOUT_BODY = frozenset(("GET", "HEAD", "OPTIONS"))


def headers_of(scope: Scope) -> dict[str, str]:
    """Read all that a request says in its headers, once; values of one name joined (9110, 5.2)."""
    pairs: list[tuple[str, str]] = scope.headers.items()
    headers = dict(pairs)
    if len(headers) < len(pairs):
        headers = {}
        for name, value in pairs:
            headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


class Scope(Protocol):
    """What is said of a request; ``client`` and ``server`` are ``address:port``.

    Of the path the server has read what was percent-encoded; what is not visible ASCII in a header
    it does not show.
    """

    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    headers: Any


class Channel(Protocol):
    """The body that comes in, and the response that goes out: once, from any thread."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the pieces of the body."""
        ...

    async def client_disconnect(self) -> None:
        """Wait until the client has gone."""
        ...

    def response_empty(self, status: int, headers: Headers) -> None:
        """Answer without a body."""
        ...

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer with bytes."""
        ...

    def response_file(self, status: int, headers: Headers, file: str) -> None:
        """Answer with the file at a path."""
        ...


@dataclass(slots=True)
class Bodies:
    """How long a body may be, in bytes, and how many seconds it may take; what is held of all."""

    limit: int
    patience: float
    held: int = 0

    async def read(self, scope: Scope, channel: Channel) -> bytes:
        """Read the body. Of one that passes the limit only so much that this can be seen.

        Raises RequestTimeout if it takes too long, BadRequest if it ends before its length, and
        Overloaded if there is no room for it beside others.
        """
        if scope.method in _WITHOUT_BODY:
            return b""
        pieces: list[bytes] = []
        length = 0
        try:
            async with asyncio.timeout(self.patience):
                async for piece in channel:
                    pieces.append(bytes(piece))
                    length += len(piece)
                    self.held += len(piece)
                    if length > self.limit:
                        break
                    if self.held > ROOM * self.limit:
                        raise Overloaded(say("Too many requests wait already."))
        except TimeoutError:
            raise RequestTimeout(
                say("The body did not come in time."),
                hint=say("Send it at once, with the head."),
                where="body",
            ) from None
        finally:
            self.held -= length
        # The server tells nothing of a body that was cut off.
        if length < min(_announced(scope), self.limit):
            raise BadRequest(
                say("The body ends before its Content-Length."),
                hint=say("Send it whole."),
                where="body",
            )
        return b"".join(pieces)


def _announced(scope: Scope) -> int:
    """Give the length that the request has by its head; 0 if that says nothing of it."""
    length = scope.headers.get("content-length") or ""
    return int(length) if length.isascii() and length.isdigit() else 0
