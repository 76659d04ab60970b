"""Measure the measuring client, on a server that does nothing: ``python -m bench client``."""

from __future__ import annotations

import argparse
import multiprocessing
import selectors
import socket

from bench.drive import Load, drive
from bench.wire import Target

_REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 200\r\n\r\n" + b"x" * 200


def main(arguments: list[str]) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench client", description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args(arguments)
    listener = socket.create_server(("127.0.0.1", 0))
    where = Target("127.0.0.1", listener.getsockname()[1], "/")
    server = multiprocessing.get_context("fork").Process(
        target=_serve, args=(listener,), daemon=True
    )
    server.start()
    for connections in (1, 8):
        found = drive(Load(where, [where.get("ASK {}")], connections, options.seconds))
        print(
            f"{connections} connections: {found.rate:,.0f} requests/s,"
            f" median {found.median * 1000:.0f} microseconds, {len(found.errors)} errors"
        )
    server.terminate()
    server.join()


def _serve(listener: socket.socket) -> None:
    selector = selectors.EpollSelector()
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                accepted, _ = listener.accept()
                accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(accepted, selectors.EVENT_READ)
                continue
            assert isinstance(key.fileobj, socket.socket)
            connection = key.fileobj
            try:
                if connection.recv(65536):
                    connection.sendall(_REPLY)
                    continue
            except ConnectionError:
                pass
            selector.unregister(connection)
            connection.close()
