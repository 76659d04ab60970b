"""Who computes, of the many threads that mostly wait.

In Python one thread computes at a time, and each that wants to makes all others slower, most of all
those that go on in small steps. So there are turns: whoever waits for something leaves its turn to
others.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextvars import ContextVar

PATIENCE = 1.0
"""Seconds of one wait after which one goes on without a turn: nobody waits for what cannot end."""


class Turns:
    """Turns to compute, one after the other."""

    def __init__(self) -> None:
        self._free = threading.Lock()

    @contextlib.contextmanager
    def computing(self) -> Iterator[None]:
        """Do the work at hand in a turn."""
        turn = _Turn(self._free)
        token = _CURRENT.set(turn)
        turn.begin()
        try:
            yield
        finally:
            turn.end()
            _CURRENT.reset(token)


class _Turn:
    def __init__(self, free: threading.Lock) -> None:
        self._free = free
        self._is_mine = False
        self.rests = False

    def begin(self) -> None:
        self._is_mine = self._free.acquire(timeout=PATIENCE)

    def end(self) -> None:
        if self._is_mine:
            self._is_mine = False
            self._free.release()


_CURRENT: ContextVar[_Turn | None] = ContextVar("turn", default=None)


@contextlib.contextmanager
def resting() -> Iterator[None]:
    """Wait for something, or compute outside of Python: the turn, if there is one, is others'."""
    turn = _CURRENT.get()
    if turn is None or turn.rests:
        yield
        return
    turn.rests = True
    turn.end()
    try:
        yield
    finally:
        turn.rests = False
        turn.begin()
