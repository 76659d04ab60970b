"""Queries that wait behind each other in one evaluator: none for longer than a moment."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest
from graph_processes import BUSY, ENDLESS, SOME_TIME, query
from graph_server import THINGS
from running_engines import Running

from cecot.engine import Answer, Caller
from cecot.errors import BudgetExceeded, DeadlineExceeded, QuerySyntaxError
from cecot.service import forked_engine
from cecot.service.wire import FORGET, Questions, pack, pack_query

Start = Callable[..., Running]
Result = TypeVar("Result")

DEEP = "SELECT * { ?s ?p ?o FILTER(" + "(" * 9000 + "?o" + ")" * 9000 + ") }"
LARGE = "SELECT ?a ?b { ?a <urn:next> ?c . ?b <urn:next> ?d }"


def numbered(number: int) -> str:
    return f"SELECT ?n {{ <urn:thing:{number}> <urn:number> ?n }}"


@pytest.fixture
def shared(start: Start, monkeypatch: pytest.MonkeyPatch) -> Running:
    """An engine in which all who have credit share one evaluator; its deadline is 60 s."""
    monkeypatch.setattr(forked_engine, "AT_WORK", 1)
    return start(queries=64, deadline=60.0)


def within(own: Running, scenario: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run ``scenario`` in the event loop of the engine, after a query that gives credit."""
    own.answer(query(numbered(0)))
    return asyncio.run_coroutine_threadsafe(scenario(), own.loop).result(300)


def ask(own: Running, text: str) -> asyncio.Task[Answer]:
    return own.loop.create_task(own.engine.ask(query(text), Caller()))


async def expect_numbers(asked: dict[int, asyncio.Task[Answer]]) -> None:
    """Each has the answer to its own question, and none waited for what takes seconds."""
    async with asyncio.timeout(30.0 + BUSY):
        for number, task in asked.items():
            assert (await task).body == f"n\r\n{number}\r\n".encode()


def test_a_quick_query_does_not_wait_for_a_slow_one(shared: Running) -> None:
    async def scenario() -> None:
        slow = ask(shared, ENDLESS)
        await expect_numbers({n: ask(shared, numbered(n)) for n in range(20)})
        assert not slow.done()
        slow.cancel()
        await asyncio.wait([slow])

    within(shared, scenario)


def test_an_evaluator_that_answers_as_it_is_to_stand_still_goes_on(shared: Running) -> None:
    async def scenario() -> None:
        evaluator = shared.engine.pool.take()
        assert evaluator is not None
        evaluator.pause()
        shared.engine.pool.release(evaluator)
        await expect_numbers({n: ask(shared, numbered(n)) for n in range(3)})

    within(shared, scenario)


def test_a_query_that_ends_its_evaluator_ends_no_other(shared: Running) -> None:
    async def scenario() -> None:
        deep = ask(shared, DEEP)
        await expect_numbers({n: ask(shared, numbered(n)) for n in range(5)})
        with pytest.raises(BudgetExceeded):
            await deep

    within(shared, scenario)


@pytest.mark.parametrize("leaves", [0, 2])
def test_a_client_that_goes_takes_nobody_with_it(shared: Running, leaves: int) -> None:
    async def scenario() -> None:
        asked = {n: ask(shared, SOME_TIME if n == 0 else numbered(n)) for n in range(6)}
        await asyncio.sleep(0.002)
        asked.pop(leaves).cancel()
        first = asked.pop(0, None)
        await expect_numbers(asked)
        assert first is None or (await first).length

    within(shared, scenario)


def test_each_gets_its_own_answer_or_its_own_error(shared: Running) -> None:
    async def scenario() -> None:
        wrong = [ask(shared, f"SELCT {n}") for n in range(3)]
        large = [ask(shared, LARGE) for _ in range(2)]
        numbers = {n: ask(shared, numbered(n)) for n in range(8)}
        more = [ask(shared, LARGE), ask(shared, "SELCT")]
        await expect_numbers(numbers)
        for task in (*wrong, more[1]):
            with pytest.raises(QuerySyntaxError):
                await task
        for task in (*large, more[0]):
            answer = await task
            assert not isinstance(answer.body, bytes)
            with answer.body as file:
                assert file.read().count(b"\n") == THINGS * THINGS + 1

    within(shared, scenario)


def test_many_that_take_their_time_are_all_answered(shared: Running) -> None:
    async def scenario() -> set[object]:
        return {(await each).body for each in [ask(shared, SOME_TIME) for _ in range(12)]}

    assert len(within(shared, scenario)) == 1


def test_the_deadline_holds_for_those_that_waited(start: Start) -> None:
    own = start(queries=8, heavy=8, deadline=1.0)

    async def scenario() -> None:
        for task in [ask(own, ENDLESS) for _ in range(4)]:
            with pytest.raises(DeadlineExceeded):
                await task

    within(own, scenario)


def test_whatever_comes_and_goes_all_others_are_answered_right(shared: Running) -> None:
    chance = random.Random(90)

    async def scenario() -> None:
        for _ in range(15):
            asked = {n: ask(shared, numbered(n)) for n in range(12)}
            others = [ask(shared, chance.choice((DEEP, SOME_TIME, LARGE, "SELCT"))) for _ in "ab"]
            await asyncio.sleep(chance.choice((0, 0.001, 0.004, 0.015)))
            for number in chance.sample(range(12), 3):
                asked.pop(number).cancel()
            chance.choice(others).cancel()
            await expect_numbers(asked)
            for each in await asyncio.gather(*others, return_exceptions=True):
                if isinstance(each, Answer) and not isinstance(each.body, bytes):
                    each.body.close()

    within(shared, scenario)
    assert shared.working == 0


def test_what_is_taken_back_before_it_began_is_not_evaluated() -> None:
    front, evaluator = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    long = "#" + "x" * 200_000
    with front, evaluator:
        front.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        for text in ("first", "second", long):
            for packet in pack_query(query(text), 1.0):
                front.send(packet)
        questions = Questions(evaluator)
        begun = questions.next()
        assert begun is not None
        assert (begun[0].text, begun[1]) == ("first", 1.0)
        assert not questions.look_through()
        front.send(pack(FORGET))
        for packet in pack_query(query(long + "y"), 2.0):
            front.send(packet)
        assert questions.look_through()
        later = questions.next()
        assert later is not None
        assert (later[0].text, later[1]) == (long + "y", 2.0)
        front.close()
        assert not questions.look_through()
        assert questions.next() is None
