"""Engines in event loops of their own, asked from the thread of a test."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cecot.engine import Answer, Caller, Query
from cecot.service.engines import BlockingEngine
from cecot.service.forked_engine import ForkedEngine
from cecot.service.scheduler import Scheduler
from cecot.settings import Settings


@dataclass
class Running:
    """An engine in an event loop of its own, asked from the thread of a test."""

    loop: asyncio.AbstractEventLoop
    scheduler: Scheduler
    engine: ForkedEngine

    def answer(self, query: Query, caller: Caller | None = None) -> Answer:
        """Ask as a client does that has a place to take."""
        asked = self.engine.ask(query, caller or Caller())
        return asyncio.run_coroutine_threadsafe(asked, self.loop).result(120)

    @property
    def blocking(self) -> BlockingEngine:
        """The same engine, as pages ask it."""
        return BlockingEngine(self.engine, self.loop)

    @property
    def idle(self) -> int:
        """How many evaluators wait."""
        return int(self._family("cecot_evaluators_idle"))

    @property
    def ended(self) -> int:
        """How many evaluators were ended."""
        return int(self._family("cecot_evaluators_ended"))

    @property
    def graph_process(self) -> int:
        """The process that forks the evaluators."""
        return self.engine.pool.graph_process

    def cancel_all(self) -> None:
        """Cancel whatever waits; called in the loop."""
        for task in asyncio.all_tasks(self.loop):
            task.cancel()

    @property
    def working(self) -> int:
        """How many queries have a place."""
        return self.scheduler.ordinary.taken + self.scheduler.heavy.taken

    def _family(self, name: str) -> float:
        found = {each.name: each for each in self.engine.families()}
        return float(found[name].samples[0].value)


@contextmanager
def engine_at(address: Path, settings: Settings, version: str | None = None) -> Iterator[Running]:
    """An engine over the graph at ``address``."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def begin() -> Running:
        scheduler = Scheduler(settings)
        return Running(loop, scheduler, ForkedEngine(address, settings, scheduler, version))

    running = asyncio.run_coroutine_threadsafe(begin(), loop).result()

    async def end() -> None:
        running.engine.close()
        await loop.shutdown_default_executor()

    try:
        yield running
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
