"""Who waits for the answer: turns depend on it, and nobody works for a client that has gone."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar


class Caller:
    """One request on its way: the client's address, and whether the client is still there.

    ``id`` finds the request in the log.
    """

    def __init__(
        self,
        address: str = "",
        connection: str = "",
        *,
        urgent: bool = False,
        is_page: bool = False,
    ) -> None:
        """``connection`` tells apart the connections of one address.

        Urgent is what must be answered while queries are turned away, such as a health probe.
        A page asks queries of ours: they have turns of their own.
        """
        self.connection = connection or address
        self.id = os.urandom(8).hex()
        self.address = address
        self.urgent = urgent
        self.is_page = is_page
        self._lock = threading.Lock()
        self._has_gone = False
        self._interrupt: Callable[[], None] | None = None
        self._head_start: object = None
        self.has_asked = False
        self.began = time.perf_counter()

    def take_head_start(self) -> object:
        """Give, once, what has been begun for this request already."""
        head_start, self._head_start = self._head_start, None
        return head_start

    def give_head_start(self, head_start: object) -> None:
        """Leave what has been begun to the engine: it goes on from there."""
        self._head_start = head_start

    @property
    def has_gone(self) -> bool:
        """Whether the client has gone."""
        return self._has_gone

    def leave(self) -> None:
        """Note that the client has gone, and interrupt what is done for it."""
        with self._lock:
            self._has_gone = True
            interrupt = self._interrupt
        if interrupt:
            interrupt()

    @contextlib.contextmanager
    def interruptible(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """Call ``interrupt``, from any thread, if the client goes (or has gone) in the meantime."""
        with self._lock:
            before, self._interrupt = self._interrupt, interrupt
            has_gone = self._has_gone
        if has_gone:
            interrupt()
        try:
            yield
        finally:
            with self._lock:
                self._interrupt = before


_CURRENT: ContextVar[Caller | None] = ContextVar("caller", default=None)


def current_caller() -> Caller:
    """Give the caller of the work at hand; one without an address where nobody said."""
    return _CURRENT.get() or Caller()


@contextlib.contextmanager
def calling(caller: Caller) -> Iterator[None]:
    """Do the work at hand for ``caller``."""
    token = _CURRENT.set(caller)
    try:
        yield
    finally:
        _CURRENT.reset(token)
