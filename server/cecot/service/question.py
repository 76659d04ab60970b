"""One query on its way through one evaluator, from its first byte to its reply."""

from __future__ import annotations

import contextlib
import os
import signal
import time

from cecot.engine import Query
from cecot.errors import CecotError
from cecot.service import limits as budgets
from cecot.service.admission import Ticket
from cecot.service.caller import Caller
from cecot.service.conversation import Conversation, DiedError, Reply
from cecot.service.limits import Limits
from cecot.service.pool import Pool
from cecot.service.processes import has_computed


class Question:
    """A query that has been sent, with the place and the evaluator that it holds.

    Begun in one thread it may be ended in another. ``until`` is when the monotonic clock shows that
    its time is over.
    """

    def __init__(
        self,
        query: Query,
        conversation: Conversation,
        ticket: Ticket,
        *,
        limits: Limits,
        gives_way: bool,
        demote_after: float,
        heavy_after: float,
    ) -> None:
        """If it ``gives_way`` others compute first from the beginning.

        The two spans are seconds of computing; see ``_look``.
        """
        self.query = query
        self.ticket = ticket
        self.conversation = conversation
        self._limits = limits
        self._demote_after = heavy_after if ticket.is_page else min(demote_after, heavy_after)
        self._heavy_after = heavy_after
        self._may_stay = False
        self._death: DiedError | None = None
        self._computed = 0.0
        self._computed_before = has_computed(conversation.process)
        if gives_way:
            conversation.demote()
        else:
            conversation.promote()
        conversation.ask(query, ticket.until - time.monotonic())

    def hear(self) -> Reply | None:
        """Give the reply if it is there; raises the errors of evaluation, and DiedError.

        After DiedError, ``wait`` raises the same.
        """
        try:
            return self._part(wait=False)
        except DiedError as death:
            self._death = death
            raise

    def wait(self, caller: Caller) -> Reply:
        """Wait for the reply.

        Raises the errors of evaluation, DeadlineExceeded, Overloaded, Unavailable if the client
        goes, and DiedError if the evaluator ended.
        """
        if self._death:
            raise self._death
        with caller.interruptible(self.conversation.interrupt):
            while True:
                self._look()
                if self.conversation.is_demoted or self.conversation.hears_within(
                    self._demote_after
                ):
                    reply = self._part(wait=True)
                    if reply is not None:
                        return reply
                if time.monotonic() >= self.ticket.until:
                    raise budgets.out_of_time(self._limits)

    def let_others_compute(self) -> float:
        """Once it has computed long enough, let the evaluator compute where nobody else wants to.

        Give the seconds that it has computed.
        """
        computed = self.computed
        if computed >= self._demote_after:
            self.conversation.demote()
        return computed

    @property
    def computed(self) -> float:
        """Seconds that the evaluator has computed for the query; of one that ended, as was seen."""
        computed = has_computed(self.conversation.process) - self._computed_before
        self._computed = max(self._computed, computed)
        return self._computed

    def release(self, pool: Pool) -> None:
        """Let go of the evaluator: it may answer again, or its end is due."""
        if self._may_stay and (pool.can_promote or not self.conversation.is_demoted):
            pool.give_back(self.conversation)
        else:
            pool.discard(self.conversation)

    def _part(self, *, wait: bool) -> Reply | None:
        """Hear a part of the reply; whoever has given all of it, or an error, may answer again."""
        try:
            reply = self.conversation.hear(wait=wait)
        except CecotError:
            self._may_stay = True
            raise
        self._may_stay = reply is not None
        return reply

    def _look(self) -> None:
        """See how long the query has computed: others may go first, or it changes lanes."""
        if not self.ticket.is_heavy and self.let_others_compute() >= self._heavy_after:
            self.ticket.become_heavy(
                lambda: self._signal(signal.SIGSTOP), lambda: self._signal(signal.SIGCONT)
            )

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.conversation.process, number)
