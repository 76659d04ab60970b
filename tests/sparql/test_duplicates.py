"""Rows that the engine gives once and SPARQL twice are told; a graph named twice is there once."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, Store

from cecot.engine import Dataset, Query
from cecot.sparql.deviations import find_deviations, may_deviate
from cecot.sparql.duplicates import merged_dataset
from cecot.sparql.evaluation import InProcessEngine

PREFIX = "PREFIX : <urn:x:> "
CSV = "text/csv"


@pytest.fixture(scope="module")
def engine() -> InProcessEngine:
    """An engine over a graph in which p and q lead to the same node, and r to another."""
    store = Store()
    store.load(
        b"""@prefix : <urn:x:> . :a :p :b, :c ; :q :b ; :r :d . :d :s :a .
        GRAPH :g { :a :p :b } GRAPH :h { :a :q :b }""",
        RdfFormat.TRIG,
    )
    return InProcessEngine(store)


def told(engine: InProcessEngine, query: str) -> list[str]:
    answer = engine.answer(Query(PREFIX + query, CSV, CSV, "text/turtle"))
    found = find_deviations(engine, PREFIX + query, answer)
    assert all(each.kind == "alternatives" for each in found)
    return [each.told["text"] for each in found]


def count(engine: InProcessEngine, query: str) -> int:
    """The rows of an answer, without its head."""
    body = engine.answer(Query(PREFIX + query, CSV, None, None)).body
    assert isinstance(body, bytes)
    return len(body.splitlines()) - 1


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        *(("?x :p|:q ?y", ":p|:q"), ("?x (:p|:p) ?y", ":p|:p"), (":a :r|:p|:q ?y", ":r|:p|:q")),
        *(("?x <urn:x:p> | :q ?y", "<urn:x:p> | :q"), ("?x (:p|:q)/:z ?y", ":p|:q")),
        *(("?x ^:r|:s ?y", "^:r|:s"), (":d ^(:p|:q) ?y", ":p|:q"), ("?x :p/:z|:q ?y", ":z|:q")),
        *(("?x !(:z|^:z) ?y", "!(:z|^:z)"), ("?x a|:p|:q ?y", "a|:p|:q")),
        ("?x :r ?y OPTIONAL { ?x :p|:q ?z }", ":p|:q"),
    ],
)
def test_alternatives_that_lead_to_the_same_node(
    engine: InProcessEngine, pattern: str, text: str
) -> None:
    assert told(engine, f"SELECT * {{ {pattern} }}") == [text]
    assert told(engine, f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}") == [text]
    assert told(engine, f"SELECT ?x (GROUP_CONCAT(STR(?y)) AS ?n) {{ {pattern} }} GROUP BY ?x") == [
        text
    ]


@pytest.mark.parametrize(
    "query",
    [
        *("SELECT * { ?x :p|:r ?y }", "SELECT * { ?x :p|^:p ?y }", "SELECT * { ?x !(:p|:q) ?y }"),
        *(
            "SELECT DISTINCT * { ?x :p|:q ?y }",
            "ASK { ?x :p|:q ?y }",
            "SELECT * { ?x (:p|:q)+ ?y }",
        ),
        *("CONSTRUCT { ?x :p ?y } { ?x :p|:q ?y }", "SELECT (MAX(?y) AS ?m) { ?x (:p|:q) ?y }"),
        *("SELECT (COUNT(DISTINCT ?y) AS ?n) { ?x :p|:q ?y }", "SELECT * { ?x (:p|:q)? ?y }"),
        *("SELECT * { ?x :p ?y FILTER(?x = :a || ?y = :b) }", 'SELECT * { ?x :p ?y, "a|b" }'),
        *("SELECT * { ?x :r ?y FILTER EXISTS { ?x :p|:q ?z } }", "SELECT * { ?x (!(:p|:q)) ?y }"),
        *("SELECT * { ?x :r ?y MINUS { ?x (:p|:q)/:r ?z } }", "SELECT * { ?x (a|:p|:r) ?y }"),
        "SELECT * { ?x :p ?y {| :q :z |} }",
    ],
)
def test_where_no_row_is_lost_nothing_is_told(engine: InProcessEngine, query: str) -> None:
    assert told(engine, query) == []


def test_longer_alternatives_are_told_whatever_the_graph_holds(engine: InProcessEngine) -> None:
    assert told(engine, "SELECT * { :a (:z|:p/:p) ?y }") == [":z|:p"]
    assert told(engine, "SELECT * { :a (:p?|:z) ?y }") == ["?|:z"]


def test_it_is_the_rows_of_a_union_that_are_lost(engine: InProcessEngine) -> None:
    """If this fails, the engine has learnt it, and nothing is to be told any more."""
    assert count(engine, "SELECT * { :a :p|:q ?y }") == 2
    assert count(engine, "SELECT * { { :a :p ?y } UNION { :a :q ?y } }") == 3


def test_most_queries_are_not_read_for_it() -> None:
    assert not may_deviate("SELECT * { ?x :p ?y FILTER(?x = :a || ?y = :b) }")
    assert may_deviate("SELECT * { ?x :p|:q ?y }")


@pytest.mark.parametrize(
    ("clauses", "rows"),
    [
        *(("FROM :g FROM :g", 1), ("FROM <g> from <urn:x:g>", 1), ("FROM :g FROM :h FROM :g", 2)),
        *(("FROM :g FROM :h", 2), ("FROM :g FROM NAMED :g FROM :g", 1)),
    ],
)
def test_a_graph_that_is_named_twice_is_there_once(
    engine: InProcessEngine, clauses: str, rows: int
) -> None:
    engine = InProcessEngine(engine.store, base="urn:x:")
    query = f"SELECT * {clauses.replace('<g>', '<urn:x:g>')} {{ ?s ?p ?o }}"
    assert count(engine, query) == rows


def test_graphs_that_are_named_once_or_not_at_all_are_left_to_the_engine() -> None:
    for text in ("SELECT * FROM :g { ?s ?p ?o }", "SELECT * { ?from :from ?o . ?from :b 1 }"):
        assert merged_dataset(PREFIX + text, "") == Dataset()
    found = merged_dataset(PREFIX + "ASK FROM :g FROM :g FROM NAMED :h FROM NAMED :h {}", "")
    assert found == Dataset(("urn:x:g",), ("urn:x:h",))
