"""Whose turn it is: cheap queries do not stand behind expensive ones, nor clients behind one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from graph_processes import until

from cecot.errors import Overloaded, Unavailable
from cecot.service.admission import Admission
from cecot.service.caller import Caller
from cecot.service.heavy_queries import HeavyQueries
from cecot.service.lane import Lane
from cecot.service.standing import BAD, GOOD, UNKNOWN, Standing
from cecot.settings import Settings


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


def wait(
    threads: ThreadPoolExecutor, lane: Lane, caller: Caller, patience: float = 5
) -> Future[None]:
    """Have a thread wait for a place, and return once it does."""
    before = lane.waiting
    future = threads.submit(lane.enter, caller, patience)
    until(lambda: lane.waiting == before + 1 or future.done())
    return future


def test_a_place_that_is_free_is_taken_without_waiting() -> None:
    lane = Lane(2, 0)
    lane.enter(Caller("a"), 0)
    lane.enter(Caller("a"), 0)
    assert lane.working == 2


def test_beyond_the_queue_there_is_no_waiting(threads: ThreadPoolExecutor) -> None:
    lane = Lane(1, 1)
    lane.enter(Caller("a"), 0)
    waiting = wait(threads, lane, Caller("b"))
    started = time.monotonic()
    with pytest.raises(Overloaded) as caught:
        lane.enter(Caller("c"), 5)
    assert time.monotonic() - started < 1
    assert caught.value.hint
    lane.leave("a")
    waiting.result(30)


def test_patience_ends() -> None:
    lane = Lane(1, 5)
    lane.enter(Caller("a"), 0)
    with pytest.raises(Overloaded, match="waited"):
        lane.enter(Caller("b"), 0.01)
    assert lane.waiting == 0


def test_the_next_place_is_for_the_client_that_has_fewest(threads: ThreadPoolExecutor) -> None:
    lane = Lane(2, 10)
    lane.enter(Caller("greedy"), 0)
    lane.enter(Caller("greedy"), 0)
    greedy = [wait(threads, lane, Caller("greedy")) for _ in range(3)]
    modest = wait(threads, lane, Caller("modest"))
    lane.leave("greedy")
    modest.result(30)
    assert not any(each.done() for each in greedy)
    for _ in greedy:
        lane.leave("greedy")
    for each in greedy:
        each.result(30)


def test_a_quarter_of_the_places_is_for_clients_of_good_standing() -> None:
    standing = Standing()
    standing.note(Caller("known"), heavy=False)
    lane = Lane(4, 0, standing=standing)
    assert [lane.try_enter(Caller(each)) for each in "abcd"] == [True, True, True, False]
    with pytest.raises(Overloaded):
        lane.enter(Caller("e"), 0)
    assert lane.try_enter(Caller("known"))
    assert not lane.try_enter(Caller("known"))


def test_a_new_connection_is_known_by_its_address_while_that_has_nothing_else_under_way() -> None:
    standing = Standing()
    standing.note(Caller("known", "known:1"), heavy=False)
    assert standing.rank(Caller("known", "known:1"), beside=9) == GOOD
    assert standing.rank(Caller("known", "known:2")) == GOOD
    assert standing.rank(Caller("known", "known:2"), beside=1) == UNKNOWN
    assert standing.rank(Caller("known"), beside=1) == UNKNOWN  # behind a proxy
    lane = Lane(4, 0, standing=standing)
    assert [lane.try_enter(Caller(each)) for each in "abc"] == [True] * 3
    assert lane.try_enter(Caller("known", "known:3"))
    lane.leave("a")
    assert not lane.try_enter(Caller("known", "known:4"))
    standing.note(Caller("known", "known:3"), heavy=True)
    assert standing.rank(Caller("known", "known:5")) == BAD


def test_who_waits_for_a_place_that_is_not_his_keeps_nobody_out(
    threads: ThreadPoolExecutor,
) -> None:
    standing = Standing()
    standing.note(Caller("known"), heavy=False)
    lane = Lane(4, 5, standing=standing)
    for each in "abc":
        lane.enter(Caller(each), 0)
    stranger = wait(threads, lane, Caller("stranger"))
    assert lane.try_enter(Caller("known"))
    lane.leave("known")
    assert not stranger.done()
    lane.leave("a")
    stranger.result(30)


def test_a_page_stays_in_its_lane_and_is_nobodys_fault() -> None:
    admission = Admission(Settings(queries=1, heavy=1))
    queries = admission.ticket(Caller("a"), 5)
    queries.enter(heavy=False)
    page = admission.ticket(Caller("a", is_page=True), 5)
    page.enter(heavy=True)
    page.become_heavy(lambda: None, lambda: None)
    assert [each.working for each in (admission.light, admission.heavy, admission.pages)] == [
        1,
        0,
        1,
    ]
    admission.note(Caller("a", is_page=True), "SELECT * {}", heavy=True)
    assert "SELECT * {}" not in admission.known
    assert admission.standing.rank(Caller("a")) == UNKNOWN
    page.leave()
    assert admission.pages.working == 0


def test_who_fills_the_queue_makes_room_for_others(threads: ThreadPoolExecutor) -> None:
    lane = Lane(1, 3)
    lane.enter(Caller("greedy"), 0)
    greedy = [wait(threads, lane, Caller("greedy")) for _ in range(3)]
    modest = threads.submit(lane.enter, Caller("modest"), 5)
    with pytest.raises(Overloaded):
        greedy[-1].result(30)
    assert lane.waiting == 3
    for each in (*greedy[:2], modest):  # each leaves its place to the next
        lane.leave("greedy")
        each.result(30)


def test_one_client_has_a_limit_of_its_own(threads: ThreadPoolExecutor) -> None:
    lane = Lane(4, 4, per_client=2)
    lane.enter(Caller("a"), 0)
    lane.enter(Caller("a"), 0)
    with pytest.raises(Overloaded, match="under way"):
        lane.enter(Caller("a"), 5)
    lane.enter(Caller("b"), 0)


def test_a_client_that_goes_waits_no_longer(threads: ThreadPoolExecutor) -> None:
    lane = Lane(1, 5)
    lane.enter(Caller("a"), 0)
    caller = Caller("b")
    waiting = wait(threads, lane, caller)
    caller.leave()
    with pytest.raises(Unavailable, match="gone"):
        waiting.result(20)
    assert lane.waiting == 0


def test_no_place_is_lost_or_given_twice(threads: ThreadPoolExecutor) -> None:
    lane, lock = Lane(3, 100), threading.Lock()
    inside, most = 0, 0

    def visit(number: int) -> None:
        nonlocal inside, most
        caller = Caller(f"client {number % 4}")
        lane.enter(caller, 10)
        with lock:
            inside += 1
            most = max(most, inside)
        with lock:
            inside -= 1
        lane.leave(caller.address)

    list(threads.map(visit, range(500)))
    assert (lane.working, lane.waiting) == (0, 0)
    assert most <= 3


def test_what_was_heavy_is_remembered_until_it_is_not() -> None:
    known = HeavyQueries()
    known.note("SELECT  *\n{ ?s ?p ?o }", heavy=True)
    assert "SELECT * { ?s ?p ?o }" in known
    assert "SELECT * { ?s ?p ?q }" not in known
    known.note("SELECT * { ?s ?p ?o }", heavy=False)
    assert "SELECT * { ?s ?p ?o }" not in known


def nothing() -> None:
    pass


def heavy(admission: Admission, pause: Callable[[], None] = nothing) -> None:
    ticket = admission.ticket(Caller(), 5)
    ticket.enter(heavy=False)
    ticket.become_heavy(pause, nothing)


def test_heavy_queries_leave_the_light_lane_to_others() -> None:
    admission = Admission(Settings(queries=1, heavy=1, waiting=1, patience=0.05))
    heavy(admission)
    assert (admission.light.working, admission.heavy.working) == (0, 1)
    admission.ticket(Caller(), 5).enter(heavy=False)


def test_a_heavy_query_pauses_until_there_is_a_place(threads: ThreadPoolExecutor) -> None:
    admission = Admission(Settings(queries=1, heavy=1, waiting=1, patience=5))
    first, second = admission.ticket(Caller(), 5), admission.ticket(Caller(), 5)
    first.enter(heavy=True)
    second.enter(heavy=False)
    happened: list[str] = []
    moving = threads.submit(
        second.become_heavy, lambda: happened.append("pause"), lambda: happened.append("resume")
    )
    until(lambda: admission.heavy.waiting == 1)
    assert happened == ["pause"]
    assert admission.light.working == 0
    first.leave()
    moving.result(30)
    assert happened == ["pause", "resume"]
    assert second.is_heavy


def test_while_others_ask_heavy_queries_leave_a_processor_to_them() -> None:
    admission = Admission(Settings(queries=4, heavy=2, waiting=0), processors=2)
    heavy(admission)
    admission.note(Caller("192.0.2.1"), "ASK {}", heavy=False, quick=True)
    with pytest.raises(Overloaded):
        heavy(admission)
    quiet = Admission(Settings(queries=4, heavy=2, waiting=0), processors=2)
    heavy(quiet)
    quiet.note(Caller("192.0.2.1"), "ASK { ?s ?p ?o }", heavy=True)
    quiet.note(Caller("192.0.2.1"), "ASK { ?s a ?o }", heavy=False)
    quiet.note(Caller("127.0.0.1", urgent=True), "ASK {}", heavy=False, quick=True)
    heavy(quiet)
    assert quiet.heavy.working == 2


def test_heavy_queries_that_wait_go_on_when_nobody_asks_any_more(
    threads: ThreadPoolExecutor,
) -> None:
    admission = Admission(Settings(queries=4, heavy=2, waiting=4, patience=30), processors=2)
    heavy(admission)
    admission.note(Caller("192.0.2.1"), "ASK {}", heavy=False, quick=True)
    waits = threads.submit(heavy, admission)
    until(lambda: admission.heavy.waiting == 1)
    waits.result(30)
    assert admission.heavy.working == 2


def test_one_processor_is_enough_for_one_heavy_query() -> None:
    admission = Admission(Settings(queries=4, heavy=2, waiting=0), processors=1)
    admission.note(Caller("192.0.2.1"), "ASK {}", heavy=False, quick=True)
    heavy(admission)
    assert admission.heavy.working == 1


def test_no_wait_outlasts_the_time_of_the_query() -> None:
    admission = Admission(Settings(queries=1, heavy=1, waiting=4, patience=60))
    heavy(admission)
    ticket = admission.ticket(Caller(), 0.05)
    started = time.monotonic()
    with pytest.raises(Overloaded):
        ticket.enter(heavy=True)
    assert time.monotonic() - started < 2


def test_who_is_urgent_needs_no_place() -> None:
    admission = Admission(Settings(queries=1, heavy=1, waiting=0))
    admission.ticket(Caller(), 5).enter(heavy=False)
    admission.ticket(Caller(urgent=True), 5).enter(heavy=False)
    assert admission.light.working == 1
