"""Search: what is found, by which words, and that nothing found is without its speaker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from cecot.engine import Engine
from cecot.listing.search_words import MOST_WORDS, folded, words_of
from cecot.listing.searching import Results, list_class, matching, search
from cecot.material.questions import read_questions
from cecot.material.store import load_store
from cecot.rooms import Rooms
from cecot.sparql.evaluation import InProcessEngine
from cecot.vocabulary import CECOT

ID = "https://w3id.org/cecot/id/"


@pytest.fixture(scope="module")
def engine(rooms: Rooms) -> Engine:
    """An engine over the rooms of this checkout."""
    return InProcessEngine(load_store(rooms).store)


def found(engine: Engine, text: str, type_: str | None = None) -> Results:
    return search(engine, words_of(text), NamedNode(type_) if type_ else None)


def things(results: Results) -> list[str]:
    return [hit.node.iri.removeprefix(ID) for hit in results.things]


def claims(results: Results) -> list[str]:
    return [hit.node.iri.removeprefix(ID) for hit in results.claims]


def test_a_name_is_found_with_and_without_its_accents(engine: Engine) -> None:
    for text in ("Ríos", "rios", "RÍOS", "zury ríos"):
        assert things(found(engine, text))[0] == "zury-rios"


def test_a_thing_is_found_by_the_other_names_that_the_text_gives_it(engine: Engine) -> None:
    assert "cecot" in things(found(engine, "Centro de Confinamiento"))
    assert things(found(engine, "MS-13"))[0] == "ms-13"


def test_a_word_is_found_in_another_form_but_not_inside_another_word(engine: Engine) -> None:
    assert "noboa-announcement" in things(found(engine, "announced"))
    assert "fence" not in " ".join(things(found(engine, "ence")))


def test_a_figure_is_found_as_the_claim_that_gives_it(engine: Engine) -> None:
    results = found(engine, "12,000 inmates")
    assert things(results) == []
    assert claims(results) == ["tcc-49-capacity"]
    (hit,) = results.claims
    assert hit.claim is not None
    assert hit.claim.status == "Planned"
    assert [each.iri for each in hit.claim.speakers] == [ID + "daniel-noboa"]


def test_a_converted_figure_leads_to_the_claim_of_the_one_before_it(engine: Engine) -> None:
    assert claims(found(engine, "6.5 sq ft")) == ["tcc-29-space-per-prisoner"]


def test_words_are_gathered_from_all_that_a_claim_shows(engine: Engine) -> None:
    assert claims(found(engine, "what did Bukele announce on 1 June 2023")) == ["tcc-43-when"]
    assert claims(found(engine, "who alleged what about arrests")) == [
        "tcc-33-accusation",
        "tcc-35-accusation",
        "tcc-37-accusation",
    ]


def test_quotations_are_found(engine: Engine) -> None:
    assert claims(found(engine, "prostitutes PlayStations")) == ["tcc-31-before"]
    assert "tcc-33-accusation" in claims(found(engine, "enforced disappearances"))


def test_every_claim_found_has_its_status_and_a_speaker(engine: Engine) -> None:
    for text in ("prison", "arrests", "capacity", "Bukele", "gang"):
        hits = found(engine, text).claims
        assert all(hit.claim and hit.claim.status and hit.claim.speakers for hit in hits)


def test_no_claim_is_shown_as_a_mere_thing(engine: Engine) -> None:
    for text in ("prison", "torture", "12,000", "guards", "rights"):
        for hit in found(engine, text).things:
            assert str(CECOT.Claim) not in hit.node.types
            assert hit.node.value is None


def test_what_has_only_some_of_the_words_is_shown_as_such(engine: Engine) -> None:
    results = found(engine, "tecoluca zebra")
    assert results.is_partial
    assert things(results) == ["tecoluca"]
    assert not found(engine, "tecoluca").is_partial
    assert found(engine, "zebra") == Results((), (), ())


def test_classes_are_counted_and_narrow_the_search(engine: Engine) -> None:
    results = found(engine, "prison")
    counts = {each.iri: count for each, count in results.classes}
    proposals = found(engine, "prison", str(CECOT.Proposal))
    assert len(proposals.things) == counts[str(CECOT.Proposal)] > 1
    assert proposals.claims == ()
    assert proposals.classes == results.classes
    only_claims = found(engine, "prison", str(CECOT.Claim))
    assert only_claims.things == ()
    assert len(only_claims.claims) == counts[str(CECOT.Claim)]


def test_a_question_is_found_in_both_languages(rooms: Rooms) -> None:
    questions = read_questions(rooms)
    for text in ("capacity", "capacidad", "How many inmates can CECOT hold?"):
        assert "capacity" in [each.slug for each in matching(questions, words_of(text))]
    assert matching(questions, words_of("")) == []


def test_small_words_do_not_count_unless_there_are_no_others() -> None:
    assert words_of("Who is the president of it?").all == ("president",)
    assert words_of("¿Quién es?").all == ("quien", "es")
    assert words_of("").all == ()
    assert len(words_of(" ".join(map(str, range(100)))).all) == MOST_WORDS


def test_found_words_are_marked_whole_and_nothing_is_lost() -> None:
    text = "Anuncio de Ríos: «anunció» 20,000"
    pieces = list(words_of("rios anunci").marked(text))
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, hit in pieces if hit] == ["Anuncio", "Ríos", "anunció"]
    assert list(words_of("").marked(text)) == [(text, False)]


@given(st.text(max_size=60))
def test_any_text_can_be_searched_for(text: str) -> None:
    words = words_of(text)
    assert len(words.patterns()) == len(words.all) <= MOST_WORDS
    assert words.found_in([text])[0] == len(words.all)
    assert "".join(piece for piece, _ in words.marked(text)) == text
    assert all(word == folded(word) for word in words.all)


@pytest.mark.parametrize(
    "text", ['") } #', "$pattern0", "\\", "a\nb", "(((", "[", "'); DROP", "?x"]
)
def test_signs_of_queries_and_expressions_are_only_signs(engine: Engine, text: str) -> None:
    assert isinstance(found(engine, text), Results)


def test_a_class_is_listed_in_order_and_by_pages(engine: Engine) -> None:
    person = NamedNode(str(CECOT.Person))
    whole, more = list_class(engine, person, 100)
    assert not more
    assert [each.iri for each in whole] == sorted(each.iri for each in whole)
    first, more = list_class(engine, person, 4)
    assert more
    rest, _ = list_class(engine, person, 100, first[-1].iri)
    assert [*first, *rest] == whole
    assert len(list_class(engine, person, 100, ordered=False)[0]) == len(whole)


def test_foreign_rooms_are_searched_too(foreign_rooms: Rooms) -> None:
    engine = InProcessEngine(load_store(foreign_rooms).store)
    results = found(engine, "moss")
    assert results.claims == ()
