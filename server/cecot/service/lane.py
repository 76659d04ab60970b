"""A lane: so many queries at work, a short queue, and who is next."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from cecot.errors import CecotError, Overloaded, Unavailable
from cecot.messages import say
from cecot.service.caller import Caller
from cecot.service.standing import GOOD, Standing

LOOK = 0.25
"""Seconds after which one that waits sees whether there is room now that was none before."""


@dataclass(slots=True, eq=False)
class _Waiter:
    client: str
    rank: int
    turn: threading.Event = field(default_factory=threading.Event)
    admitted: bool = False
    refused: CecotError | None = None


class Lane:
    """So many at work, so many waiting, and of each client only so many of both.

    Clients of good standing come first; among equals the one that has the fewest at work. A quarter
    of the places is theirs alone. When the queue is full, one of worse standing, or of the client
    that has the most in it, makes room.
    """

    def __init__(
        self,
        width: int,
        room: int,
        per_client: int = 0,
        standing: Standing | None = None,
        most_now: Callable[[], float] = lambda: math.inf,
    ) -> None:
        """``most_now`` may say at any time that fewer than ``width`` should be at work."""
        self._most_now = most_now
        self._width = width
        self._for_all = width - width // 4
        self._standing = standing or Standing()
        self._room = room
        self._per_client = per_client
        self._lock = threading.Lock()
        self._working: Counter[str] = Counter()
        self._waiters: list[_Waiter] = []

    @property
    def working(self) -> int:
        """How many are at work."""
        return self._working.total()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiters)

    def working_for(self, client: str) -> int:
        """How many of an address are at work."""
        return self._working[client]

    @property
    def is_crowded(self) -> bool:
        """Whether more than a quarter of the places are taken."""
        return self.working > max(1, self._width // 4)

    def try_enter(self, caller: Caller) -> bool:
        """Take a place if one is free and nobody waits for it."""
        with self._lock:
            rank = self._standing.rank(caller, beside=self._of(caller.address))
            if not self._has_place(rank):
                return False
            self._working[caller.address] += 1
            return True

    def enter(self, caller: Caller, patience: float) -> None:
        """Take a place, waiting ``patience`` seconds for it.

        Raises Overloaded if there is none, Unavailable if the client goes in the meantime.
        """
        client = caller.address
        with self._lock:
            mine = self._of(client)
            rank = self._standing.rank(caller, beside=mine)
            if self._per_client and mine >= self._per_client and rank != GOOD:
                raise too_many_of(mine)
            if self._has_place(rank):
                self._working[client] += 1
                return
            if len(self._waiters) >= self._room:
                self._make_room(client, rank)
            waiter = _Waiter(client, rank)
            self._waiters.append(waiter)
        give_up = time.monotonic() + patience
        with caller.interruptible(waiter.turn.set):
            while not waiter.turn.wait(min(LOOK, _left(give_up))) and _left(give_up):
                with self._lock:
                    self._admit()
        with self._lock:
            if waiter.admitted:
                return
            if waiter in self._waiters:
                self._waiters.remove(waiter)
        if waiter.refused:
            raise waiter.refused
        if caller.has_gone:
            raise Unavailable(say("The client has gone."))
        raise _too_many(say("The query waited {seconds:.1f} s for its turn.", seconds=patience))

    def leave(self, client: str) -> None:
        """Give a place back; those that are next take what there is."""
        with self._lock:
            self._working[client] -= 1
            if not self._working[client]:
                del self._working[client]
            self._admit()

    def _admit(self) -> None:
        while self._waiters:
            # min() takes the first of equals: the one that has waited longest.
            waiter = min(self._waiters, key=lambda each: (each.rank, self._working[each.client]))
            if not self._has_room(waiter.rank):
                return
            self._waiters.remove(waiter)
            self._working[waiter.client] += 1
            waiter.admitted = True
            waiter.turn.set()

    def _has_room(self, rank: int) -> bool:
        places = self._width if rank == GOOD else self._for_all
        return self.working < min(places, self._most_now())

    def _has_place(self, rank: int) -> bool:
        """Whether there is room, and nobody waits who would have it first."""
        return self._has_room(rank) and not any(each.rank <= rank for each in self._waiters)

    def _of(self, client: str) -> int:
        return self._working[client] + sum(each.client == client for each in self._waiters)

    def _make_room(self, client: str, rank: int) -> None:
        counts = Counter(each.client for each in self._waiters)
        # max() takes the first of equals: of these, the one that came last.
        victim = max(
            reversed(self._waiters), key=lambda each: (each.rank, counts[each.client]), default=None
        )
        if victim is None or (victim.rank, counts[victim.client]) <= (rank, counts[client] + 1):
            raise _too_many(say("{count} queries wait already.", count=len(self._waiters)))
        self._waiters.remove(victim)
        victim.refused = _too_many(
            say("Other clients wait as well, and this one waits most often.")
        )
        victim.turn.set()


def _left(until: float) -> float:
    """Give the seconds until the monotonic clock shows ``until``, at least 0."""
    return max(until - time.monotonic(), 0.0)


def too_many_of(count: int) -> Overloaded:
    """Build the error for an address that has ``count`` queries under way."""
    return _too_many(say("{count} queries of this address are under way already.", count=count))


def _too_many(what: str) -> Overloaded:
    return Overloaded(
        what,
        hint=say(
            "Wait {seconds} s before you ask again, and ask one after the other.",
            seconds=Overloaded.retry_after,
        ),
    )
