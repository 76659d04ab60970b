"""The engine of the service: each query in an evaluator of its own, within its budgets.

Warm evaluators are kept, so that a query does not wait for a fork. The one that came back last is
asked first: it has copied what it reads of the graph, and is faster for it. A few always wait; more
are kept while they are asked, and ended once they have been idle.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from cecot.engine import Answer, Caller, Query
from cecot.service.evaluator_client import (
    EvaluatorClient,
    EvaluatorDiedError,
    is_own_fault,
    unavailable,
)
from cecot.service.processes import budgets_of, cause_of_death, out_of_time, resident
from cecot.service.scheduler import QueryPlace, Scheduler
from cecot.settings import Settings

SPARE = 2
"""Evaluators at rest; a fork takes 2 ms, of a large graph 3 to 13."""

KEPT = 10.0
"""Seconds without a query after which an evaluator that is not spare is ended; see decision 28."""

RETRY = 0.2
"""Seconds between two tries to have a spare evaluator while the graph does not answer."""


class Pool:
    """Keeps idle evaluators; ``connect`` makes one, or raises OSError."""

    def __init__(self, connect: Callable[[], Awaitable[EvaluatorClient]]) -> None:
        self._connect = connect
        self._loop = asyncio.get_running_loop()
        self._idle: list[EvaluatorClient] = []
        self._filling: asyncio.Task[None] | None = None
        self._shedding: asyncio.TimerHandle | None = None
        self._closed = False
        self._working = 0
        self.ended = 0
        self.graph_process = 0
        self._fill()

    @property
    def idle(self) -> int:
        """How many evaluators wait."""
        return len(self._idle)

    def take(self) -> EvaluatorClient | None:
        """Give an evaluator that waits, if there is one."""
        evaluator = self._idle.pop() if self._idle else None
        self._working += evaluator is not None
        self._fill()
        return evaluator

    async def fresh(self) -> EvaluatorClient:
        """Give a new evaluator; raises OSError if the graph does not answer."""
        evaluator = await self._connect()
        self._working += 1
        return evaluator

    def give_back(self, evaluator: EvaluatorClient) -> None:
        """Take an evaluator back after its query; a spent one is ended."""
        if evaluator.is_spent or self._closed:
            self.discard(evaluator)
            return
        self._working -= 1
        evaluator.idle_since = self._loop.time()
        evaluator.when_dead = self._bury
        self._idle.append(evaluator)
        if len(self._idle) > SPARE and self._shedding is None:
            self._shedding = self._loop.call_later(KEPT, self._shed)

    def discard(self, evaluator: EvaluatorClient) -> None:
        """End an evaluator that was taken, whatever it does."""
        self._working -= 1
        self._end(evaluator)
        self._fill()

    def close(self) -> None:
        """End all that wait, and each that comes back."""
        self._closed = True
        if self._filling:
            self._filling.cancel()
        if self._shedding:
            self._shedding.cancel()
        for evaluator in self._idle:
            evaluator.close()
        self._idle.clear()

    def _end(self, evaluator: EvaluatorClient) -> None:
        self.ended += 1
        evaluator.close()

    def _bury(self, evaluator: EvaluatorClient) -> None:
        """Replace an evaluator that died while it waited."""
        self._idle.remove(evaluator)
        self._end(evaluator)
        self._fill()

    def _shed(self) -> None:
        """End those that have been idle for long, the one that waits longest first."""
        self._shedding = None
        now = self._loop.time()
        while len(self._idle) > SPARE and self._idle[0].idle_since + KEPT <= now:
            self._end(self._idle.pop(0))
        if len(self._idle) > SPARE:
            due = self._idle[0].idle_since + KEPT
            self._shedding = self._loop.call_at(due, self._shed)

    @property
    def _has_enough(self) -> bool:
        """Whether one waits for whoever comes, and there are as many as at rest."""
        return bool(self._idle) and len(self._idle) + self._working >= SPARE

    def _fill(self) -> None:
        if not (self._closed or self._filling or self._has_enough):
            self._filling = self._loop.create_task(self._filled())

    async def _filled(self) -> None:
        """See to it that enough evaluators wait, one after the other."""
        try:
            while not (self._closed or self._has_enough):
                try:
                    evaluator = await self._connect()
                except OSError:
                    await asyncio.sleep(RETRY)
                    continue
                self.graph_process = evaluator.graph_process
                # It is asked last: those that have been asked have copied what they need.
                evaluator.idle_since = self._loop.time()
                evaluator.when_dead = self._bury
                self._idle.insert(0, evaluator)
        finally:
            self._filling = None


ATTEMPTS = 2
"""How often a query is evaluated when something other than the query ends its evaluator."""

LEAST_LOOK = 0.01
"""Seconds between two looks at how long a query has computed, at least."""

SPOOLING = 2
"""Threads that write long answers to files."""


class PendingQuery:
    """A query in an evaluator, with the place that it holds, until its answer or its end."""

    def __init__(
        self, evaluator: EvaluatorClient, place: QueryPlace, until: float, engine: ForkedEngine
    ) -> None:
        self._evaluator, self._place, self._until = evaluator, place, until
        self._engine, self._heavy_after = engine, engine.settings.heavy_after
        self._loop = asyncio.get_running_loop()
        self._computed_before = evaluator.computed
        first = min(until, self._loop.time() + self._heavy_after)
        self._timer = self._loop.call_at(first, self._look)

    async def answer(self, query: Query) -> Answer:
        """Wait for the answer; raises what the evaluator raises, and DeadlineExceeded."""
        try:
            return await self._evaluator.ask(query, self._until - self._loop.time())
        finally:
            self._timer.cancel()

    def _look(self) -> None:
        """See whether the time is over, and whether the query has become a heavy one."""
        now = self._loop.time()
        if now >= self._until:
            self._evaluator.fail(out_of_time(self._engine.limits))
            return
        due = self._until
        if not self._place.is_heavy:
            left = self._heavy_after - (self._evaluator.computed - self._computed_before)
            if left > 0:
                due = min(due, now + max(left, LEAST_LOOK))
            else:
                evaluator = self._evaluator
                evaluator.demote()
                self._place.become_heavy(
                    self._engine.scheduler.patience(self._until),
                    evaluator.pause,
                    evaluator.go_on,
                    evaluator.fail,
                )
        self._timer = self._loop.call_at(due, self._look)


class ForkedEngine:
    """Answers by evaluators that the graph process at ``address`` forks (engines.ServiceEngine)."""

    def __init__(
        self, address: Path, settings: Settings, scheduler: Scheduler, version: str | None = None
    ) -> None:
        """Begin to fork evaluators; called in the event loop in which it is asked.

        With a ``version``, only a graph of that version is asked.
        """
        self._address, self._version = address, version
        self.settings = settings
        self.limits = budgets_of(settings)
        self.scheduler = scheduler
        self._loop = asyncio.get_running_loop()
        self._threads = ThreadPoolExecutor(SPOOLING, "spool")
        self._pool = Pool(self._connect)

    async def ask(self, query: Query, caller: Caller) -> Answer:
        """Give the whole answer to ``query``; waiting counts towards the deadline."""
        until = self._loop.time() + self.settings.deadline
        place = await self.scheduler.enter(caller, until)
        try:
            for attempt in range(1, ATTEMPTS + 1):
                evaluator = self._pool.take() if attempt == 1 else None
                evaluator = evaluator or await self._forked(until)
                try:
                    return await PendingQuery(evaluator, place, until, self).answer(query)
                except EvaluatorDiedError as death:
                    if attempt == ATTEMPTS or is_own_fault(death):
                        raise cause_of_death(death.status or 0, self.limits) from None
                finally:
                    self._release(evaluator)
            raise unavailable()
        finally:
            place.leave()

    @property
    def graph_process(self) -> int:
        """The process that forks the evaluators; 0 until the first of them has told it."""
        return self._pool.graph_process

    def families(self) -> Iterator[Metric]:
        """What is counted of evaluators, and of the process that forks them."""
        yield GaugeMetricFamily("cecot_evaluators_idle", "Evaluators that wait.", self._pool.idle)
        yield CounterMetricFamily(
            "cecot_evaluators_ended", "Evaluators that were ended.", self._pool.ended
        )
        if graph := self._pool.graph_process:
            yield GaugeMetricFamily(
                "cecot_graph_resident_bytes", "Memory of the graph process.", resident(graph)
            )

    def close(self) -> None:
        """End the evaluators that wait; those that work are ended after their answer."""
        self._pool.close()
        self._threads.shutdown(wait=False)

    def _release(self, evaluator: EvaluatorClient) -> None:
        """Let go of an evaluator: it may answer again, or is ended."""
        evaluator.promote()
        if evaluator.is_demoted:  # as an ordinary user one cannot take that back
            self._pool.discard(evaluator)
        else:
            self._pool.give_back(evaluator)

    async def _forked(self, until: float) -> EvaluatorClient:
        """Give a new evaluator; while the graph is being started again, try until there is one."""
        give_up = self._loop.time() + self.scheduler.patience(until)
        while True:
            try:
                return await self._pool.fresh()
            except OSError:
                if self._loop.time() > give_up:
                    raise unavailable() from None
                await asyncio.sleep(0.02)

    async def _connect(self) -> EvaluatorClient:
        spool = self.settings.spool, self.settings.spool_size
        evaluator = EvaluatorClient(self._address, self._in_thread, spool)
        try:
            async with asyncio.timeout(self.settings.patience or None):
                await evaluator.greeted(self._version)
        except EvaluatorDiedError:
            evaluator.close()
            raise ConnectionAbortedError("no evaluator was started") from None
        except BaseException:
            evaluator.close()
            raise
        return evaluator

    async def _in_thread(self, work: Callable[[], object]) -> object:
        return await self._loop.run_in_executor(self._threads, work)
