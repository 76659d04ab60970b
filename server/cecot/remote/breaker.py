"""Leaves an engine that does not answer alone for a while, so that nobody waits for it in vain."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES = 5
"""Failures in a row after which nothing is asked for a while."""

FIRST, LONGEST = 2.0, 30.0
"""Seconds of the first pause; each pause that did not help doubles the next, up to the longest."""


class Breaker:
    """Counts failures of the engine, never of a query: no client can open it for the others."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._pause = FIRST
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether nothing is to be asked at this moment."""
        return self.seconds_left > 0

    @property
    def seconds_left(self) -> float:
        """Seconds until one is allowed to try again; 0 when anybody may."""
        return max(0.0, self._until - self._clock())

    def succeeded(self) -> None:
        """Note that the engine answered, whatever it said."""
        with self._lock:
            self._failures, self._pause, self._until = 0, FIRST, 0.0

    def failed(self) -> None:
        """Note that the engine did not answer."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES and not self.is_open:
                self._until = self._clock() + self._pause
                self._pause = min(2 * self._pause, LONGEST)
