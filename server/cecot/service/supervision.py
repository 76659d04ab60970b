"""Keeps the long-lived processes alive: the graph process, and the front that asks it.

Both belong to a generation: one reading of the rooms. Whichever dies is started again in its
generation. SIGHUP reads the rooms anew: the next generation takes over when it is ready, and the
last one finishes what it has begun. SIGTERM and SIGINT end everything, the front first.
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
from pathlib import Path

from cecot.description import Description
from cecot.errors import CecotError, UsageError
from cecot.service.downloads import downloads_beside
from cecot.service.member import Member
from cecot.service.processes import how_it_ended

GraphWork = Callable[[Path, int], None]
"""Serves at an address; says a pickled Description, or the error that it met."""

FrontWork = Callable[[Path, Description, int], None]
"""Serves clients from the graph at an address; says anything."""

TRIES = 2
"""How often a process is tried at the very start, before the whole service gives up."""

Say = Callable[[str], None]


class Generation:
    """One reading of the rooms: a graph process and a front."""

    def __init__(self, address: Path, graph: GraphWork, front: FrontWork) -> None:
        self.address = address
        self.description: Description | None = None
        self.is_ready = False
        self.graph = Member("graph", lambda pipe: graph(address, pipe))
        self.front = Member("front", lambda pipe: front(address, self._described(), pipe))

    @property
    def members(self) -> tuple[Member, Member]:
        """The two processes."""
        return self.graph, self.front

    @property
    def is_leaving(self) -> bool:
        """Whether another generation has taken over."""
        return self.front.is_leaving

    def has_read(self, word: bytes) -> None:
        """Take the graph process's word; raises the error that it met."""
        said = pickle.loads(word) if word else None  # noqa: S301 (our own child, before any query)
        if isinstance(said, CecotError):
            raise said
        if not isinstance(said, Description):
            raise UsageError("The graph could not be loaded: its process ended.")
        before, self.description = self.description, said
        if before is not None and before.version != said.version:
            # The rooms have changed since: the front must not answer for the old ones.
            self.front.signal(signal.SIGTERM)

    def _described(self) -> Description:
        if self.description is None:
            raise ValueError("the front starts after the graph")
        return self.description


class Supervisor:
    """Runs both kinds of work until it is told to stop."""

    def __init__(
        self,
        folder: Path,
        graph: GraphWork,
        front: FrontWork,
        *,
        drain: float,
        say: Say,
        ready: Callable[[], None],
    ) -> None:
        """``folder`` is private to this service; ``say`` tells the operator what happens.

        ``ready`` is called once, when clients can be answered.
        """
        self._ready = ready
        self._folder, self._graph, self._front = folder, graph, front
        self._drain, self._say = drain, say
        self._generations: list[Generation] = []
        self._count = 0
        self._signals: set[int] = set()
        self._waker, self._wake = socket.socketpair()

    def run(self) -> None:
        """Start, and stay until SIGTERM or SIGINT; raises the error that the first start met."""
        self._heed_signals()
        try:
            self._begin()
            while not self._signals & {signal.SIGTERM, signal.SIGINT}:
                self._step()
        finally:
            self._end()

    def _heed_signals(self) -> None:
        self._wake.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, lambda got, _: self._signals.add(got))

    def _begin(self) -> None:
        """Begin a generation; it takes over once its front is ready."""
        self._count += 1
        address = self._folder / f"graph-{self._count}"
        generation = Generation(address, self._graph, self._front)
        self._generations.append(generation)
        generation.graph.start()

    def _step(self) -> None:
        self._wait()
        if signal.SIGHUP in self._signals:
            self._signals.discard(signal.SIGHUP)
            if all(each.is_ready for each in self._generations):
                self._begin()
        for generation in list(self._generations):
            self._listen(generation)
        self._reap()
        for generation in list(self._generations):
            self._restart(generation)

    def _wait(self) -> None:
        """Wait until something has happened, or is due."""
        members = [each for generation in self._generations for each in generation.members]
        due = min((each.due for each in members if each.due is not None), default=None)
        with selectors.DefaultSelector() as selector:
            selector.register(self._waker, selectors.EVENT_READ)
            for member in members:
                if member.descriptor is not None:
                    selector.register(member.descriptor, selectors.EVENT_READ)
            selector.select(None if due is None else max(due - time.monotonic(), 0.0))
        self._waker.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            self._waker.recv(4096)

    def _listen(self, generation: Generation) -> None:
        word = generation.graph.listen()
        if word is not None:
            try:
                generation.has_read(word)
            except CecotError as error:
                self._could_not_read(generation, error)
                return
            if not generation.front.process and generation.front.due is None:
                generation.front.start()
        if generation.front.listen():
            if self._count == 1 and not generation.is_ready:
                self._ready()
            generation.is_ready = True
            for other in self._generations:
                if other is not generation and other.is_ready and not other.is_leaving:
                    self._say("The rooms have been read anew.")
                    other.front.leave()

    def _could_not_read(self, generation: Generation, error: CecotError) -> None:
        if generation is self._generations[0] and not generation.is_ready:
            raise error
        self._say(f"The rooms cannot be read: {error.location} {error.message}")
        if not generation.is_ready:
            generation.graph.leave()
            generation.front.is_leaving = True

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                process, status = os.waitpid(-1, os.WNOHANG)
                if not process:
                    return
                for generation in list(self._generations):
                    for member in generation.members:
                        if member.process == process:
                            self._mourn(generation, member, how_it_ended(status))

    def _mourn(self, generation: Generation, member: Member, status: int) -> None:
        self._listen_to_the_end(generation, member)
        member.has_died()
        if self._count == 1 and not generation.is_ready and member.failures >= TRIES:
            raise UsageError(f"The {member.name} process cannot be started: see above.")
        if not member.is_leaving:
            self._say(f"The {member.name} process ended ({status}) and is started again.")
            return
        member.due = None
        if member is generation.front and generation.graph.process:
            generation.graph.leave()
        else:
            self._generations.remove(generation)
            generation.address.unlink(missing_ok=True)
            shutil.rmtree(downloads_beside(generation.address), ignore_errors=True)

    def _listen_to_the_end(self, generation: Generation, member: Member) -> None:
        """Hear the reason that a first start gave for its end, before it is started again."""
        if member is generation.graph and member.descriptor is not None:
            self._listen(generation)

    def _restart(self, generation: Generation) -> None:
        for member in generation.members:
            if member.due is not None and member.due <= time.monotonic():
                if member is generation.front and generation.description is None:
                    continue
                member.start()

    def _end(self) -> None:
        """End the fronts, which finish what they have begun, then the graphs."""
        for kind, patience in (("front", self._drain + 1.0), ("graph", 2.0)):
            members = [getattr(each, kind) for each in self._generations]
            for member in members:
                member.leave()
            until = time.monotonic() + patience
            for member in members:
                _await(member, until)
        self._generations.clear()


def _await(member: Member, until: float) -> None:
    """Wait for the end of a process that was told to leave; insist when the time is over."""
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
