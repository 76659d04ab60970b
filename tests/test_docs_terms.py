"""The documentation names all predicates that claims use, and its patterns find something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from cecot.dataset.store import load_store
from cecot.rooms import Rooms

DOCS = Path(__file__).parents[1] / "docs"
MODEL, QUERY = (DOCS / name for name in ("model.md", "query.md"))
LIST = re.compile(r"<!-- predicates -->\n(.*)<!-- /predicates -->", re.DOTALL)
USED = """
PREFIX cecot: <https://w3id.org/cecot/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?property ?phrase (EXISTS { ?property a cecot:FactProperty } AS ?fact) {
  { SELECT DISTINCT ?property { ?claim rdf:predicate ?property } }
  ?property cecot:phrase ?phrase FILTER (LANG(?phrase) = "en")
} ORDER BY ?property"""
PATTERNS = re.findall(r"```sparql\n(.*?)```", QUERY.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def store(rooms: Rooms) -> Store:
    return load_store(rooms).store


def test_the_model_lists_every_predicate_of_claims_with_its_sentence(store: Store) -> None:
    lines = ["| property | reads | can be a fact |", "|---|---|---|"]
    for prop, phrase, fact in store.query(USED):
        assert isinstance(prop, NamedNode)
        assert isinstance(phrase, Literal)
        assert isinstance(fact, Literal)
        name = prop.value.replace("https://w3id.org/cecot/ontology#", "cecot:")
        lines.append(f"| `{name}` | {phrase.value} | {'yes' if fact.value == 'true' else 'no'} |")
    table = "\n".join(lines) + "\n"
    shown = LIST.search(MODEL.read_text(encoding="utf-8"))
    assert shown
    assert shown[1] == table, f"write this between the marks of docs/model.md:\n{table}"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_of_the_documentation_finds_something(pattern: str, store: Store) -> None:
    practice = Path(__file__).parent / "practice"
    answers = [store.query(pattern), load_store(Rooms(practice)).store.query(pattern)]
    assert any(next(iter(answer), None) is not None for answer in answers)


def test_there_are_patterns() -> None:
    assert len(PATTERNS) >= 4
    assert any("cecot:readings" in each for each in PATTERNS)
