"""Evaluators that wait: who is asked first, and how many of those that have grown are kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from graph_processes import graph_at, query, until

from cecot.service import pool as pools
from cecot.service.conversation import Conversation
from cecot.service.pool import Pool

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@contextmanager
def pool_at(folder: Path, size: int, *, most_fat: int = 1) -> Iterator[Pool]:
    with ExitStack() as running:
        address = folder / "graph"
        running.enter_context(graph_at(address))
        pool = Pool(address, size, 5.0, most_fat=most_fat)
        running.callback(pool.close)
        until(lambda: pool.idle == size)
        yield pool


def work(conversation: Conversation) -> None:
    conversation.ask(query(COUNT), 10.0)
    while conversation.hear(wait=True) is None:
        pass


def taken(pool: Pool) -> Conversation:
    conversation = pool.take_idle()
    assert conversation is not None
    return conversation


def test_the_evaluator_that_came_back_last_is_asked_first_and_a_new_one_last(
    tmp_path: Path,
) -> None:
    with pool_at(tmp_path, 2) as pool:
        first, second = taken(pool), taken(pool)
        pool.give_back(second)
        pool.discard(first)
        until(lambda: pool.idle == 2)
        again = taken(pool)
        assert again is second
        pool.give_back(again)


def test_those_that_have_grown_are_kept_while_they_are_asked_and_ended_after_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "FAT", 0)
    monkeypatch.setattr(pools, "KEPT_FAT", 1.0)
    with pool_at(tmp_path, 3) as pool:
        used = [taken(pool) for _ in range(3)]
        for conversation in used:
            work(conversation)
            assert conversation.grown > 0
        for conversation in used:
            pool.give_back(conversation)
        assert taken(pool) is used[2]
        pool.give_back(used[2])
        returned = time.monotonic()
        until(lambda: pool.ended == 2)
        assert time.monotonic() - returned > 0.5
        assert [each.is_alive() for each in used] == [False, False, True]
        until(lambda: pool.idle == 3)
        assert taken(pool) is used[2]
        pool.give_back(used[2])
