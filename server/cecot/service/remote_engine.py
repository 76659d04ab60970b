"""The engine by URL behind the service: read here in an evaluator, asked there in its turn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from cecot.caller import Caller
from cecot.engine import Answer, Query
from cecot.errors import CecotError
from cecot.remote.engine import RemoteEngine
from cecot.service.engines import ServiceEngine
from cecot.service.scheduler import Scheduler
from cecot.settings import Settings


class RelayEngine:
    """Answers by an engine that somebody else runs (engines.ServiceEngine).

    ``reader`` evaluates over an empty graph: clients' texts are parsed there, under its budgets.
    A query counts as heavy by the clock, since nobody tells how long it has computed.
    """

    def __init__(
        self,
        remote: RemoteEngine,
        reader: ServiceEngine,
        scheduler: Scheduler,
        settings: Settings,
    ) -> None:
        """Made in the event loop in which it is asked."""
        self._remote, self._reader = remote, reader
        self._scheduler, self._settings = scheduler, settings
        self._loop = asyncio.get_running_loop()

    async def ask(self, query: Query, caller: Caller) -> Answer:
        """Give the whole answer to ``query``; reading and waiting count towards the deadline."""
        until = self._loop.time() + self._settings.deadline
        form = query.ours
        if form is None:
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
        """Close the connections, and end the evaluators that read."""
        self._remote.close()
        self._reader.close()


def _nothing() -> None:
    pass
