"""Mistakes that come with a habit are told with their place and their cure."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from cecot.engine import Query
from cecot.errors import QuerySyntaxError
from cecot.sparql.evaluation import InProcessEngine

CSV = "text/csv"
ENGINE = InProcessEngine(Store())


def error_of(text: str) -> QuerySyntaxError:
    with pytest.raises(QuerySyntaxError) as raised:
        ENGINE.answer(Query(text, CSV, CSV, "text/turtle"))
    return raised.value


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("ASK { FILTER(TRUE) }", 14, "This engine reads TRUE in small", "Write true."),
        ("ASK { FILTER(False) }", 14, "This engine reads False in small", "Write false."),
        ("ASK { ?s ?p True }", 13, "This engine reads True in small", "Write true."),
        ("ASK { ?s ?p ?x FILTER(?x == 1) }", 26, "== is not an operator", "Write =."),
        ("ASK { ?s ?p ?x FILTER(?x <> 1) }", 26, "<> is not an operator", "Write !=."),
        ("ASK { ?s ?p ?x FILTER(not ?x) }", 23, "not is not an operator", "Write !."),
        ("SELECT * {} LIMIT 5, 10", 20, "LIMIT takes one", "Write LIMIT 10 OFFSET 5."),
        ("BASE http://a SELECT * {}", 6, "The IRI of a BASE stands", "BASE <https://...>"),
        ("```sparql\nASK {}\n```", 1, "``` is a mark", "Send the query without"),
        ('{"query": "ASK {}"}', 1, "This is JSON", "Send the text of the query alone"),
        ("ASK {}\0", 7, "There is an invisible character here (U+0000)", "Replace it"),
        ("ASK { VALUES ?x { << <urn:a> <urn:b> <urn:c> >> } }", 19, "VALUES takes no", "<<( "),
    ],
)
def test_each_has_its_place_and_its_cure(text: str, column: int, message: str, hint: str) -> None:
    error = error_of(text)
    assert (error.line, error.column) == (1, column)
    assert error.message.startswith(message)
    assert hint in error.hint


@pytest.mark.parametrize(
    "text",
    [
        "ASK { FILTER(true || false) }",
        "ASK { FILTER(1 NOT IN (2)) FILTER NOT EXISTS { ?s ?p ?o } }",
        "BASE <http://a/> ASK { ?s ?p <> FILTER(?s != <>) }",
        "ASK { VALUES ?x { <<( <urn:a> <urn:b> <urn:c> )>> } }",
        "ASK { VALUES ?x { 1 } << <urn:a> <urn:b> <urn:c> >> ?p ?o }",
    ],
)
def test_what_is_right_is_no_mistake(text: str) -> None:
    ENGINE.answer(Query(text, CSV, CSV, "text/turtle"))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("SELECT BY ?yy DESC", "'DESC'"),
        ("SELECT VALUES ?xx a", "'?xx'"),
    ],
)
def test_a_word_is_told_whole(text: str, word: str) -> None:
    error = error_of(text)
    assert error.message == f"The query does not parse at or before {word}."
    assert error.column == text.rindex(word.strip("'")) + 1
