"""The log tells of queries without telling what they were, and without making anybody wait."""

from __future__ import annotations

import io
import json
import os
import threading

from cecot.engine import Answer, Caller, Form, Query
from cecot.errors import BudgetExceeded, DeadlineExceeded
from cecot.protocol.answers import digest
from cecot.service.front import is_page
from cecot.service.monitoring import (
    LONGEST_QUEUE,
    Observation,
    PageView,
    QueryLog,
    outcome_of,
)

VIEWED = PageView("2f", "/id/a b\nc", 404, 0.002, "203.0.113.7")
CALLER = Caller("203.0.113.7")
QUERY = Query("SELECT secret", None, None, None)
ANSWER = Answer(Form.SELECT, "text/csv", b"", 99, 0.01)
SEEN = Observation(10**18, QUERY, CALLER, 0.0123, ANSWER, "ok")


def written(form: str, *, addresses: bool = False, seen: Observation | PageView = SEEN) -> str:
    stream = io.StringIO()
    log = QueryLog(stream, form, addresses=addresses)
    log.observe(seen)
    log.close()
    return stream.getvalue()


def test_a_line_of_json_has_all_members() -> None:
    line = json.loads(written("json"))
    assert line.pop("time") == "2001-09-09T01:46:40.000Z"
    assert line == {
        "event": "query",
        "id": CALLER.id,
        "outcome": "ok",
        "ms": 12.3,
        "evaluation_ms": 10.0,
        "form": "select",
        "bytes": 99,
        "digest": digest("SELECT secret")[:16],
    }


def test_a_line_of_text_says_the_same() -> None:
    line = written("text")
    assert line.count("\n") == 1
    assert f" query id={CALLER.id} outcome=ok ms=12.3 " in line


def test_a_page_has_one_line_with_its_path_and_its_queries_have_none() -> None:
    line = json.loads(written("json", seen=VIEWED))
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "page", "id": "2f", "status": 404, "ms": 2.0, "path": "/id/a%20b%0Ac",
    }  # fmt: skip
    assert written("text", seen=VIEWED).count("\n") == 1
    of_page = SEEN._replace(caller=Caller(is_page=True))
    assert written("json", seen=of_page) == ""
    failed = of_page._replace(outcome="deadline-exceeded")
    assert json.loads(written("json", seen=failed))["event"] == "query"


def test_what_the_log_tells_as_a_page() -> None:
    told = {each: is_page(each) for each in ("/", "/id/cecot", "/claims.csv", "/search")}
    assert all(told.values()), told
    for other in ("/sparql", "/sparql/", "/graph-store/a", "/health", "/static/site.css"):
        assert not is_page(other)


def test_an_address_is_written_only_where_that_is_asked_for() -> None:
    assert "203.0.113.7" not in written("text") + written("json")
    assert json.loads(written("json", addresses=True))["client"] == "203.0.113.7"


def test_the_text_of_a_query_is_told_as_a_digest_alone() -> None:
    assert "secret" not in written("text") + written("json")
    public = SEEN._replace(query=QUERY._replace(text="SELECT public"))
    told, other = (json.loads(written("json", seen=each))["digest"] for each in (SEEN, public))
    assert len(told) == 16
    assert told != other


def test_a_request_that_never_came_to_the_engine_has_a_line() -> None:
    refused = SEEN._replace(query=None, answer=None, outcome="overloaded")
    line = json.loads(written("json", seen=refused))
    told = [line[name] for name in ("outcome", "digest", "form", "bytes")]
    assert told == ["overloaded", "-", "-", 0]


def test_outcomes_are_named_by_kind_and_budget() -> None:
    assert outcome_of(BudgetExceeded("x", where="memory"), Caller()) == "budget-exceeded-memory"
    assert outcome_of(DeadlineExceeded("x", where="deadline"), Caller()) == "deadline-exceeded"
    gone = Caller()
    gone.leave()
    assert outcome_of(DeadlineExceeded("x"), gone) == "client-gone"


def test_a_log_that_nobody_reads_makes_nobody_wait() -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as stream:
        log = QueryLog(stream, "json", addresses=False)
        for _ in range(3 * LONGEST_QUEUE):
            log.observe(SEEN)
        assert log.lost > 0
        drain = threading.Thread(target=drained, args=(reader,))
        drain.start()
        log.close(patience=10)
    drain.join()
    os.close(reader)


def drained(descriptor: int) -> None:
    while os.read(descriptor, 65536):
        pass
