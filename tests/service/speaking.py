"""HTTP connections of ours on a port of their own, with whatever answers behind them."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

import uvloop

from cecot.errors import CecotError
from cecot.protocol.answers import Response
from cecot.service.connections import Connections, Handler
from cecot.service.exchange import Exchange

TIMEOUT = 20.0


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
