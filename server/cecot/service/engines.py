"""What the service asks of an engine, and how threads ask it too.

``ServiceEngine`` is the seam: the forked engine answers behind it, and so may any other. The rest
of the service, its counters and its pages know nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import CancelledError
from typing import Protocol

from prometheus_client.core import Metric

from cecot.caller import Caller, current_caller
from cecot.engine import Answer, Query
from cecot.errors import Unavailable
from cecot.messages import say


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
