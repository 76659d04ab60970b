"""Threads that run the WSGI application for the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable

Work = Callable[[], None]


class Workers:
    """Threads that are begun before anybody needs them; what is more waits in a queue.

    To begin a thread is to wait for it, which is long when everything else wants the processor.
    The thread that finished last works next: its memory is still in the processor's cache. Every
    method is called in the thread of the event loop.
    """

    def __init__(self, count: int, name: str) -> None:
        self._count = count
        self._name = name
        self._threads: list[_Thread] = []
        self._idle: list[_Thread] = []
        self._queue: deque[tuple[Work, asyncio.Future[None]]] = deque()

    def begin(self) -> None:
        """Begin the threads; called once, in the event loop."""
        for number in range(self._count):
            thread = _Thread(self, f"{self._name}-{number}")
            thread.start()
            self._threads.append(thread)
        self._idle = self._threads.copy()

    @property
    def pending(self) -> int:
        """How much is queued or under way."""
        return len(self._queue) + len(self._threads) - len(self._idle)

    def submit(self, work: Work) -> asyncio.Future[None]:
        """Have ``work`` done in a thread; what it raises is raised by the future."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._idle:
            self._idle.pop().give(work, future)
        else:
            self._queue.append((work, future))
        return future

    def close(self) -> None:
        """Let the threads end after what they do."""
        for thread in self._threads:
            thread.end()

    def settle(
        self, thread: _Thread, future: asyncio.Future[None], error: BaseException | None
    ) -> None:
        """Take note that ``thread`` has done its work."""
        if self._queue:
            thread.give(*self._queue.popleft())
        else:
            self._idle.append(thread)
        if not future.done():
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)


class _Thread(threading.Thread):
    """One thread, and the one piece of work that it is given."""

    def __init__(self, workers: Workers, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._workers = workers
        self._loop = asyncio.get_running_loop()
        self._given = threading.Lock()
        self._given.acquire()
        self._work: tuple[Work, asyncio.Future[None]] | None = None

    def give(self, work: Work, future: asyncio.Future[None]) -> None:
        self._work = work, future
        self._given.release()

    def end(self) -> None:
        if self._given.locked() and self._work is None:
            self._given.release()

    def run(self) -> None:
        while True:
            self._given.acquire()
            if self._work is None:
                return
            (work, future), self._work = self._work, None
            error: BaseException | None = None
            try:
                work()
            except BaseException as raised:  # noqa: BLE001 (the future raises it)
                error = raised
            try:
                self._loop.call_soon_threadsafe(self._workers.settle, self, future, error)
            except RuntimeError:
                return  # the loop has ended
