"""A query that does not parse is told what is wrong, where, and what to do."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecot.engine import Query
from cecot.errors import CecotError, QuerySyntaxError, Refused
from cecot.sparql.evaluation import InProcessEngine

PREFIXES = {"ex": "http://example.org/", "skos": "http://www.w3.org/2004/02/skos/core#"}
ENGINE = InProcessEngine(ox.Store(), prefixes=PREFIXES)
BASED = InProcessEngine(ox.Store(), base="http://example.org/")


def ask(text: str, engine: InProcessEngine = ENGINE) -> bytes:
    body = engine.answer(Query(text, "text/csv", "text/csv", "application/n-triples")).body
    assert isinstance(body, bytes)
    return body


def error_of(text: str, engine: InProcessEngine = ENGINE) -> CecotError:
    with pytest.raises(CecotError) as caught:
        ask(text, engine)
    return caught.value


def error_or_none(text: str) -> CecotError | None:
    try:
        ask(text)
    except CecotError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("SELECT * { ?s ex:p ?o }", "ex:p", 'prefix "ex:" is not declared'),
        ("SELECT *\n{ ?s ?p 'é😀' . ?s ex:p ?o }", "ex:p", 'prefix "ex:"'),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", "INSERT", "is an update"),
        ("PREFIX ex: <urn:>\nDELETE WHERE { ?s ?p ?o }", "DELETE", "is an update"),
        ("ASK {} ASK {}", "ASK {}\0", "second query"),
        ("SELECT * { _:a ?p 1 . { _:a ?q 2 } }", "_:a ?q", "stands in two groups"),
        (r'SELECT ("a\uD800" AS ?x) {}', r"\uD800", "half of a character"),
        ("ASK { ?s ?p ?o } LIMIT 99999999999999999999", "99999999999999999999", "LIMIT is at most"),
        ("SELECT ?x ?y ?x { ?x ?y ?z }", "?x {", "selected twice"),
        ("SELECT DISTINCT * { ?s ?p ?o } GROUP BY ?s", "* {", "does not go with GROUP BY"),
        ("ASK { <a> ?p ?o }", "<a>", "relative IRI"),
        ("SELECT * { ?s ?p ?o", "{", "never closed"),
        ("SELECT * WHERE ?x a ?y }", "?x", "WHERE is followed by a pattern in braces"),
        ("SELECT * { ?s ?p ?o OPTIONAL ?x a ?y } }", "?x", "OPTIONAL is followed"),
        ("SELECT * { ?s ?p (1 2 }", "}", "should close the last ("),
        ("ASK { ?s ?p ?o } }", "}\0", "Nothing is open"),
        ("SELCT * { ?s ?p ?o }", "SELCT", "not a word of SPARQL"),
        ("SELECT * WHERE { ?s ?p ?o OPTONAL { ?s ?q ?r } }", "OPTONAL", "not a word"),
        ("SELECT * { ?s ?p “x” }", "“", "typographic"),
        ("SELECT * {\u00a0?s ?p ?o }", "\u00a0", "invisible character"),
        ("SELECT * { ?s ?p 'x }", "'", "string has no end"),
        ('SELECT * { ?s ?p "a"@123 }', "@", "language tag begins with a letter"),
        ("SELECT * { \u017fERVICE <urn:x> {} }", "\u017f", "letter of no word"),
        ("SELECT * { ?s <http://a b> ?o }", "<http", "IRI holds a character"),
        ("PREFIX ex <urn:> ASK {}", "ex", "colon"),
        ("PREFIX ex: urn:x ASK {}", "urn", "between < and >"),
        ("SELECT ?a, ?b { ?a ?p ?b }", ",", "without commas"),
        ("SELECT COUNT(*) { ?s ?p ?o }", "COUNT", "stands in brackets"),
        ("SELECT ?s (COUNT(?p) AS ?n) { ?s ?p ?o }", "?s", "neither grouped"),
        ("SELECT (1 AS ?s) { ?s ?p ?o }", "?s", "has a value in the pattern"),
        ("SELECT * { ?s ?p ?o FILTER ?o > 3 }", "?o >", "expression in brackets"),
        ("SELECT * { OPTIONAL ?s ?p ?o }", "?s", "pattern in braces"),
        ("SELECT * { ?s ?p ?o } LIMIT ?n", "?n", "whole number"),
        ("SELECT * { ?s ?p ?o } LIMIT 3 ORDER BY ?s", "ORDER", "before LIMIT"),
        ("SELECT * { ?s ?p ?o } GROUP ?s", "?s\0", "followed by BY"),
        ("SELECT * { ?s a ?t ?s ?p ?o }", "?s ?p", "full stop is missing before ?s"),
        ("SELECT * { ?s ?p ?o BIND(1 AS ?o) }", "?o)", "before this BIND"),
        ("SELECT * { ?s ?p ?o FILTER(COUNT(?o) > 1) }", "COUNT", "cannot stand in FILTER"),
        ("", "", "empty"),
        ("# nothing", "", "empty"),
    ],
)
def test_a_common_mistake_is_named_where_it_is(text: str, at: str, words: str) -> None:
    error = error_of(text)
    assert isinstance(error, QuerySyntaxError)
    assert words in error.message
    assert error.hint
    # "\0" asks for the last place instead of the first.
    offset = text.rindex(at[:-1]) if at.endswith("\0") else text.index(at)
    before = text[:offset]
    line, column = before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
    assert (error.line, error.column) == (line, column) or not at


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("SELECT * WHERE ?x a ?y }", "Write { before it."),
        ("ASK { ?s ?p ?o } }", "Remove it, or put the { where it belongs."),
        ("SELECT * { ?s a ?t ?s ?p ?o }", "A triple has three terms"),
    ],
)
def test_the_cure_of_a_missing_sign_names_it(text: str, cure: str) -> None:
    assert cure in error_of(text).hint


def test_a_line_ends_with_each_of_the_three_signs_for_that() -> None:
    error = error_of("SELECT *\r{\r\n?s ?p ?o\n}} ")
    assert (error.line, error.column) == (4, 2)


def test_a_known_prefix_is_offered() -> None:
    assert (
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
        in error_of("SELECT * { ?s skos:prefLabel ?o }").hint
    )


def test_a_misspelt_word_is_guessed() -> None:
    assert "DISTINCT" in error_of("SELECT DISTICNT ?s { ?s ?p ?o }").hint


def test_a_word_of_another_language_is_translated() -> None:
    assert "&&" in error_of("SELECT * { ?s ?p ?o FILTER(?o > 1 AND ?o < 3) }").hint


def test_a_relative_iri_is_no_mistake_where_there_is_a_base() -> None:
    assert ask("ASK { <a> ?p ?o }", BASED) == b"false"
    assert "relative" not in error_of("ASK { <a> ?p ?o", BASED).message


@pytest.mark.parametrize(
    "text",
    ["LOAD <urn:x>", "load silent <urn:x> into graph <urn:y>", "INSERT DATA {} ; LOAD <urn:x>"],
)
def test_load_is_refused_and_not_only_misunderstood(text: str) -> None:
    assert isinstance(error_of(text), Refused)


def test_the_place_of_a_service_is_told() -> None:
    error = error_of("SELECT * {\n  SERVICE <urn:x> { ?s ?p ?o } }")
    assert isinstance(error, Refused)
    assert (error.line, error.column) == (2, 3)


def test_what_nobody_foresaw_keeps_the_parsers_own_place() -> None:
    error = error_of("SELECT * { ?s ?p ?o } VALUES ?s ?o")
    assert isinstance(error, QuerySyntaxError)
    assert error.line == 1
    assert error.column
    assert "expected" not in error.message


def test_a_long_query_is_explained_in_short_time() -> None:
    error = error_of("SELECT * { " + "?s ?p ?o . " * 20_000)
    assert error.line == 1


WORDS = st.sampled_from(
    [
        *("SELECT", "FILTER", "OPTIONAL", "GROUP", "BY", "LIMIT", "COUNT", "AS", "BIND", "VALUES"),
        *("?a", "?b", "ex:a", "<urn:a>", "<a>", "'x'", "1", "UNION"),
        *"*{}().;,^/",
    ]
)


@given(st.lists(WORDS, max_size=25).map(" ".join))
@settings(max_examples=500)
def test_any_heap_of_words_is_answered_or_explained(text: str) -> None:
    error = error_or_none(text)
    if error:
        assert error.message
        assert error.hint
        assert error.line == 1
        assert error.column
        assert error.column <= len(text) + 1
