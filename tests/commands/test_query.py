"""``cecot query``: a question from a file or standard input, answered for people or programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import RdfFormat, parse

from cecot.cli import cecot, run
from cecot.errors import CecotError, NotAcceptable, QuerySyntaxError
from cecot.rdf.terms import Prefixes
from cecot.rooms import Rooms
from cecot.sparql.formats import fit, table

PLANTS = "PREFIX plants: <https://example.org/garden/plants#>\n"
TALL = PLANTS + "SELECT ?plant ?height { ?plant plants:height ?height } ORDER BY ?height"
TALLER = PLANTS + "CONSTRUCT WHERE { ?tall plants:tallerThan ?small }"

Ask = Callable[..., Result]


@pytest.fixture
def ask(foreign_rooms: Rooms) -> Ask:
    """Ask a question through standard input, with options."""

    def asking(query: str | bytes, *options: str) -> Result:
        arguments = ["query", "-", "--rooms", str(foreign_rooms.root), *options]
        return CliRunner().invoke(cecot, arguments, input=query)

    return asking


def test_a_table_shortens_iris_and_counts_rows(ask: Ask) -> None:
    assert ask(TALL, "--format", "table").output.splitlines() == [
        "plant                                 height",
        "------------------------------------  ------",
        "<https://example.org/garden/id/moss>  0.05",
        "<https://example.org/garden/id/oak>   20",
        "(2 rows)",
    ]


def test_a_program_gets_csv_unless_it_asks_otherwise(ask: Ask) -> None:
    for options in ((), ("--format", "csv")):
        rows = list(csv.reader(io.StringIO(ask(TALL, *options).output)))
        assert [row[1] for row in rows] == ["height", "0.05", "20"]
    assert ask(TALL, "--format", "tsv").output.startswith("?plant\t?height\n")
    assert json.loads(ask(TALL, "--format", "json").output)["head"]["vars"] == ["plant", "height"]


def test_a_graph_is_turtle_unless_it_is_asked_otherwise(ask: Ask) -> None:
    for options, rdf_format in (
        ((), RdfFormat.TURTLE),
        (("--format", "jsonld"), RdfFormat.JSON_LD),
    ):
        (quad,) = parse(ask(TALLER, *options).output, format=rdf_format)
        assert str(quad.object) == "<https://example.org/garden/id/moss>"


@pytest.mark.parametrize(("form", "answer"), [("table", "yes\n"), ("csv", "true")])
def test_ask_answers_yes_or_true(ask: Ask, form: str, answer: str) -> None:
    assert ask("ASK {}", "--format", form).output == answer


@pytest.mark.parametrize("name", ["MIN", "MAX", "SAMPLE", "AVG", "SUM", "COUNT", "GROUP_CONCAT"])
def test_an_aggregate_of_nothing_says_why(ask: Ask, name: str) -> None:
    query = f"{PLANTS}SELECT ({name}(?height) AS ?told) {{ ?plant plants:heigth ?height }}"
    for form in ("csv", "tsv", "json", "xml", "table"):
        assert ask(query, "--format", form).stderr == (
            "hint: plants:heigth stands nowhere in this graph. Did you mean plants:height?\n"
        )


def test_a_file_is_named_where_its_query_does_not_parse(
    foreign_rooms: Rooms, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "wrong.rq"
    file.write_text("SELECT ?s\nWHERE { ?s a }", encoding="utf-8")
    assert run(["query", str(file), "--rooms", str(foreign_rooms.root)]) == 2
    assert "wrong.rq:2:" in capsys.readouterr().err


def test_a_query_that_cannot_be_read_is_an_error_that_tells_the_cure(ask: Ask) -> None:
    broken = ask("SELECT {").exception
    assert isinstance(broken, QuerySyntaxError)
    assert broken.hint
    unreadable = ask(b"\xff").exception
    assert isinstance(unreadable, CecotError)
    assert unreadable.message == "Byte 0 (0xFF) is not UTF-8."


def test_a_format_that_cannot_carry_the_answer_is_an_error_that_lists_those_that_can(
    ask: Ask,
) -> None:
    rows, graphs, all_text = "json, xml, csv, tsv.", "turtle, ntriples,", "json, csv, tsv."
    nul = "SELECT ('\\u0000' AS ?x) {}"
    for query, name, told in (
        *((TALL, "turtle", rows), (TALLER, "csv", graphs), (TALLER, "table", graphs)),
        (nul, "xml", all_text),
    ):
        error = ask(query, "--format", name).exception
        assert isinstance(error, NotAcceptable)
        assert f"--format {told}" in error.hint


def test_a_large_answer_is_written_whole(ask: Ask) -> None:
    everything = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    lines = ask(everything, "--format", "tsv").stdout_bytes.count(b"\n")
    count = ask(everything.replace("*", "(COUNT(*) AS ?n)")).output.split()[1]
    assert lines == int(count) + 1 > 10_000


def test_a_cell_is_cut_to_fit_the_terminal_and_the_table_says_so() -> None:
    results = {
        "head": {"vars": ["a", "b"]},
        "results": {"bindings": [{"a": {"type": "literal", "value": "x" * 100}}]},
    }
    lines = list(table(json.dumps(results).encode(), Prefixes({}), width=40))
    assert max(map(len, lines[:3])) <= 40
    assert lines[2].endswith("…")
    assert lines[3] == "(1 row)"
    assert "--format csv" in lines[4]


@pytest.mark.parametrize(
    ("longest", "width", "expected"),
    [
        ([3, 4], None, [3, 4]),
        ([3, 4], 9, [3, 4]),
        ([100, 100], 42, [20, 20]),
        ([100, 10], 42, [30, 10]),
        ([100, 90, 5], 29, [10, 10, 5]),
        ([9, 9], 5, [8, 8]),
        ([], 10, []),
    ],
)
def test_the_widest_columns_give_way(
    longest: list[int], width: int | None, expected: list[int]
) -> None:
    assert fit(longest, width) == expected


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        ({"type": "uri", "value": "http://e.org/x"}, "e:x"),
        ({"type": "literal", "value": "ein\n Baum", "xml:lang": "de"}, "ein Baum@de"),
        ({"type": "literal", "value": "\x1b[31mred\x07"}, r"\u001B[31mred\u0007"),
        ({"type": "literal", "value": "a\u202eb\u2066"}, r"a\u202Eb\u2066"),
        ({"type": "uri", "value": "http://e.org/\u200f"}, r"<http://e.org/\u200F>"),
        ({"type": "bnode", "value": "b0"}, "_:b0"),
        (
            {
                "type": "triple",
                "value": {
                    "subject": {"type": "uri", "value": "http://e.org/s"},
                    "predicate": {"type": "uri", "value": "http://e.org/p"},
                    "object": {"type": "literal", "value": "1"},
                },
            },
            "<<( e:s e:p 1 )>>",
        ),
    ],
)
def test_each_kind_of_term_has_its_short_form(term: dict[str, object], shown: str) -> None:
    results = {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": term}]}}
    lines = list(table(json.dumps(results).encode(), Prefixes({"e": "http://e.org/"})))
    assert lines[2] == shown


def test_a_misspelt_name_is_told_beside_an_empty_answer(ask: Ask) -> None:
    result = ask(PLANTS + "SELECT ?plant { ?plant plants:heigth 20 ; ?p 'oak' }")
    assert result.stdout == "plant\n"
    assert result.stderr.splitlines() == [
        "hint: plants:heigth stands nowhere in this graph. Did you mean plants:height?",
        'hint: The graph holds "oak" with a language tag only: write "oak"@en.',
    ]
