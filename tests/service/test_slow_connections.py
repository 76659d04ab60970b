"""Connections that take or say nothing: whom they disturb, and how long they stay."""

from __future__ import annotations

import socket
import time
from pathlib import Path

from serving import BUSY, Service, serving, target_of, until

from cecot.rooms import Rooms
from cecot.service.processes import has_computed

CROSS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . VALUES ?n { 1 2 3 4 5 6 } }"


def test_readers_that_stall_hold_nobody_up(service: Service) -> None:
    service.ask(CROSS, Accept="text/csv")
    before = resident(front_of(service))
    request = f"GET {target_of(CROSS)} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode()
    stalled = []
    try:
        for _ in range(20):
            connection = service.connect()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(request)
            stalled.append(connection)
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
        started = time.monotonic()
        assert service.ask("ASK { FILTER(1 = 1) }").status == 200
        assert time.monotonic() - started < 1.0 + BUSY
        assert resident(front_of(service)) - before < 32 << 20
    finally:
        for connection in stalled:
            connection.close()


def test_a_reader_that_takes_nothing_is_cut_off(foreign_rooms: Rooms) -> None:
    request = f"GET {target_of(CROSS)} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode()
    with serving(foreign_rooms.root, "--stall", "1") as service, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", service.port))
        connection.sendall(request)
        until(lambda: is_established(service.port, connection.getsockname()[1]))
        until(lambda: not is_established(service.port, connection.getsockname()[1]))


def is_established(here: int, there: int) -> bool:
    """Whether the server's side of a connection stands."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, state = line.split()[:4]
        if (int(local[-4:], 16), int(remote[-4:], 16)) == (here, there):
            return state == "01"
    return False


def test_connections_that_say_nothing_hold_nobody_up(service: Service) -> None:
    silent = [service.connect() for _ in range(200)]
    for connection in silent[::2]:
        connection.sendall(b"GET /sparql?query=")
    try:
        assert service.ask("ASK { FILTER(2 = 2) }").status == 200
        assert service.send("GET", "/health").status == 200
    finally:
        for connection in silent:
            connection.close()


def test_waiting_for_an_evaluator_costs_the_front_nothing(foreign_rooms: Rooms) -> None:
    endless = f"SELECT (COUNT(*) AS ?n) {{ {' . '.join(f'?s{n} ?p{n} ?o{n}' for n in range(12))} }}"
    with serving(foreign_rooms.root, "--deadline", "2") as service:
        front = front_of(service)
        before = has_computed(front)
        assert service.ask(endless).status == 504
        assert has_computed(front) - before < 0.5


def resident(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * 4096


def front_of(service: Service) -> int:
    children = Path(f"/proc/{service.process}/task/{service.process}/children")
    for child in map(int, children.read_text().split()):
        if Path(f"/proc/{child}/comm").read_text() == "cecot-front\n":
            return child
    raise AssertionError("there is no front")
