from __future__ import annotations

from pathlib import Path

import pytest

from cecot.errors import TurtleError
from cecot.rdf.reading import LINES, parse_text, read_file
from cecot.validation import data


def error_of(content: str | bytes) -> TurtleError:
    with pytest.raises(TurtleError) as caught:
        parse_text(content, where="graph/x.ttl")
    return caught.value


@pytest.mark.parametrize(
    ("text", "place", "words", "cure"),
    [
        ("<a:b> <a:c> e:d .", "1:13", "prefix e: has not been declared", "PREFIX line"),
        ("<a:b>\n  <a:c> 1\n<a:d> <a:c> 1 .", "3:1", "A dot is expected", "line before"),
        (
            "<a:b> <a:c> <a:d> ;\n<a:e> a <a:f> .",
            "2:7",
            "'a' stands where an object",
            "block before",
        ),
        ('<a:b> <a:c> "a "word" b" .', "1:17", "'word' stands where a subject", "quotation mark"),
        ("<a:b> <a:c> ;", "1:13", "';' stands where an object is due", "object missing"),
        ('<a:b> <a:c> "x .', "1:13", "Unexpected end of file", "quotation mark"),
        ("<a:b> <a:c> 1", "1:14", "Unexpected end", "final"),
        ("<a:b> <a:c> \u201cx\u201d .", "1:13", "not allowed", "straight"),
        ('<a:b> <a:c> "x\ny" .', "1:15", "Line jumps are not allowed", '"""'),
        ("<a:b>\u00a0<a:c> 1 .", "1:6", "not allowed", "no-break space"),
        ("<b> <a:c> 1 .", "1:1", "No scheme found", "no base IRI"),
        ("<a:é> <a:c> e:d .", "1:13", "not been declared", "PREFIX line"),
    ],
)
def test_an_error_says_where_and_what_to_do(text: str, place: str, words: str, cure: str) -> None:
    error = error_of(text)
    assert error.location == f"graph/x.ttl:{place}"
    assert words in error.message
    assert "Parser error" not in error.message
    assert cure in error.hint


def test_a_byte_that_is_not_utf8_is_named_with_its_place() -> None:
    error = error_of('<a:b> <a:c> 1 .\n<a:é> <a:c> "'.encode() + b"\xff" + b'" .')
    assert error.message == "Byte 30 (0xFF) is not UTF-8."
    assert error.location == "graph/x.ttl:2:14"


@pytest.mark.parametrize("ending", LINES)
def test_a_byte_order_mark_is_named(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"x{ending}"
    path.write_text('\ufeff<a:b> <a:c> "1" .\n', encoding="utf-8")
    with pytest.raises(TurtleError) as told:
        list(data.parse(path))
    assert told.value.location == f"{path}:1:1"
    assert "byte order mark" in told.value.hint


def test_blank_nodes_of_two_files_never_meet() -> None:
    text = "_:b <a:c> 1 ."
    first, second = (parse_text(text).triples[0].subject for _ in range(2))
    assert first != second


def test_a_file_that_is_not_there_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(TurtleError, match="Cannot be read: No such file"):
        read_file(tmp_path / "nothing.ttl")


def test_the_ending_says_how_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.nt"
    path.write_text("PREFIX a: <a:>")
    with pytest.raises(TurtleError):
        read_file(path)
