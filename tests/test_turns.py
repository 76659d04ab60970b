"""Turns to compute: one at a time, none while waiting, and nobody waits for ever."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from cecot import turns as module
from cecot.turns import Turns, resting


def test_one_computes_at_a_time() -> None:
    turns, at_once, most = Turns(), 0, 0

    def work() -> None:
        nonlocal at_once, most
        with turns.computing():
            at_once += 1
            most = max(most, at_once)
            time.sleep(0.002)
            at_once -= 1

    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(work) for _ in range(40)]:
            done.result()
    assert most == 1


def test_who_rests_lets_another_compute_and_goes_on_when_that_has_ended() -> None:
    turns, others, said = Turns(), threading.Event(), []

    def other() -> None:
        with turns.computing():
            said.append("other")
            others.set()
            time.sleep(0.05)
            said.append("other ends")

    with ThreadPoolExecutor(1) as threads:
        with turns.computing():
            done = threads.submit(other)
            assert not others.wait(0.05)
            with resting(), resting():
                assert others.wait(10)
            said.append("goes on")
        done.result()
    assert said == ["other", "other ends", "goes on"]


def test_nobody_waits_for_a_turn_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    turns = Turns()
    with turns.computing(), ThreadPoolExecutor(1) as threads:
        # It has no turn to leave to others, and takes none away when it ends.
        threads.submit(_compute, turns).result(10)
    with turns.computing(), ThreadPoolExecutor(1) as threads:
        began = time.monotonic()
        threads.submit(_compute, turns).result(10)
        assert time.monotonic() - began >= 0.05


def _compute(turns: Turns) -> None:
    with turns.computing(), resting():
        pass


def test_where_there_are_no_turns_one_may_rest_as_well() -> None:
    with resting():
        pass
