"""The service's side of one evaluator: a connection that carries queries, answered in order.

Those that wait behind the first have been sent already, so that the evaluator goes on with the next
one at once. The connection is read in the event loop. Closing it ends the evaluator, whatever it is
doing.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import cast

from cecot.engine import Answer, Query
from cecot.service.processes import demote, has_computed, promote
from cecot.service.spool import Spool
from cecot.service.wire import (
    AGAIN,
    BYTES,
    DEATH,
    DONE,
    ERROR,
    FORGET,
    FORGOTTEN,
    HELLO,
    pack,
    pack_query,
    read_error,
    receive,
    unpack,
    unpack_answer,
)
from cecot.settings import Settings

AT_ONCE = 8
"""Packets of a long answer that are taken before others have their turn in the event loop."""

LAST = (DONE, ERROR, HELLO)
"""Kinds of packets after which the evaluator goes on to what it has been asked next."""


class EvaluatorDiedError(Exception):
    """The evaluator ended; ``status`` is its exit code or minus the signal, None if unknown."""

    def __init__(self, status: int | None) -> None:
        super().__init__(status)
        self.status = status

    @property
    def is_own_fault(self) -> bool:
        """Whether the query ended its evaluator itself; SIGKILL, and silence, come from outside."""
        return self.status is not None and self.status not in (0, -signal.SIGKILL)


class MovedError(Exception):
    """A query that waited behind another has not been begun: another evaluator must be asked."""


class Turn:
    """A query's turn in an evaluator: what the evaluator says to it, and whoever waits for that."""

    def __init__(self) -> None:
        self.heard: deque[bytes] = deque()
        self.waiter: asyncio.Future[None] | None = None
        self.failure: Exception | None = None

    def begins(self) -> None:
        """Note that nothing is before this one any more."""

    def fail(self, error: Exception) -> None:
        """Have whoever waits for the answer raise ``error`` instead."""
        self.failure = error
        self.wake()

    def wake(self) -> None:
        """Have whoever waits look again."""
        if self.waiter and not self.waiter.done():
            self.waiter.set_result(None)


class EvaluatorClient:
    """A connection to an evaluator, which may be asked while it is not ``is_spent``."""

    def __init__(self, address: Path, settings: Settings) -> None:
        """Connect, which forks the evaluator; ``greeted`` waits until it is there.

        Raises OSError if the graph does not listen.
        """
        self._loop = asyncio.get_running_loop()
        self._settings = settings
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.setblocking(False)
        try:
            self._socket.connect(str(address))
        except OSError:
            self._socket.close()
            raise
        self._turns: deque[Turn] = deque()
        self._taken_back = 0
        self._unsent: deque[bytes] = deque()
        self._is_listening = self._is_sending = False
        self.process = self.graph_process = 0
        self.is_spent = False
        self.is_demoted = self._is_paused = False
        self.when_dead: Callable[[EvaluatorClient], None] = lambda _: None
        self.idle_since = 0.0
        self._listen()

    async def greeted(self, version: str | None) -> None:
        """Wait until the evaluator is there; raises OSError if it is not of ``version``."""
        turn = Turn()
        self._turns.append(turn)
        data = await self._hear(turn)
        if data[:1] != HELLO:
            raise ConnectionAbortedError("no evaluator was started")
        hello, _ = unpack(data)
        self.process, self.graph_process = hello["process"], hello["graph"]
        if version is not None and hello["version"] != version:
            raise ConnectionAbortedError("the graph has changed")

    @property
    def load(self) -> int:
        """How many queries it has been asked, and not yet answered."""
        return len(self._turns)

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
        self._is_paused = True
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let the evaluator go on, if it stands still."""
        if self._is_paused:
            self._is_paused = False
            self._signal(signal.SIGCONT)

    async def ask(self, query: Query, seconds: float, turn: Turn) -> Answer:
        """Give the answer to ``query``, which may compute for ``seconds`` from when it begins.

        Raises the errors of evaluation, those of ``turn.fail``, Unavailable if there is no room for
        the answer, MovedError and EvaluatorDiedError. If it is left while it is evaluated, the
        evaluator is spent.
        """
        self._turns.append(turn)
        self._unsent.extend(pack_query(query, seconds))
        self._send()
        if self._turns[0] is turn:
            turn.begins()
        spool: Spool | None = None
        try:
            while True:
                data = await self._hear(turn)
                kind = data[:1]
                if kind == DONE:
                    answer, retires = unpack_answer(data)
                    self.is_spent |= retires
                    return await self._whole(answer, spool) if spool else answer
                spool = spool or Spool(self._settings.spool or None, self._settings.spool_size)
                heading, payload = unpack(data)
                if kind == BYTES:
                    if spool.add(payload):
                        await asyncio.to_thread(spool.write)
                elif kind == AGAIN:
                    spool.discard()
                elif kind == ERROR:
                    self.is_spent |= bool(heading["retires"])
                    raise read_error(heading)
                elif kind == DEATH:
                    raise EvaluatorDiedError(heading["status"])
        finally:
            if spool:
                spool.discard()
            if turn in self._turns:
                self._leave(turn)

    def has_answered(self, turn: Turn) -> bool:
        """Whether the answer to a query that has begun is here, be it this very moment."""
        if turn in self._turns:
            self._readable()
        return turn not in self._turns

    def take_back(self) -> None:
        """Have all queries but the first asked elsewhere."""
        behind = [*self._turns][1:]
        if behind:
            self._turns = deque([self._turns[0]])
            self._taken_back += 1
            self._unsent.append(pack(FORGET))
            self._send()
        for turn in behind:
            turn.fail(MovedError())

    def close(self) -> None:
        """End the evaluator; what it has been asked must be asked elsewhere."""
        self.is_spent = True
        self._loop.remove_reader(self._socket.fileno())
        self._loop.remove_writer(self._socket.fileno())
        self._socket.close()
        while self._turns:
            self._turns.popleft().fail(MovedError())

    def _leave(self, turn: Turn) -> None:
        """Let nobody wait for the answer to a query any more."""
        if turn is self._turns[0]:
            self.is_spent = True  # it would go on with it
        else:
            self.take_back()

    async def _whole(self, end: Answer, spool: Spool) -> Answer:
        last = cast("bytes", end.body)
        if spool.is_long:
            body = await asyncio.to_thread(spool.finish, last)
        else:
            body = spool.finish(last)
        return end._replace(body=body)

    async def _hear(self, turn: Turn) -> bytes:
        """Give the next packet; raises EvaluatorDiedError at the end of the connection."""
        while not (turn.heard or turn.failure):
            turn.waiter = self._loop.create_future()
            self._listen()
            try:
                await turn.waiter
            finally:
                turn.waiter = None
        if turn.failure:
            raise turn.failure
        data = turn.heard.popleft()
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
        if not self._turns:  # it had nothing to say, so this is its end
            self._rest()
            self.is_spent = True
            self.when_dead(self)
            return
        turn = self._turns[0]
        if turn.waiter is None:  # what came before is being written
            self._rest()
            return
        for _ in range(AT_ONCE):
            try:
                data = receive(self._socket)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            kind = data[:1]
            if kind == FORGOTTEN:
                self._taken_back -= 1
                continue
            turn.heard.append(data)
            if kind in LAST:
                self._next()
            if kind != BYTES:
                break
        if turn.heard:
            turn.wake()

    def _next(self) -> None:
        """Let the first turn be over, and the one behind it begin."""
        self._turns.popleft()
        if self._taken_back:  # too late: it may be at work on what nobody waits for
            self.is_spent = True
        elif self._turns:
            self._turns[0].begins()

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
