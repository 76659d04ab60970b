"""Counters for Prometheus (text format 0.0.4), and who may read them.

They live in the front, of which there is one: no files to share, and a front that is started again
begins from zero, as Prometheus expects of a process.
"""

from __future__ import annotations

import collections
from collections import deque
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from cecot.service.cache import AnswerCache
from cecot.service.engines import ServiceEngine
from cecot.service.log import Observation, QueryLog
from cecot.service.processes import resident
from cecot.service.scheduler import Scheduler

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_BYTES = (256, 1024, 4096, 16384, 65536, 1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 26, 1 << 28)


class Metrics:
    """What is counted."""

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
        self._state = _State(log, scheduler)
        self._registry.register(self._state)

    def look_at(self, engine: ServiceEngine, cache: AnswerCache, version: str) -> None:
        """Tell of these from now on."""
        self._graph.clear()
        self._graph.labels(version).set(1)
        self._state.engine, self._state.cache = engine, cache

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
        self._state.responses[status] += 1

    def text(self) -> bytes:
        """Write all of it down."""
        self.count()
        return generate_latest(self._registry)


class _State(Collector):
    """What is true at the moment of asking."""

    def __init__(self, log: QueryLog, scheduler: Scheduler) -> None:
        self.engine: ServiceEngine | None = None
        self.cache: AnswerCache | None = None
        self.responses: collections.Counter[int] = collections.Counter()
        self._log, self._scheduler = log, scheduler

    def collect(self) -> Iterator[Metric]:
        """Look."""
        responses = CounterMetricFamily(
            "cecot_responses", "Responses, but those of the cache, by status.", labels=["status"]
        )
        for status, count in self.responses.items():
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
        if self.engine:
            yield from self.engine.families()
        if self.cache:
            yield from self._of_cache(self.cache)

    @staticmethod
    def _of_cache(cache: AnswerCache) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        yield CounterMetricFamily("cecot_cache_hits", "Answers kept ready.", cache.hits)
        yield CounterMetricFamily("cecot_cache_misses", "Answers not kept.", cache.misses)
        yield GaugeMetricFamily("cecot_cache_bytes", "Memory of kept answers.", cache.size)
        yield GaugeMetricFamily("cecot_cache_answers", "Answers kept.", len(cache))
