"""The engine of the service: each query in an evaluator of its own, within its budgets."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

from cecot.engine import Answer, Query
from cecot.errors import Overloaded, Unavailable
from cecot.service import limits as budgets
from cecot.service.admission import Admission, Ticket
from cecot.service.caller import Caller, current_caller
from cecot.service.conversation import Conversation, DiedError, Reply, TooLateError
from cecot.service.limits import limits_of
from cecot.service.pool import Pool
from cecot.service.processes import demote, has_computed
from cecot.settings import Settings

ATTEMPTS = 2
"""How often a query is evaluated when something other than the query ends its evaluator."""


class ForkedEngine:
    """Answers by evaluators that the graph process at ``address`` forks (engine.Engine)."""

    def __init__(self, address: Path, settings: Settings) -> None:
        """Open nothing yet but the pool, which connects on its own."""
        self._settings = settings
        self._limits = limits_of(settings)
        self.admission = Admission(settings)
        self.pool = Pool(address, settings.queries, settings.patience)

    def answer(self, query: Query) -> Answer:
        """Evaluate ``query`` and return the whole answer; waiting counts towards the deadline."""
        caller = current_caller()
        until = time.monotonic() + self._settings.deadline
        with self.admission.admit(caller, query.text, until) as ticket:
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    reply = self._ask(query, until, caller, ticket)
                except DiedError as death:
                    if caller.has_gone:
                        raise Unavailable("The client has gone.") from None
                    if attempt == ATTEMPTS or _is_own_fault(death):
                        self.admission.known.note(query.text, heavy=True)
                        raise budgets.cause_of_death(death.status or 0, self._limits) from None
                    continue
                heavy = reply.cpu > self._settings.heavy_after
                self.admission.known.note(query.text, heavy=heavy)
                return reply.answer
        raise Unavailable("The graph does not answer at this moment.")

    def close(self) -> None:
        """End the evaluators that wait."""
        self.pool.close()

    def _ask(self, query: Query, until: float, caller: Caller, ticket: Ticket) -> Reply:
        conversation = self._take(until)
        watch = _Watch(conversation, ticket, self._settings.heavy_after)
        if ticket.is_heavy:
            watch.demote()
        keep = False
        try:
            with caller.interruptible(conversation.interrupt):
                reply = conversation.ask(query, until, watch)
            keep = True
            return reply
        except TooLateError:
            self.admission.known.note(query.text, heavy=True)
            raise budgets.out_of_time(self._limits) from None
        except (DiedError, Overloaded, Unavailable):
            raise
        except BaseException:
            keep = not watch.has_demoted
            raise
        finally:
            if keep and not watch.has_demoted:
                self.pool.give_back(conversation)
            else:
                self.pool.discard(conversation)

    def _take(self, until: float) -> Conversation:
        """Take an evaluator; while the graph is being started again, try until there is one."""
        give_up = min(until, time.monotonic() + self._settings.patience)
        while True:
            try:
                return self.pool.take()
            except OSError:
                if time.monotonic() > give_up:
                    raise Unavailable(
                        "The graph does not answer at this moment; it is being started again.",
                        hint="Send the query again in a moment.",
                    ) from None
                time.sleep(0.02)


class _Watch:
    """Looks at a query that takes longer than a tick: it may have become heavy."""

    def __init__(self, conversation: Conversation, ticket: Ticket, heavy_after: float) -> None:
        self._process = conversation.process
        self._ticket = ticket
        self._heavy_after = heavy_after
        self.has_demoted = False

    def __call__(self) -> None:
        if self.has_demoted or has_computed(self._process) < self._heavy_after:
            return
        self.demote()
        if not self._ticket.is_heavy:
            self._ticket.become_heavy(
                lambda: _signal(self._process, signal.SIGSTOP),
                lambda: _signal(self._process, signal.SIGCONT),
            )

    def demote(self) -> None:
        """Let the evaluator compute only where nobody else wants to, from now on."""
        demote(self._process)
        self.has_demoted = True


def _is_own_fault(death: DiedError) -> bool:
    """Whether the query ended its evaluator itself; SIGKILL, and silence, come from outside."""
    return death.status is not None and death.status not in (0, -signal.SIGKILL)


def _signal(process: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, number)
