"""The evaluator: a process that answers one query at a time and dies with its budget.

It has one descriptor, its connection, and may open no other: a SERVICE that got past the check
could reach nobody.
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from typing import NoReturn

from cecot.engine import Answer, Query
from cecot.errors import CecotError
from cecot.service.processes import (
    ComputingTime,
    Usage,
    hold,
    out_of_memory,
    size,
    too_long,
    usage,
)
from cecot.service.wire import (
    AGAIN,
    BYTES,
    FORGOTTEN,
    PACKET,
    Questions,
    pack,
    pack_answer,
    pack_error,
)
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine

CONNECTION = 0
LEFT = 0.000_2
"""Seconds of evaluation within which the front takes back nothing of what waits."""

SPARE = 64 << 20
"""Bytes beyond the graph that an evaluator may still hold when it takes another query."""


_REHEARSED = (
    "SELECT * { ?s ?p ?o } LIMIT 1",
    "SELCT",
    "ASK { ?s x:p 'é' \\u0041 }",
    "SELECT ?p (COUNT(?x) AS ?n) { { SELECT * { ?s ?p ?o } LIMIT 50 } OPTIONAL { ?o ?q ?x } }"
    " GROUP BY ?p ORDER BY ?p",
)


def rehearse(engine: InProcessEngine, settings: Settings) -> None:
    """Evaluate a few queries here and now.

    What Python loads when it is first needed must be there before the fork: an evaluator can open
    no file. And what every query writes to, an evaluator has copied before the first one comes.
    """
    for text in _REHEARSED:
        query = Query(text, "application/sparql-results+json", "text/csv", "text/turtle")
        sink = _Packets(None, settings)
        try:
            engine.evaluate(query, sink)
        except CecotError as error:
            pack_error(error, retires=False)
        sink.rest()


def serve(engine: InProcessEngine, settings: Settings, connection: socket.socket) -> NoReturn:
    """Answer the queries of one connection in this process, and end it."""
    baseline = size()
    channel = _move(connection)
    rehearse(engine, settings)
    hold(settings, baseline)
    with contextlib.suppress(OSError):  # the front has gone
        _Evaluator(engine, settings, channel).work()
    os._exit(0)


def _move(connection: socket.socket) -> socket.socket:
    """Leave this process with one descriptor, at the lowest number."""
    os.dup2(connection.fileno(), CONNECTION)
    os.closerange(CONNECTION + 1, os.sysconf("SC_OPEN_MAX"))
    connection.detach()
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, CONNECTION)


class _Evaluator:
    """Answers what comes on its connection, until it has used too much memory."""

    def __init__(self, engine: InProcessEngine, settings: Settings, channel: socket.socket) -> None:
        self._engine, self._settings, self._channel = engine, settings, channel
        self._questions = Questions(channel)
        self._used, self._computing = usage(), ComputingTime()
        self._most = self._used.memory + SPARE

    def work(self) -> None:
        while self._used.memory <= self._most and (asked := self._questions.next()):
            query, seconds = asked
            self._computing.allow(self._used.seconds + seconds)
            self._channel.send(self._answer(query))

    def _answer(self, query: Query) -> bytes:
        """Answer one query; give the last packet."""
        started = time.perf_counter()
        sink = _Packets(self._channel, self._settings)
        try:
            form, media_type = self._engine.evaluate(query, sink)
            rest = sink.rest()
        except CecotError as error:
            self._look_around(started)
            return pack_error(error, retires=self._used.memory > self._most)
        except MemoryError:
            self._look_around(started)
            self._used = Usage(self._used.seconds, self._most + 1)
            return pack_error(out_of_memory(self._settings), retires=True)
        seconds = self._look_around(started)
        retires = self._used.memory > self._most
        answer = Answer(form, media_type, rest, sink.length, seconds)
        return pack_answer(answer, retires=retires)

    def _look_around(self, started: float) -> float:
        """See what was used, and what need not be answered any more; give the seconds it took."""
        self._used = usage()
        seconds = time.perf_counter() - started
        if seconds > LEFT and self._questions.look_through():
            self._channel.send(pack(FORGOTTEN))
        return seconds


class _Packets:
    """Sends an answer while it is written; a small one is sent whole, with its last packet."""

    def __init__(self, channel: socket.socket | None, settings: Settings) -> None:
        self._channel = channel
        self._settings = settings
        self._pieces: list[bytes] = []
        self._held = 0
        self.length = 0

    def begin(self) -> None:
        if self.length > self._held and self._channel:
            self._channel.send(pack(AGAIN))
        self._pieces = []
        self._held = self.length = 0

    def write(self, data: bytes) -> int:
        self._pieces.append(data)
        self._held += len(data)
        self.length += len(data)
        if self.length > self._settings.result:
            raise too_long(self._settings)
        if self._held > PACKET:
            self._send()
        return len(data)

    def flush(self) -> None:
        pass

    def rest(self) -> bytes:
        """Give what has not been sent."""
        return b"".join(self._pieces)

    def _send(self) -> None:
        """Send all but what the last packet can carry; one piece may be many packets long."""
        whole = memoryview(b"".join(self._pieces))
        while len(whole) > PACKET:
            if self._channel:
                self._channel.send(pack(BYTES, None, bytes(whole[:PACKET])))
            whole = whole[PACKET:]
        self._pieces = [bytes(whole)]
        self._held = len(whole)
