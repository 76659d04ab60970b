"""What is told of every query and every page: to the log of the operator, and to counters.

One line for each query of a client and for each page, as text or as JSON, written by a thread of
its own. The text of a query is told as a digest only, a page by its path without what was searched
for, and the address of a client only where that is asked for. Counters are for Prometheus (text
format 0.0.4). They live in the front, of which there is one: no files to share, and a front that is
started again begins from zero, as Prometheus expects of a process.
"""

from __future__ import annotations

import asyncio
import collections
import hashlib
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO
from urllib.parse import quote

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from cecot.engine import Answer, Caller, Query
from cecot.errors import CecotError
from cecot.protocol.problem import problem_type
from cecot.service.cache import AnswerCache
from cecot.service.engines import ServiceEngine
from cecot.service.processes import resident
from cecot.service.scheduler import Scheduler

LONGEST_QUEUE = 10_000
"""Lines that wait for a log that does not take them; more are lost, and counted."""

LONGEST_PATH = 200
"""Characters of the path of a page that are told."""

GATHER = 0.1
"""Seconds in which lines are gathered before they are written together."""


OK, GONE = "ok", "client-gone"


@dataclass(frozen=True, slots=True)
class Observation:
    """One query: how it ended, how long that took, and what came of it.

    ``seconds`` is the time from the question to its whole answer, ``evaluation`` the part of it in
    which the query was evaluated (0 if unknown); ``size`` is in bytes, uncompressed; ``form`` is
    empty if there was no answer; ``client`` is an address. ``is_of_page``: a page asked it.
    """

    id: str
    outcome: str
    seconds: float
    evaluation: float
    size: int
    form: str
    digest: str
    client: str
    is_of_page: bool = False


@dataclass(frozen=True, slots=True)
class PageView:
    """One page that was sent: its path, its status; ``seconds`` from the request to the page."""

    id: str
    path: str
    status: int
    seconds: float
    client: str


Observe = Callable[[Observation], None]


def observation(
    query: Query, caller: Caller, seconds: float, answer: Answer | None, outcome: str = OK
) -> Observation:
    """Describe a query that has just been answered, or not."""
    return Observation(
        caller.id,
        outcome,
        seconds,
        answer.seconds if answer else 0.0,
        answer.length if answer else 0,
        answer.form.value if answer else "",
        digest(query.text),
        caller.address,
        caller.is_page,
    )


def digest(text: str) -> str:
    """Give 16 hexadecimal digits that stand for a query; the text cannot be read from them."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def outcome_of(error: CecotError, caller: Caller) -> str:
    """Name how a query ended: the kind of error, and of budgets which one."""
    if caller.has_gone:
        return GONE
    kind = problem_type(type(error))
    return f"{kind}-{error.where}" if kind == "budget-exceeded" and error.where else kind


class ObservedEngine:
    """An engine whose every answer and error is told to an observer (engines.ServiceEngine)."""

    def __init__(self, engine: ServiceEngine, observe: Observe) -> None:
        self._engine = engine
        self._observe = observe

    async def ask(self, query: Query, caller: Caller) -> Answer:
        """Answer as the engine does, and tell."""
        # The first question of a request began with it.
        started = time.perf_counter() if caller.has_asked else caller.began
        caller.has_asked = True
        try:
            answer = await self._engine.ask(query, caller)
        except CecotError as error:
            self._tell(query, caller, started, None, outcome_of(error, caller))
            raise
        except asyncio.CancelledError:
            self._tell(query, caller, started, None, GONE)
            raise
        self._tell(query, caller, started, answer, OK)
        return answer

    def families(self) -> Iterable[Metric]:
        """What the engine tells of itself."""
        return self._engine.families()

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()

    def _tell(
        self, query: Query, caller: Caller, started: float, answer: Answer | None, outcome: str
    ) -> None:
        if not caller.urgent:  # a probe of health is no query of anybody's
            seconds = time.perf_counter() - started
            self._observe(observation(query, caller, seconds, answer, outcome))


class QueryLog:
    """Writes lines without making anybody wait, not even when nobody reads them."""

    def __init__(self, stream: IO[str], form: str, *, addresses: bool) -> None:
        """``form`` is ``text`` or ``json``; ``addresses`` says whether clients are named."""
        self.lost = 0
        self._stream = stream
        self._write: Callable[[dict[str, object]], str] = _json if form == "json" else _text
        self._addresses = addresses
        self._lines: deque[tuple[datetime, Observation | PageView]] = deque()
        self._some, self._closing = threading.Event(), threading.Event()
        self.before_writing: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._keep_writing, name="query-log", daemon=True)
        self._thread.start()

    def observe(self, seen: Observation | PageView) -> None:
        """Have a line written; of a query of a page only if it failed: the page has its own."""
        if isinstance(seen, Observation) and seen.is_of_page and seen.outcome == OK:
            return
        if len(self._lines) >= LONGEST_QUEUE:
            self.lost += 1
            return
        self._lines.append((datetime.now(UTC), seen))
        if not self._some.is_set():
            self._some.set()

    def close(self, patience: float = 1.0) -> None:
        """Write what waits, for ``patience`` seconds at most."""
        self._closing.set()
        self._some.set()
        self._thread.join(patience)

    def _keep_writing(self) -> None:
        while True:
            self._some.wait()
            self._closing.wait(GATHER)
            self._some.clear()
            self.before_writing()
            pieces = []
            while self._lines:
                pieces.append(self._write(self._members(*self._lines.popleft())))
            try:
                self._stream.write("".join(pieces))
                self._stream.flush()
            except (OSError, ValueError):
                self.lost += len(pieces)
            if self._closing.is_set() and not self._lines:
                return

    def _members(self, at: datetime, seen: Observation | PageView) -> dict[str, object]:
        members: dict[str, object] = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            **(_of_page(seen) if isinstance(seen, PageView) else _of_query(seen)),
        }
        if self._addresses:
            members["client"] = seen.client
        return members


def _of_query(seen: Observation) -> dict[str, object]:
    return {
        "event": "query",
        "id": seen.id,
        "outcome": seen.outcome,
        "ms": round(seen.seconds * 1000, 1),
        "evaluation_ms": round(seen.evaluation * 1000, 1),
        "form": seen.form or "-",
        "bytes": seen.size,
        "digest": seen.digest,
    }


def _of_page(seen: PageView) -> dict[str, object]:
    """What is told of a page; nothing in a path can end the line, or make it long."""
    return {
        "event": "page",
        "id": seen.id,
        "status": seen.status,
        "ms": round(seen.seconds * 1000, 1),
        "path": quote(seen.path[:LONGEST_PATH], safe="/.-_~:", errors="replace"),
    }


def _json(members: dict[str, object]) -> str:
    return json.dumps(members) + "\n"


def _text(members: dict[str, object]) -> str:
    time, event = members["time"], members["event"]
    rest = " ".join(
        f"{name}={value}" for name, value in members.items() if name not in ("time", "event")
    )
    return f"{time} {event} {rest}\n"


CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_BYTES = (256, 1024, 4096, 16384, 65536, 1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 26, 1 << 28)


class Metrics(Collector):
    """What is counted, and what is true at the moment of asking."""

    def __init__(self, log: QueryLog, scheduler: Scheduler) -> None:
        self._registry = CollectorRegistry()
        self._pending: deque[Observation] = deque()
        self._queries = Counter(
            "cecot_queries", "Queries evaluated, by outcome.", ["outcome"], registry=self._registry
        )
        self._seconds = Histogram(
            "cecot_query_seconds",
            "Seconds from a query to its whole answer or its error.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._bytes = Histogram(
            "cecot_answer_bytes", "Bytes of answers.", buckets=_BYTES, registry=self._registry
        )
        self._graph = Gauge(
            "cecot_graph", "The version of the graph.", ["version"], registry=self._registry
        )
        self._responses: collections.Counter[int] = collections.Counter()
        self._log, self._scheduler = log, scheduler
        self._engine: ServiceEngine | None = None
        self._cache: AnswerCache | None = None
        self._registry.register(self)

    def look_at(self, engine: ServiceEngine, cache: AnswerCache, version: str) -> None:
        """Tell of these from now on."""
        self._graph.clear()
        self._graph.labels(version).set(1)
        self._engine, self._cache = engine, cache

    def observe(self, seen: Observation) -> None:
        """Have a query counted."""
        self._pending.append(seen)

    def count(self) -> None:
        """Count what has been observed; from any thread."""
        while self._pending:
            seen = self._pending.popleft()
            self._queries.labels(seen.outcome).inc()
            self._seconds.observe(seen.seconds)
            if seen.size:
                self._bytes.observe(seen.size)

    def responded(self, status: int) -> None:
        """Count a response."""
        self._responses[status] += 1

    def text(self) -> bytes:
        """Write all of it down."""
        self.count()
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Look."""
        responses = CounterMetricFamily(
            "cecot_responses", "Responses, but those of the cache, by status.", labels=["status"]
        )
        for status, count in self._responses.items():
            responses.add_metric([str(status)], count)
        yield responses
        yield CounterMetricFamily("cecot_log_lines_lost", "Log lines lost.", self._log.lost)
        yield GaugeMetricFamily("cecot_resident_bytes", "Memory of the front process.", resident())
        now = GaugeMetricFamily(
            "cecot_queries_now", "Queries at work or waiting.", labels=["places", "state"]
        )
        for name, places in (
            ("ordinary", self._scheduler.ordinary),
            ("heavy", self._scheduler.heavy),
        ):
            now.add_metric([name, "working"], places.taken)
            now.add_metric([name, "waiting"], places.waiting)
        yield now
        if self._engine:
            yield from self._engine.families()
        if (cache := self._cache) is not None:
            yield CounterMetricFamily("cecot_cache_hits", "Answers kept ready.", cache.hits)
            yield CounterMetricFamily("cecot_cache_misses", "Answers not kept.", cache.misses)
            yield GaugeMetricFamily("cecot_cache_bytes", "Memory of kept answers.", cache.size)
            yield GaugeMetricFamily("cecot_cache_answers", "Answers kept.", len(cache))
