"""HTTP connections of ours on a port of their own, with whatever answers behind them."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

import uvloop

from cecot.errors import BadRequest, CecotError
from cecot.protocol.answers import Response
from cecot.service.connections import Connections, Handler
from cecot.service.exchange import Exchange

TIMEOUT = 20.0
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"


@dataclass
class Answering:
    """A handler that calls ``answer``; remembers what was asked, refused and left."""

    answer: Callable[[Exchange], object]
    asked: list[Exchange] = field(default_factory=list)
    refused: list[CecotError] = field(default_factory=list)
    gone: list[Exchange] = field(default_factory=list)

    def take(self, exchange: Exchange) -> None:
        self.asked.append(exchange)
        exchange.when_gone = lambda: self.gone.append(exchange)
        self.answer(exchange)

    def refuse(self, error: CecotError) -> Response:
        self.refused.append(error)
        return Response(error.status, [], error.message.encode())


@dataclass
class Speaking:
    """Connections that are served, and the port where."""

    port: int
    loop: asyncio.AbstractEventLoop
    connections: Connections

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), TIMEOUT)

    def send(self, *sent: bytes) -> bytes:
        """Send pieces one after the other; give all that comes back until the end."""
        with closing(self.connect()) as connection:
            for each in sent:
                connection.sendall(each)
            return read_all(connection)

    def drain(self) -> None:
        with suppress(RuntimeError):  # it has ended already
            self.loop.call_soon_threadsafe(self.connections.drain)


def read_all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(1 << 16), b""))


@contextmanager
def speaking(make: Callable[[], Handler], most: int = 100, each: int = 100) -> Iterator[Speaking]:
    """Serve what ``make`` makes, called in the event loop, in a thread."""
    listener = socket.create_server(("127.0.0.1", 0))
    made: list[Speaking] = []
    is_ready = threading.Event()

    async def serve() -> None:
        connections = Connections(make(), most, each)
        port = listener.getsockname()[1]
        made.append(Speaking(port, asyncio.get_running_loop(), connections))
        asyncio.get_running_loop().call_soon(is_ready.set)
        await connections.serve(listener, 100)

    thread = threading.Thread(target=lambda: uvloop.run(serve()))
    thread.start()
    assert is_ready.wait(TIMEOUT)
    try:
        yield made[0]
    finally:
        made[0].drain()
        thread.join(TIMEOUT)
        assert not thread.is_alive()


def echo(exchange: Exchange) -> None:
    """Answer with what was asked, at once."""
    said = f"{exchange.method} {exchange.path}?{exchange.query_string} {exchange.version}"
    exchange.respond(200, [], said.encode())


def repeat(exchange: Exchange) -> None:
    """Answer with the body, once it is there."""

    async def read() -> None:
        try:
            body = b"".join([piece async for piece in exchange])
        except BadRequest as error:
            exchange.respond(400, [], error.message.encode())
        else:
            exchange.respond(200, [], body)

    exchange.when_gone = asyncio.get_running_loop().create_task(read()).cancel


def never(_: Exchange) -> None:
    """Answer nothing."""


def bodies(told: bytes) -> list[bytes]:
    """The bodies of responses that came one after the other."""
    found = []
    while told:
        head, _, rest = told.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        length = int(fields[b"content-length"])
        found.append(rest[:length])
        told = rest[length:]
    return found


def answered(sent: bytes, answer: Callable[[Exchange], object] = echo) -> bytes:
    with speaking(lambda: Answering(answer)) as service:
        return service.send(sent)
