"""Spanish texts of ours translate the English words that they quote, and mark the translation."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import Literal, NamedNode, Store

from cecot.claims.claim import read_claims
from cecot.claims.quantities import read_number
from cecot.dataset.content import Material
from cecot.dataset.derive import statements
from cecot.dates import dates_in
from cecot.sparql.evaluation import InProcessEngine
from cecot.vocabulary import CECOT
from worlds import build_store

QUOTED = re.compile(r"«([^»]*)»(?! \(trad\. nuestra: [^)]+\))")
TITLES = {"Terrorism Confinement Center"}
OTHER_FIGURES = re.compile(r"\d,\d{3}|(?<!BY-SA )\d\.\d")
"""Figures written as English writes them: in Spanish "12,000" may be read as twelve."""


def test_no_english_words_stand_in_a_spanish_text_without_a_translation(material: Material) -> None:
    bare: set[str] = set()
    for triple in material.graph:
        value = triple.object
        if isinstance(value, Literal) and value.language == "es":
            glossed = set(re.findall(r"«([^»]*)» \(trad\. nuestra", value.value))
            bare |= set(QUOTED.findall(value.value)) - glossed - TITLES
    assert not bare


def test_figures_in_a_spanish_text_of_ours_are_written_as_spanish_writes_them(
    material: Material,
) -> None:
    assert not [
        triple.object.value
        for triple in material.graph
        if isinstance(triple.object, Literal)
        and triple.object.language == "es"
        and OTHER_FIGURES.search(re.sub(r"«[^»]*»", "", triple.object.value))
    ]


@pytest.fixture(scope="module")
def store(material: Material) -> Store:
    return build_store(material)


def words_and_glosses(store: Store) -> list[tuple[str, str, str, str]]:
    """English figures, dates and titles: the words, our translation, the number, the date."""
    rows = store.query(f"""
        PREFIX cecot: <{CECOT}>
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        PREFIX schema: <https://schema.org/>
        SELECT DISTINCT ?words ?gloss ?number ?date {{
          {{ ?of cecot:asWritten ?words }}
          UNION {{ ?of rdf:predicate cecot:jobTitle ; rdf:object ?words }}
          OPTIONAL {{ ?of cecot:gloss ?gloss FILTER (LANG(?gloss) = "es") }}
          OPTIONAL {{ ?of schema:value|schema:minValue ?number }}
          OPTIONAL {{ ?of cecot:edtf ?date }}
          FILTER (LANG(?words) = "en" && REGEX(?words, "[a-z]{{3}}"))
        }}""")
    return [tuple(term.value if term else "" for term in row) for row in rows]  # type: ignore[misc]


def test_figures_dates_and_titles_in_english_are_translated(store: Store) -> None:
    found = words_and_glosses(store)
    assert len(found) > 20
    for words, gloss, *_ in found:
        date = next(dates_in(words), None)
        assert gloss or (date and (date.start, date.end) == (0, len(words))), words


def test_a_translation_has_the_number_and_the_year_of_its_words(store: Store) -> None:
    for words, gloss, number, date in words_and_glosses(store):
        if gloss and number:
            assert read_number(gloss, "es") == read_number(number, "en"), words
        if gloss and date:
            assert date[:4] in gloss, words


def test_a_spanish_sentence_holds_no_figure_or_title_in_english_without_a_translation(
    store: Store,
) -> None:
    english = [words for words, *_ in words_and_glosses(store)]
    for quad in statements(store):
        said = quad.object
        assert isinstance(said, Literal)
        if said.language == "es":
            ours = re.sub(r"«[^»]*» \(trad\. nuestra", "", said.value)
            assert not [words for words in english if re.search(rf"\b{re.escape(words)}\b", ours)]


def test_pages_and_the_graph_tell_a_claim_by_the_same_sentence(store: Store) -> None:
    told = {
        (quad.subject.value, quad.object.language): quad.object.value
        for quad in statements(store)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
    }
    claims = read_claims(InProcessEngine(store), [NamedNode(iri) for iri, _ in told])
    assert {
        (claim.iri, language): claim.sentence(language)
        for claim in claims
        for language in ("en", "es")
    } == told
