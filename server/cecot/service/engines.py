"""What the service asks of an engine, how threads ask it too, and the engine by URL behind it.

``ServiceEngine`` is the seam: the forked engine answers behind it, and so may any other. The rest
of the service, its counters and its pages know nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from prometheus_client.core import GaugeMetricFamily, Metric

from cecot.engine import Answer, Caller, Query, current_caller
from cecot.errors import CecotError, Unavailable
from cecot.messages import say
from cecot.service.scheduler import Scheduler
from cecot.settings import Settings

if TYPE_CHECKING:  # few services need it
    from cecot.remote.engine import RemoteEngine

WATCH, LONGEST_WATCH = 60.0, 3600.0
"""Seconds between two looks at what another engine says that it holds; as many at most while it
says what is not taken: to try it reads all rooms, and counts all that is there."""


class ServiceEngine(Protocol):
    """Evaluates queries for the event loop in which it was made.

    Raises what ``cecot.engine.Engine`` raises, and nothing else. A task that is cancelled while it
    waits frees at once what works for it.
    """

    async def ask(self, query: Query, caller: Caller) -> Answer:
        """Give the whole answer to ``query``; waiting for a turn counts towards the deadline."""
        ...

    def families(self) -> Iterable[Metric]:
        """What is true of the engine at this moment, for Prometheus."""
        ...

    def close(self) -> None:
        """Free what the engine holds once nobody waits for it any more."""
        ...


class BlockingEngine:
    """A ServiceEngine for whoever works in a thread (cecot.engine.Engine)."""

    def __init__(self, engine: ServiceEngine, loop: asyncio.AbstractEventLoop) -> None:
        """``loop`` is the one that ``engine`` was made in; this is asked in other threads."""
        self._engine, self._loop = engine, loop

    def answer(self, query: Query) -> Answer:
        """Wait for the answer, as long as the caller of the work at hand does."""
        caller = current_caller()
        if caller.has_gone:
            raise _gone()
        future = asyncio.run_coroutine_threadsafe(self._engine.ask(query, caller), self._loop)
        with caller.interruptible(future.cancel):
            try:
                return future.result()
            except CancelledError:
                raise _gone() from None

    def close(self) -> None:
        """Close the engine, in its loop."""
        self._loop.call_soon_threadsafe(self._engine.close)


def _gone() -> Unavailable:
    return Unavailable(say("The client has gone."))


@dataclass(slots=True)
class RelayEngine:
    """Answers by an engine that somebody else runs (engines.ServiceEngine).

    ``reader`` evaluates over an empty graph: clients' texts are parsed there, under its budgets.
    A query counts as heavy by the clock, since nobody tells how long it has computed. Made in the
    event loop in which it is asked.
    """

    _remote: RemoteEngine
    _reader: ServiceEngine
    _scheduler: Scheduler
    _settings: Settings
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    _under_way: int = 0
    _is_closed: bool = False

    async def ask(self, query: Query, caller: Caller) -> Answer:
        """Give the whole answer to ``query``; reading and waiting count towards the deadline."""
        self._under_way += 1
        try:
            return await self._ask(query, caller)
        finally:
            self._under_way -= 1
            self._leave_remote()

    async def _ask(self, query: Query, caller: Caller) -> Answer:
        until = self._loop.time() + self._settings.deadline
        form = query.ours
        if form is None:
            self._remote.measure(query)
            form = self._remote.guard(query, await self._reader.ask(query, caller))
        place = await self._scheduler.enter(caller, until)
        asked = asyncio.ensure_future(
            self._remote.fetch(query, form, max(until - self._loop.time(), 0.05))
        )
        refused: list[CecotError] = []

        def refuse(error: CecotError) -> None:
            refused.append(error)
            asked.cancel()

        def become_heavy() -> None:
            # There is no way to have another engine pause: the query goes on while it waits.
            place.become_heavy(self._scheduler.patience(until), _nothing, _nothing, refuse)

        timer = self._loop.call_later(self._settings.heavy_after, become_heavy)
        try:
            return await asked
        except asyncio.CancelledError:
            if refused:
                raise refused[0] from None
            raise
        finally:
            timer.cancel()
            asked.cancel()
            place.leave()

    def families(self) -> Iterator[Metric]:
        """Whether the engine is left alone, and what is true of those who read."""
        yield GaugeMetricFamily(
            "cecot_engine_left_alone_seconds",
            "Seconds until the engine is asked again; 0 while it answers.",
            self._remote.breaker.seconds_left,
        )
        yield from self._reader.families()

    def close(self) -> None:
        """End the evaluators that read, and close the connections after the last answer."""
        self._is_closed = True
        self._reader.close()
        self._leave_remote()

    def _leave_remote(self) -> None:
        if self._is_closed and not self._under_way:
            self._remote.close()


async def watch(
    is_other: Callable[[], bool], tell: Callable[[], None], pause: float = WATCH
) -> None:
    """Call ``tell`` when an engine holds another graph, and again later and later if it stays so.

    It does where the rooms here are not those that were loaded.
    """
    waits = pause
    while True:
        await asyncio.sleep(waits)
        try:
            found = await asyncio.to_thread(is_other)
        except CecotError:  # whoever asks for an answer is told
            continue
        waits = min(2 * waits, LONGEST_WATCH) if found else pause
        if found:
            tell()


def _nothing() -> None:
    pass
