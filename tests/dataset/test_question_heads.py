"""Heads of questions: what they may say, what is refused and where, what they are in RDF."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from cecot.dataset.questions import describe_questions, parse_question, read_questions
from cecot.errors import TurtleError, UsageError
from cecot.rooms import Rooms, find_rooms

HEAD = """#+ number: 7
#+ title.en: Which plants are poisonous?
#+ title.es: ¿Qué plantas son venenosas?
"""
QUERY = 'SELECT ?plant { BIND ("en" AS ?language) ?plant ?is ?poisonous }\n'
SH = "http://www.w3.org/ns/shacl#"
BASE, ENDPOINT = "https://example.org/x/", "https://example.org/sparql"


def test_a_head_needs_a_number_and_a_title_and_nothing_else() -> None:
    question = parse_question(HEAD + QUERY, "poisonous-plants")
    assert (question.number, question.slug, question.form) == (7, "poisonous-plants", "SELECT")
    assert (question.tags, question.rows, question.lines) == ((), None, ())
    assert question.summary("en") == ""
    assert question.headings("en") == ()
    assert question.query == QUERY


def test_a_value_goes_on_after_three_spaces() -> None:
    head = HEAD + "#+ summary.en: One\n#+   and two,\n#+     and three.\n#+ tags: a, b\n"
    question = parse_question(head + QUERY, "x")
    assert question.summary("en") == "One and two, and three."
    assert question.tags == ("a", "b")


def test_no_row_is_told_apart_from_no_expectation() -> None:
    assert parse_question(HEAD + "#+ rows: 0\n" + QUERY, "x").rows == 0


def test_a_language_that_is_missing_falls_back_to_english() -> None:
    question = parse_question(HEAD + QUERY, "x")
    assert question.title("es") == "¿Qué plantas son venenosas?"
    assert question.title("fr") == "Which plants are poisonous?"
    assert parse_question("#+ number: 1\n#+ title.es: ¿Qué?\n" + QUERY, "x").title("en") == "¿Qué?"


def test_the_query_is_set_to_a_language_of_the_question_only() -> None:
    question = parse_question(HEAD + QUERY, "x")
    assert question.query_in("es") == QUERY.replace('"en"', '"es"')
    assert question.query_in("fr") == QUERY
    assert question.query_in('es" } DROP ALL #') == QUERY
    other = parse_question(HEAD + 'SELECT ?x { ?x ?y "en" }\n', "x")
    assert other.query_in("es") == other.query


def test_a_prefix_named_like_a_keyword_is_not_the_form() -> None:
    query = "PREFIX select: <https://example.org/> # SELECT\nASK { ?select a select:x }\n"
    assert parse_question(HEAD + query, "x").form == "ASK"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (HEAD + "#+ titel.en: What?\n" + QUERY, 4, "not a key"),
        (HEAD + "#+ number.en: 7\n" + QUERY, 4, "not a key"),
        (HEAD + "#+\n" + QUERY, 4, "not a key"),
        ("#+   goes on with nothing\n" + HEAD + QUERY, 1, "not a key"),
        (HEAD + "#+ number: 8\n" + QUERY, 4, "two lines number"),
        (HEAD.replace("7", "seven") + QUERY, 1, "'seven'"),
        (HEAD + "#+ lines: 3, x\n" + QUERY, 4, "'3, x'"),
        (HEAD.replace("7", "7, 8") + QUERY, None, "several"),
        (HEAD.replace("7", "") + QUERY, None, "no number"),
        (HEAD + "#+ rows: 1, 2\n" + QUERY, None, "several numbers of rows"),
        ("#+ number: 7\n" + QUERY, None, "no title"),
        (QUERY, None, "no number"),
        (HEAD, None, "No query"),
        (HEAD + "# SELECT\n", None, "No query"),
        ("", None, "no number"),
        (HEAD + "#+ columns.en: a, b\n#+ columns.es: a\n" + QUERY, None, "columns"),
    ],
)
def test_a_head_that_cannot_be_read_is_refused(text: str, line: int | None, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_question(text, "x", where="x.rq")
    assert says in refused.value.message
    assert (refused.value.where, refused.value.line) == ("x.rq", line)
    assert refused.value.hint


@pytest.mark.parametrize("slug", ["Big", "a_b", "a b", "-a", "a--b", "", "ñ"])
def test_a_file_name_that_makes_no_address_is_refused(slug: str) -> None:
    with pytest.raises(UsageError, match="file name"):
        parse_question(HEAD + QUERY, slug)


def make_rooms(folder: Path, files: dict[str, bytes]) -> Rooms:
    """Rooms that hold nothing but questions."""
    for name in ("ontology", "graph/queries", "shapes"):
        (folder / name).mkdir(parents=True)
    for name, content in files.items():
        (folder / "graph" / "queries" / name).write_bytes(content)
    return find_rooms(folder)


def test_questions_come_by_number(tmp_path: Path) -> None:
    first = HEAD.replace("7", "1") + QUERY
    rooms = make_rooms(tmp_path, {"a.rq": (HEAD + QUERY).encode(), "b.rq": first.encode()})
    assert [question.slug for question in read_questions(rooms)] == ["b", "a"]


def test_two_questions_of_one_number_are_refused(tmp_path: Path) -> None:
    text = (HEAD + QUERY).encode()
    with pytest.raises(UsageError, match=r"question 7 already: graph/queries/a\.rq"):
        read_questions(make_rooms(tmp_path, {"a.rq": text, "b.rq": text}))


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    rooms = make_rooms(tmp_path, {"a.rq": HEAD.encode("latin-1")})
    with pytest.raises(TurtleError, match="not UTF-8") as refused:
        read_questions(rooms)
    assert refused.value.where.endswith("a.rq")


def test_rooms_without_questions_have_none(foreign_rooms: Rooms) -> None:
    assert read_questions(foreign_rooms) == ()


def described(text: str) -> list[Triple]:
    return list(describe_questions([parse_question(text, "plants")], BASE, ENDPOINT))


@pytest.mark.parametrize(
    ("query", "kind", "holds"),
    [
        (QUERY, "SPARQLSelectExecutable", "select"),
        ("ASK {}\n", "SPARQLAskExecutable", "ask"),
        ("construct { ?s ?p ?o } { ?s ?p ?o }\n", "SPARQLConstructExecutable", "construct"),
    ],
)
def test_a_question_is_an_executable_in_rdf(query: str, kind: str, holds: str) -> None:
    triples = described(HEAD + "#+ summary.en: Many.\n#+ tags: plants\n" + query)
    assert {triple.subject for triple in triples} == {NamedNode(BASE + "questions/plants")}
    said = {(triple.predicate.value.split("#")[-1], str(triple.object)) for triple in triples}
    assert said == {
        ("type", f"<{SH}SPARQLExecutable>"),
        ("type", f"<{SH}{kind}>"),
        ("label", '"Which plants are poisonous?"@en'),
        ("label", '"¿Qué plantas son venenosas?"@es'),
        ("comment", '"Which plants are poisonous? Many."@en'),
        ("comment", '"¿Qué plantas son venenosas?"@es'),
        (holds, '"' + query.replace('"', '\\"').replace("\n", "\\n") + '"'),
        ("https://schema.org/target", f"<{ENDPOINT}>"),
        ("https://schema.org/keywords", '"plants"'),
    }


def test_what_shacl_has_no_word_for_is_left_out() -> None:
    assert described(HEAD + "DESCRIBE ?x { ?x ?y ?z }\n") == []
