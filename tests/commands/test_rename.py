"""A thing gets another name everywhere it stands, or nothing is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cecot.cli import run
from cecot.dataset.content import read_material
from cecot.rooms import Rooms
from cecot.validation import validate
from workbenches import graph_files, practice_rooms


@pytest.fixture
def practice(tmp_path: Path) -> Rooms:
    return practice_rooms(tmp_path / "rooms")


def files(rooms: Rooms) -> dict[str, str]:
    """The files of the graph and of its questions."""
    questions = {f"queries/{each.name}": each.read_text("utf-8") for each in rooms.question_files()}
    return graph_files(rooms) | questions


def rename(rooms: Rooms, *arguments: str) -> int:
    return run(["rename", *arguments, "--rooms", str(rooms.root)])


def test_a_thing_is_renamed_everywhere_it_stands(
    practice: Rooms, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(practice)
    assert rename(practice, "id:library", "alder-street-library") == 0
    after = files(practice)
    assert not [file for file, text in after.items() if re.search(r"id:library\b(?!-)", text)]
    told = capsys.readouterr().out.splitlines()
    changed = {file for file in before if before[file] != after[file]}
    assert len(changed) > 10
    assert {line.partition(":")[0].rpartition("graph/")[2] for line in told[:-1]} == changed
    assert told[-1] == "id:library is now called id:alder-street-library"
    assert not validate(read_material(practice)).findings
    assert run(["format", "--check", str(practice.graph), "--rooms", str(practice.root)]) == 0


QUERY = """#+ number: 99
#+ title.en: What is said of id:norwick, [any norwick] or {{x of norwick}}?
#+ answer.en: [any each norwick with claim
#+   {norwick} "norwick" without norwick] {{lower norwick
#+   of {norwick}}} norwick, {{claim of library}}.
PREFIX {prefix}: <https://w3id.org/cecot/id/>
PREFIX b: <https://w3id.org/cecot/>
PREFIX town: <https://w3id.org/cecot/id/norwick>
BASE <https://w3id.org/cecot/ontology>
SELECT * {{ # {prefix}:norwick
  {first} ?p "{prefix}:norwick", {prefix}:norwick-courier, ?norwick .
  FILTER (?o IN ({whole}, {relative}, {escaped}, {own}, {other}))
}}
"""


@pytest.mark.parametrize("prefix", ["id", "c", ""])
def test_a_name_in_a_question_is_renamed_in_each_spelling_and_nothing_else(
    practice: Rooms, prefix: str
) -> None:
    question = practice.graph / "queries" / "norwick.rq"
    spellings = {
        "first": f"{prefix}:norwick",
        "whole": "<https://w3id.org/cecot/id/norwick>",
        "relative": "<id/norwick>",
        "escaped": r"<https://w3id.org/cecot/id/\u006eorwick>",
        "own": "town:",
        "other": r"b:id\/norwick",
        "norwick": "norwick",
    }
    whole = "<https://w3id.org/cecot/id/norwick-town>"
    named = dict.fromkeys(spellings, whole)
    named |= {"first": f"{prefix}:norwick-town", "norwick": "norwick-town"}
    question.write_text(QUERY.format(prefix=prefix, **spellings), "utf-8")
    assert rename(practice, "norwick", "norwick-town") == 0
    assert question.read_text("utf-8") == QUERY.format(prefix=prefix, **named)


def test_a_name_that_a_term_of_the_ontology_shares_stays_that_of_the_term(
    practice: Rooms,
) -> None:
    question = practice.graph / "queries" / "capacity.rq"
    text = question.read_text("utf-8").replace("{number}", "{number of capacity}")
    question.write_text(text, "utf-8")
    assert "of capacity" in text
    assert rename(practice, "norwick", "capacity") == 0
    assert rename(practice, "capacity", "norwick") == 0
    assert question.read_text("utf-8") == text


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("ontology/more.ttl", "PREFIX c: <https://w3id.org/cecot/id/>\nc:norwick a c:town ."),
        (
            "ontology/derive/more.rq",
            "PREFIX c: <https://w3id.org/cecot/id/>\nCONSTRUCT { ?s a c:norwick } { ?s ?p ?o }",
        ),
    ],
)
def test_a_name_of_another_room_is_told_under_whatever_prefix(
    practice: Rooms, capsys: pytest.CaptureFixture[str], file: str, text: str
) -> None:
    (practice.root / file).write_text(text, "utf-8")
    before = graph_files(practice)
    assert rename(practice, "norwick", "norwick-town") == 2
    told = capsys.readouterr().err
    assert "id:norwick stands here too." in told
    assert file.rpartition("/")[2] in told
    assert graph_files(practice) == before


def test_there_and_back_is_the_same(practice: Rooms) -> None:
    before = graph_files(practice)
    for old, new in (("article-13-accusation", "article-13-closing"), ("norwick", "norwick-town")):
        assert rename(practice, old, new) == 0
        assert graph_files(practice) != before
        assert rename(practice, new, old) == 0
    assert graph_files(practice) == before


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("library", "norwick", "id:norwick is taken."),
        ("library", "library", "id:library is taken."),
        ("nothing", "something", "Nothing in the graph is called id:nothing."),
        ("library", "The Library", "The Library cannot be a name."),
        ("article-13", "article-14", "id:article-13 is called after its source and its line."),
        ("article", "report", "id:article is called after its source and its line."),
        ("article-checksum", "sum", "id:article-checksum is called after its source"),
        ("library", "l" * 101, "cannot be a name."),
        ("library", "l" * 3000, "cannot be a name."),
        ("library", "article-99", "id:article-99 would be taken for a claim of that line."),
        ("norwick", "article-13-town", "id:article-13-town would be taken for a claim"),
        ("norwick", "leaflet-1-2-3", "id:leaflet-1-2-3 would be taken for a claim"),
        ("article-13-accusation", "article-14-accusation", "begins with id:article-13-."),
        ("article-13-accusation", "accusation", "begins with id:article-13-."),
        ("article-13-accusation", "article-13", "begins with id:article-13-."),
        ("article-13-accusation", "article-130-accusation", "begins with id:article-13-."),
        ("article-07-3-0-m", "three-metres", "begins with id:article-07-."),
    ],
)
def test_what_cannot_be_renamed_is_told_and_nothing_is_written(
    practice: Rooms, capsys: pytest.CaptureFixture[str], old: str, new: str, told: str
) -> None:
    before = graph_files(practice)
    assert rename(practice, old, new) == 2
    assert told in capsys.readouterr().err
    assert graph_files(practice) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("article-13-accusation", "article-13-1"),
        ("article-07-3-0-m", "article-07-three-metres"),
        ("norwick", "articles-99"),
        ("norwick", "n" * 100),
    ],
)
def test_a_name_that_tells_its_own_line_or_none_is_taken(
    practice: Rooms, old: str, new: str
) -> None:
    assert rename(practice, old, new) == 0
    assert not validate(read_material(practice)).findings


def test_a_dry_run_writes_nothing(practice: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    before = graph_files(practice)
    assert rename(practice, "norwick", "norwick-town", "--dry-run") == 0
    assert "id:norwick would be called id:norwick-town" in capsys.readouterr().out
    assert graph_files(practice) == before
