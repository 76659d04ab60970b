"""Answers in sentences: nothing in them that is not in the rows, no clause without its status."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode, Store
from tests.conftest import REPOSITORY
from tests.worlds import changed

from cecot.claims.answers import Clause, Telling, tell_answers
from cecot.claims.nodes import Text
from cecot.claims.quantities import in_words, retold
from cecot.dataset.content import Material
from cecot.dataset.questions import ANY, TEXT, UNSAID, Gap, Question, parse_question, read_questions
from cecot.rooms import find_rooms
from cecot.sentences import joined
from cecot.sparql.evaluation import InProcessEngine
from cecot.sparql.lexer import mentions
from worlds import build_store

QUESTIONS = {question.slug: question for question in read_questions(find_rooms(REPOSITORY))}
EACH = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
BOTH = pytest.mark.parametrize("language", ["en", "es"])
CECOT, SCHEMA = "https://w3id.org/cecot/ontology#", "https://schema.org/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LABELS = (
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
)
NUMBER_WORDS = {
    language: [in_words(str(number), language) for number in range(2, 13)]
    for language in ("en", "es")
}
SAYS_SO = {
    "Hedged": ("reserv", "may", "quizá"),
    "Attributed": ("claim", "according to", "his words", "sostiene", "según"),
    "Alleged": (
        *("alleg", "accus", "claims", "name no"),
        *("aleg", "acusa", "sostiene", "señalamiento", "nombran"),
    ),
    "Planned": ("announce", "stated", "promised", "anunci", "declar", "promet"),
    "Evaluative": ("says", "dice"),
}
"""How a sentence itself shows the status of what it tells, even where its mark is cut off."""
LEFT_OUT = {
    "en": ("Left out:", "“([^”]+)”"),
    "es": ("Se omite:", r"\(trad\. nuestra: ([^)]+)\)"),
}
"""How a note on a passage begins that says what is left out, and which words it names."""


def tell_answer(engine: InProcessEngine, question: Question, language: str) -> Telling:
    """The answer to one question."""
    return tell_answers(engine, [question], language)[question.slug]


@pytest.fixture(scope="module")
def store(material: Material) -> Store:
    return build_store(material)


@pytest.fixture(scope="module")
def engine(store: Store) -> InProcessEngine:
    return InProcessEngine(store)


def rows(store: Store, question: Question, language: str) -> list[list[str]]:
    return [
        [term.value for term in row if term is not None]
        for row in store.query(question.query_in(language))
    ]


def objects(store: Store, subject: str, predicate: str) -> set[str]:
    found = store.quads_for_pattern(NamedNode(subject), NamedNode(predicate), None)
    return {quad.object.value for quad in found}


def plain(words: str) -> str:
    """Figures as they compare: without the separators of a language."""
    return re.sub(r"(?<=\d)[\u00a0,.](?=\d)", "", words.casefold())


def literals(question: Question, language: str) -> Iterator[str]:
    """What the editor wrote between the gaps."""
    for template in question.answer(language):
        for piece in template.pieces:
            if isinstance(piece.content, str):
                yield piece.content


@EACH
@BOTH
def test_each_question_is_answered_in_one_to_three_sentences_and_a_list(
    engine: InProcessEngine, question: Question, language: str
) -> None:
    answer = tell_answer(engine, question, language)
    assert 1 <= sum(not clause.listed for clause in answer.clauses) <= 3
    for clause in answer.clauses:
        words = clause.sentence(language)
        assert words[0].isupper() or words[0] in "“«"
        assert words.endswith((".", "”", "»"))
        assert "  " not in words


@EACH
@BOTH
def test_every_clause_that_is_written_is_said(
    engine: InProcessEngine, question: Question, language: str
) -> None:
    kinds = [template.kind for template in question.answer(language)]
    said = [clause.kind for clause in tell_answer(engine, question, language).clauses]
    assert list(dict.fromkeys(said)) == list(dict.fromkeys(kinds))
    assert len(said) >= len(kinds)


@EACH
@BOTH
def test_a_clause_has_the_status_the_speaker_and_the_line_of_its_claims(
    store: Store, engine: InProcessEngine, question: Question, language: str
) -> None:
    for clause in tell_answer(engine, question, language).clauses:
        assert bool(clause.marks) is (clause.kind not in (TEXT, UNSAID))
        told = clause.told(language)
        for mark in clause.marks:
            assert clause.kind in (ANY, mark.status.lower())
            for claim in mark.claims:
                assert objects(store, claim.iri, CECOT + "modality") == {CECOT + mark.status}
                speakers = objects(store, claim.iri, CECOT + "statedBy")
                assert speakers == {each.iri for each in mark.speakers}
                (passage,) = objects(store, claim.iri, CECOT + "passage")
                (line,) = objects(store, passage, SCHEMA + "position")
                assert re.search(rf"\b{line}\b", told.rpartition("[")[2])
            assert mark.modality is not None
            assert mark.modality.label(language).value in told
            assert all(each.label(language).value in told for each in mark.speakers)


@EACH
@BOTH
def test_a_sentence_shows_by_itself_that_what_it_tells_is_not_asserted(
    engine: InProcessEngine, question: Question, language: str
) -> None:
    for clause in tell_answer(engine, question, language).clauses:
        if clause.status == "Asserted" or not clause.marks:
            continue
        if clause.kind == ANY:
            assert any(piece.quoted for piece in clause.pieces) or not clause.listed
            continue
        said = clause.sentence(language).casefold()
        assert any(word in said for word in SAYS_SO[clause.status]), said


@EACH
@BOTH
def test_an_answer_says_no_word_that_a_note_calls_left_out(
    store: Store, engine: InProcessEngine, question: Question, language: str
) -> None:
    for clause in tell_answer(engine, question, language).clauses:
        ours = "".join(piece.words.value for piece in clause.pieces if not piece.quoted)
        for place in (place for mark in clause.marks for place in mark.places):
            for words in left_out(store, place.passage.iri, language):
                assert not re.search(rf"\b{re.escape(words)}\b", ours.casefold()), words


def left_out(store: Store, passage: str, language: str) -> set[str]:
    """The words of ``passage`` that its notes call left out; in Spanish, their translation."""
    begins, words = LEFT_OUT[language]
    notes = objects(store, passage, "http://www.w3.org/2004/02/skos/core#editorialNote")
    return {
        each.casefold()
        for note in notes
        if note.startswith(begins)
        for each in re.findall(words, note.partition(". ")[0])
    }


@EACH
@BOTH
def test_what_an_editor_writes_between_the_gaps_holds_no_figure_and_no_name(
    store: Store, question: Question, language: str
) -> None:
    words = " ".join(literals(question, language)).casefold()
    assert not re.search(r"\d", words)
    assert not re.search(rf"\b({'|'.join(NUMBER_WORDS[language])})\b", words)
    said = {value for row in rows(store, question, language) for value in row}
    known = plain(" ".join([*said, question.title(language)]))
    for name in sorted(names(store)):
        if re.search(rf"\b{re.escape(name.casefold())}\b", words):
            assert name.casefold() in known, name


def names(store: Store) -> set[str]:
    """Whatever the graph calls its people, organizations, places and facilities."""
    found = set()
    for kind in ("Person", "Organization", "Place", "Facility", "UnidentifiedAgent"):
        for quad in store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(CECOT + kind)):
            for predicate in (*LABELS, CECOT + "name", CECOT + "abbreviation"):
                found |= objects(store, quad.subject.value, predicate)
            if kind == "Person":
                found |= {
                    name.split()[-1] for name in objects(store, quad.subject.value, LABELS[0])
                }
    return found


@EACH
@BOTH
def test_every_figure_of_an_answer_stands_in_its_rows(
    store: Store, engine: InProcessEngine, question: Question, language: str
) -> None:
    known = plain(" ".join(value for row in rows(store, question, language) for value in row))
    for clause in tell_answer(engine, question, language).clauses:
        for figure in re.findall(r"\d+", plain(clause.sentence(language))):
            assert figure in known, figure


@EACH
def test_spanish_tells_the_same_claims(engine: InProcessEngine, question: Question) -> None:
    def told(language: str) -> list[tuple[str, set[str]]]:
        return [
            (clause.kind, {claim.iri for mark in clause.marks for claim in mark.claims})
            for clause in tell_answer(engine, question, language).clauses
        ]

    assert told("es") == told("en")


@pytest.mark.parametrize(
    ("slug", "language", "said"),
    [
        (
            "arrests",
            "en",
            "The text states that Bukele's government (in our reading the Salvadoran government) "
            "arrested over 55,000 people in the following seven months; what they follow, the "
            "excerpt does not say.",
        ),
        (
            "arrests",
            "es",
            "El texto afirma que el Gobierno de Bukele (según nuestra lectura, el Gobierno "
            "salvadoreño) detuvo a más de 55\u00a0000 personas en los siete meses siguientes; a "
            "qué siguen, el extracto no lo dice.",
        ),
        (
            "what-and-where",
            "es",
            "El CECOT es una cárcel de máxima seguridad ubicada en Tecoluca, El Salvador.",
        ),
        (
            "space-per-prisoner",
            "en",
            "According to the Financial Times, each prisoner is given 0.6\u00a0m² on average in a "
            "shared cell.",
        ),
    ],
)
def test_the_first_line_answers(
    engine: InProcessEngine, slug: str, language: str, said: str
) -> None:
    assert tell_answer(engine, QUESTIONS[slug], language).clauses[0].sentence(language) == said


def test_the_spanish_name_is_a_sentence_in_spanish(engine: InProcessEngine) -> None:
    clause = tell_answer(engine, QUESTIONS["what-and-where"], "es").clauses[1]
    assert clause.told("es") == (
        "Su nombre en español es Centro de Confinamiento del Terrorismo, y CECOT es su "
        "abreviatura; en inglés se llama Terrorism Confinement Center. [aseverada; Extracto del "
        "artículo «Terrorism Confinement Center» de la Wikipedia en inglés; línea 3]"
    )


def test_three_statuses_of_the_arrests_stay_apart(engine: InProcessEngine) -> None:
    clauses = tell_answer(engine, QUESTIONS["arrests"], "en").clauses
    assert [clause.status for clause in clauses] == ["Asserted", "Hedged", "Alleged", "Alleged"]
    assert "tens of thousands" in clauses[2].sentence("en")
    assert [line(clause) for clause in clauses] == [[9], [9], [35], [37]]


def line(clause: Clause) -> list[int | None]:
    return [place.line for mark in clause.marks for place in mark.places]


def test_the_key_figure_stands_apart_from_what_limits_it(engine: InProcessEngine) -> None:
    answer = tell_answer(engine, QUESTIONS["arrests"], "en")
    figure, clause = answer.figures[0]
    assert (figure.before, figure.large, figure.after) == ("over", "55,000", "")
    assert clause.status == "Asserted"
    (space,) = tell_answer(engine, QUESTIONS["space-per-prisoner"], "es").figures
    assert (space[0].large, space[1].status) == ("0,6\u00a0m²", "Attributed")


def test_a_silence_is_an_answer_without_a_status(engine: InProcessEngine) -> None:
    (clause,) = tell_answer(engine, QUESTIONS["capacity"], "en").clauses
    assert (clause.kind, clause.marks, clause.places) == (UNSAID, (), ())
    assert clause.figures[0].large == "No figure"
    assert clause.told("en").endswith("[not said]")


def retelling(material: Material, claim: str, status: str, slug: str) -> Telling:
    """The answer when ``claim`` is no longer asserted."""
    world = changed(
        material,
        without=f"id:{claim} cecot:modality",
        added=f"id:{claim} cecot:modality cecot:{status} .",
    )
    return tell_answer(InProcessEngine(build_store(world)), QUESTIONS[slug], "en")


@pytest.mark.parametrize("status", ["Hedged", "Attributed", "Alleged", "Planned", "Evaluative"])
def test_a_claim_that_is_no_longer_asserted_is_not_told_as_if_it_were(
    material: Material, status: str
) -> None:
    answer = retelling(material, "tcc-09-persons-arrested", status, "arrests")
    for clause in answer.clauses:
        assert clause.status != "Asserted" or "55,000" not in clause.sentence("en")
        claims = {claim.iri for mark in clause.marks for claim in mark.claims}
        if any(iri.endswith("tcc-09-persons-arrested") for iri in claims):
            assert f"[{status.lower()};" in clause.told("en")


def test_a_row_with_claims_of_two_statuses_is_told_by_neither(material: Material) -> None:
    answer = retelling(material, "tcc-41-title-osiris-luna-meza", "Alleged", "people-in-the-video")
    assert all("General Director" not in clause.sentence("en") for clause in answer.clauses)


@EACH
def test_a_question_about_claims_names_them_in_its_rows(store: Store, question: Question) -> None:
    """Without its claim a row has no status: only what is no claim may be told so."""
    of_claims = {
        *(CECOT + name for name in ("modality", "statedBy", "accuser", "quotedText", "exact")),
        *(RDF + name for name in ("subject", "predicate", "object")),
    }
    kinds = {template.kind for template in question.answer("en")}
    if TEXT in kinds:
        assert not of_claims & set(mentions(question.query).iris)
    else:
        names = [variable.value for variable in store.query(question.query).variables]
        assert "claim" in names


def asked(engine: InProcessEngine, answer: str, query: str) -> list[str]:
    """What is said for a question made up for the purpose."""
    head = f"#+ number: 1\n#+ title.en: What?\n#+ answer.en: {answer}\n"
    told = tell_answer(engine, parse_question(head + query, "x"), "en")
    return [clause.sentence("en") for clause in told.clauses]


THINGS = 'SELECT ?a ?b { VALUES (?a ?b) { ("x" 1) ("y" 2) ("y" UNDEF) } }'


def test_values_make_a_list_each_once(engine: InProcessEngine) -> None:
    assert asked(engine, "[text] there are {a}.", THINGS) == ["There are x and y."]


def test_rows_are_counted_and_so_are_values(engine: InProcessEngine) -> None:
    assert asked(engine, "[text] {count row} rows, {count a} names.", THINGS) == [
        "Three rows, two names."
    ]


def test_rows_that_differ_in_what_a_label_names_alone_are_told_as_the_query_has_them(
    engine: InProcessEngine,
) -> None:
    things = 'VALUES (?a ?aLabel) { (<urn:x> "x") (<urn:y> "x") }'
    told = "[text] {count row} rows."
    assert asked(engine, told, f"SELECT DISTINCT ?aLabel {{ {things} }}") == ["One rows."]
    assert asked(engine, told, f"SELECT ?aLabel {{ {things} }}") == ["Two rows."]


def test_what_has_no_value_leaves_its_part_out_or_the_clause(engine: InProcessEngine) -> None:
    assert asked(engine, "[text] a< and {c}>. [text] b {c}.", THINGS) == ["A."]
    assert asked(engine, "[text each a without b] {a}!", THINGS) == ["Y!"]
    assert asked(engine, '[text "x"] {a} is {b}.', THINGS) == ["X is one."]


def test_unsaid_is_told_only_where_no_row_says_it(engine: InProcessEngine) -> None:
    assert asked(engine, "[unsaid] Nothing. [unsaid b] No b. [unsaid c] No c.", THINGS) == ["No c."]
    empty = "SELECT ?a ?b { VALUES (?a ?b) {} }"
    assert asked(engine, "[unsaid] Nothing. [unsaid b] No b.", empty) == ["Nothing."]


def test_a_question_that_selects_no_rows_has_no_sentences(engine: InProcessEngine) -> None:
    assert asked(engine, "[unsaid] Nothing.", "ASK { ?s ?p ?o }") == []


def test_gaps_of_all_answers_are_variables_that_their_queries_select(store: Store) -> None:
    own = {"row", "words", "description", "speaker", "quantity", "claim"}
    for question in QUESTIONS.values():
        names = {variable.value for variable in store.query(question.query).variables}
        for language in ("en", "es"):
            gaps = [
                piece.content
                for template in question.answer(language)
                for piece in template.pieces
                if isinstance(piece.content, Gap)
            ]
            for gap in gaps:
                assert {gap.variable, gap.variable + "Label"} & (names | own), gap


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("1 February 2023", "1 de febrero de 2023"),
        ("June 2024", "junio de 2024"),
        ("1980s", "años 1980"),
        ("over 55,000", "más de 55\u00a0000"),
        ("at least three", "al menos tres"),
        ("seven months", "siete meses"),
        ("3.0\u00a0m", "3,0\u00a0m"),
        ("19", "19"),
    ],
)
def test_figures_and_dates_are_told_in_spanish(written: str, told: str) -> None:
    assert retold(Text(written, "en"), "es") == Text(told, "es")


@pytest.mark.parametrize("written", ["late 2022", "tens of thousands", "12,000 inmates", "some"])
def test_what_is_not_understood_whole_stays_as_it_is_written(written: str) -> None:
    assert retold(Text(written, "en"), "es") == Text(written, "en")
    assert retold(Text("June 2024", "en"), "en") == Text("June 2024", "en")


@pytest.mark.parametrize(
    ("words", "language", "said"),
    [
        ([], "en", ""),
        (["a"], "en", "a"),
        (["a", "b", "c"], "en", "a, b and c"),
        (["a", "b"], "es", "a y b"),
        (["a", "Iglesia"], "es", "a e Iglesia"),
        (["a", "hielo"], "es", "a y hielo"),
        (["a", "«historia»"], "es", "a e «historia»"),
    ],
)
def test_lists_end_as_the_language_ends_them(words: list[str], language: str, said: str) -> None:
    before = joined(words, language)
    assert "".join(a + b for a, b in zip(before, words, strict=True)) == said


@pytest.mark.parametrize(
    ("slug", "begins", "lines"),
    [
        ("people-in-the-video", "Nayib Bukele is called", [55, 56]),
        ("people-in-the-video", "Romeo Herrera is called", [41, 55, 56]),
        ("candidates", "Zury Ríos is named as a candidate of", [45]),
        ("candidates", "Carlos Pineda is named as a candidate of", [47]),
    ],
)
def test_a_sentence_names_the_lines_that_say_it_and_no_others(
    engine: InProcessEngine, slug: str, begins: str, lines: list[int]
) -> None:
    told = tell_answer(engine, QUESTIONS[slug], "en").clauses
    (clause,) = (each for each in told if each.sentence("en").startswith(begins))
    assert [place.line for mark in clause.marks for place in mark.places] == lines
