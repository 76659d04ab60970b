"""What is told of every query that was asked: to the operator's log, and to the counters.

The text of a query is told as a digest only, and the client's address only where that is asked for.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from cecot.engine import Answer, Engine, Query
from cecot.errors import CecotError
from cecot.protocol.problem import problem_type
from cecot.service.caller import Caller, current_caller
from cecot.turns import resting

OK, GONE = "ok", "client-gone"


@dataclass(frozen=True, slots=True)
class Observation:
    """One query: how it ended, how long that took, and what came of it.

    ``seconds`` is the time from the question to its whole answer, ``evaluation`` the part of it in
    which the query was evaluated (0 if unknown); ``size`` is in bytes, uncompressed; ``form`` is
    empty if there was no answer; ``client`` is an address.
    """

    id: str
    outcome: str
    seconds: float
    evaluation: float
    size: int
    form: str
    digest: str
    client: str


Observe = Callable[[Observation], None]


def observation(
    query: Query, caller: Caller, seconds: float, answer: Answer | None, outcome: str = OK
) -> Observation:
    """Describe a query that has just been answered, or not."""
    return Observation(
        caller.id,
        outcome,
        seconds,
        answer.seconds if answer else 0.0,
        answer.length if answer else 0,
        answer.form.value if answer else "",
        digest(query.text),
        caller.address,
    )


def digest(text: str) -> str:
    """Give 16 hexadecimal digits that stand for a query; the text cannot be read from them."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def outcome_of(error: CecotError, caller: Caller) -> str:
    """Name how a query ended: the kind of error, and of budgets which one."""
    if caller.has_gone:
        return GONE
    kind = problem_type(type(error))
    return f"{kind}-{error.where}" if kind == "budget-exceeded" and error.where else kind


class ObservedEngine:
    """An engine whose every answer and error is told to an observer (engine.Engine)."""

    def __init__(self, engine: Engine, observe: Observe) -> None:
        self._engine = engine
        self._observe = observe

    def answer(self, query: Query) -> Answer:
        """Answer as the engine does, and tell."""
        caller = current_caller()
        # The first question of a request may have been begun before anybody came here.
        started = time.perf_counter() if caller.has_asked else caller.began
        caller.has_asked = True
        try:
            with resting():
                answer = self._engine.answer(query)
        except CecotError as error:
            self._tell(query, caller, started, None, outcome_of(error, caller))
            raise
        self._tell(query, caller, started, answer, OK)
        return answer

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()

    def _tell(
        self, query: Query, caller: Caller, started: float, answer: Answer | None, outcome: str
    ) -> None:
        if not caller.urgent:  # a probe of health is no query of anybody's
            seconds = time.perf_counter() - started
            self._observe(observation(query, caller, seconds, answer, outcome))
