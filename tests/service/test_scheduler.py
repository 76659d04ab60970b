"""Who computes now: places, a fair queue, a cap for each client."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from cecot.engine import Caller
from cecot.errors import Overloaded
from cecot.service.scheduler import Credit, QueryPlace, QueryPlaces, Scheduler
from cecot.settings import Settings

Test = Callable[[], Coroutine[Any, Any, None]]


def in_a_loop(test: Test) -> Callable[[], None]:
    """Run a test in an event loop of its own."""

    def run() -> None:
        asyncio.run(test())

    run.__name__ = test.__name__
    return run


def scheduler(queries: int = 1, heavy: int = 1, **settings: Any) -> Scheduler:
    return Scheduler(Settings(queries=queries, heavy=heavy, **settings))


async def enter(of: Scheduler, client: str = "a", seconds: float = 5.0) -> QueryPlace:
    return await of.enter(Caller(client), asyncio.get_running_loop().time() + seconds)


async def waiting(
    of: Scheduler, client: str, seconds: float = 5.0, room: int = 32
) -> asyncio.Task[QueryPlace]:
    """Have somebody wait for a place."""
    before = of.ordinary.waiting
    task = asyncio.create_task(enter(of, client, seconds))
    await asyncio.sleep(0)
    assert of.ordinary.waiting == min(before + 1, room)
    return task


def nothing() -> None:
    pass


def unexpected(error: Exception) -> None:
    raise AssertionError(error)


@in_a_loop
async def test_a_place_that_is_free_is_taken_without_waiting() -> None:
    own = scheduler(queries=2)
    places = [await enter(own), await enter(own)]
    assert own.ordinary.taken == 2
    for place in places:
        place.leave()
        place.leave()
    assert own.ordinary.taken == 0


@in_a_loop
async def test_beyond_the_queue_there_is_no_waiting() -> None:
    own = scheduler(waiting=1)
    first = await enter(own)
    second = await waiting(own, "b")
    with pytest.raises(Overloaded, match="wait already") as caught:
        await enter(own, "c")
    assert caught.value.hint
    first.leave()
    await second


@in_a_loop
async def test_patience_ends_and_no_wait_outlasts_the_time_of_the_query() -> None:
    for own, seconds in ((scheduler(patience=0.01), 60.0), (scheduler(patience=60.0), 0.01)):
        await enter(own)
        with pytest.raises(Overloaded, match="waited"):
            await asyncio.wait_for(enter(own, "b", seconds), 20)
        assert own.ordinary.waiting == 0


@in_a_loop
async def test_the_next_place_is_for_the_client_that_has_fewest() -> None:
    own = scheduler(queries=2)
    held = [await enter(own, "greedy"), await enter(own, "greedy")]
    greedy = [await waiting(own, "greedy") for _ in range(3)]
    modest = await waiting(own, "modest")
    held[0].leave()
    await modest
    assert not any(each.done() for each in greedy)
    held[1].leave()
    await greedy[0]
    assert [each.done() for each in greedy] == [True, False, False]
    for each in greedy:
        each.cancel()


@in_a_loop
async def test_who_fills_the_queue_makes_room_for_others() -> None:
    own = scheduler(waiting=3)
    first = await enter(own, "greedy")
    greedy = [await waiting(own, "greedy") for _ in range(3)]
    modest = await waiting(own, "modest", room=3)
    with pytest.raises(Overloaded, match="most often"):
        await greedy[-1]
    assert own.ordinary.waiting == 3
    first.leave()
    for each in (greedy[0], greedy[1], modest):  # who has waited longest comes first
        (await each).leave()
    assert own.ordinary.taken == 0


@in_a_loop
async def test_whoever_is_cancelled_waits_no_longer_and_holds_nothing() -> None:
    own = scheduler()
    first = await enter(own)
    gone, next_ = await waiting(own, "b"), await waiting(own, "c")
    gone.cancel()
    first.leave()  # before the one that is cancelled has heard of it
    place = await asyncio.wait_for(next_, 20)
    late = await waiting(own, "d")
    place.leave()
    late.cancel()  # the place has been given to it just now
    for each in (gone, late):
        with pytest.raises(asyncio.CancelledError):
            await each
    assert (own.ordinary.taken, own.ordinary.waiting) == (0, 0)


@in_a_loop
async def test_a_heavy_query_leaves_its_place_to_others() -> None:
    own = scheduler()
    place = await enter(own)
    place.become_heavy(5.0, nothing, nothing, unexpected)
    assert place.is_heavy
    assert (own.ordinary.taken, own.heavy.taken) == (0, 1)
    place.leave()
    assert own.heavy.taken == 0


@in_a_loop
async def test_a_heavy_query_stands_still_until_there_is_a_place() -> None:
    own = scheduler(queries=2)
    first, second = await enter(own), await enter(own, "b")
    happened: list[str] = []
    first.become_heavy(5.0, nothing, nothing, unexpected)
    second.become_heavy(
        5.0, lambda: happened.append("pause"), lambda: happened.append("go on"), unexpected
    )
    assert (happened, own.heavy.waiting, own.ordinary.taken) == (["pause"], 1, 0)
    first.leave()
    assert (happened, own.heavy.waiting, own.heavy.taken) == (["pause", "go on"], 0, 1)
    second.leave()
    assert own.heavy.taken == 0


@in_a_loop
async def test_a_heavy_query_that_waits_too_long_is_ended() -> None:
    own = scheduler(queries=2)
    first, second = await enter(own), await enter(own, "b")
    ended: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
    first.become_heavy(5.0, nothing, nothing, unexpected)
    second.become_heavy(0.01, nothing, unexpected, ended.set_result)  # type: ignore[arg-type]
    assert isinstance(await asyncio.wait_for(ended, 20), Overloaded)
    second.leave()
    first.leave()
    assert (own.heavy.taken, own.heavy.waiting) == (0, 0)


@in_a_loop
async def test_what_is_ours_needs_no_place() -> None:
    own = scheduler(waiting=0)
    await enter(own)
    until = asyncio.get_running_loop().time() + 5
    for caller in (Caller("a", urgent=True), Caller("a", is_page=True)):
        place = await own.enter(caller, until)
        place.become_heavy(5.0, unexpected, nothing, unexpected)  # type: ignore[arg-type]
        assert (own.ordinary.taken, own.heavy.taken) == (1, 0)
        place.leave()
    assert own.ordinary.taken == 1


def test_one_client_has_a_limit_of_its_own() -> None:
    own = scheduler(per_client=2)
    for client in "aab":
        own.begin(client)
    with pytest.raises(Overloaded, match="under way"):
        own.begin("a")
    own.end("a")
    own.begin("a")
    without = scheduler(per_client=0)
    for _ in range(100):
        without.begin("a")


@in_a_loop
async def test_no_place_is_lost_or_given_twice() -> None:
    own = scheduler(queries=3, waiting=500)
    inside = most = 0

    async def visit(number: int) -> None:
        nonlocal inside, most
        place = await enter(own, f"client {number % 4}", 60)
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0)
        if number % 3 == 0:
            place.become_heavy(60, nothing, nothing, unexpected)
        inside -= 1
        await asyncio.sleep(0)
        place.leave()

    tasks = [asyncio.create_task(visit(number)) for number in range(300)]
    for number in range(0, 300, 7):
        tasks[number].cancel()
        await asyncio.sleep(0)
    await asyncio.gather(*tasks, return_exceptions=True)
    counts = own.ordinary.taken, own.ordinary.waiting, own.heavy.taken, own.heavy.waiting
    assert counts == (0, 0, 0, 0)
    assert most <= 3 + 1  # one more may have become heavy


@in_a_loop
async def test_a_quarter_of_the_places_is_for_clients_with_credit() -> None:
    own = scheduler(queries=4, waiting=0)
    (await enter(own, "known")).leave()
    for client in "abc":
        await enter(own, client)
    with pytest.raises(Overloaded):
        await enter(own, "d")
    await enter(own, "known")
    assert own.ordinary.taken == 4


@in_a_loop
async def test_in_a_queue_clients_with_credit_come_first_and_make_room_last() -> None:
    own = scheduler(waiting=2)
    (await enter(own, "known")).leave()
    first = await enter(own, "a")
    strangers = [await waiting(own, "b"), await waiting(own, "c")]
    known = await waiting(own, "known", room=2)
    with pytest.raises(Overloaded, match="most often"):
        await strangers[0]
    first.leave()
    place = await known
    assert not strangers[1].done()
    place.leave()
    (await strangers[1]).leave()


@in_a_loop
async def test_a_heavy_query_costs_the_credit_of_its_client() -> None:
    own = scheduler()
    for heavy, has_credit in ((False, True), (True, False), (False, True)):
        place = await enter(own)
        if heavy:
            place.become_heavy(5.0, nothing, nothing, unexpected)
        place.leave()
        assert ("a" in own.credit) is has_credit


def test_a_client_that_has_left_leaves_nothing_behind() -> None:
    """Whoever comes from ever new addresses would fill the memory of the front."""
    places = QueryPlaces(1, 0, Credit())

    def come_and_go(first: int) -> None:
        for number in range(first, first + 5000):
            client = f"2001:db8::{number:x}"
            assert places.take(client)
            places.give_back(client)

    come_and_go(0)
    tracemalloc.start()
    try:
        come_and_go(5000)
        assert tracemalloc.get_traced_memory()[0] < 100_000
    finally:
        tracemalloc.stop()


@in_a_loop
async def test_a_spared_place_goes_to_credit_past_those_without_who_have_fewer() -> None:
    credit = Credit()
    for client in ("b", "c", "d"):
        credit.note(client, heavy=False)
    places = QueryPlaces(8, 32, credit, spared=2)
    assert all(places.take(each) for each in ("1", "2", "3", "4", "5", "6", "b", "c"))
    admitted: list[str] = []
    for client in ("a", "b"):
        places.wait(client, 5.0, lambda client=client: admitted.append(client), unexpected)
    places.give_back("c")
    assert admitted == ["b"]
    assert not places.take("d")
    places.give_back("1")
    places.give_back("2")
    assert admitted == ["b"]  # seven and six are taken: what is left is spared
    places.give_back("3")
    assert admitted == ["b", "a"]
