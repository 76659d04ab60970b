"""Who computes now: so many queries at once, fewer heavy ones, a short queue, no more.

A query takes one of ``queries`` places, or waits for one. Once it has computed for ``heavy-after``
seconds it gives that back and needs one of ``heavy`` places, or stands still until it has one. A
client whose last query was not heavy has credit: a quarter of the ordinary places is for such
clients alone (decision 61). In a queue the client with the fewest places is next, a full one sends
away the latest of the client that waits most; among equals those with credit fare better. That is
all. Everything here happens in one event loop.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from cecot.engine import Caller
from cecot.errors import CecotError, Overloaded
from cecot.messages import say
from cecot.settings import Settings

Refuse = Callable[[CecotError], object]

REMEMBERED = 8192
"""Clients whose credit is remembered."""


class Credit:
    """The clients whose last query was not heavy."""

    def __init__(self) -> None:
        self._clients: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, client: str) -> bool:
        """Whether ``client`` has credit."""
        return client in self._clients

    def note(self, client: str, *, heavy: bool) -> None:
        """Remember how the last query of ``client`` was."""
        if heavy:
            self._clients.pop(client, None)
            return
        self._clients[client] = None
        self._clients.move_to_end(client)
        if len(self._clients) > REMEMBERED:
            self._clients.popitem(last=False)


@dataclass(slots=True, eq=False)
class _Waiter:
    client: str
    admit: Callable[[], object]
    refuse: Refuse
    timer: asyncio.TimerHandle | None = None


class QueryPlaces:
    """So many places, and a short queue for them that is fair to clients."""

    def __init__(self, count: int, room: int, credit: Credit, spared: int = 0) -> None:
        """``spared`` of the ``count`` places are for clients with credit alone."""
        self._count = count
        self._room = room
        self._credit, self._spared = credit, spared
        self._taken: Counter[str] = Counter()
        self._queue: list[_Waiter] = []
        self.taken = 0

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._queue)

    def take(self, client: str) -> bool:
        """Take a place if one is free for this client: then none of its like waits."""
        if not self._is_free_for(client):
            return False
        self.taken += 1
        self._taken[client] += 1
        return True

    def wait(
        self, client: str, patience: float, admit: Callable[[], object], refuse: Refuse
    ) -> _Waiter | None:
        """Wait ``patience`` seconds for a place; None if the queue is full, and ``refuse`` called.

        One of ``admit`` and ``refuse`` is called, unless what is given is forgotten before.
        """
        if len(self._queue) >= self._room and not self._make_room(client):
            refuse(overloaded(say("{count} queries wait already.", count=len(self._queue))))
            return None
        waiter = _Waiter(client, admit, refuse)
        waiter.timer = asyncio.get_running_loop().call_later(
            patience, self._give_up, waiter, patience
        )
        self._queue.append(waiter)
        return waiter

    def forget(self, waiter: _Waiter) -> None:
        """Have ``waiter`` wait no longer; it may have been admitted or refused already."""
        if waiter in self._queue:
            self._queue.remove(waiter)
        if waiter.timer:
            waiter.timer.cancel()

    def give_back(self, client: str) -> None:
        """Give a place back: to whom it is next."""
        self.taken -= 1
        if left := self._taken.pop(client) - 1:
            self._taken[client] = left
        # A place that is spared for credit is free for some of those who wait, and not for others.
        while able := [each for each in self._queue if self._is_free_for(each.client)]:
            # min() takes the first of equals: the one that has waited longest.
            waiter = min(
                able, key=lambda each: (self._taken[each.client], each.client not in self._credit)
            )
            self.forget(waiter)
            self.take(waiter.client)
            waiter.admit()

    def _is_free_for(self, client: str) -> bool:
        return self.taken < self._count - (0 if client in self._credit else self._spared)

    def _make_room(self, client: str) -> bool:
        """Send away the latest of the client that waits most, if that is more than this one."""
        counts = Counter(each.client for each in self._queue)

        def waits(each: str) -> tuple[int, bool]:
            return counts[each], each not in self._credit

        most = max(counts, key=waits, default=client)
        if waits(most) <= (counts[client] + 1, client not in self._credit):
            return False
        victim = next(each for each in reversed(self._queue) if each.client == most)
        self.forget(victim)
        victim.refuse(overloaded(say("Other clients wait as well, and this one waits most often.")))
        return True

    def _give_up(self, waiter: _Waiter, patience: float) -> None:
        self.forget(waiter)
        waiter.refuse(
            overloaded(say("The query waited {seconds:.1f} s for its turn.", seconds=patience))
        )


class QueryPlace:
    """The place of one query: an ordinary one at first, a heavy one if it computes for long."""

    def __init__(self, scheduler: Scheduler, client: str, *, is_needed: bool) -> None:
        """One that is not needed (of a page) never becomes heavy."""
        self._scheduler = scheduler
        self._client = client
        self._is_needed = is_needed
        self._held = scheduler.ordinary if is_needed else None
        self._waiter: _Waiter | None = None
        self.is_heavy = False

    def become_heavy(
        self, patience: float, pause: Callable[[], object], go_on: Callable[[], object], end: Refuse
    ) -> None:
        """Change to a heavy place; without a free one ``pause``, until there is: then ``go_on``.

        ``end`` is called with the error if there is none in ``patience`` seconds, or no room.
        """
        self.is_heavy = True
        if self._held is None:
            return
        heavy = self._scheduler.heavy
        self._let_go()
        if heavy.take(self._client):
            self._held = heavy
            return

        def admitted() -> None:
            self._held = heavy
            go_on()

        pause()
        self._waiter = heavy.wait(self._client, patience, admitted, end)

    def leave(self) -> None:
        """Give back what is held, and wait for nothing: the query is over."""
        if self._is_needed:
            self._scheduler.credit.note(self._client, heavy=self.is_heavy)
        self._let_go()

    def _let_go(self) -> None:
        if self._waiter:
            self._scheduler.heavy.forget(self._waiter)
            self._waiter = None
        held, self._held = self._held, None
        if held:
            held.give_back(self._client)


class Scheduler:
    """The places of one service; its numbers are settings."""

    def __init__(self, settings: Settings) -> None:
        self.credit = Credit()
        self.ordinary = QueryPlaces(
            settings.queries, settings.waiting, self.credit, settings.queries // 4
        )
        # What waits for a heavy place holds memory: no more than might compute at once.
        room = min(settings.waiting, settings.queries)
        self.heavy = QueryPlaces(settings.heavy, room, self.credit)
        self._patience = settings.patience
        self._per_client = settings.per_client
        self._under_way: Counter[str] = Counter()

    def begin(self, address: str) -> None:
        """Count a request of an address until its ``end``; raises Overloaded if many are."""
        count = self._under_way[address]
        if 0 < self._per_client <= count:
            raise overloaded(
                say("{count} queries of this address are under way already.", count=count)
            )
        self._under_way[address] += 1

    def end(self, address: str) -> None:
        """Count a request of an address no longer."""
        if left := self._under_way.pop(address) - 1:
            self._under_way[address] = left

    async def enter(self, caller: Caller, until: float) -> QueryPlace:
        """Take a place, waiting for it no longer than ``until`` the loop's clock shows that.

        Raises Overloaded. Who needs no place gets one that counts nowhere.
        """
        client = caller.address
        if caller.needs_place and not self.ordinary.take(client):
            await self._wait(client, until)
        return QueryPlace(self, client, is_needed=caller.needs_place)

    def patience(self, until: float) -> float:
        """How many seconds somebody waits whose time is over at ``until``."""
        return max(min(self._patience, until - asyncio.get_running_loop().time()), 0.0)

    async def _wait(self, client: str, until: float) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def admit() -> None:
            if turn.done():  # whoever waited has just been cancelled
                self.ordinary.give_back(client)
            else:
                turn.set_result(None)

        def refuse(error: CecotError) -> None:
            if not turn.done():
                turn.set_exception(error)

        waiter = self.ordinary.wait(client, self.patience(until), admit, refuse)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.ordinary.give_back(client)  # it came together with the cancellation
            raise
        finally:
            if waiter:
                self.ordinary.forget(waiter)


def overloaded(what: str) -> Overloaded:
    """Build the error for ``what`` stands in the way of a query."""
    return Overloaded(
        what,
        hint=say(
            "Wait {seconds} s before you ask again, and ask one after the other.",
            seconds=Overloaded.retry_after,
        ),
    )
