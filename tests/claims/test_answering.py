"""An answer read for people: what its rows name, who says it, what all rows share."""

from __future__ import annotations

from pathlib import Path

import pytest

from cecot.claims.nodes import Text
from cecot.claims.question import (
    MOST_ROWS,
    AnswerColumn,
    AnswerTable,
    Cell,
    answer_question,
    lay_out,
    told_besides,
)
from cecot.dataset.questions import Question, parse_question, read_questions
from cecot.dataset.store import load_store
from cecot.rooms import find_rooms
from cecot.sparql.asking import solutions
from cecot.sparql.evaluation import InProcessEngine
from cecot.sparql.lexer import is_distinct, naming_things

QUESTIONS = {each.slug: each for each in read_questions(find_rooms(Path(__file__).parents[2]))}


@pytest.fixture(scope="session")
def engine() -> InProcessEngine:
    """The graph of this checkout."""
    loaded = load_store(find_rooms(Path(__file__).parents[2]))
    return InProcessEngine(loaded.store, prefixes=loaded.names.prefixes)


def question(query: str) -> Question:
    return parse_question(f"#+ number: 1\n#+ title.en: What?\n{query}", "what")


def cells(table: AnswerTable) -> list[Cell]:
    """All fields of a table, wherever they stand."""
    rows = [cell for each in table.records for cell in each.cells]
    below = [cell for each in table.records for _, cell in each.below]
    return [*rows, *below, *(cell for _, cell in table.same)]


@pytest.mark.parametrize("slug", QUESTIONS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_an_answer_has_the_rows_of_its_query(
    engine: InProcessEngine, slug: str, language: str
) -> None:
    table = answer_question(engine, QUESTIONS[slug], language)
    assert table.count == QUESTIONS[slug].rows == len(table.records)


@pytest.mark.parametrize("slug", QUESTIONS)
def test_no_word_of_an_answer_is_lost(engine: InProcessEngine, slug: str) -> None:
    names, rows = solutions(engine, QUESTIONS[slug].query_in("es"))
    table = answer_question(engine, QUESTIONS[slug], "es")
    shown = {cell.words.value for cell in cells(table)}
    for row in rows:
        for name in names:
            term = row.get(name)
            if name.endswith("Label") or name in ("words", "unresolved", "description", "status"):
                assert term is None or term.value in shown


@pytest.mark.parametrize("slug", QUESTIONS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_row_that_is_a_claim_shows_its_status_and_its_speaker(
    engine: InProcessEngine, slug: str, language: str
) -> None:
    table = answer_question(engine, QUESTIONS[slug], language)
    same = [cell for _, cell in table.same]
    for record in table.records:
        if record.claim:
            said = [*record.cells, *(cell for _, cell in record.below), *same]
            assert record.claim.modality in [cell.status for cell in said]
            assert {node for cell in said for node in cell.nodes} & set(record.claim.speakers)


def test_what_has_a_status_without_being_one_claim_shows_it(engine: InProcessEngine) -> None:
    table = answer_question(engine, QUESTIONS["announced-prisons"], "es")
    assert {each.status.iri.rpartition("#")[2] for each in table.records if each.status} == {
        "Planned"
    }


def test_things_lead_to_their_pages_and_lines_to_their_passages(engine: InProcessEngine) -> None:
    table = answer_question(engine, QUESTIONS["candidates"], "en")
    person, party, line = table.records[0].cells
    assert person.words.value == "Sandra Torres"
    assert person.nodes[0].iri.endswith("/sandra-torres")
    assert party.nodes[0].iri.endswith("/national-unity-of-hope")
    assert line.place is not None
    assert line.place.line == 45
    assert table.headings == ("person", "party", "line")


def test_several_lines_of_a_row_lead_each_to_its_own_passage(engine: InProcessEngine) -> None:
    table = answer_question(engine, QUESTIONS["people-in-the-video"], "en")
    assert [heading for heading, _ in table.same] == ["line", "said by", "status"]
    assert table.headings == ("person", "title", "line of the title")
    places = [each.cells[2].place for each in table.records]
    assert [place.line for place in places if place][:3] == [41, 55, 56]


def test_a_figure_comes_with_its_readings_in_one_field(engine: InProcessEngine) -> None:
    table = answer_question(engine, QUESTIONS["space-per-prisoner"], "es")
    space = table.records[0].cells[table.headings.index("espacio")]
    assert space.original == Text("0.6 square meters", "en")
    assert space.words.value == "0,6 metros cuadrados en promedio para cada persona presa"
    assert {each.value for each in space.readings} == {
        "0,6\u00a0m²",
        "=\u00a06,5 pies cuadrados",
    }
    english = answer_question(engine, QUESTIONS["space-per-prisoner"], "en")
    space = english.records[0].cells[english.headings.index("space")]
    assert (space.words, space.original) == (Text("0.6 square meters", "en"), None)
    assert [each.value for each in space.readings] == [
        "0.6\u00a0m²",
        "average, each prisoner",
        "=\u00a06.5\u00a0sq\u00a0ft",
    ]


def test_what_no_row_says_is_named_and_what_every_row_says_stands_once(
    engine: InProcessEngine,
) -> None:
    table = answer_question(engine, QUESTIONS["human-rights-watch"], "en")
    assert table.empty == ("basis",)
    assert table.headings == ("alleged act",)
    assert len(table.claims) == 1
    assert "Human Rights Watch" in [cell.words.value for _, cell in table.same]


def test_nothing_found_is_an_empty_table(engine: InProcessEngine) -> None:
    table = answer_question(engine, QUESTIONS["capacity"], "en")
    assert table.records == ()
    assert table.truth is None


@pytest.mark.parametrize(
    ("query", "truth"), [("ASK { ?s ?p ?o }", True), ('ASK { ?s ?p "no such words" }', False)]
)
def test_yes_and_no(engine: InProcessEngine, query: str, truth: bool) -> None:
    assert answer_question(engine, question(query), "en").truth is truth


def test_triples_are_rows_too(engine: InProcessEngine) -> None:
    asked = question("CONSTRUCT { ?c a ?k } WHERE { ?c a ?k } LIMIT 3")
    table = answer_question(engine, asked, "en")
    assert table.count == 3


def test_a_long_answer_is_cut_and_says_how_long_it_is(engine: InProcessEngine) -> None:
    table = answer_question(engine, question("SELECT ?s ?p ?o { ?s ?p ?o }"), "en")
    assert len(table.records) == MOST_ROWS < table.count


def test_a_dollar_sign_in_a_question_is_syntax(engine: InProcessEngine) -> None:
    assert answer_question(engine, question("SELECT $s { $s ?p ?o } LIMIT 1"), "en").count == 1


def test_rows_that_only_their_things_tell_apart_are_one_row_of_a_distinct_query(
    engine: InProcessEngine,
) -> None:
    query = """SELECT DISTINCT ?thingLabel { VALUES (?thing ?thingLabel) {
        (<http://e/a> "same") (<http://e/b> "same") (<http://e/c> "other") } }"""
    assert answer_question(engine, question(query), "en").count == 2
    assert answer_question(engine, question(query.replace("DISTINCT", "")), "en").count == 3


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("SELECT ?aLabel { ?a ?p ?aLabel }", "SELECT ?aLabel ?a { ?a ?p ?aLabel }"),
        ("SELECT ?a ?aLabel { ?a ?p ?aLabel }", "SELECT ?a ?aLabel { ?a ?p ?aLabel }"),
        ("SELECT ?aLabel { ?b ?p ?aLabel }", "SELECT ?aLabel { ?b ?p ?aLabel }"),
        ("SELECT * { ?a ?p ?aLabel }", "SELECT * { ?a ?p ?aLabel }"),
        (
            "SELECT (STR(?aLabel) AS ?x) ?aLabel WHERE { ?a ?p ?aLabel }",
            "SELECT (STR(?aLabel) AS ?x) ?aLabel ?a WHERE { ?a ?p ?aLabel }",
        ),
        (
            "SELECT ?aLabel (COUNT(*) AS ?n) { ?a ?p ?aLabel } GROUP BY ?aLabel",
            "SELECT ?aLabel (COUNT(*) AS ?n) { ?a ?p ?aLabel } GROUP BY ?aLabel",
        ),
        ("# SELECT ?aLabel\nASK { ?a ?p ?aLabel }", "# SELECT ?aLabel\nASK { ?a ?p ?aLabel }"),
    ],
)
def test_things_are_selected_beside_their_labels_where_that_changes_nothing_else(
    query: str, named: str
) -> None:
    assert naming_things(query) == named


def test_distinct_is_a_keyword_of_the_projection() -> None:
    assert is_distinct("SELECT DISTINCT ?a {}")
    assert not is_distinct("SELECT ?a { FILTER(COUNT(DISTINCT ?a)) }")
    assert not is_distinct("ASK {}")


def test_long_fields_stand_below_where_there_are_many_columns() -> None:
    short = [AnswerColumn(str(each), (Cell(Text("a")), Cell(Text("b")))) for each in range(5)]
    long = [AnswerColumn(name, (Cell(Text(name * 80)), Cell())) for name in ("x", "y")]
    table = lay_out([*short, *long], [None, None], 2)
    assert table.headings == ("0", "1", "2", "3", "4")
    assert [heading for heading, _ in table.records[0].below] == ["x", "y"]
    assert table.records[1].below == ()
    assert lay_out([*short[:2], *long], [None, None], 2).headings == ("0", "1", "x", "y")


def test_rows_that_are_all_alike_are_shown_as_rows() -> None:
    table = lay_out([AnswerColumn("a", (Cell(Text("x")), Cell(Text("x"))))], [None, None], 2)
    assert table.same == ()
    assert len(table.records) == 2


def test_a_reading_that_says_the_same_is_not_repeated() -> None:
    cell = told_besides(Cell(Text("15,000 V")), [Text("15,000\u00a0V"), Text("capacity")])
    assert [each.value for each in cell.readings] == ["capacity"]
