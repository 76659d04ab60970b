"""A million rows to one reader, then to twenty that stall: ``python -m bench large``.

Ends with 1 if an answer is not whole, if it makes a process grow by 64 MiB or more, if a polite
client meets an error, or if its p99 more than doubles beside the readers that stall.

Oxigraph's store in memory counts references inside its nodes: whoever reads the graph in a forked
process copies the pages that it reads. So the rows are counted first, by a query whose answer is
one number, and growth is told beside that of counting.
"""

from __future__ import annotations

import argparse
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.attack.polite import Clients, pause, questions
from bench.generate import add_options, material_of
from bench.processes import name, own_memory
from bench.queries import ROWS, classes
from bench.servers import STARTS, running, settle
from bench.wire import CHUNK, JSON, BadReplyError, Reply, Target

MOST_GROWTH = 64 << 20
PATIENCE = 300.0


class Rows(Reply):
    """A reply whose body is thrown away; its lines are counted."""

    __slots__ = ("end", "lines")

    def __init__(self) -> None:
        super().__init__()
        self.lines = 0
        self.end = b""

    def _take(self, data: bytes) -> None:
        super()._take(data)
        self.lines += data.count(b"\n")
        self.end = (self.end + data[-16:])[-16:]


@dataclass(slots=True)
class Growth:
    """How much memory of its own each process came to have beyond what it had."""

    root: int
    before: dict[int, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)

    def look(self) -> None:
        """Look once; a process that was not there before started with nothing."""
        for pid, size in own_memory(self.root).items():
            grown, kind = size - self.before.get(pid, 0), name(pid)
            if not kind:
                continue  # it has ended in between
            self.most[kind] = max(self.most.get(kind, 0), grown)

    @property
    def evaluator(self) -> int:
        """The largest growth of a process that reads the graph; of any, where none says so."""
        found = [size for kind, size in self.most.items() if "evaluator" in kind]
        return max(found or self.most.values())

    @property
    def other(self) -> int:
        """The largest growth of any other process."""
        found = [size for kind, size in self.most.items() if "evaluator" not in kind]
        return max(found, default=0)

    def __str__(self) -> str:
        """The largest growth of each kind of process."""
        grown = sorted(self.most.items(), key=lambda item: -item[1])
        return ", ".join(f"{kind} {size / 2**20:.1f} MiB" for kind, size in grown if kind)


@contextmanager
def growing(root: int) -> Iterator[Growth]:
    """Watch the processes of ``root``, some ten times a second."""
    growth = Growth(root, own_memory(root))
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            growth.look()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield growth
    finally:
        over.set()
        watcher.join()
        growth.look()


def download(where: Target, request: bytes) -> tuple[Rows, float]:
    """Read a whole answer as fast as it comes; raises OSError and BadReplyError."""
    began = time.perf_counter()
    reply = Rows()
    with where.connect(PATIENCE) as connection:
        connection.sendall(request)
        while not reply.done:
            data = connection.recv(CHUNK)
            if data:
                reply.feed(data)
            else:
                reply.close()
    return reply, time.perf_counter() - began


def stall(where: Target, number: int, request: bytes) -> socket.socket:
    """Ask, wait for the first bytes of the answer, and read no more of it."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(PATIENCE)
    if where.host == "127.0.0.1":
        connection.bind((f"127.0.3.{number + 1}", 0))
    connection.connect((where.host, where.port))
    connection.sendall(request)
    start = connection.recv(64)
    if not start.startswith(b"HTTP/1.1 200"):
        raise BadReplyError(f"stalled reader {number}: {start!r}")
    return connection


def main(arguments: list[str]) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench large", description=__doc__)
    parser.add_argument("--server", choices=list(STARTS), default="cecot")
    add_options(parser, 1_000_000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--rest", type=float, default=10.0)
    parser.add_argument("--times", type=float, default=2.0, help="what polite p99 may become")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        material, there = material_of(options, Path(work))
        if there < options.rows:
            parser.error(f"the graph has {there} triples only")
        with running(options.server, material) as server:
            settle(server)
            faults = _one_reader(server.where, server.pid, options.rows)
            faults += _stalled_readers(server.where, server.pid, options)
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


def _counting(where: Target, pid: int) -> int:
    """How much a process grows when the whole graph is read and nothing is answered."""
    with growing(pid) as growth:
        for variable in "spo":
            text = f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER(STRLEN(STR(?{variable})) > 0) }}"
            download(where, where.get(text))
    return growth.evaluator


def _one_reader(where: Target, pid: int, rows: int) -> list[str]:
    faults = []
    counting = _counting(where, pid)
    print(f"counting alone: a process grows by {counting / 2**20:.1f} MiB")
    for accept in (JSON, "text/csv", "text/tab-separated-values"):
        with growing(pid) as growth:
            reply, seconds = download(where, where.get(ROWS % rows, accept=accept))
        most = max(growth.evaluator - counting, growth.other)
        print(
            f"{accept}: {reply.status}, {reply.length / 1e6:.0f} MB in {seconds:.1f} s;"
            f" largest growth: {growth}"
        )
        if reply.status != 200:
            faults.append(f"{accept}: status {reply.status}")
        elif accept == JSON and not reply.end.rstrip().endswith(b"]}}"):
            faults.append(f"{accept}: ends with {reply.end!r}")
        elif accept != JSON and reply.lines != rows + 1:
            faults.append(f"{accept}: {reply.lines} lines")
        if most >= MOST_GROWTH:
            faults.append(f"{accept}: the answer made a process grow by {most / 2**20:.0f} MiB")
    return faults


def _stalled_readers(where: Target, pid: int, options: argparse.Namespace) -> list[str]:
    kinds = [kind for kind in classes(where) if kind.name in ("small", "medium", "repeated")]
    clients = Clients(where, questions(where, kinds))
    try:
        spans = [pause(options.rest)]
        with growing(pid) as growth:
            readers = [
                stall(
                    where, number, where.get(ROWS % options.rows + f" #{number}", accept="text/csv")
                )
                for number in range(options.readers)
            ]
            spans.append(pause(options.rest))
        for reader in readers:
            reader.close()
        spans.append(pause(options.rest))
    finally:
        record = clients.stop()
    rest, beside, after = (record.between(*span) for span in spans)
    ratio = beside.percentile(0.99) / max(rest.percentile(0.99), after.percentile(0.99))
    print(
        f"{options.readers} stalled readers: polite p99 {rest.percentile(0.99):.2f} ms before,"
        f" {beside.percentile(0.99):.2f} ms beside them, {after.percentile(0.99):.2f} ms after;"
        f" {len(record.errors)} errors;"
        f" largest growth: {growth}"
    )
    faults = [f"polite: {error}" for error in sorted(set(record.errors))]
    if ratio > options.times:
        faults.append(f"polite p99 beside stalled readers is {ratio:.1f} times that of rest")
    if growth.other >= MOST_GROWTH:
        faults.append(f"stalled readers: a process grew by {growth.other / 2**20:.0f} MiB")
    return faults
