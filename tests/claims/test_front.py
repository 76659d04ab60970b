"""What a front page shows: counted, never written; one line taken apart into its statuses."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, Store

from cecot.claims.answers import tell_answers
from cecot.claims.overview import read_scope, take_apart
from cecot.dataset.content import Material
from cecot.dataset.questions import read_questions
from cecot.rooms import find_rooms
from cecot.sparql.evaluation import InProcessEngine
from conftest import REPOSITORY
from worlds import build_store, changed

QUESTIONS = read_questions(find_rooms(REPOSITORY))
SECOND = """
PREFIX cecot: <https://w3id.org/cecot/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
<https://w3id.org/cecot/id/second> a cecot:Source ; cecot:passageCount 12 ;
    dcterms:dateAccepted "2026-11-28"^^xsd:date .
"""


@pytest.fixture(scope="module")
def store(material: Material) -> Store:
    return build_store(material)


@pytest.fixture(scope="module")
def engine(store: Store) -> InProcessEngine:
    return InProcessEngine(store)


def test_the_scope_is_that_of_the_record(engine: InProcessEngine) -> None:
    scope = read_scope(engine)
    assert (scope.passages, scope.received) == (30, "2026-11-23")
    (source,) = scope.sources
    assert "Wikipedia" in source.node.label("en").value
    assert source.notes.first("en").value.startswith("The revision of the article is not known.")


def test_a_second_text_is_counted_with_the_first(material: Material) -> None:
    store = build_store(material)
    store.load(SECOND, format=RdfFormat.TURTLE)
    scope = read_scope(InProcessEngine(store))
    assert (len(scope.sources), scope.passages, scope.received) == (2, 42, "2026-11-28")


def test_a_line_is_taken_apart_into_claims_of_several_statuses(engine: InProcessEngine) -> None:
    tellings = tell_answers(engine, QUESTIONS, "en")
    apart = take_apart([tellings["arrests"], tellings["candidates"]])
    assert [place.line for place, _ in apart] == [9, 35]
    statuses = [[claim.status for claim in claims] for _, claims in apart]
    assert [set(each) for each in statuses] == [{"Asserted", "Hedged"}, {"Alleged"}]
    assert all(claim.quoted or claim.exact for _, claims in apart for claim in claims)
    assert all(len(claims) <= 3 for _, claims in apart)


def test_nothing_is_taken_apart_where_all_is_of_one_status(engine: InProcessEngine) -> None:
    tellings = tell_answers(engine, QUESTIONS, "en")
    assert take_apart([tellings["candidates"], tellings["capacity"]]) == []
    assert take_apart([]) == []


def test_a_claim_that_lost_its_words_is_not_shown_in_words(material: Material) -> None:
    world = changed(material, without="id:tcc-09-persons-arrested cecot:exact")
    engine = InProcessEngine(build_store(world))
    apart = take_apart([tell_answers(engine, QUESTIONS, "en")["arrests"]])
    shown = {claim.iri.rpartition("/")[2] for _, claims in apart for claim in claims}
    assert "tcc-09-persons-arrested" not in shown
    assert "tcc-09-not-possible-without" in shown
