"""Connections that misbehave: half-open, slow, cut, garbled, crowded."""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from collections.abc import Iterator

from bench.attack.attack import KEPT, Play
from bench.wire import Reply, Target, ask, receive

Named = tuple[str, Play, frozenset[int] | None]

ROWS = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 100000"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
FINE = frozenset((200,))


def scenes() -> Iterator[Named]:
    """All of them; each ends with an ordinary question, which must be answered."""
    yield "100 idle connections", _beside(100, b""), FINE
    yield (
        "100 half requests",
        _beside(100, b"GET /sparql?query=ASK HTTP/1.1\r\nHost: x\r\nX-"),
        FINE,
    )
    yield "100 half bodies", _beside(100, _half_body()), FINE
    yield (
        "50 chunked and no end",
        _beside(50, _head("Transfer-Encoding: chunked") + b"5\r\nASK {"),
        FINE,
    )
    yield "1,000 connections opened and closed", _churn(1000), FINE
    yield "200 connections reset", _resets(200, b"GET /?quer"), FINE
    yield "100 gone after a slow query", _resets(100, None), FINE
    yield "100 pipelined", _pipelined(100), FINE
    yield "20 slow readers", _slow_readers(20), FINE
    yield "byte by byte", _byte_by_byte, frozenset((200, 400, 408))
    yield "garbage", _garbage(bytes(range(256)) * 40), None
    yield "TLS hello", _garbage(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 512), None
    yield "HTTP/2", _garbage(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 100), None
    yield "HTTP/0.9", _garbage(b"GET /\r\n"), None
    yield "HTTP/9.9", _garbage(b"GET / HTTP/9.9\r\nHost: x\r\n\r\n"), None
    yield "lines without end", _garbage(b"x" * 300_000), None
    yield "no host", _garbage(b"GET /health HTTP/1.1\r\n\r\n"), None
    yield (
        "two lengths",
        _garbage(_head("Content-Length: 6", "Content-Length: 7") + b"ASK {}x"),
        None,
    )
    yield (
        "length and chunks",
        _garbage(
            _head("Content-Length: 6", "Transfer-Encoding: chunked") + b"6\r\nASK {}\r\n0\r\n\r\n"
        ),
        None,
    )
    for length in ("-1", "x", "99999999999999999999", "0x10", "6 6", "+6"):
        yield f"length {length}", _garbage(_head(f"Content-Length: {length}") + b"ASK {}"), None
    for chunk in ("g", "-1", "ffffffffffffffff", "6;" + "x" * 9000, "0000000000000000000006"):
        yield (
            f"chunk {chunk[:20]}",
            _garbage(
                _head("Transfer-Encoding: chunked") + chunk.encode() + b"\r\nASK {}\r\n0\r\n\r\n"
            ),
            None,
        )


def stalled(where: Target, count: int, query: str = ROWS) -> list[socket.socket]:
    """Ask a long question on ``count`` connections and read no answer; the caller closes them."""
    connections = []
    for number in range(count):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(30)
        if where.host == "127.0.0.1":
            connection.bind((f"127.0.3.{1 + number % 250}", 0))
        connection.connect((where.host, where.port))
        connection.sendall(where.get(query))
        connections.append(connection)
    return connections


def _head(*headers: str) -> bytes:
    lines = ["POST /sparql HTTP/1.1", "Host: x", "Content-Type: application/sparql-query", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def _half_body() -> bytes:
    return _head("Content-Length: 1000") + b"ASK {"


def _ask(where: Target, timeout: float) -> Reply:
    return ask(where, where.get("ASK {}"), timeout=timeout)


def _beside(count: int, start: bytes) -> Play:
    def play(where: Target, timeout: float) -> Reply:
        with contextlib.ExitStack() as stack:
            for _ in range(count):
                stack.enter_context(where.connect(timeout)).sendall(
                    start.replace(b"/sparql", where.path.encode())
                )
            return _ask(where, timeout)

    return play


def _churn(count: int) -> Play:
    def play(where: Target, timeout: float) -> Reply:
        for _ in range(count):
            where.connect(timeout).close()
        return _ask(where, timeout)

    return play


def _resets(count: int, start: bytes | None) -> Play:
    def play(where: Target, timeout: float) -> Reply:
        sent = where.get(SLOW) if start is None else start
        for _ in range(count):
            connection = where.connect(timeout)
            connection.sendall(sent)
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            connection.close()
        return _ask(where, timeout)

    return play


def _pipelined(count: int) -> Play:
    def play(where: Target, timeout: float) -> Reply:
        with where.connect(timeout) as connection:
            connection.sendall(where.get("ASK {}") * count)
            rest = b""
            got = 0
            while rest.count(b"HTTP/1.1 ") + got < count:
                data = connection.recv(1 << 16)
                if not data:
                    break
                rest += data
        return _ask(where, timeout)

    return play


def _slow_readers(count: int) -> Play:
    def play(where: Target, timeout: float) -> Reply:
        connections = stalled(where, count)
        give_up = time.monotonic() + min(timeout, 3.0)
        while time.monotonic() < give_up:
            for connection in connections:
                with contextlib.suppress(BlockingIOError):
                    connection.recv(64, socket.MSG_DONTWAIT)
            time.sleep(0.1)
        reply = _ask(where, timeout)
        for connection in connections:
            connection.close()
        return reply

    return play


def _byte_by_byte(where: Target, timeout: float) -> Reply:
    with where.connect(timeout) as connection:
        for byte in where.get("ASK {}"):
            connection.sendall(bytes((byte,)))
            time.sleep(0.002)
        return receive(connection, KEPT)


def _garbage(data: bytes) -> Play:
    """Send it, take what comes (an answer or silence), and see that others are still answered."""

    def play(where: Target, timeout: float) -> Reply | None:
        reply: Reply | None = None
        with where.connect(3.0) as connection, contextlib.suppress(OSError, ValueError):
            connection.sendall(data.replace(b"/sparql", where.path.encode()))
            reply = receive(connection, KEPT)
        after = _ask(where, timeout)
        return reply if after.status == 200 and reply is not None and reply.done else after

    return play
