"""Warm evaluators, so that a query does not wait for a fork."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from cecot.service.conversation import Conversation

FAT = 64 << 20
"""Bytes of its own from which on an evaluator counts as fat."""

KEPT_FAT = 10.0
"""Seconds without a fat one's return after which there are too many of them."""

PACE = 0.02
"""Seconds before each fork that has time: a fork holds up whoever computes."""


class Pool:
    """Keeps idle conversations: a thread of its own sees to it that there are ``size``.

    Half as many again are kept when they come back, lest those be ended that were replaced while
    they were away.

    An evaluator that has read much of the graph has copied it, and is faster for it: the one that
    came back last is asked first, and a new one last. When no fat one has come back for a while
    only ``most_fat`` are kept. In a flood half of those that wait are spared for clients of good
    standing: the others wait for a fork.
    """

    def __init__(
        self,
        address: Path,
        size: int,
        patience: float,
        *,
        version: str | None = None,
        spool: tuple[str, int] = ("", 1 << 30),
        most_fat: int = 1,
    ) -> None:
        self._version, self._spool = version, spool
        self._most_fat = most_fat
        self._address = address
        self._size = size
        self._patience = patience
        self._idle: list[Conversation] = []
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._wanted = threading.Event()
        self._closed = False
        self._fat_until = 0.0
        self.ended = 0
        self.graph_process = 0
        self.fork_time = 0.0
        self.can_promote: bool | None = None  # until the first evaluator has shown it
        self._warmer = threading.Thread(target=self._keep_warm, name="warmer", daemon=True)
        self._warmer.start()
        self._wanted.set()

    def take_idle(self, *, sparing: bool = False) -> Conversation | None:
        """Give an evaluator that waits, if there is one; if ``sparing``, leave half of them."""
        least = self._size // 2 if sparing else 0
        while True:
            with self._lock:
                conversation = self._idle.pop() if len(self._idle) > least else None
            if conversation is None or conversation.is_alive():
                return conversation
            conversation.close()

    def take(self, *, sparing: bool = False) -> Conversation:
        """Give an evaluator that waits, or a new one; OSError if the graph does not answer.

        If ``sparing``, new ones are given one after the other.
        """
        conversation = self.take_idle(sparing=sparing)
        if conversation or not sparing:
            return conversation or self.fresh()
        with self._turn:
            time.sleep(PACE)
            return self.take_idle(sparing=True) or self.fresh()

    def fresh(self) -> Conversation:
        """Give a new evaluator; OSError if the graph does not answer."""
        return Conversation(self._address, self._patience, version=self._version, spool=self._spool)

    def give_back(self, conversation: Conversation) -> None:
        """Take an evaluator back after its answer; a spent one is replaced."""
        if not self._keep(conversation, asked_first=True):
            self.discard(conversation)
        elif conversation.grown > FAT:
            self._fat_until = time.monotonic() + KEPT_FAT
            self._wanted.set()

    def discard(self, conversation: Conversation) -> None:
        """End an evaluator, whatever it does, and replace it."""
        self.ended += 1
        conversation.close()
        self._wanted.set()

    @property
    def idle(self) -> int:
        """How many evaluators wait."""
        return len(self._idle)

    def close(self) -> None:
        """End all evaluators that wait."""
        with self._lock:
            self._closed = True
            conversations, self._idle = self._idle, []
        self._wanted.set()
        for conversation in conversations:
            conversation.close()
        self._warmer.join()

    def _keep(self, conversation: Conversation, *, asked_first: bool) -> bool:
        with self._lock:
            most = self._size + self._size // 2
            if conversation.is_spent or self._closed or len(self._idle) >= most:
                return False
            self._idle.insert(len(self._idle) if asked_first else 0, conversation)
            return True

    def _keep_warm(self) -> None:
        while not self._closed:
            self._wanted.wait(self._before_shedding())
            self._wanted.clear()
            self._shed()
            self._fork()

    def _before_shedding(self) -> float | None:
        """Give the seconds after which there will be too many fat ones, None if never."""
        if len(self._fat()) <= self._most_fat:
            return None
        return max(0.0, self._fat_until - time.monotonic())

    def _shed(self) -> None:
        """End the fat ones that are too many."""
        if self._before_shedding() != 0.0:
            return
        with self._lock:
            surplus = self._fat()[: -self._most_fat]
            self._idle = [each for each in self._idle if each not in surplus]
        for conversation in surplus:
            self.ended += 1
            conversation.close()

    def _fat(self) -> list[Conversation]:
        return [each for each in self._idle if each.grown > FAT]

    def _fork(self) -> None:
        """See to it that enough evaluators wait."""
        while not self._closed and len(self._idle) < self._size:
            if len(self._idle) > self._size // 2:
                time.sleep(PACE)
            began = time.perf_counter()
            try:
                conversation = self.fresh()
            except OSError:
                return  # the graph is being started again; the next query that needs one says so
            self.graph_process = conversation.graph_process
            spent = time.perf_counter() - began
            self.fork_time += (spent - self.fork_time) / 4
            if self.can_promote is not False:
                conversation.demote()  # until it is asked: what it does first has time
            if self.can_promote is None:
                conversation.promote()
                self.can_promote = not conversation.is_demoted
            is_lost = conversation.is_demoted and not self.can_promote
            if is_lost or not self._keep(conversation, asked_first=False):
                conversation.close()
