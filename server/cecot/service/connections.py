"""HTTP/1.1 over the connections of an event loop (RFC 9112): requests come, responses go.

The requests of a connection are answered one after the other. Header fields and chunks are read by
httptools; what many requests say alike is read once. A response goes out as its reader takes it:
bytes, or a file piece by piece; that needs no thread, however slow the reader is. A client that
goes away is noticed at once.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
from collections import Counter
from typing import IO, Protocol, cast

from cecot.errors import CecotError, Overloaded, RequestTimeout
from cecot.messages import say
from cecot.protocol.answers import Headers, Response
from cecot.service.exchange import Exchange
from cecot.service.heads import (
    LONGEST_HEAD,
    WITHOUT_LENGTH,
    look_at_part,
    read_head,
    read_line,
    write_head,
)

PATIENCE = 15.0
"""Seconds that the head of a request may take, counted from the end of the response before it."""

LINGER = 5.0
"""Seconds in which what still comes is thrown away; a connection that is closed at once takes its
last response with it (RFC 9112, 9.6)."""

GRACE = 0.1
"""Seconds that a client is still answered which sends no more: it may have gone, or may read."""

PIECE = 64 * 1024
"""Bytes of a file that are sent at once."""

AT_ONCE = 16
"""Requests, or pieces of a file, of one connection before others have their turn."""

_CR = 13
_EMPTY = re.compile(rb"[\r\n]*")
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


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
        self._unread = bytearray()
        self._searched = 0  # bytes of it that hold no end of a head
        self._exchange: Exchange | None = None
        self._file: IO[bytes] | None = None
        self._since = all_of_them.loop.time()
        self._is_reading = True
        self._is_full = False  # the client has to take what was sent
        self._is_beginning = False
        self._is_due = False  # to go on when others have had their turn
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
        if self._all.is_draining:
            transport.close()
        elif not self._all.has_taken(self):
            self._refuse(Overloaded(say("Too many requests wait already.")))
            transport.close()

    def data_received(self, data: bytes) -> None:
        """Take what has come: of the body of a request, or of the next one."""
        if self._is_lingering:
            return
        if self._exchange and not self._exchange.is_whole:
            data = self._exchange.feed(data)
        self._unread += data
        self._go_on()

    def eof_received(self) -> bool:
        """Answer what has come, soon: whoever reads no more has sent as much."""
        self._has_ended = True
        if self._exchange:
            self._exchange.cut()
            self._expect_to_go(self._exchange)
        elif not self._unread:
            return False
        self._go_on()
        return True

    def _expect_to_go(self, exchange: Exchange) -> None:
        def give_up() -> None:
            if exchange is self._exchange and not exchange.has_answered:
                self._transport.abort()

        self._all.loop.call_later(GRACE, give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Have what is done for the client interrupted."""
        del exc
        exchange, self._exchange, self._closes = self._exchange, None, True
        self._unread.clear()
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
        self._read_on()

    def end(self) -> None:
        """Close when the response that is under way has gone out, or at once."""
        self._closes = True
        if self._exchange is None:
            self._transport.close()

    def look(self, now: float) -> None:
        """Close a connection on which nothing has come for too long, and nothing is under way."""
        if self._exchange or self._is_due:
            return
        waited = now - self._since
        if self._transport.get_write_buffer_size():  # the client has not taken all of it yet
            self._since = now
        elif self._is_lingering and waited > LINGER:
            self._transport.abort()
        elif not self._is_lingering and waited > PATIENCE:
            if self._unread:
                self._refuse(RequestTimeout(say("The head of the request did not come in time.")))
            else:
                self._transport.close()

    def _go_on(self) -> None:
        """Begin with the requests that have come, one after the other, some at once."""
        if self._is_beginning or self._is_due:
            return
        self._is_beginning = True
        try:
            begun = 0
            while self._unread and not (self._exchange or self._is_full or self._closes):
                if begun == AT_ONCE:
                    self._is_due = True
                    self._all.loop.call_soon(self._have_a_turn)
                    break
                if not self._begin():
                    break
                begun += 1
        except CecotError as error:
            self._refuse(error)
        finally:
            self._is_beginning = False
        if not (self._exchange or self._is_lingering or self._is_due):
            if self._closes:
                self._linger()
            elif self._has_ended and not self._is_full:
                self._transport.close()
        self._read_on()

    def _have_a_turn(self) -> None:
        self._is_due = False
        self._go_on()

    def _begin(self) -> bool:
        """Begin with the next request if its head has come; raises what a broken one deserves."""
        unread = self._unread
        if unread[0] <= _CR:  # an empty line before a request counts for nothing (RFC 9112, 2.2)
            del unread[: _EMPTY.match(unread).end()]  # type: ignore[union-attr]
        end = unread.find(b"\r\n\r\n", max(self._searched - 3, 0), LONGEST_HEAD)
        if end < 0:
            look_at_part(unread, self._searched)
            self._searched = len(unread)
            return False
        first = unread.index(b"\r\n")
        method, target, version = read_line(bytes(unread[:first]))
        head = read_head(bytes(unread[first + 2 : end + 4]))
        del unread[: end + 4]
        self._searched = 0
        exchange = self._exchange = Exchange(self, method, target, version, head)
        if unread and not exchange.is_whole:
            self._unread = bytearray(exchange.feed(bytes(unread)))
        self._closes |= "close" in head.connection or (
            version == "1.0" and ("keep-alive" not in head.connection or head.is_chunked)
        )
        if self._has_ended:
            exchange.cut()
            self._expect_to_go(exchange)
        self._all.handler.take(exchange)
        return True

    def _refuse(self, error: CecotError) -> None:
        """Answer what is no request, and close."""
        response = self._all.handler.refuse(error)
        self._closes, self._exchange = True, None
        body = cast("bytes", response.body)
        self._transport.write(write_head(response.status, response.headers, len(body), "close"))
        self._transport.write(body)
        self._linger()

    def send(
        self, exchange: Exchange, status: int, headers: Headers, body: bytes | IO[bytes]
    ) -> None:
        """Send the response of an exchange, unless its client has gone; a file is closed."""
        if exchange is not self._exchange:
            _let_go(body)
            return
        self._closes |= self._all.is_draining or exchange.is_last or not exchange.is_whole
        connection = "close" if self._closes else "keep-alive" if exchange.version == "1.0" else ""
        head = write_head(status, headers, _length_of(body), connection)
        if exchange.method == "HEAD" or status in WITHOUT_LENGTH:
            _let_go(body)
            body = b""
        if isinstance(body, bytes):
            self._transport.write(head + body)
            self._over()
        else:
            self._transport.write(head)
            self._file = body
            self._send_file()

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
        """Send of the file what the client takes, some of it at once."""
        for _ in range(AT_ONCE):
            if not self._file or self._is_full or self._transport.is_closing():
                return
            piece = self._file.read(PIECE)
            if piece:
                self._transport.write(piece)
            else:
                self._close_file()
                self._over()
        self._all.loop.call_soon(self._send_file)

    def _close_file(self) -> None:
        file, self._file = self._file, None
        if file:
            file.close()

    def _over(self) -> None:
        """Let the exchange be over, and go on with the next one."""
        self._exchange = None
        self._since = self._all.loop.time()
        self._go_on()

    def _linger(self) -> None:
        """Close when the client has closed, or has had time to read what was sent last."""
        self._is_lingering = True
        self._unread.clear()
        self._since = self._all.loop.time()
        if self._has_ended or self._all.is_draining or self._transport.is_closing():
            self._transport.close()
        else:
            self._transport.write_eof()
            self._read_on()

    def _read_on(self) -> None:
        """Read what comes, unless there is as much as may wait."""
        is_held_up = self._exchange is not None and self._exchange.is_held_up
        reads = not (self._is_due or is_held_up or len(self._unread) > LONGEST_HEAD)
        if reads != self._is_reading and not (self._has_ended or self._transport.is_closing()):
            self._is_reading = reads
            if reads:
                self._transport.resume_reading()
            else:
                self._transport.pause_reading()


class Connections:
    """All connections of a listening socket: no more than ``most``, ``each`` of one address."""

    def __init__(self, handler: Handler, most: int, each: int) -> None:
        """To be made in the event loop that serves them."""
        self.handler = handler
        self._most, self._each = most, each
        self.loop = asyncio.get_running_loop()
        self.open: set[Connection] = set()
        self._clients: Counter[str] = Counter()
        self.is_draining = False
        self._all_gone: asyncio.Future[None] = self.loop.create_future()
        self._server: asyncio.Server | None = None

    def has_taken(self, connection: Connection) -> bool:
        """Take a new connection, if there may be one more."""
        client = connection.client
        if len(self.open) >= self._most or self._clients[client] >= self._each:
            return False
        self.open.add(connection)
        self._clients[client] += 1
        return True

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
        if connection in self.open:
            self.open.remove(connection)
            if left := self._clients.pop(connection.client) - 1:
                self._clients[connection.client] = left
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


def _let_go(body: bytes | IO[bytes]) -> None:
    if not isinstance(body, bytes):
        body.close()
