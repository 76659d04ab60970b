"""The documentation names all predicates that claims use, and its patterns find something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from cecot.dataset.store import load_store
from cecot.rdf.terms import read_prefixes
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
PROPERTIES = re.compile(r"<!-- properties -->\n(.*)<!-- /properties -->", re.DOTALL)
CARRIED = """
PREFIX cecot: <https://w3id.org/cecot/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?property ?comment {
  ?property a rdf:Property ; rdfs:isDefinedBy <https://w3id.org/cecot/ontology> ;
    rdfs:comment ?comment FILTER (LANG(?comment) = "en")
  FILTER NOT EXISTS { ?property a cecot:FactProperty }
  FILTER NOT EXISTS { ?property a cecot:ClaimOnlyProperty }
} ORDER BY ?property"""
REUSED = re.compile(r"<!-- reused -->\n(.*)<!-- /reused -->", re.DOTALL)
PATTERNS = re.findall(r"```sparql\n(.*?)```", QUERY.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def store(rooms: Rooms) -> Store:
    return load_store(rooms).store


def check_shown(marks: re.Pattern[str], lines: list[str]) -> None:
    """Between its marks, docs/model.md holds these lines."""
    table = "\n".join(lines) + "\n"
    shown = marks.search(MODEL.read_text(encoding="utf-8"))
    assert shown
    assert shown[1] == table, f"write this between the marks of docs/model.md:\n{table}"


def test_the_model_lists_every_predicate_of_claims_with_its_sentence(store: Store) -> None:
    lines = ["| property | reads | can be a fact |", "|---|---|---|"]
    for prop, phrase, fact in store.query(USED):
        assert isinstance(prop, NamedNode)
        assert isinstance(phrase, Literal)
        assert isinstance(fact, Literal)
        name = prop.value.replace("https://w3id.org/cecot/ontology#", "cecot:")
        lines.append(f"| `{name}` | {phrase.value} | {'yes' if fact.value == 'true' else 'no'} |")
    check_shown(LIST, lines)


def test_the_model_lists_every_property_that_a_claim_or_its_values_carry(store: Store) -> None:
    lines = ["| property | what it tells |", "|---|---|"]
    for prop, comment in store.query(CARRIED):
        assert isinstance(prop, NamedNode)
        assert isinstance(comment, Literal)
        name = prop.value.replace("https://w3id.org/cecot/ontology#", "cecot:")
        lines.append(f"| `{name}` | {comment.value} |")
    check_shown(PROPERTIES, lines)


def test_every_reused_property_that_the_model_names_is_used(rooms: Rooms, store: Store) -> None:
    shown = REUSED.search(MODEL.read_text(encoding="utf-8"))
    assert shown
    prefixes = read_prefixes(rooms)
    for prefix, name in re.findall(r"`([a-z]+):([A-Za-z]+)`", shown[1]):
        found = store.quads_for_pattern(None, NamedNode(prefixes[prefix] + name), None)
        assert next(found, None) is not None, f"{prefix}:{name}"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_of_the_documentation_finds_something(pattern: str, store: Store) -> None:
    practice = Path(__file__).parent / "practice"
    answers = [store.query(pattern), load_store(Rooms(practice)).store.query(pattern)]
    assert any(next(iter(answer), None) is not None for answer in answers)


def test_there_are_patterns() -> None:
    assert len(PATTERNS) >= 4
    assert any("cecot:readings" in each for each in PATTERNS)
