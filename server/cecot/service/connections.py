"""HTTP/1.1 over the connections of an event loop (RFC 9112): requests come, responses go.

The requests of a connection are answered one after the other. Header fields and chunks are read by
httptools; what many requests say alike is read once. A response goes out as its reader takes it:
bytes, or a file piece by piece; that needs no thread, however slow the reader is. A client that
goes away is noticed at once.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from typing import IO, Protocol, cast
from urllib.parse import unquote

from httptools import HttpParserError, HttpRequestParser

from cecot.errors import (
    BadRequest,
    CecotError,
    Overloaded,
    RequestTimeout,
)
from cecot.messages import say
from cecot.protocol.answers import Headers, Response
from cecot.service.heads import (
    LONGEST_HEAD,
    WITHOUT_LENGTH,
    RequestHead,
    look_at_part,
    malformed,
    read_head,
    read_line,
    write_head,
)

PATIENCE = 15.0
"""Seconds that the head of a request may take, counted from the end of the response before it."""

LINGER = 5.0
"""Seconds in which what is left of a refused body is thrown away; a connection that is closed at
once takes its last response with it (RFC 9112, 9.6)."""

GRACE = 0.1
"""Seconds that a client is still answered which sends no more: it may have gone, or may read."""

PIECE = 64 * 1024
"""Bytes of a body that are held before somebody reads them, and of a file that are sent at once."""

_CR = 13
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_CHUNKED = b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n"


class Exchange:
    """One request, and its one response.

    ``path`` is decoded, ``query_string`` is not; ``version`` is ``1.0`` or ``1.1``. The body is
    what iterating gives; one that ``waits`` is asked for by that (RFC 9110, 10.1.1). ``when_gone``
    is called if the client goes before it has its response. What came together with the end of its
    chunks is lost with it; then it ``is_last`` on its connection (RFC 9112, 9.3.2).
    """

    __slots__ = (
        "_body",
        "_chunks",
        "_is_cut",
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
        self, connection: Connection, method: str, target: str, version: str, head: RequestHead
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
        self.is_last = self._is_cut = False
        self._body = bytearray()
        self._waiter: asyncio.Future[None] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all of the request has come."""
        return not self._left

    @property
    def is_held_up(self) -> bool:
        """Whether more of the body has come than may wait for its reader."""
        return len(self._body) > PIECE

    def feed(self, data: bytes) -> bytes:
        """Take what has come of the body; give back what comes after it.

        Raises BadRequest for what is no chunk (RFC 9112, 7.1).
        """
        rest = b""
        if self._chunks:
            try:
                self._chunks.feed_data(data)
            except HttpParserError as error:
                if not self.is_whole:
                    raise malformed(str(error)) from None
                self.is_last = True
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
        self._is_cut = not self.is_whole
        self._wake()

    def __aiter__(self) -> Exchange:
        """Give the pieces of the body."""
        return self

    async def __anext__(self) -> bytes:
        """Give the next piece of the body; raises BadRequest if it was cut off."""
        while not self._body:
            if self.is_whole:
                raise StopAsyncIteration
            if self._is_cut:
                raise BadRequest(
                    say("The body ends before its last chunk.")
                    if self._chunks
                    else say("The body ends before its Content-Length."),
                    hint=say("Send it whole."),
                    where="body",
                )
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


class Handler(Protocol):
    """What answers requests."""

    def take(self, exchange: Exchange) -> object:
        """Answer ``exchange``, now or later."""
        ...

    def refuse(self, error: CecotError) -> Response:
        """Give what is answered to what is no request."""
        ...


class Connection(asyncio.Protocol):
    """One connection: what has come of it, the exchange under way, and the file that goes out.

    ``client`` is the address of whoever has connected, ``server`` where (address, port).
    """

    def __init__(self, all_of_them: Connections) -> None:
        self._all = all_of_them
        self._unread = b""
        self._exchange: Exchange | None = None
        self._file: IO[bytes] | None = None
        self._since = all_of_them.loop.time()
        self._is_reading = True
        self._is_full = False  # the client has to take what was sent
        self._is_beginning = False
        self._closes = False  # after the response that is under way
        self._has_ended = False  # the client sends no more
        self._is_lingering = False
        self.client, self.server = "", ("", 0)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; beyond the most that there may be, only to say so."""
        self._transport = cast("asyncio.Transport", transport)
        # Either is missing if the client has gone already.
        self.client, *_ = transport.get_extra_info("peername") or ("",)
        self.server = (transport.get_extra_info("sockname") or self.server)[:2]
        if len(self._all.open) < self._all.most:
            self._all.open.add(self)
        else:
            self._refuse(Overloaded(say("Too many requests wait already.")))
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Take what has come: of the body of a request, or of the next one."""
        exchange = self._exchange
        if self._is_lingering:
            return
        if exchange and not exchange.is_whole:
            try:
                data = exchange.feed(data)
            except BadRequest as error:
                exchange.cut()
                if not exchange.has_answered:
                    self._refuse(error)
                return
            if exchange.is_held_up:
                self._pause_reading()
        if data:
            self._unread += data
            self._go_on()

    def eof_received(self) -> bool:
        """Answer what has come, soon: whoever reads no more has sent as much."""
        exchange, self._has_ended = self._exchange, True
        if exchange is None:
            return False
        exchange.cut()
        self._all.loop.call_later(GRACE, self._give_up)
        return True

    def _give_up(self) -> None:
        if self._exchange and not self._exchange.has_answered:
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Have what is done for the client interrupted."""
        del exc
        exchange, self._exchange, self._unread = self._exchange, None, b""
        self._close_file()
        self._all.forget(self)
        if exchange:
            exchange.cut()
            if exchange.when_gone and not exchange.has_answered:
                exchange.when_gone()

    def wants_more(self) -> None:
        """Have the client go on with its body."""
        if self._exchange and self._exchange.waits:
            self._exchange.waits = False
            self._transport.write(_CONTINUE)
        self._resume_reading()

    def end(self) -> None:
        """Close when the response that is under way has gone out, or at once."""
        self._closes = True
        if self._exchange is None:
            self._transport.close()

    def look(self, now: float) -> None:
        """Close a connection on which nothing has come for too long, and nothing is under way."""
        if self._exchange:
            return
        waited = now - self._since
        if self._is_lingering and waited > LINGER:
            self._transport.abort()
        elif not self._is_lingering and waited > PATIENCE:
            if self._unread:
                self._refuse(RequestTimeout(say("The head of the request did not come in time.")))
            else:
                self._transport.close()

    def _go_on(self) -> None:
        """Begin with the requests that have come, one after the other."""
        if self._is_beginning:
            return  # answered at once: the loop below goes on
        self._is_beginning = True
        try:
            while self._unread and not (self._exchange or self._is_full or self._closes):
                if not self._begin():
                    break
        except CecotError as error:
            self._refuse(error)
        finally:
            self._is_beginning = False
        is_idle = not (self._exchange or self._is_lingering)
        if is_idle and (self._closes or (self._has_ended and not self._is_full)):
            self._transport.close()
        elif len(self._unread) > LONGEST_HEAD:
            self._pause_reading()

    def _begin(self) -> bool:
        """Begin with the next request if its head has come; raises what a broken one deserves."""
        # An empty line before a request counts for nothing (RFC 9112, 2.2).
        unread = self._unread if self._unread[0] > _CR else self._unread.lstrip(b"\r\n")
        end = unread.find(b"\r\n\r\n", 0, LONGEST_HEAD)
        if end < 0:
            self._unread = unread
            look_at_part(unread)
            return False
        first = unread.index(b"\r\n")
        method, target, version = read_line(unread[:first])
        head = read_head(unread[first + 2 : end + 4])
        self._unread = unread[end + 4 :]
        exchange = Exchange(self, method, target, version, head)
        if self._unread and not exchange.is_whole:
            self._unread = exchange.feed(self._unread)
        self._closes |= "close" in head.connection or (
            version == "1.0" and "keep-alive" not in head.connection
        )
        self._exchange = exchange
        self._all.handler.take(exchange)
        return True

    def _refuse(self, error: CecotError) -> None:
        """Answer what is no request, and close."""
        response = self._all.handler.refuse(error)
        self._closes, self._exchange, self._unread = True, None, b""
        body = cast("bytes", response.body)
        self._transport.write(write_head(response.status, response.headers, len(body), "close"))
        self._transport.write(body)
        self._linger()

    def send(
        self, exchange: Exchange, status: int, headers: Headers, body: bytes | IO[bytes]
    ) -> None:
        """Send the response of an exchange, unless its client has gone; a file is closed."""
        if exchange is not self._exchange:
            if not isinstance(body, bytes):
                body.close()
            return
        self._closes |= self._all.is_draining or exchange.is_last or not exchange.is_whole
        connection = "close" if self._closes else "keep-alive" if exchange.version == "1.0" else ""
        head = write_head(status, headers, _length_of(body), connection)
        has_body = exchange.method != "HEAD" and status not in WITHOUT_LENGTH
        if isinstance(body, bytes):
            self._transport.write(head + body if has_body else head)
            self._over()
            return
        self._transport.write(head)
        self._file = body
        if has_body:
            self._send_file()
        else:
            self._close_file()
            self._over()

    def pause_writing(self) -> None:
        """Send no more before the client has taken what was sent."""
        self._is_full = True

    def resume_writing(self) -> None:
        """Go on with the file, or with the next request."""
        self._is_full = False
        if self._file:
            self._send_file()
        elif self._exchange is None:
            self._go_on()

    def _send_file(self) -> None:
        while self._file and not self._is_full:
            piece = self._file.read(PIECE)
            if piece:
                self._transport.write(piece)
            else:
                self._close_file()
                self._over()

    def _close_file(self) -> None:
        file, self._file = self._file, None
        if file:
            file.close()

    def _over(self) -> None:
        """Let the exchange be over, and go on with the next one."""
        exchange, self._exchange = self._exchange, None
        self._since = self._all.loop.time()
        if exchange and not exchange.is_whole:
            self._linger()
            return
        if len(self._unread) <= LONGEST_HEAD:
            self._resume_reading()
        self._go_on()

    def _linger(self) -> None:
        """Close when the client has closed, or has had time to read what was sent last."""
        self._is_lingering = True
        self._since = self._all.loop.time()
        if self._has_ended or self._transport.is_closing():
            self._transport.close()
        else:
            self._transport.write_eof()
            self._resume_reading()

    def _pause_reading(self) -> None:
        if self._is_reading and not self._transport.is_closing():
            self._is_reading = False
            self._transport.pause_reading()

    def _resume_reading(self) -> None:
        if not (self._is_reading or self._transport.is_closing()):
            self._is_reading = True
            self._transport.resume_reading()


class Connections:
    """All connections of a listening socket, no more than ``most``."""

    def __init__(self, handler: Handler, most: int) -> None:
        """To be made in the event loop that serves them."""
        self.handler, self.most = handler, most
        self.loop = asyncio.get_running_loop()
        self.open: set[Connection] = set()
        self.is_draining = False
        self._all_gone: asyncio.Future[None] = self.loop.create_future()
        self._server: asyncio.Server | None = None

    async def serve(self, listener: socket.socket, backlog: int) -> None:
        """Serve until ``drain`` is called, and whatever had begun has ended."""
        self._server = await self.loop.create_server(
            lambda: Connection(self), sock=listener, backlog=backlog
        )
        looking = self.loop.create_task(self._look())
        try:
            await self._all_gone
        finally:
            looking.cancel()

    def drain(self) -> None:
        """Take no more connections, and no more requests on those that there are."""
        if self._server:
            self._server.close()
        self.is_draining = True
        for each in tuple(self.open):
            each.end()
        self._look_whether_all_are_gone()

    def forget(self, connection: Connection) -> None:
        """Take note that a connection is closed."""
        self.open.discard(connection)
        self._look_whether_all_are_gone()

    def _look_whether_all_are_gone(self) -> None:
        if self.is_draining and not self.open and not self._all_gone.done():
            self._all_gone.set_result(None)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(1)
            now = self.loop.time()
            for each in tuple(self.open):
                each.look(now)


def _length_of(body: bytes | IO[bytes]) -> int:
    if isinstance(body, bytes):
        return len(body)
    length = body.seek(0, os.SEEK_END)
    body.seek(0)
    return length
