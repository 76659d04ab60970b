"""The graph process: holds the store and forks one evaluator for each connection.

It has one thread and touches no query. What it does beside forking is to end an evaluator whose
front has let go of the connection, and to say on the connection how an evaluator ended.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import select
import signal
import socket
import sys
from dataclasses import replace
from pathlib import Path

from pyoxigraph import Store

from cecot.dataset.description import Description, describe
from cecot.dataset.store import Loaded, load_store, store_version
from cecot.errors import CecotError
from cecot.rooms import Rooms
from cecot.service.evaluator import rehearse, serve
from cecot.service.processes import (
    collapse,
    ended_children,
    fork,
    freeze,
    in_a_child,
)
from cecot.service.supervisor import FAILED, READY, downloads_beside
from cecot.service.wire import DEATH, HELLO, pack
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine

BACKLOG = 128

NICENESS = 10
"""What the writing of downloads gets where a query wants to compute as well: a tenth."""


class GraphProcess:
    """Forks evaluators on a private Unix socket until it is told to stop (SIGTERM)."""

    def __init__(
        self, engine: InProcessEngine, version: str, settings: Settings, address: Path
    ) -> None:
        self._engine, self._version = engine, version
        self._settings = settings
        self._evaluators: dict[int, socket.socket] = {}
        rehearse(engine, settings)
        freeze()
        self._listener = _listen(address)
        self._waker, self._wake = socket.socketpair()
        self._poll = select.epoll()
        self._stopping = False

    def serve(self) -> None:
        """Work until SIGTERM; then end all evaluators."""
        self._heed_signals()
        self._poll.register(self._listener, select.EPOLLIN)
        self._poll.register(self._waker, select.EPOLLIN)
        while not self._stopping:
            for descriptor, _ in self._poll.poll():
                if descriptor == self._listener.fileno():
                    self._accept()
                elif descriptor == self._waker.fileno():
                    self._waker.recv(4096)
                else:
                    self._let_go(descriptor)
            self._reap()
        for process in self._evaluators:
            _kill(process)
        for process in self._evaluators:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process, 0)

    def _heed_signals(self) -> None:
        def stop(*_: object) -> None:
            self._stopping = True

        self._wake.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        try:
            process = fork(
                lambda: serve(self._engine, self._settings, connection), name="cecot-evaluator"
            )
            hello = {"process": process, "graph": os.getpid(), "version": self._version}
            connection.send(pack(HELLO, hello))
        except OSError:
            # No room for another process: the front sees the end of the connection.
            connection.close()
            return
        self._evaluators[process] = connection
        # No event is asked for: the end of the connection is always told.
        self._poll.register(connection, 0)

    def _let_go(self, descriptor: int) -> None:
        """End the evaluator whose front has gone; how it ended is seen when it is reaped."""
        for process, connection in self._evaluators.items():
            if connection.fileno() == descriptor:
                self._poll.unregister(descriptor)
                _kill(process)
                return

    def _reap(self) -> None:
        for process, status in ended_children():
            connection = self._evaluators.pop(process, None)
            if connection:
                self._say_how(connection, status)

    def _say_how(self, connection: socket.socket, status: int) -> None:
        with contextlib.suppress(OSError):
            self._poll.unregister(connection)
        with connection, contextlib.suppress(OSError):
            connection.setblocking(False)
            connection.send(pack(DEATH, {"status": status}))


def _listen(address: Path) -> socket.socket:
    """Listen on ``address``, taking it over from a predecessor that died."""
    address.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(str(address))
    listener.listen(BACKLOG)
    return listener


def _kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def serve_rooms(rooms: Rooms, settings: Settings, address: Path, pipe: int) -> None:
    """Load ``rooms`` and serve them at ``address``; say its Description, or the error.

    Where the settings name another engine, evaluators read clients' texts over an empty graph.
    """
    loaded: Loaded | None = None
    try:
        if settings.engine:
            store, description = Store(), in_a_child(lambda: _surveyed(rooms, settings))()
        else:
            loaded = load_store(rooms)
            store, description = loaded.store, _described(loaded)
    except CecotError as error:
        with open(pipe, "wb") as said:
            said.write(FAILED + pickle.dumps(error))
        raise SystemExit(2) from None
    names = description.names
    engine = InProcessEngine(
        store, federation=settings.federation, prefixes=names.prefixes, base=names.base
    )
    process = GraphProcess(engine, description.version, settings, address)
    with open(pipe, "wb") as said:
        said.write(READY + pickle.dumps(description))
    if loaded and settings.downloads:
        _start_writing(loaded, description, settings, downloads_beside(address))
    process.serve()


def _described(loaded: Loaded) -> Description:
    """Count and hash in children: that takes time, and memory that evaluators need not inherit."""
    collapse()  # before the first fork: older kernels collapse only what may be written to
    hashed = in_a_child(lambda: store_version(loaded.store))
    counted = in_a_child(lambda: describe(loaded, "unknown yet"))
    try:
        description: Description = counted()
    finally:
        # A child that is left behind would hold the pipe open, and the supervisor wait for its end.
        version = hashed()
    return replace(description, version=version)


def _surveyed(rooms: Rooms, settings: Settings) -> Description:
    from cecot.remote.connecting import survey  # noqa: PLC0415 (few services need it)

    return survey(rooms, settings, lambda text: print(text, file=sys.stderr, flush=True))  # noqa: T201


def _start_writing(
    loaded: Loaded, description: Description, settings: Settings, folder: Path
) -> None:
    """Fork a child that writes the files of ``loaded`` into ``folder``, and do not wait for it.

    It ends with this process. Nothing is written anew that a predecessor has written. What writes
    is loaded there: evaluators need none of it.
    """

    def write() -> None:
        from cecot.render.dumps import read_dumps, write_dumps  # noqa: PLC0415

        if read_dumps(folder).is_of(description.version):
            return
        # What the graph process listens on, and talks through, is not for this one.
        os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        os.nice(NICENESS)
        write_dumps(loaded, description, folder, settings.root)

    fork(write, name="cecot-downloads")
