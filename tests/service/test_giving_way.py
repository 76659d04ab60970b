"""Queries that take much give way: on the processor, in the pool, and when their time is over."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from graph_processes import query, until

from cecot.errors import Unavailable
from cecot.service.caller import Caller, calling
from cecot.service.forked_engine import ForkedEngine

Start = Callable[..., ForkedEngine]

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
WITHOUT_END = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def test_a_query_that_computes_lets_others_compute_first(start: Start) -> None:
    own = start(queries=1, deadline=20.0)
    until(lambda: own.pool.idle == 1)
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
