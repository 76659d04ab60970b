"""The one sentence-maker, and what a claim with each of the new terms says of itself."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from cecot.claims.claim import Claim, read_claims
from cecot.claims.nodes import Node, Place, Text, Texts
from cecot.claims.thing import arrange, describe_thing
from cecot.dataset.derive import statements
from cecot.render.documents import claim_record
from cecot.sentences import figure, fill, filled, limited, listed, sentence
from cecot.sparql.evaluation import InProcessEngine

ID = "https://w3id.org/cecot/id/"
TOLD = """
PREFIX cecot: <https://w3id.org/cecot/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX : <https://w3id.org/cecot/id/>
cecot:Asserted rdfs:label "asserted"@en ; cecot:phrase "Asserted by {speaker}: {said}"@en .
cecot:Alleged rdfs:label "alleged"@en .
cecot:hedge cecot:phrase "{said} (with “{hedge}”)"@en .
cecot:asOf cecot:phrase "{said} (as of {moment})"@en .
cecot:readings cecot:phrase "{said} (or otherwise)"@en .
cecot:opened a cecot:FactProperty ; rdfs:label "opened"@en ;
    cecot:phrase "{subject} was opened in {object}"@en .
cecot:capacity a cecot:FactProperty ; rdfs:label "capacity"@en .
:prison a cecot:Facility ; rdfs:label "The prison"@en ; cecot:opened :year ; cecot:capacity :many .
:year a cecot:DateValue ; cecot:asWritten "2023"@en ; cecot:edtf "2023" .
:many a schema:QuantitativeValue ; cecot:asWritten "40,000"@en .
:paper a cecot:Source ; rdfs:label "A paper"@en ; schema:url <https://e.example/a-b#top> .
:leaflet a cecot:Source ; rdfs:label "A leaflet"@en ; cecot:party :ministry .
:ministry rdfs:label "The ministry"@en .
:p1 a cecot:Passage ; dcterms:isPartOf :paper ; schema:position 1 ;
    cecot:opensWith "The well-known prison,"@en ; cecot:endsWith "in 2023 & after."@en .
:p2 a cecot:Passage ; dcterms:isPartOf :leaflet ; schema:position 1 .
:plain a cecot:Claim ; cecot:modality cecot:Asserted ; cecot:statedBy :paper ; cecot:passage :p1 ;
    rdf:subject :prison ; rdf:predicate cecot:opened ; rdf:object :year ;
    cecot:start 3 ; cecot:end 9 ; cecot:spanHash "00ff" .
:open a cecot:Claim ; cecot:modality cecot:Asserted ; cecot:statedBy :paper ; cecot:passage :p1 ;
    rdf:subject :prison ; rdf:predicate cecot:capacity ; rdf:object :many ;
    cecot:readings "It may be another prison."@en .
:partial a cecot:Claim ; cecot:modality cecot:Asserted ; cecot:statedBy :leaflet ;
    cecot:passage :p2 ; rdf:subject :prison ; rdf:predicate cecot:capacity ; rdf:object :many .
:denial a cecot:Claim ; cecot:modality cecot:Alleged ; cecot:statedBy :ministry ;
    cecot:saying cecot:Deny ; cecot:respondsTo :plain ; cecot:repeats :open ; cecot:asOf :year ;
    cecot:hedge "reportedly"@en ; cecot:exact "it was not"@en ; cecot:passage :p1 .
:short a cecot:Claim ; cecot:modality cecot:Alleged ; cecot:statedBy :ministry ;
    cecot:saying cecot:Deny ; cecot:respondsTo :plain ; cecot:passage :p1 .
:answer a cecot:Claim ; cecot:modality cecot:Alleged ; cecot:statedBy :paper ;
    cecot:respondsTo :answer ; cecot:passage :p1 .
cecot:Deny skos:prefLabel "deny"@en .
:accusation a cecot:Claim, cecot:Allegation ; cecot:modality cecot:Alleged ; cecot:passage :p1 ;
    cecot:allegedAct :act ; cecot:allegedVictim :group .
:act a skos:Concept ; skos:inScheme cecot:Acts ; rdfs:label "beating"@en .
:group rdfs:label "prisoners"@en .
:plan a cecot:Proposal ; rdfs:label "Announced prison"@en .
:wish a skos:Concept ; skos:inScheme cecot:Things ; rdfs:label "Something wished"@en .
"""


@pytest.fixture(scope="module")
def engine() -> InProcessEngine:
    """An engine over a prison of which a paper and a leaflet of the ministry tell."""
    store = Store()
    store.load(TOLD, format=RdfFormat.TURTLE)
    store.extend(list(statements(store)))
    return InProcessEngine(store)


def claim(engine: InProcessEngine, slug: str) -> Claim:
    """The claim called ``slug``."""
    (found,) = read_claims(engine, [NamedNode(ID + slug)])
    return found


def test_a_sentence_holds_the_status_and_the_speaker(engine: InProcessEngine) -> None:
    assert claim(engine, "plain").sentence("en") == (
        "Asserted by A paper: The prison was opened in 2023"
    )


def test_without_a_phrase_a_claim_still_says_who_and_how_sure(engine: InProcessEngine) -> None:
    assert claim(engine, "denial").sentence("en") == (
        "it was not (with “reportedly”) (as of 2023) [alleged; The ministry]"
    )
    assert claim(engine, "accusation").sentence("es").endswith("; alguien a quien no se nombra]")


def test_a_denial_without_words_of_its_own_tells_what_it_denies_with_its_status(
    engine: InProcessEngine,
) -> None:
    told = claim(engine, "short")
    assert told.sentence("en") == (
        "deny: Asserted by A paper: The prison was opened in 2023 [alleged; The ministry]"
    )
    assert told.node.label("en").value == told.sentence("en")


def test_a_name_in_one_variety_of_a_language_alone_is_told_in_every_sentence() -> None:
    store = Store()
    store.load(TOLD.replace('"The prison"@en', '"La cárcel"@es-SV'), format=RdfFormat.TURTLE)
    told = [quad.object.value for quad in statements(store) if quad.subject.value == f"{ID}plain"]
    assert sorted(words.count("La cárcel was opened in 2023") for words in told) == [1, 1]


def test_a_claim_that_answers_itself_ends(engine: InProcessEngine) -> None:
    assert "answer" in claim(engine, "answer").sentence("en")


def test_an_open_reading_makes_no_fact(engine: InProcessEngine) -> None:
    assert claim(engine, "plain").is_fact
    assert claim(engine, "open").is_asserted
    assert not claim(engine, "open").is_fact
    assert claim(engine, "open").sentence("en") == (
        "Asserted by A paper: The prison \N{EM DASH} capacity: 40,000 (or otherwise)"
    )
    assert claim_record(claim(engine, "open"))["readings"] == {"en": "It may be another prison."}


def test_a_source_by_a_party_makes_no_fact(engine: InProcessEngine) -> None:
    told = claim(engine, "partial")
    assert [each.label("en").value for each in told.places[0].parties] == ["The ministry"]
    assert told.is_asserted
    assert not told.is_fact


def test_a_fact_on_a_page_stands_on_claims_that_make_facts(engine: InProcessEngine) -> None:
    thing = describe_thing(engine, ID + "prison")
    assert thing
    behind = {
        each.predicate.label("en").value: [c.iri.removeprefix(ID) for c in each.claims]
        for each in thing.facts
    }
    assert behind == {"opened": ["plain"], "capacity": []}
    assert {c.iri.removeprefix(ID) for c in arrange(thing).also} == {"open", "partial"}


def test_a_claim_about_a_claim_names_it(engine: InProcessEngine) -> None:
    denial = claim(engine, "denial")
    assert [each.iri for each in denial.responds_to] == [ID + "plain"]
    assert [each.iri for each in denial.repeats] == [ID + "open"]
    assert [each.iri.rpartition("#")[2] for each in denial.saying] == ["Deny"]
    assert denial.as_of[0].value
    assert [each.iri for each in claim(engine, "accusation").victims] == [ID + "group"]
    related = describe_thing(engine, ID + "plain")
    assert related
    assert ("answered",) in [each.roles for each in related.claims]


def test_a_claim_names_its_span(engine: InProcessEngine) -> None:
    told = claim(engine, "plain")
    assert (told.start, told.end, told.span_hash) == (3, 9, "00ff")


def test_a_passage_links_to_its_sentence_in_the_living_text(engine: InProcessEngine) -> None:
    (place,) = claim(engine, "plain").places
    assert place.link == (
        "https://e.example/a-b#:~:text=The%20well%2Dknown%20prison%2C,in%202023%20%26%20after."
    )
    (other,) = claim(engine, "partial").places
    assert other.link == ""
    assert Place(place.passage, place.source, 1, None, None, page="https://e.example/").link == (
        "https://e.example/"
    )


@pytest.mark.parametrize(
    ("slug", "mention"),
    [("act", "act"), ("plan", "proposal"), ("wish", "spoken"), ("prison", ""), ("group", "")],
)
def test_what_no_text_says_that_there_is_tells_what_it_is(
    engine: InProcessEngine, slug: str, mention: str
) -> None:
    thing = describe_thing(engine, ID + slug)
    assert thing
    assert thing.node.mention == mention


def test_a_phrase_in_pieces_keeps_its_parts() -> None:
    node = Node(NamedNode("http://e/a"), "http://e/a", Texts())
    parts: dict[str, tuple[str, object]] = {"subject": ("the gang", node), "object": ("one", 1)}
    assert fill("{subject} has {object} {other}", parts, "en") == [
        ("The gang", node), (" has ", None), ("one", 1), (" {other}", None),
    ]  # fmt: skip
    assert fill("plain", parts, "en") == [("plain", None)]


def test_a_part_is_called_as_a_sentence_needs_it() -> None:
    prison = {"subject": "el penal", "object": "la zona"}
    assert filled("Altura de {subject}: {object}", prison, "es") == "Altura del penal: la zona"
    assert filled("{subject} se parece a {subject}", prison, "es") == "El penal se parece al penal"
    assert filled("{subject} de {object}", prison, "es") == "El penal de la zona"
    country = {"subject": "eBay", "object": "El Salvador", "said": "it was not"}
    assert filled("{subject} de {object}", country, "es") == "eBay de El Salvador"
    assert filled("{said} de {subject}", country, "en") == "it was not de eBay"


def test_names_stand_in_a_row() -> None:
    assert listed(["A"], "en") == "A"
    assert listed(["A", "B", "C"], "en") == "A, B and C"
    assert listed(["A", "Inés"], "es") == "A e Inés"
    assert listed(["A", "hielo"], "es") == "A y hielo"
    assert listed([], "en") == ""


def test_a_figure_says_what_limits_it_once() -> None:
    assert figure("over 0.6 m²", ["average", "over"], ["6.5 sq ft"]) == (
        "over 0.6 m² (average) = 6.5 sq ft"
    )


def test_a_sentence_without_speaker_says_so() -> None:
    told = sentence("It burns.", status="alleged", speakers=[], language="en")
    assert told == "It burns [alleged; a speaker who is not named]"


def test_what_limits_a_claim_is_told_without_a_phrase_too() -> None:
    limits = limited(("may", ""), ("2023", ""), (True, ""))
    told = sentence("It burns", status="hedged", speakers=["A"], limits=limits, language="en")
    assert told == "It burns (may) (2023) (?) [hedged; A]"
    assert limited(("", "x"), ("", "x"), (False, "x")) == []


@pytest.mark.parametrize(
    ("tags", "language", "read"),
    [
        (["en", "es"], "es", ["es"]),
        (["pt-BR"], "en", ["pt-BR"]),
        (["pt-BR", "pt-PT"], "en", ["pt-BR", "pt-PT"]),
        (["de-AT", "fr-CA"], "es", ["de-AT"]),
        (["en-GB", "fr"], "es", ["en-GB"]),
        (["en", "pt-BR"], "pt", ["pt-BR"]),
        (["", "en"], "es", [""]),
        ([], "en", []),
    ],
)
def test_a_reader_gets_some_language_whatever_its_region(
    tags: list[str], language: str, read: list[str]
) -> None:
    said = Texts(tuple(Text(f"in {tag}", tag) for tag in tags))
    assert [each.language for each in said.read_in(language)] == read
    assert said.first(language).value == (f"in {read[0]}" if read else "")
