"""How a thing is told: facts, voices side by side, silences, passages, the whole at a glance."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from cecot.claims.claim import read_statuses
from cecot.claims.nodes import Place, Reader
from cecot.claims.overview import read_overview
from cecot.claims.passage import (
    Passage,
    coverage_of,
    neighbours_in,
    passage_in,
    passages_in,
    read_coverage,
)
from cecot.claims.silence import Silence, read_silences
from cecot.claims.thing import Profile, arrange, describe_thing, fetch_thing
from cecot.dataset.description import describe
from cecot.dataset.store import Loaded, load_store
from cecot.engine import Engine
from cecot.errors import UsageError
from cecot.rooms import Rooms, SourceTexts, read_texts, text_paths
from cecot.sparql.evaluation import InProcessEngine
from cecot.vocabulary import CECOT, STATUSES

ID = "https://w3id.org/cecot/id/"
TCC = NamedNode(ID + "tcc")
TWO_VOICES = """
PREFIX cecot: <https://w3id.org/cecot/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>
PREFIX : <https://w3id.org/cecot/id/>
cecot:capacity a cecot:FactProperty ; schema:domainIncludes cecot:Facility ;
    schema:rangeIncludes schema:QuantitativeValue .
cecot:hasFeature a cecot:FactProperty ; schema:domainIncludes cecot:Facility .
cecot:opened a cecot:FactProperty ; schema:domainIncludes cecot:Facility .
:prison a cecot:Facility ; cecot:capacity :many, :few ; cecot:hasFeature :wall, :tower .
:many cecot:asWritten "40,000"@en . :few cecot:asWritten "20,000"@en .
:a a cecot:Source . :b a cecot:Source .
:a-1 a cecot:Passage ; dcterms:isPartOf :a ; schema:position 1 .
:b-1 a cecot:Passage ; dcterms:isPartOf :b ; schema:position 1 .
:one a cecot:Claim ; cecot:modality cecot:Asserted ; cecot:statedBy :a ; cecot:passage :a-1 ;
    rdf:subject :prison ; rdf:predicate cecot:capacity ; rdf:object :many .
:two a cecot:Claim ; cecot:modality cecot:Asserted ; cecot:statedBy :b ; cecot:passage :b-1 ;
    rdf:subject :prison ; rdf:predicate cecot:capacity ; rdf:object :few .
:wall-claim a cecot:Claim ; cecot:modality cecot:Asserted ; cecot:statedBy :a ;
    cecot:passage :a-1 ; rdf:subject :prison ; rdf:predicate cecot:hasFeature ; rdf:object :wall .
:tower-claim a cecot:Claim ; cecot:modality cecot:Asserted ; cecot:statedBy :a ;
    cecot:passage :a-1 ; rdf:subject :prison ; rdf:predicate cecot:hasFeature ; rdf:object :tower .
:a cecot:notStated :quiet . :quiet a cecot:Silence ; cecot:ofThing :prison ;
    cecot:ofProperty cecot:built .
:cells a cecot:Claim ; cecot:modality cecot:Attributed ; cecot:statedBy :paper ;
    cecot:passage :b-1 ; rdf:subject :prison ; rdf:predicate cecot:hasFeature ; rdf:object :cell .
"""


LIVELY = ("barrio-18", "cecot-opening")


@pytest.fixture(scope="module")
def loaded(rooms: Rooms) -> Loaded:
    """The rooms of this checkout in a store."""
    return load_store(rooms)


@pytest.fixture(scope="module")
def engine(loaded: Loaded) -> Engine:
    """An engine over the rooms of this checkout."""
    return InProcessEngine(loaded.store)


@pytest.fixture(scope="module")
def voices() -> Engine:
    """An engine over a prison of which two sources tell different capacities."""
    store = Store()
    store.load(TWO_VOICES, format=RdfFormat.TURTLE)
    return InProcessEngine(store)


@pytest.fixture(scope="module")
def texts(shared_dir: Path) -> SourceTexts:
    """The text of the source of this checkout."""
    return read_texts([shared_dir / "sources" / "terrorism-confinement-center.txt"])


def read_passages(
    engine: Engine, source: NamedNode, texts: SourceTexts, after: int, size: int
) -> tuple[list[Passage], bool]:
    """The passages of the page of ``source`` that begins after the line ``after``."""
    found = fetch_thing(engine, source, page=True, after=after, passages=size + 1)
    return passages_in(Reader(found), source, texts, after, size)


def page_of(engine: Engine, place: Place) -> Reader:
    """What is fetched for the page of a passage."""
    return Reader(fetch_thing(engine, NamedNode(place.passage.iri), page=True))


def silences_of(engine: Engine, *slugs: str) -> tuple[Silence, ...]:
    """What is listed as not stated of some things."""
    return read_silences(engine, [NamedNode(ID + each) for each in slugs])


def profile(engine: Engine, slug: str) -> Profile:
    thing = describe_thing(engine, ID + slug)
    assert thing is not None
    return arrange(thing)


def test_facts_are_told_in_the_order_of_the_text_names_first(engine: Engine) -> None:
    facts = profile(engine, "cecot").facts
    assert [each.label("en").value for each in facts][:4] == [
        "name",
        "abbreviation",
        "facility type",
        "located in",
    ]
    away = next(several for each, several in facts.items() if each.label("en").value == "away from")
    assert [each.object.label("en").value for each in away] == [
        "Public institutions",
        "Urban centers",
        "Any contact with the outside world",
    ]
    assert all(fact.claims for several in facts.values() for fact in several)


def test_several_values_of_one_source_stand_in_one_row(engine: Engine) -> None:
    (facts,) = profile(engine, "osiris-luna-meza").facts.values()
    assert [fact.object.label("en").value for fact in facts] == [
        "General Director of Penal Centers",
        "Director of Penal Centers",
    ]
    assert profile(engine, "osiris-luna-meza").disputes == ()


def test_sources_that_disagree_stand_side_by_side(voices: Engine) -> None:
    (dispute,) = profile(voices, "prison").disputes
    assert dispute.predicate.iri == str(CECOT.capacity)
    assert [claim.iri.removeprefix(ID) for claim in dispute.claims] == ["one", "two"]
    assert {claim.speakers[0].iri for claim in dispute.claims} == {ID + "a", ID + "b"}


def test_a_list_that_another_voice_adds_to_is_no_dispute(voices: Engine, engine: Engine) -> None:
    predicates = {each.predicate.iri for each in profile(voices, "prison").disputes}
    assert str(CECOT.hasFeature) not in predicates
    assert profile(engine, "cecot").disputes == ()


def test_what_a_speaker_says_is_apart_from_what_is_said_of_it(engine: Engine) -> None:
    told = profile(engine, "human-rights-watch")
    assert told.said == {}
    assert [claim.iri for claim in told.says["Alleged"]] == [ID + "tcc-33-accusation"]
    accused = profile(engine, "salvadoran-government")
    assert ID + "tcc-33-accusation" in [claim.iri for claim in accused.said["Alleged"]]
    assert list(accused.said) == [name for name in STATUSES if name in accused.said]


def test_nothing_that_is_not_asserted_is_among_the_facts(engine: Engine) -> None:
    told = profile(engine, "noboa-prisons")
    assert told.facts == {}
    assert told.said["Planned"]
    assert all(claim.is_asserted for fact in told.occurrences for claim in fact.claims)


def test_the_capacity_of_cecot_is_a_silence_beside_which_the_others_stand(engine: Engine) -> None:
    silences = {each.property_.iri: each for each in silences_of(engine, "cecot")}
    capacity = silences[str(CECOT.capacity)]
    assert {text.language for text in capacity.notes} == {"en", "es"}
    assert [each.iri for each in capacity.sources] == [TCC.value]
    assert [claim.iri.removeprefix(ID) for claim in capacity.elsewhere] == [
        "tcc-49-capacity",
        "tcc-51-capacity",
    ]
    assert {claim.status for claim in capacity.elsewhere} == {"Planned"}
    assert str(CECOT.spacePerPrisoner) not in silences


def test_what_nobody_has_listed_is_no_silence(voices: Engine, engine: Engine) -> None:
    (only,) = silences_of(voices, "prison")
    assert only.property_.iri == str(CECOT.built)
    assert (only.elsewhere, only.more_elsewhere) == ((), False)
    # No claim has these as subject with the property, and the text says all of them.
    listed = {(each.thing.iri, each.property_.iri) for each in silences_of(engine, *LIVELY)}
    assert (ID + "barrio-18", str(CECOT.rivalOf)) not in listed
    assert (ID + "cecot-opening", str(CECOT.agent)) not in listed


def test_a_silence_of_one_source_says_of_which(voices: Engine) -> None:
    (only,) = silences_of(voices, "prison")
    assert [each.iri for each in only.sources] == [ID + "a"]
    assert silences_of(voices, "cell") == ()


def test_the_tour_has_no_date_and_that_is_told(engine: Engine) -> None:
    silences = {each.property_.iri for each in silences_of(engine, "tcc-41-tour")}
    assert str(CECOT.when) in silences
    assert str(CECOT.before) not in silences


def test_statuses_are_explained_in_both_languages(engine: Engine) -> None:
    statuses = read_statuses(engine)
    assert tuple(statuses) == STATUSES
    for status in statuses.values():
        assert {text.language for text in status.meaning} == {"en", "es"}
        assert {text.language for text in status.node.labels} == {"en", "es"}


def test_a_source_is_told_passage_by_passage(engine: Engine) -> None:
    passages, more = read_passages(engine, TCC, SourceTexts(), -1, 100)
    lines = [each.place.line for each in passages]
    assert (len(lines), more) == (30, False)
    assert lines == sorted(line for line in lines if line is not None)
    assert not any(passage.text.value for passage in passages)
    assert sum(len(passage.citations) for passage in passages) == 12
    by_line = {passage.place.line: passage for passage in passages}
    assert by_line[1].claims == ()
    assert by_line[1].notes
    assert len(by_line[33].claims) == 1


def test_passages_come_by_pages(engine: Engine) -> None:
    whole, _ = read_passages(engine, TCC, SourceTexts(), -1, 100)
    first, more = read_passages(engine, TCC, SourceTexts(), -1, 10)
    assert more
    rest, more = read_passages(engine, TCC, SourceTexts(), first[-1].place.line or 0, 100)
    assert not more
    assert [*first, *rest] == whole


def test_a_passage_shows_its_own_words_where_the_text_is_given(
    engine: Engine, texts: SourceTexts
) -> None:
    passages, _ = read_passages(engine, TCC, texts, -1, 100)
    for passage in passages:
        assert passage.text.value
        assert passage.text.language == "en"
        for claim in passage.claims:
            for words in (*claim.exact, *claim.quoted):
                assert words.value in passage.text.value


def test_another_text_or_another_span_shows_nothing(texts: SourceTexts) -> None:
    (digest,) = texts.by_digest
    span = texts.passage(digest, 0, 28)
    right = hashlib.sha256(span.encode()).hexdigest()
    assert texts.passage(digest, 0, 28, right) == span == "Terrorism Confinement Center"
    assert texts.passage(digest, 0, 27, right) == ""
    assert texts.passage("0" * 64, 0, 28) == ""


def test_a_text_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Cannot be read"):
        read_texts([tmp_path / "absent.txt"])
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    with pytest.raises(UsageError, match="Byte 3 is not UTF-8"):
        read_texts([tmp_path / "latin.txt"])
    assert read_texts(text_paths("")).by_digest == {}


def test_a_passage_leads_to_the_ones_beside_it(engine: Engine) -> None:
    passages, _ = read_passages(engine, TCC, SourceTexts(), -1, 100)
    first, second, last = passages[0].place, passages[1].place, passages[-1].place
    before, later = neighbours_in(page_of(engine, second), second)
    assert (before and before.line, later and later.line) == (first.line, passages[2].place.line)
    assert neighbours_in(page_of(engine, first), first)[0] is None
    assert neighbours_in(page_of(engine, last), last)[1] is None
    assert passage_in(page_of(engine, second), second, SourceTexts()) == passages[1]


def test_coverage_counts_what_the_passages_hold(engine: Engine) -> None:
    coverage = read_coverage(engine, TCC)
    passages, _ = read_passages(engine, TCC, SourceTexts(), -1, 100)
    assert coverage == coverage_of(passages)
    assert coverage.passages == len(passages)
    assert coverage.covered == sum(bool(passage.claims) for passage in passages)
    claims = {claim.iri: claim.status for passage in passages for claim in passage.claims}
    assert sum(coverage.claims.values()) == len(claims)
    assert list(coverage.claims) == [name for name in STATUSES if name in coverage.claims]


def test_the_whole_is_told_at_a_glance(loaded: Loaded, engine: Engine) -> None:
    overview = read_overview(engine, describe(loaded, "v"))
    kinds = {each.node.iri: each for each in overview.kinds}
    assert [node.iri for node in kinds[str(CECOT.Facility)].things] == [ID + "cecot"]
    assert str(CECOT.Claim) not in kinds
    assert {text.language for text in overview.descriptions} == {"en", "es"}
    assert tuple(overview.claims) == STATUSES
    assert overview.claims["Alleged"] == 6


def test_foreign_rooms_are_told_without_claims(foreign_rooms: Rooms) -> None:
    loaded = load_store(foreign_rooms)
    overview = read_overview(InProcessEngine(loaded.store), describe(loaded, "v"))
    assert overview.claims == {}
    assert overview.kinds
