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
    length: int = 0


@dataclass(frozen=True, slots=True)
class Attack:
    """One request that is meant to hurt.

    ``expected`` narrows the statuses that are right; None allows every clear answer.
    """

    family: str
    name: str
    request: Callable[[Target], bytes]
    expected: frozenset[int] | None = None

    def run(self, where: Target, budget: float) -> Outcome:
        """Send it and judge the answer."""
        return judged(
            self.family,
            self.name,
            lambda: _once(where, self.request(where), budget + 4 * GRACE),
            budget,
            self.expected,
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """An attack that takes more than one request: ``play`` returns the last reply, or None.

    None says that the connection was closed in silence, as it may be here.
    """

    family: str
    name: str
    play: Callable[[Target, float], Reply | None]
    expected: frozenset[int] | None = None

    def run(self, where: Target, budget: float) -> Outcome:
        """Play it and judge the last answer."""
        return judged(
            self.family,
            self.name,
            lambda: self.play(where, budget + 4 * GRACE),
            budget,
            self.expected,
        )


def judged(
    family: str,
    name: str,
    action: Callable[[], Reply | None],
    budget: float,
    expected: frozenset[int] | None,
) -> Outcome:
    """Time ``action`` and say what was wrong with its reply."""
    began = time.perf_counter()
    reply: Reply | None = None
    faults: list[str] = []
    try:
        reply = action()
    except TimeoutError as error:
        faults.append(f"no final answer: {error}")
    except (OSError, BadReplyError) as error:
        faults.append(f"broken off: {error!r}")
    seconds = time.perf_counter() - began
    status = reply.status if reply else SILENCE
    if reply:
        faults += faults_of(reply)
    if not faults and expected is not None and status not in expected:
        said = bytes(reply.body[:200]).decode(errors="replace") if reply else "silence"
        faults.append(f"{status} instead of {'/'.join(map(str, sorted(expected)))}: {said}")
    if seconds > budget + GRACE:
        faults.append(f"{seconds:.1f} s, budget {budget:.1f}")
    return Outcome(family, name, status, seconds, tuple(faults), reply.length if reply else 0)


def _once(where: Target, request: bytes, timeout: float) -> Reply:
    give_up = time.monotonic() + timeout
    with where.connect(timeout) as connection:
        try:
            return exchange(connection, request, KEPT, give_up)
        except (BrokenPipeError, ConnectionResetError):
            # The server answered before all was sent, as it may; what it said is still to be read.
            return receive(connection, KEPT, give_up, bodiless=request.startswith(b"HEAD "))
