"""The engine of the service: queries in evaluators, each within its budgets.

Clients whose last query was not heavy share as many evaluators as there are processors: their
queries wait behind each other, sent already. One that takes longer than a moment goes on alone;
what waits behind it is asked of another evaluator. All other queries have an evaluator for
themselves (decision 90).

Warm evaluators are kept, so that a query does not wait for a fork. The one that came back last is
asked first: it has copied what it reads of the graph, and is faster for it. A few always wait; more
are kept while they are asked, and ended once they have been idle.
"""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from cecot.engine import Answer, Caller, Query
from cecot.errors import Unavailable
from cecot.messages import say
from cecot.service.evaluator_client import (
    EvaluatorClient,
    EvaluatorDiedError,
    MovedError,
    Turn,
)
from cecot.service.processes import cause_of_death, out_of_time, resident
from cecot.service.scheduler import QueryPlace, Scheduler
from cecot.settings import Settings

SPARE = 2
"""Evaluators at rest; a fork takes 2 ms, of a large graph 3 to 13."""

KEPT = 10.0
"""Seconds without a query after which an evaluator that is not spare is ended; see decision 62."""

RETRY = 0.2
"""Seconds between two tries to have a spare evaluator while the graph does not answer."""

AT_WORK = len(os.sched_getaffinity(0))
"""Evaluators that are shared: more than there are processors would only take turns."""

MOMENT = 0.01
"""Seconds that a query may keep others waiting behind it; see decision 90."""


class Pool:
    """Keeps evaluators, and says which one to ask; ``connect`` makes one, or raises OSError."""

    def __init__(self, connect: Callable[[], Awaitable[EvaluatorClient]]) -> None:
        self._connect = connect
        self._loop = asyncio.get_running_loop()
        self._idle: list[EvaluatorClient] = []
        self._working: set[EvaluatorClient] = set()
        self._quick: list[EvaluatorClient] = []
        self._filling: asyncio.Task[None] | None = None
        self._shedding: asyncio.TimerHandle | None = None
        self._closed = False
        self.ended = 0
        self.graph_process = 0  # until the first evaluator has told it
        self._fill()

    @property
    def idle(self) -> int:
        """How many evaluators wait."""
        return len(self._idle)

    def choose(self) -> EvaluatorClient | None:
        """Give an evaluator to share: one that waits, or the one that the fewest wait for."""
        if len(self._quick) >= AT_WORK or (self._quick and not self._idle):
            return min(self._quick, key=lambda each: each.load)
        evaluator = self.take()
        if evaluator:
            self._quick.append(evaluator)
        return evaluator

    def take(self) -> EvaluatorClient | None:
        """Give an evaluator that waits, if there is one, to be asked one query alone."""
        if not self._idle:
            return None
        evaluator = self._idle.pop()
        self._working.add(evaluator)
        self._fill()
        return evaluator

    async def fresh(self) -> EvaluatorClient:
        """Give a new evaluator; raises OSError if the graph does not answer."""
        evaluator = await self._connect()
        self._working.add(evaluator)
        return evaluator

    def note_slow(self, evaluator: EvaluatorClient) -> None:
        """Let nobody wait for an evaluator any more that has been at work for longer."""
        if evaluator in self._quick:
            self._quick.remove(evaluator)
            evaluator.take_back()

    def release(self, evaluator: EvaluatorClient) -> None:
        """Take note that a query is over; an evaluator that is spent is ended, whatever it does."""
        if evaluator not in self._working:  # another query has brought that about
            return
        if evaluator.is_spent or self._closed:
            self._forget(evaluator)
            self._end(evaluator)
            self._fill()
            return
        evaluator.go_on()  # it may have answered at the very moment in which it was to stand still
        if not evaluator.load:
            self._forget(evaluator)
            self._rest(evaluator)
            self._idle.append(evaluator)
            if len(self._idle) > SPARE and self._shedding is None:
                self._shedding = self._loop.call_later(KEPT, self._shed)

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

    def _forget(self, evaluator: EvaluatorClient) -> None:
        self._working.remove(evaluator)
        if evaluator in self._quick:
            self._quick.remove(evaluator)

    def _rest(self, evaluator: EvaluatorClient) -> None:
        evaluator.idle_since = self._loop.time()
        evaluator.when_dead = self._bury

    def _end(self, evaluator: EvaluatorClient) -> None:
        self.ended += 1
        evaluator.close()

    def _bury(self, evaluator: EvaluatorClient) -> None:
        """Replace an evaluator that died while it waited; whoever asked notices another."""
        if evaluator in self._idle:
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
        return bool(self._idle) and len(self._idle) + len(self._working) >= SPARE

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
                self._rest(evaluator)
                self._idle.insert(0, evaluator)
        finally:
            self._filling = None


TICK = 0.002
"""Seconds between two looks at the queries under way: one timer for all of them."""

ATTEMPTS = 2
"""How often a query is evaluated when something other than the query ends its evaluator."""


class PendingQuery(Turn):
    """A query in an evaluator, with the place that it holds, until its answer or its end."""

    def __init__(
        self, evaluator: EvaluatorClient, place: QueryPlace, until: float, engine: ForkedEngine
    ) -> None:
        super().__init__()
        self._evaluator, self._place, self._until = evaluator, place, until
        self._engine, self._heavy_after = engine, engine.settings.heavy_after
        self._computed_before = 0.0
        self.due = math.inf

    def begins(self) -> None:
        """Have the query looked at from now on."""
        self._computed_before = self._evaluator.computed
        self.due = min(self._until, self._engine.loop.time() + MOMENT)
        self._engine.watch(self)

    def look(self, now: float) -> None:
        """See whether the time is over, and whether the query has become a heavy one."""
        self.due = self._until
        if self._evaluator.has_answered(self):
            return
        if now >= self._until:
            self.fail(out_of_time(self._engine.settings))
            return
        if not self._place.is_heavy:
            computed = self._evaluator.computed - self._computed_before
            if computed >= MOMENT:
                self._engine.pool.note_slow(self._evaluator)
            left = (self._heavy_after if computed >= MOMENT else MOMENT) - computed
            if left > 0:
                self.due = min(self._until, now + left)
            else:
                self._become_heavy()

    def _become_heavy(self) -> None:
        evaluator = self._evaluator
        evaluator.demote()
        patience = self._engine.scheduler.patience(self._until)
        self._place.become_heavy(patience, evaluator.pause, evaluator.go_on, self.fail)


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
        self.scheduler = scheduler
        self.loop = asyncio.get_running_loop()
        self.pool = Pool(self._connect)
        self._watched: set[PendingQuery] = set()
        self._watching: asyncio.TimerHandle | None = None

    async def ask(self, query: Query, caller: Caller) -> Answer:
        """Give the whole answer to ``query``; waiting counts towards the deadline."""
        until = self.loop.time() + self.settings.deadline
        place = await self.scheduler.enter(caller, until)
        may_share = caller.needs_place and caller.address in self.scheduler.credit
        deaths, evaluator = 0, self.pool.choose() if may_share else self.pool.take()
        try:
            while True:
                asked = evaluator or await self._forked(until)
                pending = PendingQuery(asked, place, until, self)
                try:
                    return await asked.ask(query, until - self.loop.time(), pending)
                except MovedError:
                    evaluator = self.pool.take()
                except EvaluatorDiedError as death:
                    deaths, evaluator = deaths + 1, None
                    if deaths == ATTEMPTS or death.is_own_fault:
                        raise cause_of_death(death.status or 0, self.settings) from None
                finally:
                    self._watched.discard(pending)
                    self._release(asked)
        finally:
            place.leave()

    def watch(self, pending: PendingQuery) -> None:
        """Look at a query, from when it is due until its end: one timer serves all of them."""
        self._watched.add(pending)
        if self._watching is None:
            self._watching = self.loop.call_later(TICK, self._look)

    def _look(self) -> None:
        # First of all: a defect in a look at one query must not leave the others unwatched.
        self._watching = self.loop.call_later(TICK, self._look) if self._watched else None
        now = self.loop.time()
        for pending in [each for each in self._watched if each.due <= now]:
            pending.look(now)

    def families(self) -> Iterator[Metric]:
        """What is counted of evaluators, and of the process that forks them."""
        yield GaugeMetricFamily("cecot_evaluators_idle", "Evaluators that wait.", self.pool.idle)
        yield CounterMetricFamily(
            "cecot_evaluators_ended", "Evaluators that were ended.", self.pool.ended
        )
        if graph := self.pool.graph_process:
            yield GaugeMetricFamily(
                "cecot_graph_resident_bytes", "Memory of the graph process.", resident(graph)
            )

    def close(self) -> None:
        """End the evaluators that wait; those that work are ended after their answer.

        What is asked afterwards, by a page that began before, is answered all the same.
        """
        self.pool.close()

    def _release(self, evaluator: EvaluatorClient) -> None:
        """Let go of an evaluator: it may answer again, or is ended."""
        evaluator.promote()
        evaluator.is_spent |= evaluator.is_demoted  # an ordinary user cannot take that back
        self.pool.release(evaluator)

    async def _forked(self, until: float) -> EvaluatorClient:
        """Give a new evaluator; while the graph is being started again, try until there is one."""
        give_up = self.loop.time() + self.scheduler.patience(until)
        while True:
            try:
                return await self.pool.fresh()
            except OSError:
                if self.loop.time() > give_up:
                    raise Unavailable(
                        say("The graph does not answer at this moment; it is being started again."),
                        hint=say("Send the query again in a moment."),
                    ) from None
                await asyncio.sleep(0.02)

    async def _connect(self) -> EvaluatorClient:
        evaluator = EvaluatorClient(self._address, self.settings)
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
