"""Keeps the long-lived processes alive: the graph process, and the front that asks it.

Whichever dies is started again. SIGHUP reads the rooms anew: another graph process loads them, and
when it is ready the front is told (SIGHUP) to ask that one; the old one stays until the last query
that it may have is over. SIGTERM and SIGINT end everything, the front first.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import selectors
import shutil
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cecot.errors import CecotError, UsageError
from cecot.service.processes import ended_children, fork

GraphWork = Callable[[Path, int], None]
"""Serves at an address; says READY and a pickled Description, or FAILED and a pickled error."""

FrontWork = Callable[[Path, int], None]
"""Serves clients from the graph that a file names (see ``current``); says anything."""

READY, FAILED = b"R", b"F"
"""How the word of a graph process begins."""

TRIES = 2
"""How often a process is tried at the very start, before the whole service gives up."""


SHORT_LIFE = 10.0
"""Seconds. Whatever lives shorter is started again only after a pause, longer each time."""

LONGEST_PAUSE = 5.0


class Member:
    """One process of the service.

    ``work`` is given a descriptor: it writes what it has to say when it is ready, and closes it.
    """

    def __init__(self, name: str, work: Callable[[int], None]) -> None:
        self.name = name
        self.process = 0
        self.is_leaving = False
        self.due: float | None = None
        self._work = work
        self.pipe: int | None = None
        self._said = b""
        self._born = 0.0
        self.failures = 0

    def start(self) -> None:
        """Fork; its word is read from ``pipe`` while it has not been said."""
        self.stop_listening()
        self.pipe, ours = os.pipe()
        pipe = self.pipe

        def work() -> None:
            os.close(pipe)
            self._work(ours)

        self.process = fork(work, name=f"cecot-{self.name}")
        os.close(ours)
        os.set_blocking(self.pipe, False)
        self._born, self._said, self.due = time.monotonic(), b"", None

    def listen(self) -> bytes | None:
        """Read on; give the whole word once it is said (empty if it died before), else None."""
        if self.pipe is None:
            return None
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self.pipe, 65536):
                self._said += data
            self.stop_listening()
            return self._said
        return None

    def stop_listening(self) -> None:
        """Close the pipe."""
        if self.pipe is not None:
            os.close(self.pipe)
            self.pipe = None

    def has_died(self) -> None:
        """Note its death, and when it shall be started again."""
        now = time.monotonic()
        self.failures = self.failures + 1 if now - self._born < SHORT_LIFE else 0
        pause = 0.05 * 2**self.failures if self.failures > 1 else 0.0
        self.process = 0
        self.due = now + min(pause, LONGEST_PAUSE)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it lives."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process, number)

    def leave(self) -> None:
        """Tell it to finish (SIGTERM); it is not started again."""
        self.is_leaving = True
        self.due = None
        self.signal(signal.SIGTERM)


@dataclass(slots=True, eq=False)
class Reading:
    """One reading of the rooms: a graph process, its address, and what it knows of its dataset.

    The description is passed on as it comes, pickled: to read it would load much into this process.
    """

    address: Path
    graph: Member
    description: bytes | None = None
    leaves_at: float | None = None

    def clear(self) -> None:
        """Remove what the graph process left on disk."""
        self.address.unlink(missing_ok=True)
        shutil.rmtree(downloads_beside(self.address), ignore_errors=True)


class Supervisor:
    """Runs both kinds of work until it is told to stop."""

    def __init__(
        self,
        folder: Path,
        graph: GraphWork,
        front: FrontWork,
        *,
        drain: float,
        linger: float,
        say: Callable[[str], None],
        ready: Callable[[], None],
        watch: Callable[[Path], None] | None = None,
        check: Callable[[], None] | None = None,
    ) -> None:
        """``folder`` is private to this service; ``say`` tells the operator what happens.

        ``ready`` is called once, when clients can be answered. ``watch`` looks for changes in a
        process of its own, and keeps what it finds in a file that the front reads; ``check`` is
        done once in one, after ``ready``. The front has ``drain`` seconds to finish what it has
        begun; a graph that a newer reading replaces stays ``linger`` seconds.
        """
        self._folder, self._graph = folder, graph
        self._drain, self._linger = drain, linger
        self._say, self._ready = say, ready
        self._front = Member("front", lambda pipe: front(self._current, pipe))
        self._current = folder / "current"
        state = state_beside(self._current)
        self._watcher = (
            Member("watcher", lambda pipe: _silent(lambda: watch(state), pipe)) if watch else None
        )
        self._checker = Member("checker", lambda pipe: _silent(check, pipe)) if check else None
        self._readings: list[Reading] = []
        self._count = 0
        self._is_ready = False
        self._signals: set[int] = set()
        self._waker, self._wake = socket.socketpair()

    def run(self) -> None:
        """Start, and stay until SIGTERM or SIGINT; raises the error that the first start met."""
        self._heed_signals()
        try:
            if self._watcher:
                self._watcher.start()
            self._read_rooms()
            while not self._is_stopping:
                self._step()
        finally:
            self._end()

    @property
    def _is_stopping(self) -> bool:
        return bool(self._signals & {signal.SIGTERM, signal.SIGINT})

    @property
    def _members(self) -> list[Member]:
        beside = [each for each in (self._watcher, self._checker) if each]
        return [self._front, *beside, *(each.graph for each in self._readings)]

    def _heed_signals(self) -> None:
        self._wake.setblocking(False)
        self._waker.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, lambda got, _: self._signals.add(got))

    def _read_rooms(self) -> None:
        self._count += 1
        address = self._folder / f"graph-{self._count}"
        graph = Member("graph", lambda pipe: self._graph(address, pipe))
        self._readings.append(Reading(address, graph))
        graph.start()

    def _step(self) -> None:
        self._wait()
        for reading in list(self._readings):
            self._listen(reading)
        if self._front.listen() and not self._is_ready:
            self._is_ready = True
            self._ready()
            if self._checker:
                self._checker.start()
                self._checker.is_leaving = True  # it ends by itself
        for member in (self._watcher, self._checker):
            if member:
                member.listen()
        self._reap()
        # One that comes while rooms are being read waits: what they hold may have changed since.
        if signal.SIGHUP in self._signals and all(each.description for each in self._readings):
            self._signals.discard(signal.SIGHUP)
            self._read_rooms()
        now = time.monotonic()
        for member in self._members:
            if member.due is not None and member.due <= now:
                member.start()
        for reading in self._readings:
            if reading.leaves_at is not None and reading.leaves_at <= now:
                reading.leaves_at = None
                reading.graph.leave()

    def _wait(self) -> None:
        """Wait until something has happened, or is due."""
        times = [each.due for each in self._members] + [each.leaves_at for each in self._readings]
        due = min((each for each in times if each is not None), default=None)
        with selectors.DefaultSelector() as selector:
            selector.register(self._waker, selectors.EVENT_READ)
            for member in self._members:
                if member.pipe is not None:
                    selector.register(member.pipe, selectors.EVENT_READ)
            selector.select(None if due is None else max(due - time.monotonic(), 0.0))
        with contextlib.suppress(BlockingIOError):
            self._waker.recv(4096)

    def _listen(self, reading: Reading) -> None:
        word, before = reading.graph.listen(), reading.description
        if word is None:
            return
        try:
            said = description_in(word)
        except CecotError as error:
            if not self._is_ready:
                raise
            for each in error.each:
                self._say(f"The rooms cannot be read: {each.location} {each.message}")
            if before is None:
                reading.graph.leave()
            return
        reading.description = said
        if reading is self._readings[-1] and said != before:
            self._pass_on(reading.address, said)

    def _pass_on(self, address: Path, description: bytes) -> None:
        """Let the front ask the graph at ``address`` from now on."""
        fresh = self._current.with_suffix(".new")
        fresh.write_bytes(b"%b\n%b" % (os.fsencode(address), description))
        fresh.replace(self._current)
        if not self._front.process and self._front.due is None:
            self._front.start()
            return
        self._say("The rooms have been read anew.")
        self._front.signal(signal.SIGHUP)
        for other in self._readings[:-1]:
            if not other.graph.is_leaving:
                other.leaves_at = time.monotonic() + self._linger

    def _reap(self) -> None:
        for process, status in ended_children():
            for member in self._members:
                if member.process == process:
                    self._mourn(member, status)

    def _mourn(self, member: Member, status: int) -> None:
        if self._is_stopping:  # a signal to all of us has reached it first
            return
        for reading in list(self._readings):
            if reading.graph is member:
                self._listen(reading)  # it may have said why, just before
        member.has_died()
        if not self._is_ready and member.failures >= TRIES:
            raise UsageError(f"The {member.name} process cannot be started: see above.")
        if not member.is_leaving:
            self._say(f"The {member.name} process ended ({status}) and is started again.")
            return
        member.due = None
        for reading in list(self._readings):
            if reading.graph is member:
                self._readings.remove(reading)
                reading.clear()

    def _end(self) -> None:
        """End the front, which finishes what it has begun, then the graphs."""
        _end([self._front], self._drain + 1.0)
        _end([each for each in self._members if each is not self._front], 2.0)
        for reading in self._readings:
            reading.clear()


def description_in(word: bytes) -> bytes:
    """The pickled description that a graph process said; raises the error that it met."""
    if word.startswith(FAILED):
        raise pickle.loads(word[1:])  # noqa: S301 (our own child, before any query)
    if not word.startswith(READY):
        raise UsageError("The graph could not be loaded: its process ended.")
    return word[1:]


def current(file: Path) -> tuple[Path, bytes]:
    """The graph that ``file`` names: its address, and its description, pickled."""
    address, _, description = file.read_bytes().partition(b"\n")
    return Path(os.fsdecode(address)), description


def downloads_beside(address: Path) -> Path:
    """The folder of the files to download, for the graph that is served at ``address``."""
    return address.with_name(f"{address.name}-downloads")


def state_beside(file: Path) -> Path:
    """The file in which the watcher keeps what is wrong with the rooms."""
    return file.with_name("state")


def _silent(work: Callable[[], None], pipe: int) -> None:
    os.close(pipe)
    work()


def _end(members: list[Member], patience: float) -> None:
    """Tell processes to leave and wait for their end; insist when the time is over."""
    for member in members:
        member.leave()
    until = time.monotonic() + patience
    for member in members:
        while member.process:
            with contextlib.suppress(ChildProcessError):
                process, _ = os.waitpid(member.process, os.WNOHANG)
                if not process:
                    if time.monotonic() > until:
                        member.signal(signal.SIGKILL)
                    time.sleep(0.005)
                    continue
            member.process = 0
        member.stop_listening()
