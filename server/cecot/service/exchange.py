"""One request over HTTP, with its body as it comes, and the one way to answer it (RFC 9112)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import IO, Protocol
from urllib.parse import unquote

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from cecot.errors import BadRequest
from cecot.messages import say
from cecot.protocol.answers import Headers
from cecot.service.heads import RequestHead, malformed

MOST_HELD = 64 * 1024
"""Bytes of a body that are held before somebody reads them."""

_CHUNKED = b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n"


class Carrier(Protocol):
    """The connection of an exchange.

    ``client`` is the address of whoever has connected, ``server`` where (address, port).
    """

    client: str
    server: tuple[str, int]

    def wants_more(self) -> None:
        """Have the client go on with its body."""
        ...

    def send(
        self, exchange: Exchange, status: int, headers: Headers, body: bytes | IO[bytes]
    ) -> None:
        """Send the response of ``exchange``."""
        ...


class Exchange:
    """One request, and its one response.

    ``path`` is decoded, ``query_string`` is not; ``version`` is ``1.0`` or ``1.1``. The body is
    what iterating gives; one that ``waits`` is asked for by that (RFC 9110, 10.1.1). ``when_gone``
    is called if the client goes before it has its response. What came together with the end of its
    chunks is lost with it; then it ``is_last`` on its connection (RFC 9112, 9.3.2).
    """

    __slots__ = (
        "_body",
        "_broken",
        "_chunks",
        "_left",
        "_waiter",
        "connection",
        "has_answered",
        "head",
        "is_last",
        "method",
        "path",
        "query_string",
        "version",
        "waits",
        "when_gone",
    )

    def __init__(
        self, connection: Carrier, method: str, target: str, version: str, head: RequestHead
    ) -> None:
        path, _, self.query_string = target.partition("#")[0].partition("?")
        self.connection, self.method, self.version, self.head = connection, method, version, head
        self.path = unquote(path) if "%" in path else path
        self.waits = head.waits and version != "1.0"
        self.has_answered = False
        self.when_gone: Callable[[], object] | None = None
        self._left = 1 if head.is_chunked else head.length  # until the last chunk has come
        self._chunks = HttpRequestParser(self) if head.is_chunked else None
        if self._chunks:
            self._chunks.feed_data(_CHUNKED)
        self.is_last = False
        self._broken: BadRequest | None = None
        self._body = bytearray()
        self._waiter: asyncio.Future[None] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all of the request has come."""
        return not self._left

    @property
    def is_held_up(self) -> bool:
        """Whether more of the body has come than may wait for its reader."""
        return len(self._body) > MOST_HELD

    def feed(self, data: bytes) -> bytes:
        """Take what has come of the body; give back what comes after it."""
        rest = b""
        if self._broken:
            return rest
        if self._chunks:
            try:
                self._chunks.feed_data(data)
            except (HttpParserError, HttpParserUpgrade) as error:
                if self.is_whole:
                    self.is_last = True
                else:  # what comes is no chunk (RFC 9112, 7.1)
                    self._broken = malformed(str(error))
        else:
            self._body += data[: self._left]
            rest = data[self._left :]
            self._left = max(self._left - len(data), 0)
        self._wake()
        return rest

    def on_body(self, data: bytes) -> None:
        """Take what the parser has found in a chunk."""
        if not self.is_whole:
            self._body += data

    def on_message_complete(self) -> None:
        """Take note that the parser has found the last chunk."""
        self._left = 0

    def on_message_begin(self) -> None:
        """Take note that the parser has found something behind the last chunk."""
        self.is_last = self.is_whole

    def cut(self) -> None:
        """Take note that no more of the request comes."""
        if not self.is_whole:
            self._broken = self._broken or BadRequest(
                say("The body ends before its last chunk.")
                if self._chunks
                else say("The body ends before its Content-Length."),
                hint=say("Send it whole."),
                where="body",
            )
        self._wake()

    def __aiter__(self) -> Exchange:
        """Give the pieces of the body."""
        return self

    async def __anext__(self) -> bytes:
        """Give the next piece of the body; raises BadRequest if it was cut off, or is broken."""
        while not self._body:
            if self.is_whole:
                raise StopAsyncIteration
            if self._broken:
                raise self._broken
            self.connection.wants_more()
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        piece, self._body = bytes(self._body), bytearray()
        return piece

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def respond(self, status: int, headers: Headers, body: bytes | IO[bytes] = b"") -> None:
        """Answer, once; a file is read to its end, and closed.

        What the client is not to have of ``body`` (HEAD) is left out here.
        """
        self.has_answered = True
        self.connection.send(self, status, headers, body)
