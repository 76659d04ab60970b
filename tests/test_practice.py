"""The practice text validates whole and shows what the model promises (tests/practice/README)."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode

from cecot.claims.answers import tell_answers
from cecot.claims.claim import Claim, read_claims
from cecot.claims.subgraph import iri_of
from cecot.dataset.content import Material, read_material
from cecot.dataset.questions import read_questions
from cecot.dataset.store import load_store
from cecot.rooms import Rooms
from cecot.sparql.asking import select
from cecot.sparql.evaluation import InProcessEngine
from cecot.validation import validate
from cecot.vocabulary import CECOT, STATUSES
from markup import read
from sites import site_of

PRACTICE = Path(__file__).parent / "practice"
TEXTS = tuple(sorted((PRACTICE / "texts").glob("*.txt")))
ID = "https://w3id.org/cecot/id/"


@pytest.fixture(scope="module")
def practice() -> Material:
    return read_material(Rooms(PRACTICE))


@pytest.fixture(scope="module")
def site(practice: Material) -> FlaskClient:
    return site_of(practice.rooms)


def words_of(page: str) -> str:
    """The words of a page, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture(scope="module")
def claims(practice: Material) -> dict[str, Claim]:
    engine = InProcessEngine(load_store(practice.rooms).store)
    told = {t.subject for t in practice.graph if t.predicate == NamedNode(str(CECOT.modality))}
    views = read_claims(engine, [each for each in told if isinstance(each, NamedNode)])
    return {view.iri.removeprefix(ID): view for view in views}


def test_it_breaks_no_rule_and_each_of_its_words_stands_in_the_texts(practice: Material) -> None:
    assert len(TEXTS) == 2
    assert not validate(practice, texts=TEXTS).findings


def test_it_has_every_status_and_every_act_of_saying(claims: dict[str, Claim]) -> None:
    assert {each.status for each in claims.values()} == set(STATUSES)
    acts = {act.iri for each in claims.values() for act in each.saying}
    assert acts == {
        str(CECOT[name])
        for name in ("Say", "Plan", "Accuse", "Praise", "Judge", "Deny", "Confirm", "Question")
    }


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "is_fact"),
    [
        ("library", "capacity", "article-07-40-readers", True),
        ("library", "capacity", "leaflet-03-48-readers", False),  # by a party
        ("closure", "when", "article-09-march-2024", True),
        ("closure", "when", "leaflet-05-4-march-2024", False),  # by a party
        ("signatures", "ledTo", "longer-opening-hours", False),  # may be read otherwise
        ("invitation", "ledTo", "longer-opening-hours", False),
        ("shelves", "capacity", "article-11-over-80-000-books", False),  # attributed and hedged
        ("repairs", "notPossibleWithout", "loan-from-the-county", False),  # hedged
        ("second-library", "capacity", "article-21-120-readers", False),  # planned
    ],
)
def test_only_what_a_disinterested_text_states_plainly_is_a_fact(
    practice: Material, subject: str, predicate: str, value: str, *, is_fact: bool
) -> None:
    said = (NamedNode(ID + subject), NamedNode(str(CECOT[predicate])), NamedNode(ID + value))
    assert (said in {tuple(each) for each in practice.facts}) is is_fact


def test_a_claim_knows_whether_it_makes_a_fact(claims: dict[str, Claim]) -> None:
    assert claims["article-07-capacity"].is_fact
    for name in (
        "leaflet-03-capacity",
        "leaflet-07-denial",
        "article-27-signatures-led-to",
        "article-15-denial",
        "article-25-possible",
    ):
        assert not claims[name].is_fact, name


def test_what_is_answered_repeated_and_suffered_is_linked(claims: dict[str, Claim]) -> None:
    accusation = claims["article-13-accusation"]
    assert [each.iri for each in accusation.victims] == [ID + "pupils-of-the-evening-school"]
    for name in ("article-15-denial", "leaflet-07-denial"):
        assert [each.iri for each in claims[name].responds_to] == [accusation.iri]
    assert [each.iri for each in claims["article-19-accusation"].repeats] == [accusation.iri]


def test_every_sentence_names_the_status_and_the_speaker(claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        for language in ("en", "es"):
            sentence = claim.sentence(language)
            assert all(each.label(language).value in sentence for each in claim.speakers), sentence
    engine = InProcessEngine(load_store(Rooms(PRACTICE)).store)
    rows = select(engine, f"SELECT ?claim ?said {{ ?claim <{CECOT.statement}> ?said }}")
    written = {(iri_of(row["claim"]).removeprefix(ID), str(row["said"])) for row in rows}
    assert written == {
        (name, str(Literal(claim.sentence(language), language=language)))
        for name, claim in claims.items()
        for language in ("en", "es")
    }
    assert claims["article-11-capacity"].sentence("en") == (
        "Attributed to Norwick Courier: The Norwick Courier says that the shelves of the library "
        "hold over 80,000 books "
        "(in the words of the text, with a reservation: “reportedly”)"
    )


def test_a_name_in_a_label_makes_the_claims_that_use_it_speak_of_that_thing(
    practice: Material,
) -> None:
    said = {tuple(each) for each in practice.derived}
    claim, about = NamedNode(ID + "article-21-capacity"), NamedNode(str(CECOT.about))
    assert (claim, about, NamedNode(ID + "ida-brandt")) not in said  # she says it
    claim = NamedNode(ID + "article-33-concert-before")
    assert (claim, about, NamedNode(ID + "library")) in said


def test_every_claim_is_a_web_annotation_of_its_span(practice: Material) -> None:
    oa = "http://www.w3.org/ns/oa#"
    facts = {tuple(each) for each in practice.facts}
    claim = ID + "article-11-capacity"

    def node(iri: str) -> NamedNode:
        return NamedNode(iri)

    assert (node(f"{claim}#annotation"), node(oa + "hasBody"), node(claim)) in facts
    assert (node(f"{claim}#target"), node(oa + "hasSource"), node(ID + "article")) in facts
    words = Literal("over 80,000 books", language="en")
    assert (node(f"{claim}#words"), node(oa + "exact"), words) in facts
    text = (PRACTICE / "texts" / "article.txt").read_text(encoding="utf-8")
    spans = {
        str(predicate): int(value.value)
        for subject, predicate, value in facts
        if subject == node(f"{claim}#position") and isinstance(value, Literal)
    }
    start, end = spans[f"<{oa}start>"], spans[f"<{oa}end>"]
    assert text[start:end] == words.value


def told(practice: Material, slug: str, language: str) -> list[str]:
    """The answer to a question of the practice text, in sentences."""
    (question,) = (each for each in read_questions(practice.rooms) if each.slug == slug)
    engine = InProcessEngine(load_store(practice.rooms).store)
    telling = tell_answers(engine, [question], language)[question.slug]
    return [clause.told(language) for clause in telling.clauses]


def test_two_sources_that_differ_are_told_apart_and_neither_alone(practice: Material) -> None:
    assert told(practice, "capacity", "en") == [
        "Article “The Alder Street Library”: 40 readers. [asserted; "
        "Article “The Alder Street Library”; line 7]",
        "Leaflet “News from the Town Council”: 48 readers. [asserted; "
        "Leaflet “News from the Town Council”; line 3]",
    ]
    assert ["40 lectores" in each for each in told(practice, "capacity", "es")] == [True, False]


def test_an_accusation_its_repetition_and_its_denials_keep_their_statuses(
    practice: Material,
) -> None:
    found = told(practice, "turned-away", "en")
    assert [each.rpartition("[")[2].split(";")[0] for each in found] == [
        "alleged",
        "alleged",
        "attributed",
        "asserted",
    ]
    assert "Readers' Circle; line 13, Article “The Alder Street Library”" in found[0]
    assert "by a party to the matter, denies it" in found[3]
    assert len(told(practice, "turned-away", "es")) == 4


def test_a_reservation_is_told_with_its_words(practice: Material) -> None:
    (sentence,) = told(practice, "loan", "en")
    assert "with a reservation, that the repairs “may not have been possible" in sentence
    assert "[hedged;" in sentence


def test_pages_name_the_source_and_its_party_where_several_are_served(practice: Material) -> None:
    site = site_of(practice.rooms)
    page = read(site, "/questions/capacity?lang=en")
    clauses = [each.text for each in page.all("li") if "listed" in each.classes]
    assert len(clauses) == 2
    assert "line 7, Article “The Alder Street Library”" in clauses[0]
    assert "a source by a party to the matter" in clauses[1]
    assert "a source by a party to the matter" not in clauses[0]
    front = read(site, "/?lang=en")
    assert "2 texts" in front.text
    for name in ("answers", "theme"):
        shown = [each.text for each in front.walk() if name in each.classes]
        (told_of_it,) = [each for each in shown if "How many readers" in each]
        assert "40 readers" in told_of_it
        assert "48 readers" in told_of_it, "no source that differs is given alone"
    kinds = [each.text for each in front.walk() if "kinds" in each.classes]
    assert not any("schema.org" in each or "www.w3.org" in each for each in kinds)


def test_the_pages_tell_of_both_sources_and_of_what_is_no_fact(site: FlaskClient) -> None:
    page = words_of(site.get("/id/library.html").text)
    article, leaflet = "line 7 , Article", "line 3 , Leaflet"
    for said, where in (("capacity of 40 readers", article), ("capacity of 48 readers", leaflet)):
        assert where in page.partition(said)[2][:60], said
    before = page.partition("capacity of 48 readers")[0][-150:]
    assert "a source by a party to the matter ( Town council of Norwick )" in before
    denial = words_of(site.get("/id/article-15-denial.html").text)
    assert "Alleged by Readers' Circle: The Readers' Circle accuses the council" in denial
    act = words_of(site.get("/id/turning-away-pupils.html").text)
    assert "Turning away pupils (alleged act)" in act


def test_a_document_tells_the_whole_annotation_and_the_sentence(site: FlaskClient) -> None:
    document = site.get("/id/article-11-capacity.ttl").text
    for part in ("oa:TextQuoteSelector", "oa:TextPositionSelector", "cecot:statement"):
        assert part in document


def test_the_guide_shows_the_practice_text_as_it_was_written_by_hand() -> None:
    guide = (PRACTICE.parents[1] / "docs" / "add-a-source.md").read_text("utf-8")
    blocks = re.findall(r"^```turtle\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    files = [each.read_text("utf-8") for each in (PRACTICE / "graph").rglob("*.ttl")]
    shown = [each.strip() for block in blocks for each in block.split("\n.\n") if each.strip()]
    assert len(shown) > 8
    assert not [each for each in shown if not any(f"{each}\n.\n" in file for file in files)]
