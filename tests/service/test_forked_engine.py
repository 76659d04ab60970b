"""A query is evaluated in a process of its own: it can end that process, and nothing else."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from graph_processes import BUSY, ENDLESS, SOME_TIME, query, until
from graph_server import THINGS, small_store
from running_engines import Running, engine_at

from cecot.engine import Caller, Form, Query, calling
from cecot.errors import (
    BudgetExceeded,
    CecotError,
    DeadlineExceeded,
    NotAcceptable,
    Overloaded,
    QuerySyntaxError,
    Refused,
    Unavailable,
    Unreachable,
)
from cecot.service import forked_engine
from cecot.service.forked_engine import SPARE
from cecot.service.processes import resident
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine

Start = Callable[..., Running]

LONG = "SELECT ?a ?b { ?a <urn:next> ?c . ?b <urn:next> ?d }"
EASY = "SELECT ?n { <urn:thing:7> <urn:number> ?n }"
MANY_A, MANY_B = "a" * 9999, "b" * 9999
HOSTILE = {
    "nesting": "SELECT * { ?s ?p ?o FILTER(" + "(" * 9000 + "?o" + ")" * 9000 + ") }",
    "braces": "SELECT * " + "{" * 5000 + "?s ?p ?o" + "}" * 5000,
    "sort": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a",
    "distinct": "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "doubling": "SELECT ?x29 { BIND('xxxxxxxx' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(29))
    + " }",
    "replace": f"SELECT (REPLACE(REPLACE('{MANY_A}', 'a', '{MANY_B}'), 'b', 'cc') AS ?x) {{}}",
    "count": ENDLESS,
    "union": "SELECT * { " + " UNION ".join(f"{{ ?s ?p {n} }}" for n in range(6000)) + " }",
    "path": "SELECT * { ?s " + "/".join(["<urn:next>"] * 3000) + " ?o }",
    "construct": "CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "rows": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "offset": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } OFFSET 999999999",
    "pattern": "SELECT * { ?s ?p ?o FILTER("
    + " || ".join(
        f"REGEX(STR(?o), '(\\\\w{{100}}){{50}}\\\\p{{L}}{{{n}}}')" for n in range(500, 540)
    )
    + ") }",
}


def text_of(engine: Running, text: str) -> str:
    body = engine.answer(query(text)).body
    assert isinstance(body, bytes)
    return body.decode()


@pytest.mark.parametrize(
    "asked",
    [
        Query(
            "SELECT * { ?s ?p ?o } ORDER BY ?s ?p", "application/sparql-results+json", None, None
        ),
        Query("ASK { ?s ?p ?o }", None, "application/sparql-results+xml", None),
        Query("CONSTRUCT WHERE { <urn:thing:1> ?p ?o }", None, None, "text/turtle"),
    ],
)
def test_the_answer_is_the_one_of_the_engine_in_process(engine: Running, asked: Query) -> None:
    expected = InProcessEngine(small_store()).answer(asked)
    answer = engine.answer(asked)
    assert (answer.form, answer.media_type) == (expected.form, expected.media_type)
    assert (answer.body, answer.length) == (expected.body, expected.length)
    assert answer.seconds > 0


def test_a_long_query_and_a_long_answer_arrive_whole(engine: Running) -> None:
    values = " ".join(f"'{n:07}'" for n in range(60_000))
    answer = engine.answer(query(f"SELECT ?x {{ VALUES ?x {{ {values} }} }}"))
    assert isinstance(answer.body, bytes)
    assert answer.body.decode().split() == ["x", *(f"{n:07}" for n in range(60_000))]


def test_a_larger_answer_comes_as_a_file_that_holds_it_whole(engine: Running) -> None:
    answer = engine.answer(query(LONG))
    assert not isinstance(answer.body, bytes)
    with answer.body as file:
        data = file.read()
    assert len(data) == answer.length
    assert data.count(b"\n") == THINGS * THINGS + 1


def test_a_long_answer_under_way_is_finished_when_the_engine_is_closed(
    start: Start,
) -> None:
    running = start()
    asked = running.engine.ask(query(LONG), Caller())
    answer = asyncio.run_coroutine_threadsafe(asked, running.loop)
    until(lambda: running.working == 1)
    running.loop.call_soon_threadsafe(running.engine.close)
    for finished in (answer.result(60), running.answer(query(LONG))):  # one of them asked later
        assert not isinstance(finished.body, bytes)
        with finished.body as file:
            assert file.read().count(b"\n") == THINGS * THINGS + 1


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_gets_its_answer_and_the_next_one_too(engine: Running, name: str) -> None:
    started = time.monotonic()
    with pytest.raises((BudgetExceeded, DeadlineExceeded)) as caught:
        engine.answer(query(HOSTILE[name]))
    assert time.monotonic() - started < 4.0 + BUSY
    assert caught.value.hint
    assert text_of(engine, EASY) == "n\r\n7\r\n"


@pytest.mark.parametrize(
    ("name", "budget"),
    [
        ("nesting", "nesting"),
        ("braces", "nesting"),
        ("sort", "memory"),
        ("doubling", "memory"),
        ("rows", "result"),
        ("count", "deadline"),
    ],
)
def test_the_budget_that_was_passed_is_named(start: Start, name: str, budget: str) -> None:
    deadline = 0.5 if budget == "deadline" else 60
    engine = start(deadline=deadline, memory=64 << 20, result=8 << 20)
    with pytest.raises((BudgetExceeded, DeadlineExceeded)) as caught:
        engine.answer(query(HOSTILE[name]))
    assert caught.value.where == budget


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT * {\n ?s ex:p ?o }", QuerySyntaxError),
        ("SELECT * { SERVICE <urn:x> { ?s ?p ?o } }", Refused),
        ("LOAD <urn:x>", Refused),
    ],
)
def test_errors_come_across_with_all_that_they_carry(
    engine: Running, text: str, error: type[CecotError]
) -> None:
    with pytest.raises(error) as expected:
        InProcessEngine(small_store(), prefixes={"ex": "http://example.org/"}).answer(query(text))
    with pytest.raises(error) as caught:
        engine.answer(query(text))
    assert vars(caught.value) == vars(expected.value)


def test_what_nothing_acceptable_can_carry_is_not_acceptable(engine: Running) -> None:
    with pytest.raises(NotAcceptable):
        engine.answer(Query("ASK {}", None, None, "text/turtle"))


def test_an_evaluator_has_one_descriptor_and_can_open_no_more(engine: Running) -> None:
    text_of(engine, EASY)
    until(lambda: engine.idle >= 2)
    for process in evaluators_of(engine):
        until(lambda process=process: {int(n) for n in os.listdir(f"/proc/{process}/fd")} == {0})
        assert resource.prlimit(process, resource.RLIMIT_NOFILE) == (1, 1)
        assert resource.prlimit(process, resource.RLIMIT_CORE) == (0, 0)
        assert len(os.listdir(f"/proc/{process}/task")) == 1


def evaluators_of(engine: Running) -> list[int]:
    """The processes that evaluate for ``engine``."""
    graph = engine.graph_process
    children = Path(f"/proc/{graph}/task/{graph}/children").read_text().split()
    return list(map(int, children))


def test_no_packet_leaves_an_evaluator_even_if_the_query_is_not_checked(
    start: Start,
) -> None:
    unchecked = start(federation=True)
    with socket.create_server(("127.0.0.1", 0)) as canary:
        port = canary.getsockname()[1]
        with pytest.raises((Refused, Unreachable)):
            unchecked.answer(
                query(f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}")
            )
        silent = f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        unchecked.answer(query(silent))
        canary.settimeout(0.2)
        with pytest.raises(TimeoutError):
            canary.accept()


def test_a_client_that_goes_frees_its_evaluator_at_once(engine: Running) -> None:
    caller = Caller()
    raised: list[BaseException] = []

    def ask() -> None:
        with calling(caller):
            try:
                engine.blocking.answer(query(ENDLESS))
            except Unavailable as error:
                raised.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    until(lambda: engine.working == 1)
    left = time.monotonic()
    caller.leave()
    thread.join()
    assert time.monotonic() - left < 1.0 + BUSY
    assert raised
    until(lambda: engine.working == 0)


def test_who_has_gone_is_not_worked_for(engine: Running) -> None:
    gone = Caller()
    gone.leave()
    ended = engine.ended
    with calling(gone), pytest.raises(Unavailable):
        engine.blocking.answer(query(EASY))
    assert engine.ended == ended


def test_a_query_whose_evaluator_is_killed_from_outside_is_asked_again(
    start: Start,
) -> None:
    own = start(queries=1)
    until(lambda: own.idle == SPARE)
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(own.answer, query(SOME_TIME))
        until(lambda: own.working == 1)
        for evaluator in evaluators_of(own):
            os.kill(evaluator, signal.SIGKILL)
        assert answer.result(30).form is Form.SELECT


def test_a_heavy_query_lets_others_compute_first_until_it_is_answered(start: Start) -> None:
    own = start(deadline=20.0, heavy_after=0.05)
    with ThreadPoolExecutor(1) as threads:
        caller = Caller()
        asked = threads.submit(own.answer, query(ENDLESS), caller)
        until(lambda: own.scheduler.heavy.taken == 1)
        assert own.scheduler.ordinary.taken == 0
        ranks = [os.sched_getscheduler(each) for each in evaluators_of(own)]
        assert ranks.count(os.SCHED_IDLE) == 1
        assert text_of(own, EASY) == "n\r\n7\r\n"
        asked.cancel()
        own.loop.call_soon_threadsafe(own.cancel_all)
        with pytest.raises(CancelledError):
            asked.result(30)
    until(lambda: own.scheduler.heavy.taken == 0)
    until(lambda: {os.sched_getscheduler(each) for each in evaluators_of(own)} == {os.SCHED_OTHER})


def test_without_a_heavy_place_a_query_stands_still_until_there_is_one(start: Start) -> None:
    own = start(deadline=60.0, heavy_after=0.02, heavy=1, queries=2, patience=30.0)
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STR(?c) < STR(?f)) }"
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(own.answer, query(slow))
        until(lambda: own.scheduler.heavy.taken == 1)
        second = threads.submit(own.answer, query(slow))
        until(lambda: own.scheduler.heavy.waiting == 1 or first.done())
        if not first.done():
            until(lambda: "T" in states_of(own) or first.done())
        assert first.result(60).body == second.result(60).body
    assert "T" not in states_of(own)
    assert (own.scheduler.heavy.taken, own.scheduler.heavy.waiting) == (0, 0)


def test_a_heavy_query_that_finds_no_room_is_told_to_come_back(start: Start) -> None:
    own = start(deadline=30.0, heavy_after=0.02, heavy=1, queries=1, waiting=0)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(own.answer, query(ENDLESS))
        until(lambda: own.scheduler.heavy.taken == 1)
        with pytest.raises(Overloaded):
            own.answer(query(ENDLESS + " # 2"))
        own.loop.call_soon_threadsafe(own.cancel_all)
        with pytest.raises(CancelledError):
            first.result(30)


def states_of(engine: Running) -> list[str]:
    """What the evaluators do, as ps shows it."""
    found = []
    for process in evaluators_of(engine):
        with suppress(OSError):
            stat = Path(f"/proc/{process}/stat").read_text()
            found.append(stat.rpartition(")")[2].split()[0])
    return found


def test_a_query_of_a_page_needs_no_place(start: Start) -> None:
    own = start(queries=1, heavy=1, waiting=0, deadline=30.0, heavy_after=10.0)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(own.answer, query(ENDLESS))
        until(lambda: own.scheduler.ordinary.taken == 1)
        with pytest.raises(Overloaded):
            own.answer(query(EASY))
        assert own.blocking.answer(query(EASY)).body == b"n\r\n7\r\n"
        own.loop.call_soon_threadsafe(own.cancel_all)
        with pytest.raises(CancelledError):
            first.result(30)


def test_evaluators_come_as_they_are_needed_and_go_when_they_are_not(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forked_engine, "KEPT", 1.0)
    own = start(queries=6, deadline=60.0)
    until(lambda: own.idle == SPARE)
    with ThreadPoolExecutor(6) as threads:
        asked = [threads.submit(own.answer, query(f"{SOME_TIME} # {n}")) for n in range(6)]
        assert all(each.result(60) for each in asked)
    assert own.idle > SPARE
    until(lambda: own.idle == SPARE)
    assert text_of(own, EASY) == "n\r\n7\r\n"
    assert own.idle == SPARE


def test_many_questions_at_once_are_all_answered_right(engine: Running) -> None:
    def ask(number: int) -> bool:
        text = f"SELECT ?n {{ <urn:thing:{number}> <urn:number> ?n }}"
        return text_of(engine, text) == f"n\r\n{number}\r\n"

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(THINGS)))


def test_an_answer_for_which_there_is_no_room_is_told_so(start: Start, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    own = start(spool=str(gone))
    gone.rmdir()
    with pytest.raises(Unavailable, match="no room"):
        own.answer(query("SELECT * { ?a <urn:next> ?c . ?b <urn:next> ?d }"))
    assert text_of(own, EASY) == "n\r\n7\r\n"


def test_answers_that_are_being_read_take_room_from_others(start: Start) -> None:
    own = start(spool_size=1 << 20)
    large = "SELECT * { ?a <urn:next> ?c . ?b <urn:next> ?d }"
    first = own.answer(query(large))
    assert not isinstance(first.body, bytes)
    with pytest.raises(Unavailable, match="no room"):
        own.answer(query(large))
    first.body.close()
    second = own.answer(query(large))
    assert not isinstance(second.body, bytes)
    second.body.close()


def test_memory_that_a_query_took_is_given_back(start: Start) -> None:
    own = start(queries=1, memory=256 << 20, deadline=60.0)
    takes = (
        "SELECT (COUNT(DISTINCT CONCAT(STR(?a), STR(?d), STR(?f))) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
    )
    assert text_of(own, takes) != ""
    for process in evaluators_of(own):
        assert resident(process) < 100 << 20


def test_a_graph_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    with engine_at(tmp_path / "nobody", Settings(patience=0.1)) as nowhere:
        with pytest.raises(Unavailable):
            nowhere.answer(query(EASY))
        assert nowhere.working == 0


def test_a_graph_of_another_version_is_not_asked(start: Start, tmp_path: Path) -> None:
    start()
    settings = Settings(patience=0.1)
    with (
        engine_at(tmp_path / "graph-0", settings, "another") as other,
        pytest.raises(Unavailable),
    ):
        other.answer(query(EASY))
