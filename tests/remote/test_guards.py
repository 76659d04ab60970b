"""No client's text goes to an engine unread, and no client can open the breaker for the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from scripted import Scripted, Write, reply

from cecot import errors
from cecot.engine import Dataset, Form, Query
from cecot.remote.client import FAILURES, FIRST, LONGEST, Breaker
from cecot.remote.engine import RemoteEngine
from cecot.rooms import Rooms

JSON = "application/sparql-results+json"
NONE = reply('{"head":{"vars":["s"]},"results":{"bindings":[]}}')
Make = Callable[..., RemoteEngine]


def query(text: str, **more: object) -> Query:
    return Query(text, JSON, JSON, "application/n-triples", **more)  # type: ignore[arg-type]


OURS = query("SELECT * { ?s ?p ?o }", ours=Form.SELECT)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELCT * {}", errors.QuerySyntaxError),
        ("define input:default-graph-uri <urn:x> SELECT * {}", errors.QuerySyntaxError),
        ("DELETE WHERE { ?s ?p ?o }", errors.QuerySyntaxError),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", errors.QuerySyntaxError),
        ("SELECT (bif:http_get('http://127.0.0.1/') AS ?x) {}", errors.QuerySyntaxError),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", errors.Refused),
        ("SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }", errors.Refused),
    ],
)
def test_what_is_no_query_never_goes_out(
    scripted: Scripted, remote: Make, text: str, error: type[errors.CecotError]
) -> None:
    with pytest.raises(error) as caught:
        remote().answer(query(text))
    assert caught.value.line is not None or caught.value.hint
    assert not scripted.asked


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (<bif:http_get>('http://127.0.0.1/') AS ?x) {}",
        "SELECT (<BIF:delay>(1) AS ?x) {}",
        "PREFIX x: <bif:> SELECT (x:delay(1) AS ?y) {}",
        "PREFIX x: <bi> SELECT (x:f(1) AS ?y) {}",
        "PREFIX x: <s> SELECT (x:ql(1) AS ?y) {}",
        "SELECT (<\\u0062if:delay>(1) AS ?x) {}",
        "SELECT (<sql:rdf_loader_run>() AS ?x) {}",
        "PREFIX bif: <urn:x> SELECT (bif:delay(1) AS ?x) {}",
        "BASE <bif:> SELECT (<delay>(1) AS ?x) {}",
    ],
)
def test_functions_of_virtuoso_never_go_out(scripted: Scripted, remote: Make, text: str) -> None:
    with pytest.raises(errors.CecotError) as caught:
        remote(engine_kind="virtuoso").answer(query(text))
    assert caught.value.status in (400, 403)
    assert not scripted.asked


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { <http://example.org/bif:x> ?p ?o }",
        "SELECT * { ?s ?p 'bif:http_get' }",
        "PREFIX : <> SELECT * { :a ?p ?o }",
    ],
)
def test_what_only_looks_like_one_goes_out(scripted: Scripted, remote: Make, text: str) -> None:
    scripted.replies = [NONE]
    remote(engine_kind="virtuoso").answer(query(text))
    assert len(scripted.asked) == 1


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { " + "?s ?p ?o . " * 300 + "}",
        "SELECT (" + "STR(" * 120 + "1" + ")" * 120 + " AS ?x) {}",
        "SELECT * " + "{" * 101 + "}" * 101,
    ],
)
def test_what_would_end_an_engine_never_goes_out(
    scripted: Scripted, remote: Make, text: str
) -> None:
    with pytest.raises(errors.BudgetExceeded) as caught:
        remote().answer(query(text))
    assert caught.value.status == 422
    assert caught.value.hint
    assert not scripted.asked


def test_every_question_may_be_asked_by_a_client_and_ours_may_be_longer(
    scripted: Scripted, remote: Make, rooms: Rooms
) -> None:
    scripted.replies = [NONE]
    engine = remote()
    texts = [path.read_text("utf-8") for path in rooms.question_files()]
    for text in texts:
        engine.answer(query(text))
    engine.answer(query("SELECT * { " + "?s ?p ?o . " * 300 + "}", ours=Form.SELECT))
    assert len(scripted.asked) == len(texts) + 1


def test_the_base_and_the_deadline_go_with_the_query(scripted: Scripted, remote: Make) -> None:
    scripted.replies = [NONE]
    remote(engine_timeout="time:ms", deadline=3.0).answer(query("SELECT * { <x> ?p ?o }"))
    [asked] = scripted.asked
    assert dict(asked) == {
        "query": "BASE <http://engine.example/>\nSELECT * { <x> ?p ?o }",
        "time": "3000",
    }


def test_virtuoso_is_given_no_deadline_at_which_it_would_answer_in_part(
    scripted: Scripted, remote: Make
) -> None:
    scripted.replies = [NONE]
    remote(engine_kind="virtuoso").answer(OURS)
    assert [name for name, _ in scripted.asked[0]] == ["query"]


def test_our_default_graph_is_named_where_the_engine_keeps_it_under_a_name(
    scripted: Scripted, remote: Make
) -> None:
    scripted.replies = [NONE]
    engine = remote(engine_graph="urn:default")
    engine.answer(query("SELECT * { ?s ?p ?o }"))
    engine.answer(query("SELECT * FROM <urn:mine> { ?s ?p ?o }"))
    engine.answer(query("SELECT * { ?s ?p ?o }", dataset=Dataset(("urn:yours",), ("urn:n",))))
    graphs = [[pair for pair in asked if pair[0] != "query"] for asked in scripted.asked]
    assert graphs == [
        [("default-graph-uri", "urn:default")],
        [],
        [("default-graph-uri", "urn:yours"), ("named-graph-uri", "urn:n")],
    ]


def test_a_format_that_nobody_accepts_is_told_before_asking(
    scripted: Scripted, remote: Make
) -> None:
    with pytest.raises(errors.NotAcceptable):
        remote().answer(Query("CONSTRUCT WHERE { ?s ?p ?o }", JSON, JSON, None))
    assert not scripted.asked


def test_queries_of_a_client_that_fail_there_leave_the_breaker_closed(
    scripted: Scripted, remote: Make
) -> None:
    scripted.replies = [reply("type error", status="500 Failed")]
    engine = remote()
    for _ in range(2 * FAILURES):
        with pytest.raises(errors.EngineFailure):
            engine.answer(query("SELECT (1/0 AS ?x) {}"))
    assert not engine.breaker.is_open


def test_an_engine_that_does_not_answer_is_left_alone_and_tried_again(
    scripted: Scripted, remote: Make
) -> None:
    def gone(_: Write) -> None:
        return

    scripted.replies = [gone]
    engine = remote()
    for _ in range(FAILURES):
        with pytest.raises(errors.Unavailable):
            engine.answer(OURS)
    asked = len(scripted.asked)
    with pytest.raises(errors.Unavailable, match="at this moment"):
        engine.answer(OURS)
    assert len(scripted.asked) == asked


def test_the_breaker_pauses_longer_each_time_and_closes_at_the_first_answer() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    pauses = []
    for _ in range(6):
        while not breaker.is_open:
            breaker.failed()
        pauses.append(breaker.seconds_left)
        now[0] += breaker.seconds_left
    assert pauses == [FIRST, 4.0, 8.0, 16.0, LONGEST, LONGEST]
    breaker.succeeded()
    breaker.failed()
    assert not breaker.is_open
    while not breaker.is_open:
        breaker.failed()
    assert breaker.seconds_left == FIRST


def test_questions_that_were_under_way_do_not_lengthen_the_pause() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(4 * FAILURES):
        breaker.failed()
    assert breaker.seconds_left == FIRST
    now[0] += FIRST
    breaker.failed()
    assert breaker.seconds_left == 2 * FIRST


def test_who_stops_waiting_closes_the_connection(scripted: Scripted, remote: Make) -> None:
    begun, closed = asyncio.Event(), asyncio.Event()

    async def leave() -> None:
        loop = asyncio.get_running_loop()

        def hold(write: Write) -> None:
            write(b"HTTP/1.1 200 OK\r\n")
            loop.call_soon_threadsafe(begun.set)
            try:
                while not scripted.released.wait(0.01):
                    write(b"X-Wait: yes\r\n")
            except OSError:
                loop.call_soon_threadsafe(closed.set)

        scripted.replies = [hold]
        asking = asyncio.create_task(remote(deadline=60.0).fetch(OURS, Form.SELECT, 60.0))
        await begun.wait()
        asking.cancel()
        await asyncio.wait_for(closed.wait(), 10)

    asyncio.run(leave())


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (
            "SELECT * { { VALUES ?s { <urn:a> 'b'@en } ?s ?p ?o } UNION { ?o ?p ?s } }",
            "SELECT * { { FILTER (?s IN (<urn:a>, 'b'@en, <urn:x-none>)) ?s ?p ?o }"
            " UNION { ?o ?p ?s } }",
        ),
        (
            "SELECT * { { ?o ?p ?s } UNION { SELECT * { VALUES ?s { 1 } ?s ?p ?o } } }",
            "SELECT * { { ?o ?p ?s } UNION { SELECT * { FILTER (?s IN (1, <urn:x-none>))"
            " ?s ?p ?o } } }",
        ),
        (
            'SELECT ?l { BIND ("es" AS ?x) ?s ?p ?l FILTER (LANG(?l) = ?x) }',
            'SELECT ?l {  ?s ?p ?l FILTER (LANG(?l) = "es") }',
        ),
        ("SELECT * { VALUES ?s { 1 } { ?s ?p ?o } UNION { ?o ?p ?s } }", None),
    ],
)
def test_queries_of_ours_avoid_what_loses_rows_in_virtuoso(
    scripted: Scripted, remote: Make, text: str, sent: str | None
) -> None:
    scripted.replies = [NONE]
    remote(engine_kind="virtuoso").answer(query(text, ours=Form.SELECT))
    [(_, asked), *_] = scripted.asked[0]
    assert asked.partition("BASE <http://engine.example/>\n")[2] == (sent or text)


def test_virtuoso_takes_sub_selects_of_ours_in_their_order_and_a_clients_text_as_it_stands(
    scripted: Scripted, remote: Make
) -> None:
    scripted.replies = [NONE]
    engine = remote(engine_kind="virtuoso")
    text = "SELECT * { { SELECT ?s { ?s ?p 1 } LIMIT 9 } ?s ?p ?o }"
    for each in (query(text, ours=Form.SELECT), query(text)):
        engine.answer(each)
    ours, theirs = (dict(asked)["query"] for asked in scripted.asked)
    assert ours.startswith('define sql:select-option "order"\nBASE ')
    assert theirs.startswith("BASE ")
