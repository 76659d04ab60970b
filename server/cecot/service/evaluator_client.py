"""The service's side of one evaluator: a connection that carries one query at a time.

It is read in the event loop. Closing it ends the evaluator, whatever it is doing.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path

from cecot.engine import Answer, Query
from cecot.errors import CecotError, Unavailable
from cecot.messages import say
from cecot.service.processes import demote, has_computed, promote
from cecot.service.spool import Spool
from cecot.service.wire import (
    AGAIN,
    BYTES,
    DEATH,
    DONE,
    ERROR,
    HELLO,
    pack_query,
    read_error,
    receive,
    unpack,
    unpack_done,
)

AT_ONCE = 8
"""Packets of a long answer that are taken before others have their turn in the event loop."""

InThread = Callable[[Callable[[], object]], Awaitable[object]]
"""Does what takes time in a thread."""


class EvaluatorDiedError(Exception):
    """The evaluator ended; ``status`` is its exit code or minus the signal, None if unknown."""

    def __init__(self, status: int | None) -> None:
        super().__init__(status)
        self.status = status


class EvaluatorClient:
    """A connection to an evaluator, which may answer again while it is not ``is_spent``."""

    def __init__(self, address: Path, in_thread: InThread, spool: tuple[str, int]) -> None:
        """Connect, which forks the evaluator; ``greeted`` waits until it is there.

        ``spool`` is the folder in which long answers are gathered, and its room in bytes. Raises
        OSError if the graph does not listen.
        """
        self._loop = asyncio.get_running_loop()
        self._in_thread = in_thread
        self._spool = spool[0] or None, spool[1]
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.setblocking(False)
        try:
            self._socket.connect(str(address))
        except OSError:
            self._socket.close()
            raise
        self._heard: deque[bytes] = deque()
        self._unsent: deque[bytes] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._failure: CecotError | None = None
        self._is_listening = self._is_sending = self._is_asked = False
        self.process = self.graph_process = 0
        self.is_spent = False
        self.is_demoted = False
        self.when_dead: Callable[[EvaluatorClient], None] = lambda _: None
        self.idle_since = 0.0
        self._listen()

    async def greeted(self, version: str | None) -> None:
        """Wait until the evaluator is there; raises OSError if it is not of ``version``."""
        self._is_asked = True
        data = await self._hear()
        self._is_asked = False
        if data[:1] != HELLO:
            raise ConnectionAbortedError("no evaluator was started")
        hello = unpack(data).heading
        self.process, self.graph_process = hello["process"], hello["graph"]
        if version is not None and hello["version"] != version:
            raise ConnectionAbortedError("the graph has changed")

    @property
    def computed(self) -> float:
        """Seconds that the evaluator has computed since it began."""
        return has_computed(self.process)

    def demote(self) -> None:
        """Let the evaluator compute only where nobody else wants to."""
        if not self.is_demoted:
            self.is_demoted = demote(self.process)

    def promote(self) -> None:
        """Let the evaluator compute like others again, if that is allowed."""
        if self.is_demoted:
            self.is_demoted = not promote(self.process)

    def pause(self) -> None:
        """Let the evaluator stand still."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let the evaluator go on."""
        self._signal(signal.SIGCONT)

    def fail(self, error: CecotError) -> None:
        """Have whoever waits for the answer raise ``error`` instead."""
        self._failure = error
        self._wake()

    async def ask(self, query: Query, seconds: float) -> Answer:
        """Give the answer to ``query``, which may compute for ``seconds``.

        Raises the errors of evaluation, those of ``fail``, Unavailable if there is no room for the
        answer, and EvaluatorDiedError. Unless it is answered, or an error of evaluation raised, the
        evaluator is spent.
        """
        self._is_asked, self.is_spent, self._failure = True, True, None
        self._unsent.extend(pack_query(query, seconds))
        self._send()
        spool = Spool(*self._spool)
        try:
            while True:
                data = await self._hear()
                kind = data[:1]
                if kind == DONE:
                    return await self._whole(data, spool)
                packet = unpack(data)
                if kind == BYTES:
                    if spool.add(packet.payload):
                        await self._in_thread(spool.write)
                elif kind == AGAIN:
                    spool.discard()
                elif kind == ERROR:
                    self.is_spent, self._is_asked = bool(packet.heading["retires"]), False
                    raise read_error(packet.heading)
                elif kind == DEATH:
                    raise EvaluatorDiedError(packet.heading["status"])
        finally:
            spool.discard()

    def close(self) -> None:
        """End the evaluator."""
        self.is_spent = True
        self._loop.remove_reader(self._socket.fileno())
        self._loop.remove_writer(self._socket.fileno())
        self._socket.close()

    async def _whole(self, data: bytes, spool: Spool) -> Answer:
        done, last = unpack_done(data)
        if spool.is_long:
            body = await self._in_thread(lambda: spool.finish(last))
        else:
            body = spool.finish(last)
        self.is_spent, self._is_asked = done.retires, False
        return Answer(done.form, done.media_type, body, done.length, done.seconds)  # type: ignore[arg-type]

    async def _hear(self) -> bytes:
        """Give the next packet; raises EvaluatorDiedError at the end of the connection."""
        while not (self._heard or self._failure):
            self._waiter = self._loop.create_future()
            self._listen()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self._failure:
            raise self._failure
        data = self._heard.popleft()
        if not data:
            raise EvaluatorDiedError(None)
        return data

    def _listen(self) -> None:
        if not self._is_listening:
            self._is_listening = True
            self._loop.add_reader(self._socket.fileno(), self._readable)

    def _rest(self) -> None:
        self._is_listening = False
        self._loop.remove_reader(self._socket.fileno())

    def _readable(self) -> None:
        """Take what has come, for whoever waits for it."""
        if self._waiter is None:
            self._rest()
            if not self._is_asked:  # it had nothing to say, so this is its end
                self.is_spent = True
                self.when_dead(self)
            return
        for _ in range(AT_ONCE):
            try:
                data = receive(self._socket)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            self._heard.append(data)
            if data[:1] != BYTES:
                break
        if self._heard:
            self._wake()

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def _send(self) -> None:
        """Send what is to be sent, as far as there is room for it; the rest when there is."""
        try:
            while self._unsent:
                self._socket.send(self._unsent[0])
                self._unsent.popleft()
        except BlockingIOError:
            if not self._is_sending:
                self._is_sending = True
                self._loop.add_writer(self._socket.fileno(), self._send)
            return
        except OSError:
            # The evaluator has died already: the graph process has said how.
            self._unsent.clear()
        if self._is_sending:
            self._is_sending = False
            self._loop.remove_writer(self._socket.fileno())

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, number)


def is_own_fault(death: EvaluatorDiedError) -> bool:
    """Whether the query ended its evaluator itself; SIGKILL, and silence, come from outside."""
    return death.status is not None and death.status not in (0, -signal.SIGKILL)


def unavailable() -> Unavailable:
    """Build the error for a graph that cannot be asked now."""
    return Unavailable(
        say("The graph does not answer at this moment; it is being started again."),
        hint=say("Send the query again in a moment."),
    )
