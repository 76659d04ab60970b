"""What the engine leaves out against SPARQL 1.1 is told, and nothing is told where it does not."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, Store

from cecot.engine import WHOLE, Dataset, Query
from cecot.sparql.deviations import (
    Hint,
    find_deviations,
    may_deviate,
)
from cecot.sparql.evaluation import InProcessEngine

PREFIXES = "PREFIX : <urn:> "
ABSENT = Hint("path", {"term": "urn:x"})
FORMATS = [
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/tab-separated-values",
    "text/csv",
]


@pytest.fixture(scope="module")
def engine() -> InProcessEngine:
    """An engine over one triple."""
    store = Store()
    store.load(b"<urn:a> <urn:p> <urn:b> . <urn:g> { <urn:c> <urn:p> 3 }", RdfFormat.TRIG)
    return InProcessEngine(store)


def told(
    engine: InProcessEngine, query: str, select: str = FORMATS[0], dataset: Dataset = WHOLE
) -> tuple[Hint, ...]:
    """What is said of the answer to ``query``, which must be a query."""
    text = PREFIXES + query
    answer = engine.answer(Query(text, select, FORMATS[0], "text/turtle", dataset))
    return find_deviations(engine, text, answer, dataset=dataset)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { :x :p* ?o }",
        "SELECT * { <urn:x> <urn:p>* ?o }",
        "SELECT * { :x :p? ?o }",
        "SELECT * { ?s :p* :x }",
        "SELECT * { ?s :q ?o ; :p? ?a, :x }",
        "SELECT * { :x :q ?o ; :p* ?a }",
        "SELECT * { :x (:p/:q)* ?o }",
        "SELECT * { :x :p*/:q? ?o }",
        "SELECT DISTINCT * { :x (:p|:q?) ?o }",
        "SELECT * { :x ^:p* ?o }",
        "SELECT * { :x !(:p|:q)* ?o }",
        "SELECT * { :x (^:p)? ?o }",
        "SELECT * { ?s :p ?o OPTIONAL { :x a* ?t } }",
        "SELECT * { GRAPH ?g { :x :p* ?o } }",
        "ASK { :x :p* :x }",
        "CONSTRUCT { ?o a :Found } { ?s :p ?v . :x :p* ?o }",
    ],
)
def test_a_path_of_length_zero_from_a_term_that_the_graph_lacks(
    engine: InProcessEngine, query: str
) -> None:
    assert told(engine, query) == (ABSENT,)


def test_a_predicate_is_no_node_and_a_literal_may_be_one(engine: InProcessEngine) -> None:
    assert told(engine, "ASK { :p :q* ?o }") == (Hint("path", {"term": "urn:p"}),)
    assert told(engine, 'ASK { ?s :q* "fern" }') == (Hint("path", {"term": '"fern"'}),)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { :a :p* ?o }",
        "SELECT * { :x :p+ ?o }",
        "SELECT * { :x :p ?o }",
        "SELECT * { :x :p*/:q ?o }",
        "SELECT * { ?s :p* ?o . :x :p ?o }",
        "SELECT * { VALUES ?s { :x } ?s :p* ?o }",
        "SELECT (COUNT(*) AS ?n) { :x :p ?o }",
        "SELECT * { :x :p ?o BIND(2*?o AS ?y) }",
        "SELECT (MIN(?o) AS ?x) { ?s :p ?o }",
        "SELECT (COUNT(?x) AS ?n) (SAMPLE(?x) AS ?s) { VALUES ?x { 1 UNDEF } }",
        "SELECT (GROUP_CONCAT(STR(?x)) AS ?n) { VALUES ?x { 1 <urn:a> } }",
        'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "^(a|b)+$", "i")) }',
        "SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), ?p)) }",
        'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "(", "q")) }',
        'SELECT (REPLACE("ab", "(a)", "[$1]b") AS ?x) {}',
        'SELECT * { VALUES ?x { "aa" } FILTER(REGEX(?x, "T", "g")) }',
        "SELECT (MIN(?x) AS ?y) (MAX(?x) AS ?z) { FILTER(false) VALUES ?x { 1 } }",
    ],
)
@pytest.mark.parametrize("media_type", FORMATS)
def test_where_nothing_is_lost_nothing_is_told(
    engine: InProcessEngine, query: str, media_type: str
) -> None:
    assert told(engine, query, media_type) == ()


@pytest.mark.parametrize(
    ("query", "pattern"),
    [
        (r'SELECT * { VALUES ?x { "aa" } FILTER(REGEX(?x, "(a)\\1")) }', r"(a)\1"),
        ('SELECT * { VALUES ?x { "aa" } FILTER(REGEX(?x, "(")) }', "("),
        ('SELECT (REPLACE("aa", "(?=a)", "b") AS ?y) {}', "(?=a)"),
        (r'SELECT * { VALUES ?x { "aa" } FILTER(!REGEX(?x, "\\p{IsBasicLatin}")) }',
         r"\p{IsBasicLatin}"),
        ('SELECT * { VALUES ?x { "b" } FILTER(REGEX(?x, "[a-z-[b]]")) }', "[a-z-[b]]"),
        ("SELECT * { VALUES ?x { 'aa' } FILTER(REGEX(?x, '''(''')||true) }", "("),
        ('SELECT * { VALUES ?x { "&" } FILTER(REGEX(?x, "^[a&&b]$")) }', "^[a&&b]$"),
        ('SELECT * { VALUES ?x { "a" } FILTER(REGEX(?x, "[[:alpha:]]")) }', "[[:alpha:]]"),
        ('SELECT * { VALUES ?x { "#abc" } FILTER(REGEX(?x, "#zzz", "x")) }', "#zzz"),
    ],
)  # fmt: skip
def test_a_constant_pattern_that_cannot_be_read(
    engine: InProcessEngine, query: str, pattern: str
) -> None:
    assert told(engine, query) == (Hint("pattern", {"text": pattern}),)


@pytest.mark.parametrize(
    ("written", "text"), [("[$1b]", "[$1b]"), ("$12", "$12"), (r"\\$", r"\$"), (r"a\\\\b", r"a\\b")]
)
def test_a_replacement_that_is_read_otherwise(
    engine: InProcessEngine, written: str, text: str
) -> None:
    query = f'SELECT (REPLACE("ab", "(a)", "{written}") AS ?x) {{}}'
    assert told(engine, query) == (Hint("replacement", {"text": text}),)


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize(
    ("aggregate", "values", "cure"),
    [
        ("MIN(?x)", "1 UNDEF 2", "FILTER(BOUND(?x))"),
        ("max( ?x )", "1 UNDEF 2", "FILTER(BOUND(?x))"),
        ("SUM(?x)", "1 <urn:a>", "FILTER(isNumeric(?x))"),
        ("AVG(DISTINCT ?x)", "1 'a'", "FILTER(isNumeric(?x))"),
        ("GROUP_CONCAT(?x; SEPARATOR=',')", "1 <urn:a>", 'COALESCE(STR(?x), "")'),
    ],
)
def test_an_aggregate_over_a_row_without_a_value_or_with_another_kind(
    engine: InProcessEngine, aggregate: str, values: str, cure: str, media_type: str
) -> None:
    query = f"SELECT ({aggregate} AS ?y) {{ VALUES ?x {{ {values} }} }}"
    assert told(engine, query, media_type) == (
        Hint("aggregate", {"text": aggregate, "cure": cure}),
    )
    grouped = f"SELECT ?g ({aggregate} AS ?y) {{ VALUES (?g ?x) {{ (1 1) (2 UNDEF) (2 1) }} }}"
    assert told(engine, grouped + " GROUP BY ?g", media_type) == (
        Hint("aggregate", {"text": aggregate, "cure": cure}),
    )


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize("argument", ["?x", "DISTINCT STR(?x)", "?x; SEPARATOR=', '"])
def test_an_empty_string_is_a_value_in_every_format(
    engine: InProcessEngine, argument: str, media_type: str
) -> None:
    query = f"SELECT (GROUP_CONCAT({argument}) AS ?y) {{ ?s :q ?x }}"
    assert told(engine, query, media_type) == ()
    query = f"SELECT ?s (GROUP_CONCAT({argument}) AS ?y) {{ ?s :p ?o BIND('' AS ?x) }} GROUP BY ?s"
    assert told(engine, query, media_type) == ()


def test_the_dataset_that_is_asked_is_the_one_that_is_looked_at(engine: InProcessEngine) -> None:
    graph = Dataset(("urn:g",))
    query = "SELECT (MIN(?o) AS ?y) { ?s :p ?o FILTER(isNumeric(?o)) }"
    assert told(engine, query, dataset=graph) == told(engine, query) == ()
    query = "SELECT (MIN(?o) AS ?y) { :a :p ?o }"
    assert told(engine, query, dataset=graph) == ()
    for query in ("GRAPH <urn:g> { :c :q* ?o }", "GRAPH ?g { :c :q* ?o }"):
        assert told(engine, f"ASK {{ {query} }}") == ()
    assert told(engine, "SELECT * FROM :g { :c :q* ?o }") == ()
    assert told(engine, "ASK { :c :q* ?o }", dataset=graph) == ()
    assert told(engine, "ASK { :c :q* ?o }") == (Hint("path", {"term": "urn:c"}),)


def test_numbers_that_are_too_large_to_be_added_are_added_as_doubles(
    engine: InProcessEngine,
) -> None:
    values = "VALUES ?x { 9223372036854775807 1 }"
    query = f"SELECT (SUM(?x) AS ?y) {{ {values} FILTER(isNumeric(?x)) }}"
    assert told(engine, query) == (
        Hint("aggregate", {"text": "SUM(?x)", "cure": "SUM(xsd:double(?x))"}),
    )
    prefix = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
    assert told(engine, f"{prefix}SELECT (SUM(xsd:double(?x)) AS ?y) {{ {values} }}") == ()


def test_numbers_alone_are_not_told_to_be_numbers(engine: InProcessEngine) -> None:
    query = "SELECT (SUM( ?x ) AS ?y) { VALUES ?x { 9223372036854775807 1 } }"
    assert told(engine, query) == (
        Hint("aggregate", {"text": "SUM( ?x )", "cure": "SUM(xsd:double(?x))"}),
    )


def test_an_aggregate_of_an_aggregate_is_a_subquery(engine: InProcessEngine) -> None:
    [hint] = told(engine, "SELECT (SUM(COUNT(*)) AS ?y) { ?s ?p ?o }")
    assert hint.told["text"] == "SUM(COUNT(*))"
    assert hint.told["cure"].startswith("SELECT (SUM(?each) AS ?all) { SELECT (")


def test_the_cure_for_an_aggregate_cures(engine: InProcessEngine) -> None:
    for aggregate, values, where in (
        ("MIN(?x)", "1 UNDEF 2", "FILTER(BOUND(?x))"),
        ("SUM(?x)", "1 <urn:a> UNDEF", "FILTER(isNumeric(?x))"),
        ('GROUP_CONCAT(COALESCE(STR(?x), ""))', "1 <urn:a> UNDEF", ""),
    ):
        query = f"SELECT ({aggregate} AS ?y) {{ VALUES ?x {{ {values} }} {where} }}"
        assert told(engine, query) == ()


def test_most_queries_are_not_read_for_it() -> None:
    assert not may_deviate("SELECT * WHERE { ?s a ?type ; :label ?name } ORDER BY ?name LIMIT 10")
    assert not may_deviate("SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?o > 3) }")
    assert not may_deviate("SELECT (MIN(?x) AS ?y) {}" + " " * 20_000)
