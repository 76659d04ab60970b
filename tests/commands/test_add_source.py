from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from cecot.cli import run
from cecot.dataset.content import read_material
from cecot.rooms import find_rooms

TEXT = "A title\n\n[1] One sentence.\n"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_bytes(TEXT.encode())
    return path


def test_a_new_text_becomes_a_record_and_passages_that_are_canonical(
    scratch: Path, text: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rooms = ["--rooms", str(scratch)]
    assert run(["add-source", str(text), "--key", "letter", *rooms]) == 0
    assert "2 passages" in capsys.readouterr().out
    assert run(["format", "--check", str(scratch / "graph"), *rooms]) == 0
    material = read_material(find_rooms(scratch))
    path, line = material.lines[material.namespace + "letter-03"]
    assert path == scratch / "graph" / "sources" / "letter" / "03.ttl"
    assert path.read_text().splitlines()[line - 1] == "id:letter-03"


def test_without_a_title_and_a_day_it_takes_the_name_of_the_file_and_today(
    scratch: Path, text: Path
) -> None:
    before = date.today()
    run(["add-source", str(text), "--key", "letter", "--rooms", str(scratch)])
    record = (scratch / "graph" / "sources" / "letter.ttl").read_text()
    assert 'dcterms:title "letter"@en ;' in record
    assert any(f'"{day}"^^xsd:date' in record for day in (before, date.today()))


def test_nothing_is_overwritten(
    scratch: Path, text: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["add-source", str(text), "--key", "letter", "--rooms", str(scratch)]
    assert run(arguments) == 0
    path = scratch / "graph" / "sources" / "letter" / "03.ttl"
    path.write_text("# the work of an editor\n")
    assert run(arguments) == 2
    assert "stands here already" in capsys.readouterr().err
    assert path.read_text() == "# the work of an editor\n"


def test_a_day_that_is_none_is_refused(
    scratch: Path, text: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--key", "letter", "--received", "yesterday", "--rooms", str(scratch)]
    assert run(["add-source", str(text), *arguments]) == 2
    assert "--received" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "values"),
    [
        ("--url", ["javascript:alert(1)", "page", "http://", "http://[::1/", "http://x:99999/"]),
        ("--received", ["2999-01-01", str(date.today() + timedelta(2))]),
        ("--language", ["", "EN", "english", "en_US", "en-", "no tag", "../x", "en-" + "x" * 9]),
        ("--license", ["cc-by", "http://[::1/", "https://x.example/a b"]),
        ("--key", ["New", "new-1", "", "1a"]),
    ],
)
def test_what_a_record_cannot_hold_is_refused_by_the_name_of_its_option(
    scratch: Path,
    text: Path,
    capsys: pytest.CaptureFixture[str],
    option: str,
    values: list[str],
) -> None:
    for value in values:
        given = {"--key": "letter"} | {option: value}
        arguments = [each for pair in given.items() for each in pair]
        assert run(["add-source", str(text), *arguments, "--rooms", str(scratch)]) == 2
        told = capsys.readouterr().err
        assert told.startswith(f"error: {option}: "), value
        assert "hint: " in told
        assert not (scratch / "graph" / "sources" / "letter.ttl").exists()
        assert not (scratch / "texts" / "letter.txt").exists()


def test_the_rules_then_name_each_passage_that_waits_for_its_claims(
    scratch: Path, text: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(scratch)
    assert run(["add-source", str(text), "--key", "letter", "--rooms", "."]) == 0
    capsys.readouterr()
    assert run(["validate", "--rooms", ".", "graph"]) == 1
    found = [line for line in capsys.readouterr().out.splitlines() if "PassageUsed" in line]
    assert [line.split(": ")[0] for line in found] == [
        "graph/sources/letter/01.ttl:6",
        "graph/sources/letter/03.ttl:7",
    ]
