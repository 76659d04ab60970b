"""Polite clients: each asks a small question, thinks, asks again, and checks what it is told."""

from __future__ import annotations

import contextlib
import hashlib
import math
import multiprocessing
import os
import random
import signal
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from types import FrameType

from bench.drive import COUNTER
from bench.queries import QueryClass
from bench.wire import BadReplyError, Target, ask, exchange, from_address

PATIENCE = 30.0
THINKS = 0.02
"""Seconds between two questions of one client, on average."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question of a polite client: when it ended (monotonic), its latency, what went wrong."""

    at: float
    milliseconds: float
    error: str = ""


@dataclass(slots=True)
class Record:
    """All that the polite clients met."""

    answers: list[Answered] = field(default_factory=list)

    def between(self, start: float, end: float) -> Record:
        """The part of it that ended from ``start`` to ``end``."""
        return Record([each for each in self.answers if start <= each.at <= end])

    @property
    def errors(self) -> list[str]:
        """What went wrong, in the order in which it did."""
        return [each.error for each in self.answers if each.error]

    def percentile(self, share: float) -> float:
        """The latency in milliseconds that ``share`` of the questions stayed within."""
        ordered = sorted(each.milliseconds for each in self.answers)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else math.nan


@dataclass(frozen=True, slots=True)
class Question:
    """A request and the digest of the body that is right for it."""

    request: bytes
    digest: bytes


def pause(seconds: float) -> tuple[float, float]:
    """Do nothing for ``seconds``; give when that began and ended (monotonic)."""
    began = time.monotonic()
    time.sleep(seconds)
    return began, time.monotonic()


def questions(where: Target, kinds: Sequence[QueryClass], each: int = 60) -> list[Question]:
    """Questions of these classes, with the answers that the server gives while it is at rest."""
    found: list[Question] = []
    for kind in kinds:
        found += [_question(where, request) for request in kind.requests(where)[:each]]
    return found


def pages(where: Target) -> list[Question]:
    """Questions for pages that the service keeps once it has made them."""
    return [
        _question(where, where.request("GET", path, "Accept: text/html"))
        for path in ("/", "/claims", "/questions", "/sources", "/limits")
    ]


def _question(where: Target, request: bytes) -> Question:
    reply = ask(where, request.replace(COUNTER, b"00000000"))
    if reply.status != 200:
        raise RuntimeError(f"{request[:300]!r}: {reply.status} {bytes(reply.body[:300])!r}")
    return Question(request, hashlib.sha256(reply.body).digest())


class Clients:
    """``count`` polite clients in processes of their own, from ``start`` to ``stop``.

    Every other one opens a connection for each question, as many libraries do.
    """

    def __init__(self, where: Target, asked: Sequence[Question], count: int = 4) -> None:
        context = multiprocessing.get_context("fork")
        self._pipes: list[Connection] = []
        self._processes = []
        for number in range(count):
            here, there = context.Pipe(duplex=False)
            mine = from_address(where, f"127.0.1.{1 + number}")
            process = context.Process(target=_ask_on, args=(mine, asked, number, there))
            process.start()
            there.close()
            self._pipes.append(here)
            self._processes.append(process)

    def stop(self) -> Record:
        """End them and give what they met."""
        record = Record()
        for process in self._processes:
            if process.pid is not None:
                os.kill(process.pid, signal.SIGTERM)
        for pipe in self._pipes:
            record.answers += pipe.recv()
        for process in self._processes:
            process.join()
        record.answers.sort(key=lambda each: each.at)
        return record


class _Ended(BaseException):
    pass


def _end(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # telling what was met takes a while
    raise _Ended


def _ask_on(where: Target, asked: Sequence[Question], number: int, pipe: Connection) -> None:
    chance, parent = random.Random(number), os.getppid()
    answers: list[Answered] = []
    connection: socket.socket | None = None
    counter = number
    signal.signal(signal.SIGTERM, _end)
    with contextlib.suppress(PermissionError):
        # On a machine of its own a client does not wait for its turn behind the server it asks.
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    try:
        while os.getppid() == parent:
            time.sleep(chance.uniform(0, 2 * THINKS))
            question = chance.choice(asked)
            counter += 4
            request = question.request.replace(COUNTER, b"%08d" % counter)
            began = time.monotonic()
            error = ""
            try:
                connection = connection or where.connect(PATIENCE)
                reply = exchange(connection, request, 1 << 24)
                if reply.status != 200:
                    error = f"{reply.status} {bytes(reply.body[:120]).decode(errors='replace')}"
                elif hashlib.sha256(reply.body).digest() != question.digest:
                    error = "another answer than at rest"
                if number % 2 or reply.header("Connection").lower() == "close":
                    connection.close()
                    connection = None
            except (OSError, BadReplyError) as broken:
                error = repr(broken)
                if connection:
                    connection.close()
                connection = None
            ended = time.monotonic()
            answers.append(Answered(ended, 1000 * (ended - began), error))
    except _Ended:
        pipe.send(answers)
