"""The twenty questions answer what the text says: compared with answers worked out by hand."""

from __future__ import annotations

import html
import random
import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from cecot.dataset.content import Material
from cecot.dataset.questions import Question, parse_question, read_questions
from cecot.rooms import Rooms, find_rooms
from cecot.sparql.lexer import tokens
from cecot.vocabulary import LANGUAGES
from worlds import build_store, dataset

HOUSE = Path(__file__).parents[2]
QUESTIONS = {question.slug: question for question in read_questions(find_rooms(HOUSE))}
EACH = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
CECOT, ID = "https://w3id.org/cecot/ontology#", "https://w3id.org/cecot/id/"
SCHEMA, LABEL = "https://schema.org/", "http://www.w3.org/2000/01/rdf-schema#label"
TRAILING = ("line", "passage", "claim")

Row = dict[str, str]
"""The cells of a row that are not empty, by column."""


def read_answers() -> dict[str, tuple[list[str], list[tuple[str, ...]]]]:
    """By question: the columns of the hand-made answer, and its rows; an empty cell is ``""``."""
    answers = {}
    text = (HOUSE / "tests" / "data" / "answers.md").read_text("utf-8")
    for section in text.split("\n## ")[1:]:
        table = [
            [html.unescape(cell.strip(" ")) for cell in line.strip("|").split("|")]
            for line in section.splitlines()
            if line.startswith("|")
        ]
        columns, _, *rows = table
        answers[section.partition("\n")[0]] = columns, [tuple(row) for row in rows]
    return answers


ANSWERS = read_answers()


def ask(store: Store, query: str) -> list[Row]:
    """The rows of the answer to a SELECT query, in order."""
    solutions = store.query(query)
    names = [variable.value for variable in solutions.variables]
    return [
        {name: term.value for name, term in zip(names, solution, strict=True) if term is not None}
        for solution in solutions
    ]


def selected(store: Store, question: Question) -> list[str]:
    return [variable.value for variable in store.query(question.query).variables]


def of(store: Store, subject: str, predicate: str) -> set[str]:
    """The objects of a subject, of those with a language the English ones."""
    found = store.quads_for_pattern(NamedNode(subject), NamedNode(predicate), None)
    return {
        quad.object.value
        for quad in found
        if not isinstance(quad.object, Literal) or quad.object.language in (None, "en")
    }


@pytest.fixture(scope="module")
def store(material: Material) -> Store:
    return build_store(material)


def test_there_are_twenty_each_with_an_answer_made_by_hand() -> None:
    assert [question.number for question in QUESTIONS.values()] == list(range(1, 21))
    assert set(ANSWERS) == set(QUESTIONS)


@EACH
def test_the_answer_is_the_one_worked_out_from_the_text(store: Store, question: Question) -> None:
    columns, expected = ANSWERS[question.slug]
    assert set(columns) <= set(selected(store, question))
    rows = [tuple(row.get(name, "") for name in columns) for row in ask(store, question.query)]
    assert sorted(rows) == sorted(expected)


@EACH
def test_the_head_tells_the_rows_and_the_lines(store: Store, question: Question) -> None:
    rows = ask(store, question.query)
    assert question.rows == len(rows)
    assert question.lines == tuple(dict.fromkeys(int(row["line"]) for row in rows))


@EACH
def test_each_row_leads_to_its_passage(store: Store, question: Question) -> None:
    assert {"line", "passage"} <= set(selected(store, question))
    for row in ask(store, question.query):
        assert of(store, row["passage"], SCHEMA + "position") == {row["line"]}
        if "claim" in row:
            assert of(store, row["claim"], CECOT + "passage") == {row["passage"]}


@EACH
def test_what_is_not_asserted_shows_its_status_and_its_speaker(
    store: Store, question: Question
) -> None:
    for row in ask(store, question.query):
        for claim in filter(None, [row.get("claim")]):
            (modality,) = of(store, claim, CECOT + "modality")
            (speaker,) = of(store, claim, CECOT + "statedBy")
            if modality != CECOT + "Asserted" or "status" in row:
                assert of(store, modality, LABEL) == {row["status"]}
                assert of(store, speaker, LABEL) == {row["speakerLabel"]}


@EACH
def test_spanish_gives_the_same_rows_in_other_words(store: Store, question: Question) -> None:
    english, spanish = ask(store, question.query), ask(store, question.query_in("es"))
    for ours, theirs in zip(english, spanish, strict=True):
        assert ours.keys() == theirs.keys()
        assert [ours.get(name) for name in TRAILING] == [theirs.get(name) for name in TRAILING]
    statuses = {row.get("status") for row in spanish}
    assert not statuses & {"asserted", "hedged", "attributed", "alleged", "planned", "evaluative"}


def test_a_thing_without_a_spanish_label_keeps_its_english_one(store: Store) -> None:
    rows = ask(store, QUESTIONS["candidates"].query_in("es"))
    assert {row["partyLabel"] for row in rows} == {
        "National Unity of Hope",
        "Valor",
        "Citizen Prosperity",
    }


def test_spanish_words_are_those_of_the_graph(store: Store) -> None:
    (row,) = ask(store, QUESTIONS["date-of-the-tour"].query_in("es"))
    assert row["beforeLabel"] == "Apertura del CECOT"
    assert row["published"] == "1 February 2023"


@EACH
def test_rows_come_in_one_order_however_the_graph_is_loaded(
    store: Store, material: Material, question: Question
) -> None:
    quads = list(dataset(material))
    random.Random(question.number).shuffle(quads)
    other = Store()
    other.extend(quads)
    assert ask(other, question.query) == ask(store, question.query)


@EACH
def test_a_figure_that_no_claim_uses_is_in_no_answer(
    material: Material, store: Store, question: Question
) -> None:
    figure = NamedNode(ID + "tcc-29-figure-that-nobody-states")
    bare = build_store(material)
    for predicate, value in (("value", Literal(40000)), ("minValue", Literal(40000))):
        bare.add(Quad(figure, NamedNode(SCHEMA + predicate), value))
    bare.add(Quad(figure, NamedNode(CECOT + "asWritten"), Literal("40,000", language="en")))
    bare.add(Quad(figure, NamedNode(SCHEMA + "unitText"), Literal("arrest", language="en")))
    assert ask(bare, question.query) == ask(store, question.query)


@EACH
def test_a_triple_without_an_asserted_claim_is_in_no_answer(
    material: Material, store: Store, question: Question
) -> None:
    leaky = build_store(material)
    for predicate in ("locatedIn", "openedBy", "hasFeature", "capacity", "spacePerPrisoner"):
        leaky.add(Quad(NamedNode(ID + "cecot"), NamedNode(CECOT + predicate), NamedNode(ID + "x")))
    assert ask(leaky, question.query) == ask(store, question.query)


def test_capacity_is_empty_for_want_of_a_claim_not_for_want_of_a_match(store: Store) -> None:
    anywhere = QUESTIONS["capacity"].query.replace("id:cecot", "?anything")
    assert [
        (row["capacity"], row["number"], row["speakerLabel"], row["status"], row["line"])
        for row in ask(store, anywhere)
    ] == [
        ("12,000 inmates", "12000", "Daniel Noboa", "planned", "49"),
        ("20,000 inmates", "20000", "Xiomara Castro", "planned", "51"),
    ]


def test_a_report_given_to_a_named_organization_is_missed_in_the_answer(material: Material) -> None:
    wrong = build_store(material)
    claim, accuser = NamedNode(ID + "tcc-35-accusation"), NamedNode(CECOT + "accuser")
    for quad in list(wrong.quads_for_pattern(claim, accuser, None)):
        wrong.remove(quad)
    wrong.add(Quad(claim, accuser, NamedNode(ID + "human-rights-watch")))
    lines = [row["line"] for row in ask(wrong, QUESTIONS["unnamed-accusers"].query)]
    assert lines == ["7", "37", "39", "39"]


@EACH
def test_every_name_in_a_query_is_declared_in_it_and_stands_in_the_graph(
    store: Store, material: Material, question: Question
) -> None:
    declared = dict(re.findall(r"^PREFIX (\w+): <(.*)>$", question.query, re.MULTILINE))
    assert declared.items() <= material.prefixes.items()
    words = [token.text for token in tokens(question.query) if token.kind == "name"]
    names = {name for name in words if not name.endswith(":")}
    assert {name.partition(":")[0] for name in names} == set(declared)
    for name in names:
        prefix, _, local = name.partition(":")
        term = NamedNode(declared[prefix] + local)
        used = store.query(f"ASK {{ {{ {term} ?p ?o }} UNION {{ ?s {term} ?o }} }}")
        assert used, name


@EACH
def test_a_question_speaks_the_languages_of_the_graph(store: Store, question: Question) -> None:
    for words in (question.titles, question.summaries, question.columns):
        assert set(words) >= {*LANGUAGES}
    assert all(title.endswith("?") for title in question.titles.values())
    assert question.titles["es"].startswith("¿")
    for names in question.columns.values():
        assert len(names) == len(selected(store, question))
    assert question.tags


def test_the_page_lists_the_questions_as_they_are() -> None:
    page = (HOUSE / "docs" / "questions.md").read_text("utf-8")
    assert re.findall(r"^\| (\d+) \| \[(.+)\]\(\.\./graph/queries/(.+)\.rq\) \|$", page, re.M) == [
        (str(question.number), question.title("en"), question.slug)
        for question in QUESTIONS.values()
    ]


def test_the_example_of_the_page_is_a_question(store: Store) -> None:
    page = (HOUSE / "docs" / "questions.md").read_text("utf-8")
    (text,) = re.findall(r"^```sparql\n(.*?)^```$", page, re.M | re.S)
    question = parse_question(text, "rival-gangs")
    for language in ("en", "es"):
        rows = ask(store, question.query_in(language))
        assert question.rows == len(rows)
        assert question.lines == tuple(int(row["line"]) for row in rows)
        assert len(question.headings(language)) == len(rows[0])


def test_no_branch_of_a_union_has_values_in_it(rooms: Rooms) -> None:
    """Virtuoso 7 drops the rows of the other branches, without a word."""
    for path in rooms.question_files():
        assert branches_with_values(path.read_text()) == [], path.name


def test_values_in_a_branch_are_found() -> None:
    assert branches_with_values("SELECT * { { ?s ?p 1 } UNION { VALUES ?s { 2 } } }") == ["UNION"]
    assert branches_with_values("ASK { { VALUES ?s { 2 } } UNION { ?s ?p 1 } }") == ["UNION"]
    assert branches_with_values("ASK { VALUES ?s { 2 } { ?s ?p 1 } UNION { ?s ?p 1 } }") == []


def test_the_language_is_asked_for_where_it_is_bound(rooms: Rooms) -> None:
    """In a group within an OPTIONAL it has no value: labels came in English for Spanish readers."""
    for path in rooms.question_files():
        assert depth_of("?language", path.read_text()) <= 2, path.name


def test_a_language_asked_for_too_deep_is_found() -> None:
    assert depth_of("?x", "SELECT * { BIND (1 AS ?x) OPTIONAL { ?s ?p ?o FILTER (?x) } }") == 2
    assert (
        depth_of("?x", "SELECT * { OPTIONAL { ?s ?p ?o OPTIONAL { FILTER (?x) } } ?x ?p 1 }") == 3
    )


def depth_of(variable: str, text: str) -> int:
    """In how many groups the innermost mention of ``variable`` stands."""
    depth = deepest = 0
    for token in tokens(text):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        deepest = max(deepest, depth if token.text == variable else 0)
    return deepest


def branches_with_values(text: str) -> list[str]:
    """UNION for each branch of one that has VALUES in it, at whatever depth."""
    found = list(tokens(text))
    words = [token.text.upper() for token in found]
    closing: dict[int, int] = {}
    opened: list[int] = []
    for place, word in enumerate(words):
        if word == "{":
            opened.append(place)
        elif word == "}":
            closing[opened.pop()] = place
    opening = {end: start for start, end in closing.items()}
    branches = {
        start
        for place, word in enumerate(words)
        if word == "UNION"
        for start in (opening[place - 1], place + 1)
    }
    return ["UNION" for start in branches if "VALUES" in words[start : closing[start]]]
