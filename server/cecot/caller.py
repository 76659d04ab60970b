"""Who waits for an answer: nobody works for a client that has gone."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from random import getrandbits


class Caller:
    """One request on its way: the client's address, and whether the client is still there.

    ``id`` finds the request in the log. Urgent is what must be answered while queries are turned
    away, such as a health probe. A page asks queries of ours, which need no place of their own.
    ``interrupt`` is called when the client goes.
    """

    def __init__(self, address: str = "", *, urgent: bool = False, is_page: bool = False) -> None:
        self.id = f"{getrandbits(64):016x}"
        self.address = address
        self.urgent = urgent
        self.is_page = is_page
        self.has_gone = False
        self.has_asked = False
        self.began = time.perf_counter()
        self.interrupt: Callable[[], object] | None = None

    @property
    def needs_place(self) -> bool:
        """Whether its queries are a client's own, which take turns."""
        return not (self.urgent or self.is_page)

    def leave(self) -> None:
        """Note that the client has gone, and interrupt what is done for it."""
        self.has_gone = True
        interrupt = self.interrupt
        if interrupt:
            interrupt()

    @contextlib.contextmanager
    def interruptible(self, interrupt: Callable[[], object]) -> Iterator[None]:
        """Call ``interrupt`` if the client goes, or has gone, in the meantime.

        ``leave`` may be called in another thread: so ``interrupt`` may be called twice.
        """
        before, self.interrupt = self.interrupt, interrupt
        if self.has_gone:
            interrupt()
        try:
            yield
        finally:
            self.interrupt = before


_CURRENT: ContextVar[Caller | None] = ContextVar("caller", default=None)


def current_caller() -> Caller:
    """Give the caller of the work at hand; a page without an address where nobody said."""
    return _CURRENT.get() or Caller(is_page=True)


@contextlib.contextmanager
def calling(caller: Caller) -> Iterator[None]:
    """Do the work at hand for ``caller``."""
    token = _CURRENT.set(caller)
    try:
        yield
    finally:
        _CURRENT.reset(token)
