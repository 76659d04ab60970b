"""Warm evaluators, so that a query does not wait for a fork.

The one that came back last is asked first: it has copied what it reads of the graph, and is faster
for it. A few always wait; more are kept while they are asked, and ended once they have been idle.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from cecot.service.evaluator_client import EvaluatorClient

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
