"""Whose turn it is: a bounded number of queries at work, a short queue, and no more.

There are two lanes for what clients ask. A query starts in the light lane; one that has computed
for long goes on in the heavy lane, whose width is small: cheap queries never stand behind
expensive ones. A query that was heavy the last time starts in the heavy lane at once. What pages
ask has a third lane, so that neither pages nor queries stand behind the other.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable

from cecot.service.caller import Caller
from cecot.service.heavy_queries import HeavyQueries
from cecot.service.lane import Lane
from cecot.service.standing import GOOD, Standing
from cecot.settings import Settings

QUIET = 1.0
"""Seconds without a quick query after which the heavy ones may have all processors."""

PROCESSORS = len(os.sched_getaffinity(0))
"""How many processors this process may use."""


class Ticket:
    """The place of one query: in the light lane at first, in the heavy one if it takes long.

    That of a page is in a lane of its own, and stays there. One that came into a light lane in
    which others were at work, and from a client of no good standing, ``is_in_a_crowd``.
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
        self.is_in_a_crowd = False

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
        beside = self._lane.working_for(self._caller.address) - 1 if self._lane else 0
        return self._caller.urgent or self._standing.rank(self._caller, beside=beside) == GOOD

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
        self._begin(self._light)
        return True

    def become_heavy(self, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        """Change lanes. If the heavy one is full, the work is paused until it has a place.

        Raises Overloaded or Unavailable, and then leaves the work paused.
        """
        if self._lane is not self._light:
            return
        self.leave()
        if self._heavy.try_enter(self._caller):
            self._begin(self._heavy)
            return
        pause()
        self._wait(self._heavy)
        resume()

    def _wait(self, lane: Lane) -> None:
        lane.enter(self._caller, max(min(self._patience, self.until - time.monotonic()), 0.0))
        self._begin(lane)

    def _begin(self, lane: Lane) -> None:
        self._lane = lane
        self.is_in_a_crowd = lane is self._light and lane.is_crowded and not self.is_first

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
        room = settings.waiting
        self._per_client = each = settings.per_client
        self.light = Lane(settings.queries, room, each, self.standing)
        # Most that wait for this one have been paused, and hold their memory.
        paused = min(room, settings.queries)
        self.heavy = Lane(settings.heavy, paused, each, self.standing, self._most_heavy_now)
        self.pages = Lane(pages_at_once(settings), settings.threads, each, self.standing)
        self.patience = settings.patience

    def note(self, caller: Caller, text: str, *, heavy: bool, quick: bool = False) -> None:
        """Remember how a query was, and who asked it; nobody answers for a query of a page."""
        if quick and not caller.urgent:
            self._quick_ended = time.monotonic()
        if not caller.is_page:
            self.known.note(text, heavy=heavy)
        if not caller.urgent and not (caller.is_page and heavy):
            self.standing.note(caller, heavy=heavy)

    def has_too_many(self, caller: Caller, under_way: int) -> bool:
        """Whether the client, with so many requests under way, is refused one more."""
        is_full = 0 < self._per_client <= under_way
        return is_full and self.standing.rank(caller, beside=under_way) != GOOD

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
