"""How clients have behaved of late: who asks for little is served first when there is a queue."""

from __future__ import annotations

import threading
from collections import OrderedDict

from cecot.service.caller import Caller

REMEMBERED = 8192
"""Connections, and as many addresses, whose standing is remembered."""

GOOD, UNKNOWN, BAD = 0, 1, 2
_MOST_CREDIT = 20
_COST_OF_HEAVY = 10


class Standing:
    """Credit of connections and addresses: a cheap query earns one, a heavy one costs ten.

    A connection that has no history, or cannot be told apart behind a proxy, has that of its
    address; a good one only while the address has nothing else under way, for whoever opens many
    connections at once is not known by them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._credit: OrderedDict[str, int] = OrderedDict()

    def rank(self, caller: Caller, *, beside: int = 0) -> int:
        """Give GOOD, UNKNOWN or BAD; ``beside`` is how much else the address has under way."""
        has_own = caller.connection != caller.address
        credit = self._credit.get(caller.connection) if has_own else None
        if credit is None:
            credit = self._credit.get(caller.address, 0)
            credit = min(credit, 0) if beside else credit
        return UNKNOWN if credit == 0 else GOOD if credit > 0 else BAD

    def note(self, caller: Caller, *, heavy: bool) -> None:
        """Take note of a query that has been answered, or has been ended."""
        if not heavy and self._credit.get(caller.connection) == _MOST_CREDIT:
            return
        change = -_COST_OF_HEAVY if heavy else 1
        with self._lock:
            for key in {caller.connection, caller.address}:
                credit = self._credit.pop(key, 0) + change
                self._credit[key] = max(min(credit, _MOST_CREDIT), -_MOST_CREDIT)
            while len(self._credit) > 2 * REMEMBERED:
                self._credit.popitem(last=False)
