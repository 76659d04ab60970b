"""Search: what is found, by which words, and that nothing found is without its speaker."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from cecot.claims.answers import Tellings
from cecot.claims.names import find_near
from cecot.claims.search import MOST_CLAIMS, Results, matching, search
from cecot.claims.table import list_class
from cecot.claims.words import MOST_WORDS, folded, words_of
from cecot.dataset.questions import read_questions
from cecot.dataset.store import load_store
from cecot.dates import covers, date_pattern, dates_in, readable_date
from cecot.engine import Engine
from cecot.rooms import Rooms
from cecot.sparql.evaluation import InProcessEngine
from cecot.vocabulary import CECOT

ID = "https://w3id.org/cecot/id/"


@pytest.fixture(scope="module")
def engine(rooms: Rooms) -> Engine:
    """An engine over the rooms of this checkout."""
    return InProcessEngine(load_store(rooms).store)


ANNOUNCED_THAT_DAY = {
    f"tcc-43-{each}"
    for each in (
        "announcement", "announces", "part-of", "prison", "purpose", "similar-to", "when",
    )
}  # fmt: skip


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
    announced = claims(found(engine, "what did Bukele announce on 1 June 2023"))
    assert set(announced) == ANNOUNCED_THAT_DAY
    assert claims(found(engine, "who alleged what about arrests")) == [
        "tcc-33-accusation",
        "tcc-35-accusation",
        "tcc-37-accusation",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1 June 2023", "June 1, 2023", "June 1st 2023", "1 Jun 2023", "2023-06-01", "2023-6-1",
        "1 de junio de 2023", "1.º de junio del 2023", "primero de junio de 2023", "1 de junio",
        "June 2023", "junio de 2023", "JUNIO 2023", "2023-06",
    ],
)  # fmt: skip
def test_a_date_is_found_in_whatever_form_it_is_asked(engine: Engine, text: str) -> None:
    results = found(engine, text)
    assert set(claims(results)) == ANNOUNCED_THAT_DAY
    assert not results.is_partial


def test_a_date_finds_what_was_said_on_that_day_with_its_status_and_speaker(engine: Engine) -> None:
    results = found(engine, "1 de junio de 2023")
    assert claims(results)[0] == "tcc-43-when"
    said = {hit.claim.iri.removeprefix(ID): hit.claim for hit in results.claims if hit.claim}
    assert said["tcc-43-prison"].status == "Planned"
    assert [each.iri for each in said["tcc-43-prison"].speakers] == [ID + "nayib-bukele"]


def test_dates_are_no_more_precise_than_they_are(engine: Engine) -> None:
    assert "tcc-45-election-when" in claims(found(engine, "2023"))
    assert "tcc-45-election-when" not in claims(found(engine, "June 2023"))
    assert claims(found(engine, "2 June 2023")) == []
    assert set(claims(found(engine, "años 1980"))) == set(claims(found(engine, "1980s"))) != set()


@pytest.fixture(scope="module")
def asked(rooms: Rooms, engine: Engine) -> Callable[[str], list[str]]:
    """The questions that a text finds, by their names."""
    questions = read_questions(rooms)
    answers = Tellings(engine).sentences(questions)
    return lambda text: [each.slug for each in matching(questions, words_of(text), answers)]


def test_a_question_is_found_by_its_date_in_any_form(asked: Callable[[str], list[str]]) -> None:
    for text in ("1 February 2023", "2023-02-01", "1 de febrero de 2023"):
        assert asked(text) == ["people-in-the-video", "date-of-the-tour"]


def test_a_question_is_found_by_its_answer_and_not_by_what_it_leaves_out(
    asked: Callable[[str], list[str]],
) -> None:
    assert "human-rights-watch" in asked("torture")
    assert "human-rights-watch" in asked("tortura")
    assert asked("guard towers") == ["barriers"]
    # Its summary says that MS-13 is not said to belong to the truce.
    assert asked("MS-13") == ["origins-of-the-gangs"]


@pytest.mark.parametrize("text", ["30 February 2023", "2023-13-01", "1/6/2023", "may", "12,000"])
def test_what_is_no_date_is_a_word(text: str) -> None:
    assert not words_of(text).dates
    assert list(dates_in(text)) == []


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)))
def test_every_form_of_a_day_is_read_and_looked_for(day: date) -> None:
    for language in ("en", "es"):
        written = readable_date(day.isoformat(), language)
        assert [each.edtf for each in dates_in(f"({written}).")] == [day.isoformat()]
        assert words_of(written).all == (day.isoformat(),)
        assert re.fullmatch(date_pattern(day.isoformat()), written, re.IGNORECASE)
        assert list(words_of(day.isoformat()).marked(f"a {written} b"))[1] == (written, True)
    assert covers(f"{day:%Y-%m}".zfill(7), day.isoformat())
    assert not covers(day.isoformat(), day.isoformat()[:7])


def test_a_figure_that_nobody_gives_is_told_as_such(engine: Engine) -> None:
    for text in ("CECOT capacity", "capacidad del CECOT", "How many inmates can CECOT hold?"):
        (each,) = found(engine, text).silences
        assert each.thing.iri == ID + "cecot"
        assert each.property_.iri == str(CECOT.capacity)
        assert {(c.iri.removeprefix(ID), c.status) for c in each.elsewhere} == {
            ("tcc-49-capacity", "Planned"),
            ("tcc-51-capacity", "Planned"),
        }
    assert not found(engine, "CECOT capacity").is_partial


def test_what_somebody_gives_is_no_silence(engine: Engine) -> None:
    for text in ("fence voltage", "capacity", "CECOT", "CECOT zebra capacity"):
        assert found(engine, text).silences == ()


def test_the_name_of_a_property_finds_what_is_said_by_it(engine: Engine) -> None:
    assert {"tcc-49-capacity", "tcc-51-capacity"} <= set(claims(found(engine, "capacidad")))
    assert claims(found(engine, "voltaje")) == ["tcc-25-fence-voltage"]


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


def test_a_question_is_found_in_both_languages(asked: Callable[[str], list[str]]) -> None:
    for text in ("capacity", "capacidad", "How many inmates can CECOT hold?"):
        assert "capacity" in asked(text)
    assert asked("") == []


@pytest.mark.parametrize(
    ("text", "least"),
    [("MS-13", 16), ("Tecoluca", 2), ("walls", 6), ("walls height", 1), ("altura muros", 1)],
)
def test_a_claim_is_found_by_what_it_names(engine: Engine, text: str, least: int) -> None:
    results = found(engine, text)
    assert results.total == len(claims(results)) >= least
    assert not results.is_scant


def test_of_many_claims_the_first_are_read_and_all_are_counted(engine: Engine) -> None:
    results = found(engine, "CECOT")
    assert results.total > len(results.claims) == MOST_CLAIMS


@pytest.mark.parametrize("text", ["CECOT zebra", "text prison zebra", "CECOT a", "alleged line a"])
def test_whatever_is_counted_is_no_less_than_what_is_read(engine: Engine, text: str) -> None:
    results = found(engine, text)
    assert results.total >= len(results.claims)
    assert all(hit.claim and hit.claim.status and hit.claim.speakers for hit in results.claims)
    kinds = {each.iri: count for each, count in results.classes}
    assert kinds.get(str(CECOT.Claim), 0) == results.total


@pytest.mark.parametrize(
    ("text", "line"), [("soldiers", 54), ("soldados", 54), ("roundup", 9), ("purposefully", 21)]
)
def test_what_was_left_out_is_found_in_the_note_of_its_passage(
    engine: Engine, text: str, line: int
) -> None:
    results = found(engine, text)
    assert [each.node.iri for each in results.notes] == [f"{ID}tcc-{line:02}"]
    assert not results.is_scant


def test_a_note_of_something_else_finds_nothing(engine: Engine) -> None:
    for text in ("PlayStations", "excerpt"):
        assert all("tcc-" in each.node.iri for each in found(engine, text).notes)


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


def test_foreign_rooms_are_searched_too(foreign_rooms: Rooms) -> None:
    engine = InProcessEngine(load_store(foreign_rooms).store)
    results = found(engine, "moss")
    assert results.claims == ()


def test_a_question_is_searched_for_by_what_counts_in_it() -> None:
    assert words_of("¿De dónde viene el nombre?").all == ("nombre",)
    assert words_of("Where does the name come from?").all == ("name",)


@pytest.mark.parametrize(
    "asked", ["presos", "Presas", "preso", "reos", "prisoners", "personas privadas de libertad"]
)
def test_people_in_prison_are_found_by_whatever_word_for_them(engine: Engine, asked: str) -> None:
    results = found(engine, asked)
    assert not results.is_scant
    assert "inmates-being-transferred" in things(results)
    assert claims(results)
    assert not any("prison" in each and "prisoner" not in each for each in things(results))


def test_the_words_for_people_in_prison_are_marked_as_they_stand() -> None:
    marked = words_of("presos").marked("12.000 personas privadas de libertad, reformas")
    assert [piece for piece, is_found in marked if is_found] == ["privadas de libertad"]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("prisión", "cárcel"), ("jail", "prison"), ("guardias", "guards"), ("custodio", "guard"),
        ("estado de excepción", "régimen de excepción"),
        ("state of exception", "STATE OF EMERGENCY"), ("MS13", "MS-13"),
        ("abusos", "ill-treatment"),
        ("human rights abuses", "human rights violations"), ("cámaras", "video surveillance"),
        ("weapons", "firearms"), ("apariencia física", "physical appearance"),
        ("who published the video", "publicación del video"),
    ],
)  # fmt: skip
def test_words_that_mean_the_same_find_the_same(engine: Engine, text: str, same: str) -> None:
    one, other = found(engine, text), found(engine, same)
    assert things(one) == things(other) != []
    assert claims(one) == claims(other) != []
    assert not one.is_partial


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("text", ["who died", "trial", "cost", "abogados", "medical care"])
def test_nothing_far_from_what_was_asked_is_suggested(
    engine: Engine, text: str, language: str
) -> None:
    assert find_near(engine, words_of(text), language).spellings == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("buekle", "Bukele"), ("Tecolucca", "Tecoluca"), ("cpacity", "capacity"),
        ("arests", "arrests"), ("detianees", "detainees"), ("cecto", "CECOT"),
    ],
)  # fmt: skip
def test_what_was_mistyped_is_suggested_as_it_is_written(
    engine: Engine, text: str, meant: str
) -> None:
    assert find_near(engine, words_of(text), "en").spellings[0] == meant


def test_suggestions_are_written_as_they_stand_those_of_the_reader_first(engine: Engine) -> None:
    assert find_near(engine, words_of("presiom"), "es").spellings[0] == "presión"
    spellings = find_near(engine, words_of("salvadorean"), "en").spellings
    assert spellings[0] == "Salvadoran"
