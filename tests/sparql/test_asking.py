"""Values are bound into a query everywhere, and never become syntax."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store, Triple

from cecot.sparql.asking import ask, select, triples
from cecot.sparql.evaluation import IN_MEMORY, InProcessEngine

ENGINE = InProcessEngine(Store())
EVERYWHERE = """
SELECT ?y (COUNT(?y) AS ?times) {
  { SELECT ?y { BIND($x AS ?y) } }
  FILTER EXISTS { BIND($x AS ?z) }
  FILTER (?y = $x)
} GROUP BY ?y
"""


@given(st.text(), st.sampled_from(["", "en", "es-sv"]))
def test_any_words_come_back_as_they_went_in(words: str, language: str) -> None:
    words = words.encode("utf-8", "ignore").decode()
    value = Literal(words, language=language) if language else Literal(words)
    assert select(ENGINE, EVERYWHERE, x=value) == [{"y": value, "times": Literal(1)}]


@pytest.mark.parametrize("words", ['" } #', "\\u0022 }", "\\", "'''", '"""', "a\nb\r\t\0", "$x ?x"])
def test_words_that_look_like_syntax_stay_words(words: str) -> None:
    assert select(ENGINE, EVERYWHERE, x=Literal(words))[0]["y"] == Literal(words)


def test_an_iri_that_could_end_itself_is_no_iri() -> None:
    with pytest.raises(ValueError, match="Invalid IRI"):
        NamedNode("http://e/> } DROP ALL #")


def test_several_values_make_a_values_block() -> None:
    values = [Literal(1), NamedNode("http://e/a"), Literal("x", language="en")]
    rows = select(ENGINE, "SELECT ?x { VALUES ?x { $values } }", values=values)
    assert [row["x"] for row in rows] == values


def test_a_variable_without_a_value_is_absent() -> None:
    assert select(ENGINE, "SELECT ?a ?b { BIND(1 AS ?a) }") == [{"a": Literal(1)}]


def test_a_place_without_a_value_and_a_value_without_a_place_are_mistakes() -> None:
    with pytest.raises(KeyError, match="thing"):
        select(ENGINE, "SELECT * { $thing ?p ?o }")
    with pytest.raises(ValueError, match="other"):
        select(ENGINE, "SELECT * { ?s ?p ?o }", other=Literal(1))


def test_yes_and_no_and_triples() -> None:
    a, b = NamedNode("http://e/a"), NamedNode("http://e/b")
    assert ask(ENGINE, "ASK { FILTER($x = $x) }", x=a)
    assert not ask(ENGINE, "ASK { $x $x $x }", x=a)
    assert triples(ENGINE, "CONSTRUCT { $x $y $x } {}", x=a, y=b) == [Triple(a, b, a)]


def test_the_wrong_kind_of_query_is_a_mistake() -> None:
    with pytest.raises(Exception, match="triples"):
        select(ENGINE, "CONSTRUCT {} {}")


def test_a_long_answer_is_read_whole() -> None:
    long = Literal("x" * IN_MEMORY)
    assert select(ENGINE, "SELECT ?x { VALUES ?x { $long } }", long=long) == [{"x": long}]
