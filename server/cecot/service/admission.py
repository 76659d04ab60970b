"""Whose turn it is: a bounded number of queries at work, a short queue, and no more.

There are two lanes for what clients ask. A query starts in the light lane; one that has computed
for long goes on in the heavy lane, whose width is small: cheap queries never stand behind
expensive ones. A query that was heavy the last time starts in the heavy lane at once. What pages
ask has a third lane, so that neither pages nor queries stand behind the other.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from cecot.errors import CecotError, Overloaded, Unavailable
from cecot.messages import say
from cecot.service.caller import Caller
from cecot.service.heavy_queries import HeavyQueries
from cecot.service.standing import GOOD, Standing
from cecot.settings import Settings

QUIET = 1.0
"""Seconds without a quick query after which the heavy ones may have all processors."""

PROCESSORS = len(os.sched_getaffinity(0))
"""How many processors this process may use."""


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

    def try_enter(self, caller: Caller) -> bool:
        """Take a place if one is free and nobody waits for it."""
        rank = self._standing.rank(caller)
        with self._lock:
            if not self._has_place(rank):
                return False
            self._working[caller.address] += 1
            return True

    def enter(self, caller: Caller, patience: float) -> None:
        """Take a place, waiting ``patience`` seconds for it.

        Raises Overloaded if there is none, Unavailable if the client goes in the meantime.
        """
        client, rank = caller.address, self._standing.rank(caller)
        with self._lock:
            mine = self._of(client)
            if self._per_client and mine >= self._per_client and rank != GOOD:
                raise _too_many(
                    say("{count} queries of this address are under way already.", count=mine)
                )
            if self._has_place(rank):
                self._working[client] += 1
                return
            if len(self._waiters) >= self._room:
                self._make_room(client, rank)
            waiter = _Waiter(client, rank)
            self._waiters.append(waiter)
        with caller.interruptible(waiter.turn.set):
            waiter.turn.wait(patience)
        with self._lock:
            if waiter.admitted:
                return
            if waiter in self._waiters:
                self._waiters.remove(waiter)
        if waiter.refused:
            raise waiter.refused
        if caller.has_gone:
            raise Unavailable("The client has gone.")
        raise _too_many(say("The query waited {seconds:.1f} s for its turn.", seconds=patience))

    def leave(self, client: str) -> None:
        """Give a place back; the next one takes it."""
        with self._lock:
            self._working[client] -= 1
            if not self._working[client]:
                del self._working[client]
            if self._waiters:
                # min() takes the first of equals: the one that has waited longest.
                waiter = min(
                    self._waiters, key=lambda each: (each.rank, self._working[each.client])
                )
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


class Ticket:
    """The place of one query: in the light lane at first, in the heavy one if it takes long.

    That of a page is in a lane of its own, and stays there.
    """

    def __init__(self, admission: Admission, caller: Caller, until: float) -> None:
        """No wait goes on when the monotonic clock shows ``until``."""
        self.until = until
        self._caller = caller
        self._standing = admission.standing
        self._light = admission.light
        self._heavy = admission.heavy
        self._pages = admission.pages
        self._patience = admission.patience
        self._lane: Lane | None = None

    @property
    def is_heavy(self) -> bool:
        """Whether the query is in the heavy lane."""
        return self._lane is self._heavy

    @property
    def is_page(self) -> bool:
        """Whether the query is one that a page asks."""
        return self._caller.is_page

    @property
    def is_first(self) -> bool:
        """Whether the client comes before others where something is scarce."""
        return self._caller.urgent or self._standing.rank(self._caller) == GOOD

    def enter(self, *, heavy: bool) -> None:
        """Wait for a place; raises Overloaded or Unavailable. Who is urgent needs none."""
        if self._caller.is_page:
            self._wait(self._pages)
        elif not self._caller.urgent:
            self._wait(self._heavy if heavy else self._light)

    def try_enter(self) -> bool:
        """Take a place in the light lane, if that needs no waiting."""
        if not self._light.try_enter(self._caller):
            return False
        self._lane = self._light
        return True

    def become_heavy(self, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        """Change lanes. If the heavy one is full, the work is paused until it has a place.

        Raises Overloaded or Unavailable, and then leaves the work paused.
        """
        if self._lane is not self._light:
            return
        self.leave()
        if self._heavy.try_enter(self._caller):
            self._lane = self._heavy
            return
        pause()
        self._wait(self._heavy)
        resume()

    def _wait(self, lane: Lane) -> None:
        lane.enter(self._caller, max(min(self._patience, self.until - time.monotonic()), 0.0))
        self._lane = lane

    def leave(self) -> None:
        """Give the place back."""
        if self._lane:
            self._lane.leave(self._caller.address)
            self._lane = None


class Admission:
    """The lanes, and the memory of what was heavy."""

    def __init__(self, settings: Settings, processors: int = PROCESSORS) -> None:
        """Take widths, rooms and patience from the settings."""
        self._processors = processors
        self.known, self.standing = HeavyQueries(), Standing()
        self._quick_ended = -math.inf
        room, each = settings.waiting, settings.per_client
        self.light = Lane(settings.queries, room, each, self.standing)
        self.heavy = Lane(settings.heavy, room, each, self.standing, self._most_heavy_now)
        self.pages = Lane(
            pages_at_once(settings), settings.threads, settings.per_client, self.standing
        )
        self.patience = settings.patience

    def note(self, caller: Caller, text: str, *, heavy: bool, quick: bool = False) -> None:
        """Remember how a query was, and who asked it; nobody answers for a query of a page."""
        if quick and not caller.urgent:
            self._quick_ended = time.monotonic()
        if not caller.is_page:
            self.known.note(text, heavy=heavy)
        if not caller.urgent and not (caller.is_page and heavy):
            self.standing.note(caller, heavy=heavy)

    def _most_heavy_now(self) -> float:
        """Bound the heavy queries: while quick ones come, a processor is left to those."""
        is_quiet = time.monotonic() - self._quick_ended > QUIET
        return math.inf if is_quiet else max(1, self._processors - 1)

    def ticket(self, caller: Caller, seconds: float) -> Ticket:
        """Give a ticket, without a place yet, for a query that must be answered in ``seconds``."""
        return Ticket(self, caller, time.monotonic() + seconds)


def pages_at_once(settings: Settings) -> int:
    """Give how many queries of pages are evaluated at the same time."""
    return max(2, settings.queries // 2)


def most_under_way(settings: Settings) -> int:
    """Give how many queries are at work or wait at the same time, those of pages among them."""
    waiting = 2 * settings.waiting + settings.threads
    return settings.queries + settings.heavy + pages_at_once(settings) + waiting


def _too_many(what: str) -> Overloaded:
    return Overloaded(
        what,
        hint=say(
            "Wait {seconds} s before you ask again, and ask one after the other.",
            seconds=Overloaded.retry_after,
        ),
    )
