"""The front's side of one evaluator: a connection that carries one query at a time."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from cecot.engine import Answer, Query
from cecot.errors import Unavailable
from cecot.service.gathering import Gathering
from cecot.service.processes import demote, promote
from cecot.service.wire import (
    AGAIN,
    BYTES,
    DEATH,
    DONE,
    ERROR,
    HELLO,
    LARGEST,
    read_error,
    send_query,
    unpack,
    unpack_done,
)

TICK = 0.02
"""Seconds between two looks at a query that takes long."""

MOST_PACKETS, FEW_PACKETS = 64, 4
"""Packets that are taken before one looks at the time again; and where nobody may wait."""


class DiedError(Exception):
    """The evaluator ended; ``status`` is its exit code or minus the signal, None if unknown."""

    def __init__(self, status: int | None) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, with the computing time that it took."""

    answer: Answer
    cpu: float


class Conversation:
    """A connection to an evaluator. Closing it ends the evaluator, whatever it is doing."""

    def __init__(
        self,
        address: Path,
        patience: float,
        *,
        version: str | None = None,
        spool: tuple[str, int] = ("", 1 << 30),
    ) -> None:
        """Connect, which forks the evaluator.

        ``spool`` is the folder in which long answers are gathered, and its room in bytes.

        Raises OSError if the graph does not answer, or is not of ``version``.
        """
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._spool = spool[0] or None, spool[1]
        self._answer = Gathering(*self._spool)
        try:
            self._socket.settimeout(patience)
            self._socket.connect(str(address))
            data = self._socket.recv(LARGEST)
            if data[:1] != HELLO:
                raise ConnectionAbortedError("no evaluator was started")
        except OSError:
            self._socket.close()
            raise
        # The kernel keeps the time of each wait: a poll() before each recv() would cost as much.
        self._socket.setblocking(True)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _timeval(TICK))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _timeval(patience))
        self._buffer = bytearray(LARGEST)
        self._view = memoryview(self._buffer)
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)
        hello = unpack(data).heading
        self.process: int = hello["process"]
        self.graph_process: int = hello["graph"]
        if version is not None and hello["version"] != version:
            self.close()
            raise ConnectionAbortedError("the graph has changed")
        self.is_spent = False
        self.is_demoted = False
        self.grown = 0

    @property
    def descriptor(self) -> int:
        """What becomes readable when there is something to hear."""
        return self._socket.fileno()

    def is_alive(self) -> bool:
        """Tell whether the evaluator waits for a query: then it has nothing to say."""
        return not self.is_spent and not self.hears_within(0)

    def hears_within(self, seconds: float) -> bool:
        """Wait until there is something to hear, and tell whether there is."""
        return bool(self._poll.poll(seconds * 1000))

    def demote(self) -> None:
        """Let the evaluator compute only where nobody else wants to."""
        if not self.is_demoted:
            self.is_demoted = demote(self.process)

    def promote(self) -> None:
        """Let the evaluator compute like others again, if that is allowed."""
        if self.is_demoted:
            self.is_demoted = not promote(self.process)

    def ask(self, query: Query, seconds: float) -> None:
        """Send ``query``, to be answered within ``seconds`` of computing time."""
        self._answer = Gathering(*self._spool)
        # An error here means that the evaluator has died already: the graph process has said how.
        with contextlib.suppress(OSError):
            send_query(self._socket, query, seconds)

    def hear(self, *, wait: bool) -> Reply | None:
        """Give the reply once it is complete; None if it is not, after TICK seconds or at once.

        Of a long answer that is on its way, each call takes a part.

        Raises the errors of evaluation, and Unavailable if there is no room for the answer. After
        DiedError (the evaluator ended) the conversation must be closed.
        """
        flags = 0 if wait else socket.MSG_DONTWAIT
        for _ in range(MOST_PACKETS if wait else FEW_PACKETS):
            try:
                size = self._socket.recv_into(self._buffer, 0, flags)
            except BlockingIOError:
                return None
            except OSError:
                raise DiedError(None) from None
            if not size:
                raise DiedError(None)
            data = bytes(self._view[:size])
            kind = data[:1]
            if kind == DONE:
                return self._reply(data)
            packet = unpack(data)
            if kind == BYTES:
                self._gather(packet.payload)
            elif kind == AGAIN:
                self._answer.discard()
            elif kind == ERROR:
                self._answer.discard()
                self.is_spent = bool(packet.heading["retires"])
                raise read_error(packet.heading)
            elif kind == DEATH:
                raise DiedError(packet.heading["status"])
        return None

    def interrupt(self) -> None:
        """End the evaluator from another thread; the one that waits for it sees it die."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the evaluator and free what the conversation holds."""
        self.is_spent = True
        self._socket.close()
        self._answer.discard()

    def _gather(self, data: bytes) -> None:
        try:
            self._answer.add(data)
        except Unavailable:
            self.is_spent = True  # it would go on sending
            raise

    def _reply(self, data: bytes) -> Reply:
        done, last = unpack_done(data)
        self.is_spent, self.grown = done.retires, done.grown
        body = self._answer.finish(last)
        answer = Answer(done.form, done.media_type, body, done.length, done.seconds)
        return Reply(answer, done.cpu)


def _timeval(seconds: float) -> bytes:
    return struct.pack("ll", int(seconds), int(seconds % 1 * 1_000_000))
