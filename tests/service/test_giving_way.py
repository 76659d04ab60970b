"""Queries that take much give way: on the processor, in the pool, and when their time is over."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest
from graph_processes import query, until

from cecot.errors import BudgetExceeded, Unavailable
from cecot.service.caller import Caller, calling
from cecot.service.forked_engine import ForkedEngine
from cecot.service.pool import PACE
from cecot.service.standing import BAD

Start = Callable[..., ForkedEngine]

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
WITHOUT_END = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def test_a_query_that_computes_lets_others_compute_first(start: Start) -> None:
    own = start(queries=1, deadline=20.0)
    until(lambda: own.pool.idle == 1)
    own.answer(query("ASK {}"))
    conversation = own.pool.take()
    evaluator = conversation.process
    own.pool.give_back(conversation)
    assert os.sched_getscheduler(evaluator) == os.SCHED_OTHER
    caller = Caller()

    def ask() -> None:
        with calling(caller), pytest.raises(Unavailable):
            own.answer(query(ENDLESS))

    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(ask)
        until(lambda: os.sched_getscheduler(evaluator) == os.SCHED_IDLE)
        caller.leave()
        asked.result()


def test_in_a_crowd_only_clients_of_good_standing_compute_at_once(start: Start) -> None:
    own = start(queries=4)
    until(lambda: own.pool.idle == 4)
    own.answer(query("ASK {}"))
    for _ in range(3):
        own.admission.standing.note(Caller("known"), heavy=False)
    questions = [own.begin(query(ENDLESS), Caller(name)) for name in ("a", "b", "known")]
    classes = [os.sched_getscheduler(each.conversation.process) for each in questions if each]
    stranger = os.SCHED_IDLE if own.pool.can_promote else os.SCHED_OTHER
    assert classes == [os.SCHED_OTHER, stranger, os.SCHED_OTHER]
    for each, name in zip(questions, ("a", "b", "known"), strict=True):
        assert each is not None
        own.finish(each, Caller(name))
    assert own.admission.light.working == 0


def test_what_a_query_took_counts_however_it_ended(start: Start) -> None:
    own = start(queries=2, deadline=60.0, result=64 << 20, heavy_after=0.02)
    for text in (ENDLESS, WITHOUT_END):
        caller = Caller(text[:20])
        with ThreadPoolExecutor(1) as threads, calling(caller):
            asked = threads.submit(copy_context().run, ask_in_vain, own, text)
            if text == ENDLESS:
                until(lambda: own.admission.heavy.working == 1)
                caller.leave()
            asked.result()
        assert text in own.admission.known
        assert own.admission.standing.rank(caller) == BAD


def ask_in_vain(own: ForkedEngine, text: str) -> None:
    with pytest.raises((Unavailable, BudgetExceeded)):
        own.answer(query(text))


def test_evaluators_of_strangers_are_forked_one_after_the_other(start: Start) -> None:
    own = start(queries=2)
    until(lambda: own.pool.idle == 2)
    kept = own.pool.take_idle()
    began = time.monotonic()
    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(own.pool.take, sparing=True) for _ in range(3)]
        taken = [each.result() for each in asked]
    assert time.monotonic() - began >= 3 * PACE
    assert len({each.process for each in taken}) == 3
    for each in [*taken, kept]:
        assert each is not None
        own.pool.discard(each)


def test_half_of_the_waiting_evaluators_are_spared_for_clients_of_good_standing(
    start: Start,
) -> None:
    own = start(queries=4)
    until(lambda: own.pool.idle == 4)
    taken = [own.pool.take_idle(sparing=True) for _ in range(4)]
    assert [each is not None for each in taken] == [True, True, False, False]
    taken.append(own.pool.take_idle())
    assert taken[-1] is not None
    for each in taken:
        if each is not None:
            own.pool.give_back(each)


def test_who_comes_back_is_kept_though_another_took_the_place(start: Start) -> None:
    own = start(queries=2)
    until(lambda: own.pool.idle == 2)
    away = own.pool.take()
    own.pool.discard(own.pool.take())
    until(lambda: own.pool.idle == 2)
    ended = own.pool.ended
    own.pool.give_back(away)
    assert (own.pool.idle, own.pool.ended) == (3, ended)


def test_an_answer_that_never_ends_is_taken_in_parts(start: Start) -> None:
    own = start(result=1 << 40, spool_size=1 << 40)
    conversation = own.pool.take()
    conversation.ask(query(WITHOUT_END), 60)
    # Between two parts somebody looks whether the time of the query is over.
    assert [conversation.hear(wait=True) for _ in range(20)] == [None] * 20
    own.pool.discard(conversation)
