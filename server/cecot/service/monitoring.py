"""What is told of every query and every page: to the log of the operator, and to counters.

One line for each query of a client and for each page, as text or as JSON. A thread writes them; it
is given whole lines, for while it computed the event loop would wait. The text of a query is told
as a digest only, a page by its path without what was searched for, and the address of a client only
where that is asked for. Counters are for Prometheus (text format 1.0.0). They live in the front, of
which there is one: no files to share, and a front that is started again begins from zero, as
Prometheus expects of a process.
"""

from __future__ import annotations

import asyncio
import json
import math
import threading
import time
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import IO, NamedTuple
from urllib.parse import quote

from prometheus_client import generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from cecot.engine import Answer, Caller, Query
from cecot.errors import CecotError
from cecot.protocol.answers import digest
from cecot.protocol.problem import problem_type
from cecot.service.cache import AnswerCache
from cecot.service.engines import ServiceEngine
from cecot.service.processes import resident
from cecot.service.scheduler import Scheduler

LONGEST_QUEUE = 10_000
"""Lines that wait for a log that does not take them; more are lost, and counted."""

LONGEST_PATH = 200
"""Characters of the path of a page that are told."""

DIGEST = 16
"""Digits of what stands for the text of a query: those with which the entity tag begins."""

TOLD = 0.01
"""Seconds within which the log and the counters are told of a query."""

GATHER = 0.1
"""Seconds in which lines are gathered before they are written together."""


OK, GONE = "ok", "client-gone"


class Observation(NamedTuple):
    """A query that has just been answered, or not; ``when`` is in nanoseconds since 1970.

    ``seconds`` is the time from the question to its whole answer. There is no ``query`` where none
    came to the engine.
    """

    when: int
    query: Query | None
    caller: Caller
    seconds: float
    answer: Answer | None
    outcome: str


class PageView(NamedTuple):
    """One page that was sent: its path, its status; ``seconds`` from the request to the page."""

    id: str
    path: str
    status: int
    seconds: float
    client: str


class Observer:
    """Tells the log and the counters of queries: a little later, and of many at once.

    Nobody waits for it; and code that has just run is in the processor's caches, where that of each
    query in turn takes three times as long.
    """

    def __init__(self, log: QueryLog, metrics: Metrics) -> None:
        self._log, self._metrics = log, metrics
        self._loop = asyncio.get_running_loop()
        self._seen: list[Observation] = []

    def see(self, seen: Observation) -> None:
        """Tell of a query within TOLD seconds."""
        if not self._seen:
            self._loop.call_later(TOLD, self.tell)
        self._seen.append(seen)

    def tell(self) -> None:
        """Tell now of all that was seen."""
        all_of_them, self._seen = self._seen, []
        for seen in all_of_them:
            self._metrics.observe(seen)
            self._log.observe(seen)


def outcome_of(error: CecotError, caller: Caller) -> str:
    """Name how a query ended: the kind of error, and of budgets which one."""
    if caller.has_gone:
        return GONE
    kind = problem_type(type(error))
    return f"{kind}-{error.where}" if kind == "budget-exceeded" and error.where else kind


class ObservedEngine:
    """An engine whose every answer and error is told to an observer (engines.ServiceEngine)."""

    def __init__(self, engine: ServiceEngine, observer: Observer) -> None:
        self._engine = engine
        self._observer = observer

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
            seen = Observation(time.time_ns(), query, caller, seconds, answer, outcome)
            self._observer.see(seen)


class QueryLog:
    """Writes lines without making anybody wait, not even when nobody reads them."""

    def __init__(self, stream: IO[str], form: str, *, addresses: bool) -> None:
        """``form`` is ``text`` or ``json``; ``addresses`` says whether clients are named."""
        self.lost = 0
        self._stream = stream
        write = _json if form == "json" else _text
        self._of_query = write((*_OF_QUERY, "client") if addresses else _OF_QUERY)
        self._of_page = write((*_OF_PAGE, "client") if addresses else _OF_PAGE)
        self._addresses = addresses
        self._second, self._clock = 0, ""
        self._lines: deque[str] = deque()
        self._some, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._keep_writing, name="query-log", daemon=True)
        self._thread.start()

    def observe(self, seen: Observation | PageView) -> None:
        """Have a line written; of a query of a page only if it failed: the page has its own."""
        if isinstance(seen, Observation):
            if seen.caller.is_page and seen.outcome == OK:
                return
            when, address = seen.when, seen.caller.address
            write, values = self._of_query, _of_query(seen)
        else:
            when, address = time.time_ns(), seen.client
            write, values = self._of_page, _of_page(seen)
        if len(self._lines) >= LONGEST_QUEUE:
            self.lost += 1
            return
        client = (address,) if self._addresses else ()
        self._lines.append(write((self._clock_at(when), *values, *client)))
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
            pieces = []
            while self._lines:
                pieces.append(self._lines.popleft())
            try:
                self._stream.write("".join(pieces))
                self._stream.flush()
            except (OSError, ValueError):
                self.lost += len(pieces)
            if self._closing.is_set() and not self._lines:
                return

    def _clock_at(self, when: int) -> str:
        """A time as RFC 3339 has it, to the millisecond."""
        second, thousandths = divmod(when // 1_000_000, 1000)
        if second != self._second:
            self._second = second
            self._clock = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        return f"{self._clock}.{thousandths:03}Z"


_OF_QUERY: tuple[str, ...] = (
    "event",
    "id",
    "outcome",
    "ms",
    "evaluation_ms",
    "form",
    "bytes",
    "digest",
)
_MILLISECONDS = frozenset(("ms", "evaluation_ms"))
_OF_PAGE: tuple[str, ...] = ("event", "id", "status", "ms", "path")


def _of_query(seen: Observation) -> tuple[object, ...]:
    query, answer = seen.query, seen.answer
    return (
        "query",
        seen.caller.id,
        seen.outcome,
        seen.seconds * 1000,
        answer.seconds * 1000 if answer else 0.0,
        answer.form.value if answer else "-",
        answer.length if answer else 0,
        digest(query.text)[:DIGEST] if query else "-",
    )


def _of_page(seen: PageView) -> tuple[object, ...]:
    """What is told of a page; nothing in a path can end the line, or make it long."""
    path = quote(seen.path[:LONGEST_PATH], safe="/.-_~:", errors="replace")
    return "page", seen.id, seen.status, seen.seconds * 1000, path


Write = Callable[[tuple[object, ...]], str]
"""Makes a line of the time and of what is told."""


def _json(names: tuple[str, ...]) -> Write:
    def write(values: tuple[object, ...]) -> str:
        plain = (round(each, 1) if isinstance(each, float) else each for each in values)
        return json.dumps(dict(zip(("time", *names), plain, strict=True))) + "\n"

    return write


def _text(names: tuple[str, ...]) -> Write:
    fields = (f"{name}=%.1f" if name in _MILLISECONDS else f"{name}=%s" for name in names[1:])
    return f"%s %s {' '.join(fields)}\n".__mod__


CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_BYTES = (256, 1024, 4096, 16384, 65536, 1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 26, 1 << 28)


class _Histogram:
    """How often values were up to each of ``bounds``."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._total = 0.0

    def add(self, value: float) -> None:
        self._counts[bisect_left(self._bounds, value)] += 1
        self._total += value

    def family(self, name: str, text: str) -> HistogramMetricFamily:
        bounds = map(floatToGoString, (*self._bounds, math.inf))
        buckets = list(zip(bounds, accumulate(self._counts), strict=True))
        return HistogramMetricFamily(name, text, buckets, self._total)


class Metrics(Collector):
    """What is counted, and what is true at the moment of asking; in the event loop alone."""

    def __init__(self, log: QueryLog, scheduler: Scheduler) -> None:
        self._outcomes: Counter[str] = Counter()
        self._seconds, self._bytes = _Histogram(_SECONDS), _Histogram(_BYTES)
        self._responses: Counter[int] = Counter()
        self._log, self._scheduler = log, scheduler
        self._version = ""
        self._engine: ServiceEngine | None = None
        self._cache: AnswerCache | None = None

    def look_at(self, engine: ServiceEngine, cache: AnswerCache, version: str) -> None:
        """Tell of these from now on."""
        self._engine, self._cache, self._version = engine, cache, version

    def observe(self, seen: Observation) -> None:
        """Count a query."""
        self._outcomes[seen.outcome] += 1
        self._seconds.add(seen.seconds)
        if seen.answer and seen.answer.length:
            self._bytes.add(seen.answer.length)

    def responded(self, status: int) -> None:
        """Count a response."""
        self._responses[status] += 1

    def text(self) -> bytes:
        """Write all of it down."""
        return generate_latest(self)

    def collect(self) -> Iterator[Metric]:
        """Look."""
        queries = CounterMetricFamily(
            "cecot_queries", "Queries evaluated, by outcome.", labels=["outcome"]
        )
        for outcome, count in self._outcomes.items():
            queries.add_metric([outcome], count)
        yield queries
        yield self._seconds.family(
            "cecot_query_seconds", "Seconds from a query to its whole answer or its error."
        )
        yield self._bytes.family("cecot_answer_bytes", "Bytes of answers.")
        graph = GaugeMetricFamily("cecot_graph", "The version of the graph.", labels=["version"])
        graph.add_metric([self._version], 1)
        yield graph
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
