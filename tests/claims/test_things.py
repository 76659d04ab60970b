"""What is told of a thing: facts with their claims, and all that is said of it, with its status."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from cecot.claims.claim import Claim, read_claims
from cecot.claims.thing import Thing, by_status, describe_thing, fetch_thing
from cecot.dataset.store import load_store
from cecot.engine import Engine
from cecot.rooms import Rooms
from cecot.sparql.asking import select
from cecot.sparql.evaluation import InProcessEngine
from cecot.vocabulary import CECOT

ID = "https://w3id.org/cecot/id/"


@pytest.fixture(scope="module")
def engine(rooms: Rooms) -> Engine:
    """An engine over the rooms of this checkout."""
    return InProcessEngine(load_store(rooms).store)


def thing(engine: Engine, slug: str) -> Thing:
    found = describe_thing(engine, ID + slug)
    assert found is not None
    return found


def claim(engine: Engine, slug: str) -> Claim:
    (found,) = read_claims(engine, [NamedNode(ID + slug)])
    return found


def local(nodes: object) -> list[str]:
    assert isinstance(nodes, tuple)
    return [node.iri.removeprefix(ID) for node in nodes]


def test_every_fact_comes_with_the_claim_that_states_it(engine: Engine) -> None:
    facts = thing(engine, "cecot").facts
    assert facts
    assert all(fact.claims and all(each.is_asserted for each in fact.claims) for fact in facts)
    place = next(fact for fact in facts if fact.predicate.iri.endswith("#locatedIn"))
    assert place.object.label("en").value == "Tecoluca"
    (stated,) = place.claims
    assert local(stated.speakers) == ["tcc"]
    assert stated.places[0].line == 3


def test_what_others_say_is_told_with_speaker_words_and_place(engine: Engine) -> None:
    said = claim(engine, "tcc-29-space-per-prisoner")
    assert said.status == "Attributed"
    assert local(said.speakers) == ["financial-times"]
    assert said.speech_act.first("en").value == "According to"
    assert said.exact.first("es").value == "each prisoner is given an average of 0.6 square meters"
    assert [(each.line, each.source and each.source.iri) for each in said.places] == [
        (29, ID + "tcc")
    ]
    assert said.unresolved.first("es").language == "es"
    assert said.object
    assert said.object.value
    assert said.object.value.number == "0.6"
    assert said.object.value.unit_code == "MTK"
    assert (
        said.object.label("es").value == "0,6 metros cuadrados en promedio para cada persona presa"
    )


def test_an_allegation_has_roles_and_no_triple(engine: Engine) -> None:
    said = claim(engine, "tcc-33-accusation")
    assert said.is_allegation
    assert said.status == "Alleged"
    assert (said.subject, said.predicate, said.object) == (None, None, None)
    assert local(said.speakers) == ["human-rights-watch"]
    assert local(said.accused) == ["salvadoran-government"]
    assert "act-torture" in local(said.acts)
    assert not said.basis
    assert said.quoted


def test_claims_stand_by_status_in_the_order_of_the_text(engine: Engine) -> None:
    groups = by_status(thing(engine, "cecot").claims)
    assert list(groups) == ["Asserted", "Attributed", "Alleged", "Planned"]
    lines = [each.order for each in groups["Asserted"]]
    assert lines == sorted(lines)


def test_a_thing_knows_its_part_in_each_claim(engine: Engine) -> None:
    parts = {each.claim.iri: each.roles for each in thing(engine, "human-rights-watch").claims}
    assert parts[ID + "tcc-33-accusation"] == ("speaker",)
    acts = thing(engine, "act-torture").claims
    assert {each.roles for each in acts} == {("act",)}


@pytest.mark.parametrize("slug", ["tcc-29-0-6-square-meters", "tcc-29-6-5-sq-ft"])
def test_a_figure_comes_with_the_claim_that_gives_it(engine: Engine, slug: str) -> None:
    """The one in brackets too, which no claim names."""
    (related,) = thing(engine, slug).claims
    assert related.claim.iri == ID + "tcc-29-space-per-prisoner"
    assert related.claim.status == "Attributed"


def test_nothing_about_a_proposal_is_a_fact(engine: Engine) -> None:
    proposal = thing(engine, "noboa-prisons")
    assert proposal.facts == ()
    assert [str(each.predicate.iri) for each in proposal.links] == [str(CECOT.about)]
    assert {each.claim.status for each in proposal.claims} == {"Planned", "Asserted"}


def test_every_claim_is_whole(engine: Engine) -> None:
    rows = select(engine, f"SELECT DISTINCT ?claim {{ ?claim a <{CECOT.Claim}> }}")
    iris = [row["claim"] for row in rows if isinstance(row["claim"], NamedNode)]
    claims = read_claims(engine, iris)
    assert len(claims) == len(iris) > 150
    for each in claims:
        assert each.status
        assert each.speakers
        assert each.places
        assert each.places[0].source
        assert each.is_asserted or each.description.first("es").language == "es"


def test_what_is_unknown_or_no_iri_is_nothing(engine: Engine) -> None:
    assert describe_thing(engine, ID + "nothing-like-this") is None
    assert describe_thing(engine, "not an iri > }") is None
    assert read_claims(engine, [NamedNode(ID + "cecot"), NamedNode(ID + "nothing")]) == []


def test_a_world_without_claims_is_told_by_its_links(foreign_rooms: Rooms) -> None:
    engine = InProcessEngine(load_store(foreign_rooms).store)
    oak = describe_thing(engine, "https://example.org/garden/id/oak")
    assert oak is not None
    assert oak.node.label("es").value == "oak"
    assert oak.facts == ()
    assert [each.object.label("en").value for each in oak.links if each.object.labels] == ["20"]
    moss = describe_thing(engine, "https://example.org/garden/id/moss")
    assert moss is not None
    assert moss.node.label("en").value == "moss"
    assert [each.subject.iri for each in moss.incoming_links] == [oak.iri]


def test_what_stands_in_blank_nodes_is_told_with_the_thing() -> None:
    store = Store()
    store.load(
        b"PREFIX : <http://e/> :a :p [ :q [ :r ( 1 [ :s 2 ] ) ] ] ; :k :b . :b :p [ :q 1 ] .",
        RdfFormat.TURTLE,
    )
    found = fetch_thing(InProcessEngine(store), NamedNode("http://e/a"))
    predicates = [triple.predicate.value for triple in found.triples()]
    assert "http://e/s" in predicates
    assert predicates.count("http://e/p") == 1, "nothing of what is only mentioned"
