from __future__ import annotations

from pathlib import Path

import pytest

from cecot.cli import run
from cecot.rooms import find_rooms

CANONICAL = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

<urn:a>
    skos:prefLabel "a"@en ;
    skos:prefLabel "á"@es ;
.
"""
LOOSE = CANONICAL.replace(' ;\n    skos:prefLabel "á"', ', "á"')


def test_the_rooms_of_this_checkout_are_canonical(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["format", "--check"]) == 0, capsys.readouterr().out


def test_check_names_the_file_and_the_first_line_that_differs(
    scratch: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = scratch / "graph" / "a.ttl"
    path.write_text(LOOSE)
    monkeypatch.chdir(scratch)
    assert run(["format", "--check", "--rooms", ".", "graph"]) == 1
    captured = capsys.readouterr()
    assert captured.out == (
        "graph/a.ttl:4: not in canonical form\n"
        '    -     skos:prefLabel "a"@en, "á"@es ;\n'
        '    +     skos:prefLabel "a"@en ;\n'
    )
    assert captured.err == "1 of 1 file would change (cecot format rewrites them).\n"
    assert path.read_text() == LOOSE


def test_format_writes_and_then_has_nothing_to_do(
    scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = scratch / "graph" / "a.ttl"
    path.write_text(LOOSE)
    arguments = ["format", "--rooms", str(scratch), str(path)]
    assert run(arguments) == 0
    assert path.read_text() == CANONICAL
    assert "rewritten" in capsys.readouterr().out
    assert run(arguments) == 0
    assert "in canonical form" in capsys.readouterr().err


def test_known_prefixes_that_a_file_lacks_are_supplied(
    scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = scratch / "graph" / "a.ttl"
    path.write_text(f"# why\n{CANONICAL.partition(chr(10))[2].lstrip()}")
    assert run(["format", "--check", "--rooms", str(scratch), str(path)]) == 1
    assert "PREFIX skos:" in capsys.readouterr().out
    assert run(["format", "--rooms", str(scratch), str(path)]) == 0
    assert path.read_text() == f"# why\n{CANONICAL}"


def test_a_prefix_that_is_not_known_is_told_at_its_place(
    scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = scratch / "graph" / "a.ttl"
    for text, place in (
        ("<urn:a> skos:prefLabel oops:b .", "1:24"),
        ("<urn:a>\n    skos:prefLabel oops:b .", "2:20"),
    ):
        path.write_text(text)
        assert run(["format", "--rooms", str(scratch), str(path)]) == 2
        assert f"a.ttl:{place}: The prefix oops: has not been" in capsys.readouterr().err
        assert path.read_text() == text


def test_a_prefix_keeps_the_meaning_that_a_file_gives_it(scratch: Path) -> None:
    path = scratch / "graph" / "a.ttl"
    path.write_text("<urn:a> skos:b <urn:c> .\n@prefix skos: <urn:own#> .\n")
    assert run(["format", "--rooms", str(scratch), str(path)]) == 2
    path.write_text("@prefix skos: <urn:own#> .\n<urn:a> skos:b owl:Thing .\n")
    assert run(["format", "--rooms", str(scratch), str(path)]) == 0
    assert "<urn:own#b> owl:Thing ;" in path.read_text()


def test_windows_line_ends_are_not_canonical(scratch: Path) -> None:
    path = scratch / "graph" / "a.ttl"
    path.write_bytes(CANONICAL.replace("\n", "\r\n").encode())
    assert run(["format", "--check", "--rooms", str(scratch), str(path)]) == 1
    assert run(["format", "--rooms", str(scratch), str(path)]) == 0
    assert path.read_bytes() == CANONICAL.encode()


def test_a_broken_file_is_told_and_the_others_are_written(
    scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, loose = scratch / "graph" / "a.ttl", scratch / "graph" / "b.ttl"
    broken.write_text("<urn:a>\n    oops .")
    loose.write_text(LOOSE)
    assert run(["format", "--rooms", str(scratch), str(scratch / "graph")]) == 2
    captured = capsys.readouterr()
    assert f"error: {broken}:2:5: " in captured.err
    assert broken.read_text() == "<urn:a>\n    oops ."
    assert loose.read_text() == CANONICAL


def test_a_file_with_a_comment_that_would_be_lost_is_left_alone(
    scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = scratch / "graph" / "a.ttl"
    text = CANONICAL.replace("<urn:a>", "<urn:a> # why")
    path.write_text(text)
    assert run(["format", "--rooms", str(scratch), str(path)]) == 2
    assert "a.ttl:3:9: This comment would be lost" in capsys.readouterr().err
    assert path.read_text() == text


def test_a_file_that_is_not_turtle_is_refused(
    scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = scratch / "notes.md"
    path.touch()
    assert run(["format", "--rooms", str(scratch), str(path)]) == 2
    assert "is not a Turtle file" in capsys.readouterr().err


def test_hidden_folders_are_not_looked_into(scratch: Path) -> None:
    path = scratch / "graph" / ".old" / "a.ttl"
    path.parent.mkdir()
    path.write_text(LOOSE)
    assert run(["format", "--check", "--rooms", str(scratch), str(scratch / "graph")]) == 0


@pytest.mark.parametrize(
    "command",
    [
        ["format"],
        ["edit"],
        ["rename", "id:cecot", "id:other"],
        ["add-source", "text.txt", "--key", "letter"],
    ],
)
def test_rooms_that_nobody_named_are_not_written(
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.txt").write_text("One line.\n")
    assert run(command) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"error: There are no rooms here, and those in {find_rooms().root} are")
    assert "--rooms DIR" in err


def test_rooms_that_nobody_named_are_named_by_a_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["format", "--check"]) == 0
    told = f"There are no rooms here: those in {find_rooms().root} were looked at."
    assert told in capsys.readouterr().err
    Path("a.ttl").write_text(LOOSE)
    assert run(["format", "a.ttl"]) == 0
    assert "There are no rooms" not in capsys.readouterr().err
