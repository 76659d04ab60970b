"""The engine of the service: each query in an evaluator of its own, within its budgets."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from cecot.engine import Answer, Query
from cecot.errors import CecotError, DeadlineExceeded, Unavailable
from cecot.messages import say
from cecot.service import limits as budgets
from cecot.service.admission import Admission, Ticket
from cecot.service.caller import Caller, current_caller
from cecot.service.conversation import Conversation, DiedError
from cecot.service.limits import limits_of
from cecot.service.pool import Pool
from cecot.service.question import Question
from cecot.settings import Settings

DEMOTE_AFTER = 0.005
"""Seconds of computing after which an evaluator lets others compute first, at least.

What took no longer is a quick query.
"""

FORKS_WORTH = 5
"""Where such an evaluator cannot be used again, it must have been worth this many forks."""

DEMOTE_FOR_GOOD_AFTER = 0.02
"""Seconds of computing after which such an evaluator lets others compute first, at least."""

ATTEMPTS = 2
"""How often a query is evaluated when something other than the query ends its evaluator."""


class ForkedEngine:
    """Answers by evaluators that the graph process at ``address`` forks (engine.Engine)."""

    def __init__(self, address: Path, settings: Settings, version: str | None = None) -> None:
        """Open nothing yet but the pool, which connects on its own.

        With a ``version``, only a graph of that version is asked.
        """
        self._settings = settings
        self._limits = limits_of(settings)
        self.admission = Admission(settings)
        self.pool = Pool(
            address,
            settings.queries,
            settings.patience,
            version=version,
            spool=(settings.spool, settings.spool_size),
            most_fat=settings.heavy,
        )

    def answer(self, query: Query) -> Answer:
        """Evaluate ``query`` and return the whole answer; waiting counts towards the deadline."""
        caller = current_caller()
        head_start = caller.take_head_start()
        if isinstance(head_start, Answer):
            return head_start
        if isinstance(head_start, CecotError):
            raise head_start
        if isinstance(head_start, Question):
            ticket, question = head_start.ticket, head_start
        else:
            ticket, question = self.admission.ticket(caller, self._settings.deadline), None
            ticket.enter(heavy=query.text in self.admission.known)
        try:
            return self._answer(query, caller, ticket, question)
        finally:
            ticket.leave()

    def begin(self, query: Query, caller: Caller) -> Question | None:
        """Begin to answer without waiting for anything, if that can be done; else None.

        Whoever calls this must either hear the reply and call ``finish``, or hand the question to
        ``answer`` as the caller's head start.
        """
        if query.text in self.admission.known:
            return None
        ticket = self.admission.ticket(caller, self._settings.deadline)
        may_go_on = ticket.try_enter()
        conversation = self.pool.take_idle(sparing=not ticket.is_first) if may_go_on else None
        if conversation is None:
            ticket.leave()
            return None
        return self._question(query, conversation, ticket)

    def finish(self, question: Question, caller: Caller) -> None:
        """Free what ``question`` holds; its reply, or its error, has been heard."""
        computed = question.computed
        question.release(self.pool)
        question.ticket.leave()
        self._note(question.query, caller, computed)

    def forget(self, caller: Caller) -> None:
        """Free what the head start of ``caller`` holds if nobody took it."""
        head_start = caller.take_head_start()
        if isinstance(head_start, Question):
            self.finish(head_start, caller)
        elif isinstance(head_start, Answer) and not isinstance(head_start.body, bytes):
            head_start.body.close()

    def close(self) -> None:
        """End the evaluators that wait."""
        self.pool.close()

    def _answer(
        self, query: Query, caller: Caller, ticket: Ticket, question: Question | None
    ) -> Answer:
        for attempt in range(1, ATTEMPTS + 1):
            if question is None:
                # What ended one evaluator from outside may be about to end those that wait.
                conversation = self._take(ticket, fresh=attempt > 1)
                question = self._question(query, conversation, ticket)
            try:
                reply = question.wait(caller)
                self._note(query, caller, reply.cpu)
                return reply.answer
            except DeadlineExceeded:
                self.admission.note(caller, query.text, heavy=True)
                raise
            except CecotError:
                self._note_if_heavy(query, caller, question)
                raise
            except DiedError as death:
                if caller.has_gone:
                    self._note_if_heavy(query, caller, question)
                    raise Unavailable(say("The client has gone.")) from None
                if attempt == ATTEMPTS or _is_own_fault(death):
                    self.admission.note(caller, query.text, heavy=True)
                    raise budgets.cause_of_death(death.status or 0, self._limits) from None
            finally:
                question.release(self.pool)
            question = None
        raise Unavailable(say("The graph does not answer at this moment."))

    def _note(self, query: Query, caller: Caller, computed: float) -> None:
        heavy, quick = computed > self._settings.heavy_after, computed <= DEMOTE_AFTER
        self.admission.note(caller, query.text, heavy=heavy, quick=quick)

    def _note_if_heavy(self, query: Query, caller: Caller, question: Question) -> None:
        """Note what a query took that got no answer: it was too long, or the client left."""
        if question.computed > self._settings.heavy_after:
            self.admission.note(caller, query.text, heavy=True)

    def _question(self, query: Query, conversation: Conversation, ticket: Ticket) -> Question:
        return Question(
            query,
            conversation,
            ticket,
            limits=self._limits,
            gives_way=ticket.is_heavy or (ticket.is_in_a_crowd and bool(self.pool.can_promote)),
            demote_after=self._demote_after,
            heavy_after=self._settings.heavy_after,
        )

    @property
    def _demote_after(self) -> float:
        if self.pool.can_promote:
            return DEMOTE_AFTER
        return max(DEMOTE_FOR_GOOD_AFTER, FORKS_WORTH * self.pool.fork_time)

    def _take(self, ticket: Ticket, *, fresh: bool) -> Conversation:
        """Take an evaluator; while the graph is being started again, try until there is one."""
        give_up = min(ticket.until, time.monotonic() + self._settings.patience)
        while True:
            try:
                return self.pool.fresh() if fresh else self.pool.take(sparing=not ticket.is_first)
            except OSError:
                if time.monotonic() > give_up:
                    raise Unavailable(
                        say("The graph does not answer at this moment; it is being started again."),
                        hint=say("Send the query again in a moment."),
                    ) from None
                time.sleep(0.02)


def _is_own_fault(death: DiedError) -> bool:
    """Whether the query ended its evaluator itself; SIGKILL, and silence, come from outside."""
    return death.status is not None and death.status not in (0, -signal.SIGKILL)
