"""Bodies that come slowly, in part or not at all: nothing is done with half a query."""

from __future__ import annotations

import json
import select
import socket
from contextlib import ExitStack, closing, suppress

import pytest
from serving import Service, serving, until

from cecot.rooms import Rooms
from cecot.service.front import BODY_PATIENCE
from cecot.service.gateway import ROOM

HEAD = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"


def test_half_a_body_is_no_query(service: Service) -> None:
    whole = b"ASK { FILTER(6 = 6) }"
    with service.connect() as connection:
        connection.sendall(f"{HEAD}Content-Length: {len(whole) + 1}\r\n\r\n".encode() + whole)
        connection.shutdown(socket.SHUT_WR)
        told = b"".join(iter(lambda: connection.recv(4096), b""))
    if told:
        assert told.startswith(b"HTTP/1.1 400 ")
        assert b"The body ends before its Content-Length." in told
    assert service.ask("ASK { FILTER(7 = 7) }").status == 200
    until(lambda: len(service.lines) == 2)
    assert [json.loads(line)["outcome"] for line in service.lines] == ["bad-request", "ok"]


def test_bodies_that_are_on_their_way_have_a_common_bound(foreign_rooms: Rooms) -> None:
    limit = 1024
    half = f"{HEAD}Content-Length: {limit}\r\n\r\n".encode() + b"#" * (limit - 1)
    with (
        serving(foreign_rooms.root, "--body-limit", str(limit), "--per-client", "0") as service,
        ExitStack() as stack,
    ):
        waiting = [stack.enter_context(closing(service.connect())) for _ in range(ROOM + 8)]
        for connection in waiting:
            connection.sendall(half)
        readable, *_ = select.select(waiting, [], [], 30)
        told = readable[0].recv(4096)
        assert told.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after" in told
        assert service.ask("ASK {}").status == 200


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_bodies_that_nobody_wants_take_no_room_of_queries(
    foreign_rooms: Rooms, method: str
) -> None:
    limit = 1024
    head = f"{method} /claims HTTP/1.1\r\nHost: x\r\nContent-Length: {limit}\r\n\r\n"
    with (
        serving(foreign_rooms.root, "--body-limit", str(limit)) as service,
        ExitStack() as stack,
    ):
        for _ in range(ROOM + 8):
            connection = stack.enter_context(closing(service.connect()))
            connection.sendall(head.encode() + b"#" * (limit - 1))
        told = service.send("POST", "/sparql", b"ASK {}", Content_Type="application/sparql-query")
        assert told.status == 200


@pytest.mark.parametrize("length", ["0", ""])
def test_a_body_that_was_not_announced_is_none(service: Service, length: str) -> None:
    announced = f"Content-Length: {length}\r\n" if length else ""
    with service.connect() as connection:
        connection.sendall(f"{HEAD}{announced}Connection: close\r\n\r\n".encode())
        told = b"".join(iter(lambda: connection.recv(4096), b""))
    assert told.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in told


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/sparql", 413),
        ("POST", "/editor/labels.json", 413),
        ("POST", "/claims", 405),
        ("PUT", "/sparql", 405),
        ("PATCH", "/graph-store?default", 405),
        ("DELETE", "/health", 405),
        ("POST", "/metrics", 405),
        ("POST", "/nothing-is-here", 405),
    ],
)
def test_what_is_refused_by_its_head_is_refused_before_its_body(
    service: Service, method: str, path: str, status: int
) -> None:
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
    head += "Content-Length: 50000000\r\n\r\n"
    with service.connect() as connection:
        connection.settimeout(BODY_PATIENCE / 2)
        connection.sendall(head.encode())
        assert connection.recv(4096).startswith(f"HTTP/1.1 {status} ".encode())


@pytest.mark.parametrize("path", ["/sparql", "/editor/labels.json", "/claims"])
def test_whoever_does_not_wait_hears_of_a_body_that_is_too_long(
    service: Service, path: str
) -> None:
    told = service.send("POST", path, b" " * ((1 << 20) + 1), Content_Type="text/plain")
    assert told.status == (405 if path == "/claims" else 413)


def test_whoever_waits_to_go_on_is_told_to(service: Service) -> None:
    query = "ASK { FILTER(8 = 8) }"
    with service.connect() as connection:
        head = f"{HEAD}Expect: 100-continue\r\nContent-Length: {len(query)}\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(query.encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")


def test_a_body_that_nobody_reads_is_no_second_request(service: Service) -> None:
    hidden = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    for path in ("/claims", "/sparql"):
        head = f"PUT {path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
        head += f"Content-Length: {len(hidden)}\r\n\r\n"
        with service.connect() as connection:
            connection.sendall(head.encode())
            told = connection.recv(4096)
            with suppress(OSError):  # the connection may be closed at once
                connection.sendall(hidden)
                connection.shutdown(socket.SHUT_WR)
                told += b"".join(iter(lambda: connection.recv(4096), b""))
        assert told.startswith(b"HTTP/1.1 405 ")
        assert told.count(b"HTTP/1.1 ") == 1
