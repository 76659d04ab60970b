"""The text itself beside somebody else: each on its side, with what is left unsaid."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat

from cecot.claims.claim import is_of_source
from cecot.claims.silence import read_silences
from cecot.claims.thing import ALLEGED, Topic, arrange, describe_thing, topics_of
from cecot.dataset.content import Material
from cecot.sparql.evaluation import InProcessEngine
from worlds import build_store

ID = "https://w3id.org/cecot/id/"
SECOND = """
PREFIX cecot: <https://w3id.org/cecot/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>
PREFIX id: <https://w3id.org/cecot/id/>
id:second a cecot:Source .
id:second-03 a cecot:Passage ; dcterms:isPartOf id:second ; schema:position 3 .
id:second-03-opened-by a cecot:Claim ; cecot:modality cecot:Attributed ;
    cecot:passage id:second-03 ; cecot:statedBy id:human-rights-watch ;
    rdf:subject id:cecot ; rdf:predicate cecot:openedBy ; rdf:object id:nayib-bukele .
"""


def topics(engine: InProcessEngine, thing: str) -> dict[str, Topic]:
    node = NamedNode(ID + thing)
    found = describe_thing(engine, node.value)
    assert found is not None
    return {
        each.node.iri.rpartition("#")[2] if each.node else each.kind: each
        for each in topics_of(arrange(found), read_silences(engine, [node]))
    }


@pytest.fixture(scope="module")
def engine(material: Material) -> InProcessEngine:
    return InProcessEngine(build_store(material))


def test_each_claim_stands_on_the_side_of_its_speaker(engine: InProcessEngine) -> None:
    found = topics(engine, "cecot")
    for topic in found.values():
        assert all(is_of_source(claim) for claim in topic.own)
        assert not any(is_of_source(claim) for claim in topic.others)
    space = found["spacePerPrisoner"]
    assert [claim.status for claim in space.others] == ["Attributed"]
    assert space.own == []


def test_what_an_editor_listed_as_not_stated_is_a_topic_without_claims(
    engine: InProcessEngine,
) -> None:
    capacity = topics(engine, "cecot")["capacity"]
    assert (capacity.own, capacity.others) == ([], [])
    assert capacity.silence is not None
    assert {claim.status for claim in capacity.silence.elsewhere} == {"Planned"}


def test_what_is_alleged_is_one_topic_of_the_accused(engine: InProcessEngine) -> None:
    alleged = topics(engine, "salvadoran-government")[ALLEGED]
    assert [claim.status for claim in alleged.others] == ["Alleged", "Alleged"]
    assert alleged.own == []


def test_a_hedge_of_the_text_stands_on_its_own_side(engine: InProcessEngine) -> None:
    found = topics(engine, "arrests-over-seven-months")
    assert [claim.status for claim in found["notPossibleWithout"].own] == ["Hedged"]


def test_two_texts_that_differ_stand_side_by_side(material: Material) -> None:
    store = build_store(material)
    store.load(SECOND, format=RdfFormat.TURTLE)
    topic = topics(InProcessEngine(store), "cecot")["openedBy"]
    assert [claim.iri.rpartition("/")[2] for claim in topic.own] == ["tcc-05-opened-by"]
    assert [claim.iri.rpartition("/")[2] for claim in topic.others] == ["second-03-opened-by"]


def test_a_thing_of_which_only_the_text_speaks_has_no_topics(engine: InProcessEngine) -> None:
    assert topics(engine, "tecoluca") == {}
