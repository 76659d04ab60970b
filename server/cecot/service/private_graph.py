"""A graph process for one program: it begins with it, is kept alive, and ends with it.

A keeper, a child of the program, starts the graph process, starts it again when it dies, and clears
away what it left when the program ends, however that ends. The program asks in its threads; the
evaluators are listened to by an event loop in a thread of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from cecot.dataset.description import Description
from cecot.engine import Engine
from cecot.errors import UsageError
from cecot.rooms import Rooms
from cecot.service.engines import BlockingEngine
from cecot.service.forked_engine import ForkedEngine
from cecot.service.graph_process import serve_rooms
from cecot.service.processes import claim, fork
from cecot.service.scheduler import Scheduler
from cecot.service.supervisor import Member, description_in
from cecot.settings import Settings


class PrivateGraph:
    """The graph of ``rooms``, loading in a process of its own from the start.

    Where the settings name another engine, that is asked; clients' texts are read in this process.
    """

    def __init__(self, rooms: Rooms, settings: Settings) -> None:
        """Begin to load. This forks: call it before any thread is started.

        Raises UsageError on a system that has no way to limit a query.
        """
        if sys.platform != "linux":
            raise UsageError(
                "Queries can be limited on Linux alone.", hint="Run it in a container or a VM."
            )
        self._settings = replace(settings, downloads=False, federation=False)
        folder = Path(tempfile.mkdtemp(prefix="cecot-"))
        self._address = folder / "graph"
        self._word, pipe = os.pipe()
        self._keeper = fork(
            lambda: _keep(rooms, self._settings, self._address, pipe),
            name="cecot-keeper",
            at_parents_death=signal.SIGTERM,
        )
        os.close(pipe)

    def ready(self) -> tuple[Engine, Description]:
        """Wait until the graph can be asked, once; whoever takes the engine closes it.

        Raises what reading the rooms raises, UsageError if the graph cannot be loaded.
        """
        with open(self._word, "rb") as word:
            said = word.read()
        found: Description = pickle.loads(description_in(said))  # noqa: S301 (our own child's)
        # A graph that is started again may have read other files: it is asked all the same.
        engine: Engine = _LoopedEngine(self._address, self._settings)
        if self._settings.engine:
            from cecot.remote.connecting import engine_of  # noqa: PLC0415 (few programs need it)

            engine = engine_of(self._settings, found, engine)
        return engine, found

    def close(self) -> None:
        """End the graph process, and wait until nothing of it is left."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._keeper, signal.SIGTERM)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._keeper, 0)


class _LoopedEngine(BlockingEngine):
    """An engine over the graph at ``address``, in an event loop of its own."""

    def __init__(self, address: Path, settings: Settings) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="engine", daemon=True)
        self._thread.start()

        async def begin() -> ForkedEngine:
            return ForkedEngine(address, settings, Scheduler(settings))

        engine = asyncio.run_coroutine_threadsafe(begin(), self._loop).result()
        super().__init__(engine, self._loop)

    def close(self) -> None:
        """End the evaluators, then the loop."""

        async def end() -> None:
            self._engine.close()
            await self._loop.shutdown_default_executor()

        asyncio.run_coroutine_threadsafe(end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _keep(rooms: Rooms, settings: Settings, address: Path, pipe: int) -> None:
    """Keep a graph process alive at ``address`` until SIGTERM; the first one says its word."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    claim(address.parent)
    # What the program says to its client, and hears from it, is not for these processes.
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    pipes = [pipe]

    def serve(_said: int) -> None:
        # Nobody waits for the word of one that is started again, and a pipe that is full blocks.
        word = pipes[0] if pipes else os.open(os.devnull, os.O_WRONLY)
        serve_rooms(rooms, settings, address, word)

    graph = Member("graph", serve)
    try:
        while True:
            graph.start()
            for each in pipes:
                os.close(each)
            pipes.clear()
            with contextlib.suppress(ChildProcessError):
                os.waitpid(graph.process, 0)
            graph.has_died()
            time.sleep(max(0.0, (graph.due or 0.0) - time.monotonic()))
    finally:
        graph.signal(signal.SIGKILL)
        shutil.rmtree(address.parent, ignore_errors=True)


def _stop(*_: object) -> None:
    # The kernel says it for each thread of the program that ends, and clearing away must go on.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(0)
