"""An attack, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.attack.judging import faults_of
from bench.wire import BadReplyError, Reply, Target, exchange, receive

GRACE = 2.0
"""Seconds beyond its budget within which an answer must be there."""

KEPT = 4 << 20
"""Bytes of a body that are kept and looked at; of a longer one the framing alone is."""

SILENCE = 0
"""The status of a connection that was closed without an answer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attack met: the status (0: closed in silence), how long it took, what was wrong."""

    family: str
    name: str
    status: int
    seconds: float
    faults: tuple[str, ...] = ()


Play = Callable[[Target, float], Reply | None]
"""Attacks a target within seconds, and gives the last reply.

None says that the connection was closed in silence, as it may be here.
"""


@dataclass(frozen=True, slots=True)
class Attack:
    """What is meant to hurt.

    ``expected`` narrows the statuses that are right; None allows every clear answer.
    """

    family: str
    name: str
    play: Play
    expected: frozenset[int] | None = None

    def run(self, where: Target, budget: float) -> Outcome:
        """Play it, time it, and say what was wrong with the last reply."""
        began = time.perf_counter()
        reply: Reply | None = None
        faults: list[str] = []
        try:
            reply = self.play(where, budget + 4 * GRACE)
        except TimeoutError as error:
            faults.append(f"no final answer: {error}")
        except (OSError, BadReplyError) as error:
            faults.append(f"broken off: {error!r}")
        seconds = time.perf_counter() - began
        status = reply.status if reply else SILENCE
        if reply:
            faults += faults_of(reply)
        if not faults and self.expected is not None and status not in self.expected:
            said = bytes(reply.body[:200]).decode(errors="replace") if reply else "silence"
            wanted = "/".join(map(str, sorted(self.expected)))
            faults.append(f"{status} instead of {wanted}: {said}")
        if seconds > budget + GRACE:
            faults.append(f"{seconds:.1f} s, budget {budget:.1f}")
        return Outcome(self.family, self.name, status, seconds, tuple(faults))


def sending(build: Callable[[Target], bytes]) -> Play:
    """The attack that is one request."""

    def play(where: Target, timeout: float) -> Reply:
        request = build(where)
        give_up = time.monotonic() + timeout
        with where.connect(timeout) as connection:
            try:
                return exchange(connection, request, KEPT, give_up)
            except (BrokenPipeError, ConnectionResetError):
                # The server answered before all was sent, as it may; what it said can be read.
                return receive(connection, KEPT, give_up, bodiless=request.startswith(b"HEAD "))

    return play
