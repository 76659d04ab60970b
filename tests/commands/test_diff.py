from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from cecot.cli import run
from cecot.rooms import Rooms

Capture = pytest.CaptureFixture[str]
GIT = ["git", "-c", "user.name=Editor", "-c", "user.email=editor@example.org"]


@pytest.fixture
def checkout(tmp_path: Path, rooms: Rooms) -> Path:
    """The rooms of this checkout in a repository of their own, a folder below its top."""
    folder = tmp_path / "repository" / "rooms"
    for room in (rooms.ontology, rooms.graph, rooms.shapes):
        shutil.copytree(room, folder / room.name)
    for command in (["init", "-q"], ["add", "--all"], ["commit", "-q", "-m", "Begin"]):
        subprocess.run([*GIT, *command], cwd=folder.parent, check=True)
    return folder


def test_what_changed_since_the_last_commit_is_told(checkout: Path, capsys: Capture) -> None:
    (checkout / "graph" / "sources" / "tcc" / "27.ttl").unlink()
    assert run(["diff", "--rooms", str(checkout), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "id:tcc-27-walls-count" in [each["iri"] for each in told["withdrawn"]]
    assert {"thing", "property", "value"} == set(told["facts_lost"][0])
    assert not told["added"]


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_a_name_that_moves_the_cursor_is_escaped(
    checkout: Path, capsys: Capture, form: str
) -> None:
    for file in (checkout / "graph").rglob("*.ttl"):
        text = file.read_text(encoding="utf-8")
        file.write_text(
            text.replace('"Guard towers of', r'"Guard\u001B\u009B\u202E towers of'), "utf-8"
        )
    file = checkout / "graph" / "sources" / "tcc" / "27.ttl"
    file.write_text(file.read_text("utf-8").replace("cecot:Asserted", "cecot:Reported"), "utf-8")
    assert run(["diff", "--rooms", str(checkout), "--format", form]) == 0
    out = capsys.readouterr().out
    assert "uard" in out
    assert not {"\x1b", "\x9b", "\u202e"} & set(out)


def test_a_folder_may_stand_for_a_revision(checkout: Path, rooms: Rooms, capsys: Capture) -> None:
    assert run(["diff", str(rooms.root), "--rooms", str(checkout)]) == 0
    assert capsys.readouterr().out == "No claim, fact or silence differs.\n"


@pytest.mark.parametrize("revision", ["no-such-branch", "--output=x", "HEAD:graph"])
def test_what_is_no_revision_is_told(checkout: Path, capsys: Capture, revision: str) -> None:
    assert run(["diff", "--rooms", str(checkout), "--", revision]) == 2
    error = capsys.readouterr().err
    assert "Traceback" not in error
    assert "Give a revision" in error


def test_rooms_outside_of_git_are_told(scratch: Path, capsys: Capture) -> None:
    assert run(["diff", "--rooms", str(scratch)]) == 2
    assert "git says: not a git repository" in capsys.readouterr().err
