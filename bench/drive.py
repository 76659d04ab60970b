"""Closed-loop load: some processes keep some connections busy, and time every request."""

from __future__ import annotations

import itertools
import math
import multiprocessing
import select
import statistics
import time
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from bench.wire import CHUNK, BadReplyError, Reply, Target, exchange

COUNTER = b"QZQZQZQZ"
"""Stands in a request for a number that no other request of the run has."""

PATIENCE = 300.0
"""Seconds that a reply may take."""

Request = tuple[bytes, bytes | None]


@dataclass(frozen=True, slots=True)
class Load:
    """What to send: ``requests`` in turn, over ``connections``, for ``seconds``."""

    where: Target
    requests: Sequence[bytes]
    connections: int
    seconds: float
    warm_up: float = 0.2
    start: int = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of it; latencies in microseconds, of good replies after the warm-up.

    ``replies`` counts all, those of the warm-up too.
    """

    latencies: array[int]
    seconds: float
    bytes: int
    replies: int
    errors: tuple[str, ...]

    @property
    def rate(self) -> float:
        """Whole good replies per second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    @property
    def median(self) -> float:
        """The median latency in milliseconds."""
        return statistics.median(self.latencies) / 1000 if self.latencies else math.nan

    def percentile(self, share: float) -> float:
        """The latency in milliseconds that ``share`` of all replies stay within."""
        if not self.latencies:
            return math.nan
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] / 1000


def drive(load: Load) -> Measured:
    """Run ``load`` from as many processes as help (two at most) and sum up what they saw."""
    workers = min(2, load.connections)
    context = multiprocessing.get_context("fork")
    pipes, processes = [], []
    for worker in range(workers):
        here, there = context.Pipe(duplex=False)
        share = load.connections // workers + (worker < load.connections % workers)
        process = context.Process(target=_work, args=(load, worker, workers, share, there))
        process.start()
        there.close()
        pipes.append(here)
        processes.append(process)
    parts = [pipe.recv() for pipe in pipes]
    for process in processes:
        process.join()
    latencies = array("q")
    for part in parts:
        latencies.extend(part.latencies)
    return Measured(
        latencies,
        statistics.fmean(part.seconds for part in parts),
        sum(part.bytes for part in parts),
        sum(part.replies for part in parts),
        tuple(error for part in parts for error in part.errors),
    )


def _work(load: Load, worker: int, workers: int, connections: int, pipe: Connection) -> None:
    requests = _endless(load, worker, workers)
    pipe.send(_alone(load, requests) if connections == 1 else _many(load, requests, connections))


def _endless(load: Load, worker: int, workers: int) -> Iterator[bytes]:
    parts: list[Request] = []
    for request in load.requests:
        before, found, after = request.partition(COUNTER)
        parts.append((before, after if found else None))
    number = load.start + worker
    for start, end in itertools.cycle(parts[worker % len(parts) :] + parts[: worker % len(parts)]):
        yield start if end is None else b"%b%08d%b" % (start, number, end)
        number += workers


def _alone(load: Load, requests: Iterator[bytes]) -> Measured:
    tally = _Tally(load)
    connection = load.where.connect(PATIENCE)
    counted = 0.0
    while (sent := time.perf_counter()) < tally.last:
        try:
            reply = exchange(connection, next(requests))
        except (OSError, BadReplyError) as error:
            tally.errors.append(repr(error))
            connection.close()
            connection = load.where.connect(PATIENCE)
            continue
        done = time.perf_counter()
        tally.take(reply, sent, done)
        if done >= tally.first:
            counted += done - sent
    connection.close()
    return tally.sum(counted)


def _many(load: Load, requests: Iterator[bytes], connections: int) -> Measured:
    clock, poll, tally = time.perf_counter, select.epoll(), _Tally(load)
    waiting: dict[int, list[Any]] = {}  # descriptor: connection, when it sent, its reply so far

    def begin() -> None:
        connection = load.where.connect(PATIENCE)
        waiting[connection.fileno()] = [connection, clock(), None]
        poll.register(connection, select.EPOLLIN)
        connection.sendall(next(requests))

    def end(descriptor: int) -> None:
        poll.unregister(descriptor)
        waiting.pop(descriptor)[0].close()

    for _ in range(connections):
        begin()
    done = clock()
    # After the last moment nothing is sent, but what was asked is waited for: a server that is
    # still busy with it would spoil the next measurement.
    while waiting and done < tally.last + PATIENCE:
        for descriptor, _ in poll.poll(1.0):
            entry = waiting[descriptor]
            connection, sent, reply = entry
            if reply is None:
                reply = entry[2] = Reply()
            try:
                data = connection.recv(CHUNK)
                if data:
                    reply.feed(data)
                else:
                    reply.close()
            except (OSError, BadReplyError) as error:
                tally.errors.append(repr(error))
                end(descriptor)
                if clock() < tally.last:
                    begin()
                continue
            if not reply.done:
                continue
            done = clock()
            tally.take(reply, sent, done)
            if done < tally.last:
                entry[2] = None
                entry[1] = clock()
                connection.sendall(next(requests))
            else:
                end(descriptor)
        done = clock()
    return tally.sum(done - tally.first)


class _Tally:
    """Counts the replies that came after the warm-up."""

    def __init__(self, load: Load) -> None:
        self.first = time.perf_counter() + load.warm_up
        self.last = self.first + load.seconds
        self.errors: list[str] = []
        self._latencies = array("q")
        self._bytes = 0
        self._replies = 0

    def take(self, reply: Reply, sent: float, done: float) -> None:
        self._replies += 1
        if done < self.first:
            return
        if reply.head.startswith(b"HTTP/1.1 200"):
            self._latencies.append(int((done - sent) * 1e6))
            self._bytes += reply.length
        else:
            self.errors.append(f"status {reply.status}")

    def sum(self, seconds: float) -> Measured:
        errors = tuple(self.errors[:1000])
        return Measured(self._latencies, max(seconds, 1e-9), self._bytes, self._replies, errors)
