"""A query is evaluated in a process of its own: it can end that process, and nothing else."""

from __future__ import annotations

import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from graph_processes import BUSY, query, until
from graph_server import THINGS, small_store

from cecot.engine import Form, Query
from cecot.errors import (
    BudgetExceeded,
    CecotError,
    DeadlineExceeded,
    NotAcceptable,
    QuerySyntaxError,
    Refused,
    Unavailable,
    Unreachable,
)
from cecot.service.caller import Caller, calling
from cecot.service.forked_engine import ForkedEngine
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine

Start = Callable[..., ForkedEngine]

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
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


def text_of(engine: ForkedEngine, text: str) -> str:
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
def test_the_answer_is_the_one_of_the_engine_in_process(engine: ForkedEngine, asked: Query) -> None:
    expected = InProcessEngine(small_store()).answer(asked)
    answer = engine.answer(asked)
    assert (answer.form, answer.media_type) == (expected.form, expected.media_type)
    assert (answer.body, answer.length) == (expected.body, expected.length)
    assert answer.seconds > 0


def test_a_long_query_and_a_long_answer_arrive_whole(engine: ForkedEngine) -> None:
    values = " ".join(f"'{n:07}'" for n in range(60_000))
    answer = engine.answer(query(f"SELECT ?x {{ VALUES ?x {{ {values} }} }}"))
    assert isinstance(answer.body, bytes)
    assert answer.body.decode().split() == ["x", *(f"{n:07}" for n in range(60_000))]


def test_a_larger_answer_comes_as_a_file_that_holds_it_whole(engine: ForkedEngine) -> None:
    text = "SELECT ?a ?b { ?a <urn:next> ?c . ?b <urn:next> ?d }"
    answer = engine.answer(query(text))
    assert not isinstance(answer.body, bytes)
    with answer.body as file:
        data = file.read()
    assert len(data) == answer.length
    assert data.count(b"\n") == THINGS * THINGS + 1


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_gets_its_answer_and_the_next_one_too(
    engine: ForkedEngine, name: str
) -> None:
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
    engine: ForkedEngine, text: str, error: type[CecotError]
) -> None:
    with pytest.raises(error) as expected:
        InProcessEngine(small_store(), prefixes={"ex": "http://example.org/"}).answer(query(text))
    with pytest.raises(error) as caught:
        engine.answer(query(text))
    assert vars(caught.value) == vars(expected.value)


def test_what_nothing_acceptable_can_carry_is_not_acceptable(engine: ForkedEngine) -> None:
    with pytest.raises(NotAcceptable):
        engine.answer(Query("ASK {}", None, None, "text/turtle"))


def test_an_evaluator_has_one_descriptor_and_can_open_no_more(engine: ForkedEngine) -> None:
    text_of(engine, EASY)
    conversation = engine.pool.take()
    process = conversation.process
    try:
        assert {int(name) for name in os.listdir(f"/proc/{process}/fd")} == {0}
        assert resource.prlimit(process, resource.RLIMIT_NOFILE) == (1, 1)
        assert resource.prlimit(process, resource.RLIMIT_CORE) == (0, 0)
        assert len(os.listdir(f"/proc/{process}/task")) == 1
    finally:
        engine.pool.give_back(conversation)


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


def test_a_client_that_goes_frees_its_evaluator_at_once(engine: ForkedEngine) -> None:
    caller = Caller()
    raised: list[BaseException] = []

    def ask() -> None:
        with calling(caller):
            try:
                engine.answer(query(ENDLESS))
            except Unavailable as error:
                raised.append(error)

    engine.admission.known.note(ENDLESS, heavy=False)
    thread = threading.Thread(target=ask)
    thread.start()
    until(lambda: engine.admission.light.working + engine.admission.heavy.working == 1)
    left = time.monotonic()
    caller.leave()
    thread.join()
    assert time.monotonic() - left < 1.0 + BUSY
    assert raised
    assert engine.admission.light.working + engine.admission.heavy.working == 0


def test_a_query_whose_evaluator_is_killed_from_outside_is_asked_again(
    start: Start,
) -> None:
    own = start(queries=1)
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d <urn:next> ?f FILTER(STR(?c) < STR(?f)) }"
    until(lambda: own.pool.idle == 1)
    conversation = own.pool.take()
    victim = conversation.process
    own.pool.give_back(conversation)
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(own.answer, query(slow))
        until(lambda: own.admission.light.working == 1)
        os.kill(victim, signal.SIGKILL)
        assert answer.result(30).form is Form.SELECT


def test_many_questions_at_once_are_all_answered_right(engine: ForkedEngine) -> None:
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
    until(lambda: own.pool.idle == 1)
    conversation = own.pool.take()
    resident = int(Path(f"/proc/{conversation.process}/statm").read_text().split()[1]) * 4096
    own.pool.give_back(conversation)
    assert resident < 100 << 20


def test_a_graph_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    nowhere = ForkedEngine(tmp_path / "nobody", Settings(patience=0.1))
    with pytest.raises(Unavailable):
        nowhere.answer(query(EASY))
    nowhere.close()


def test_a_graph_of_another_version_is_not_asked(start: Start, tmp_path: Path) -> None:
    start()
    other = ForkedEngine(tmp_path / "graph-0", Settings(patience=0.1), "another")
    with pytest.raises(Unavailable):
        other.answer(query(EASY))
    other.close()
