from __future__ import annotations

import io
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cecot.cli import run
from cecot.rooms import Rooms

Spoil = Callable[[str, str], int]
NOT_COMPARED = (
    "Quotations were not compared with the text. To do it, put it into texts/KEY.txt beside"
    " the rooms, or give the file: --source-text FILE\n"
)


@pytest.fixture
def here(small: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small world, as the current folder."""
    monkeypatch.chdir(small)
    return small


def test_a_graph_that_conforms_exits_0(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", "--rooms", "."]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("conforms (")
    assert captured.err == NOT_COMPARED


def test_a_graph_without_claims_has_no_quotations_to_compare(
    foreign_rooms: Rooms, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", "--rooms", str(foreign_rooms.root)]) == 0
    assert not capsys.readouterr().err


def test_a_broken_rule_exits_1_and_is_named(
    here: Path, spoil: Spoil, capsys: pytest.CaptureFixture[str]
) -> None:
    line = spoil('    schema:unitCode "MTK" ;', '    schema:unitCode "FTK" ;')
    assert run(["validate", "--rooms", "."]) == 1
    out = capsys.readouterr().out
    assert out.startswith(f"graph/base.ttl:{line}: violation: Only these")
    assert "(shapes:QuantityUnitCode)\n" in out
    assert "\033" not in out


def test_a_file_that_is_not_turtle_exits_2_with_file_line_and_column(
    here: Path, spoil: Spoil, capsys: pytest.CaptureFixture[str]
) -> None:
    line = spoil("    a cecot:Feature ;", "    a cecot:Feature")
    assert run(["validate", "--rooms", "."]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"error: graph/base.ttl:{line + 1}:5: ")
    assert not captured.out


def test_each_file_that_is_not_turtle_is_told(
    here: Path, spoil: Spoil, capsys: pytest.CaptureFixture[str]
) -> None:
    line = spoil("    a cecot:Feature ;", "    a cecot:Feature")
    for name in ("graph/second.ttl", "shapes/third.ttl"):
        (here / name).write_text("<urn:a> <urn:b> ex:c .\n", encoding="utf-8")
    for arguments in (["--rooms", "."], ["--data", "graph", "--shapes", "shapes"]):
        assert run(["validate", *arguments]) == 2
        told = capsys.readouterr().err.splitlines()
        places = [each.split(" ")[1] for each in told if each.startswith("error: ")]
        assert sorted(places) == [
            f"graph/base.ttl:{line + 1}:5:", "graph/second.ttl:1:17:", "shapes/third.ttl:1:17:",
        ]  # fmt: skip
        assert sum(each.startswith("hint: Add its PREFIX line") for each in told) == 2
    assert run(["validate", "--rooms", ".", "--format", "json"]) == 2
    found = json.loads(capsys.readouterr().out)["findings"]
    assert len(found) == 3


@pytest.mark.parametrize(
    "arguments",
    [["/"], ["--format", "xml"], ["graph/nothing.ttl"], ["--source-text", "nothing.txt"]],
)
def test_what_cannot_be_used_exits_2_with_a_hint(
    here: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", "--rooms", ".", *arguments]) == 2
    assert "hint: " in capsys.readouterr().err


def test_with_paths_only_what_stands_in_them_counts(
    here: Path, spoil: Spoil, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil('    schema:unitCode "MTK" ;', '    schema:unitCode "FTK" ;')
    assert run(["validate", "--rooms", ".", "ontology", "shapes/../shapes/graph.ttl"]) == 0
    assert "outside the paths" in capsys.readouterr().out
    assert run(["validate", "--rooms", ".", "graph/base.ttl"]) == 1
    assert run(["validate", "--rooms", ".", "."]) == 1


def test_a_warning_exits_1_only_if_strict(here: Path, spoil: Spoil) -> None:
    spoil('    schema:unitCode "MTK" ;', '    schema:unitCode "FTK" ;')
    path = here / "shapes" / "QuantitativeValue.ttl"
    path.write_text(path.read_text().replace("sh:Violation", "sh:Warning"))
    assert run(["validate", "--rooms", "."]) == 0
    assert run(["validate", "--rooms", ".", "--strict"]) == 1


@pytest.mark.parametrize("form", ["text", "json", "turtle", "junit", "sarif", "github"])
def test_every_format_exits_alike(
    form: str, here: Path, spoil: Spoil, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", "--rooms", ".", "--format", form]) == 0
    spoil('    schema:unitCode "MTK" ;', '    schema:unitCode "FTK" ;')
    assert run(["validate", "--rooms", ".", "--format", form]) == 1
    assert "QuantityUnitCode" in capsys.readouterr().out


def test_a_text_that_is_no_source_exits_1(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "a.txt"
    text.write_text("a")
    arguments = ["validate", "--rooms", ".", "--source-text", str(text)]
    assert run([*arguments, "--format", "json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["shape"].endswith("#SourceText")


def test_the_real_graph_conforms(rooms: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", "--strict"]) == 0, capsys.readouterr().out


def test_where_there_are_no_rooms_those_that_were_checked_are_named(
    rooms: Rooms,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["validate"]) == 0
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith(f"There are no rooms here: those in {rooms.root} were checked.")


def test_a_terminal_gets_colours(here: Path, spoil: Spoil) -> None:
    spoil('    schema:unitCode "MTK" ;', '    schema:unitCode "FTK" ;')
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    reader, writer = pty.openpty()
    command = [sys.executable, "-m", "cecot", "validate", "--rooms", "."]
    with subprocess.Popen(command, cwd=here, stdout=writer, stderr=writer, env=environment) as one:
        os.close(writer)
        shown = b""
        # On Linux the end of a terminal whose other side is closed is an error.
        try:
            while piece := os.read(reader, 4096):
                shown += piece
        except OSError:
            pass
        assert one.wait() == 1
    os.close(reader)
    assert b"\033[31m\033[1mviolation\033[0m" in shown


class Terminal(io.StringIO):
    """Standard error that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_is_told_what_takes_long(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("cecot.commands.validate.PATIENCE", 0.0)
    monkeypatch.setattr(sys, "stderr", terminal)
    assert run(["validate", "--rooms", "."]) == 0
    told = terminal.getvalue()
    assert "running the SHACL rules: shapes:BackedFacts ..." in told
    assert told.removesuffix(NOT_COMPARED).endswith("\r\033[K")


def test_what_is_quick_is_not_talked_about(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("cecot.commands.validate.PATIENCE", 1000.0)
    monkeypatch.setattr(sys, "stderr", terminal)
    assert run(["validate", "--rooms", "."]) == 0
    assert terminal.getvalue() == NOT_COMPARED


def test_watch_checks_again_whenever_a_file_changes(tmp_path: Path) -> None:
    data = tmp_path / "data.ttl"
    data.write_text("<urn:a> a <urn:Person> ; <urn:name> 'A' .\n")
    (tmp_path / "shapes.ttl").write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\n"
        "<urn:S> sh:targetClass <urn:Person> ;\n"
        "    sh:property [ sh:path <urn:name> ; sh:minCount 1 ] .\n"
    )
    command = [
        sys.executable,
        "-m",
        "cecot",
        "validate",
        "--data",
        "*.ttl",
        "--shapes",
        "shapes.ttl",
    ]
    running = subprocess.Popen(
        [*command, "--watch"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert running.stdout is not None

    def said() -> str:
        """What it says until it has checked once more."""
        lines = iter(running.stdout.readline, "") if running.stdout else iter(())
        found = ""
        for line in lines:
            if "Ctrl-C" in line:
                return found
            found += line
        raise AssertionError(f"it ended:\n{found}")

    try:
        assert said().startswith("conforms (")
        data.write_text("<urn:a> a <urn:Person> .\n")
        assert "data.ttl:1: violation: There must be at least 1 value." in said()
        data.write_text("<urn:a> a\n")
        assert "error: data.ttl:2:1: " in said()
        (tmp_path / "more.ttl").write_text("<urn:b> a <urn:Person> .\n")
        data.write_text("")
        assert "more.ttl:1: violation" in said()
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 130
    finally:
        running.kill()
        running.wait()
        running.stdout.close()
