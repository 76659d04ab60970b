"""Files by whatever name, in whatever folder: what is read, and how it is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cecot.cli import run

SHAPES = """\
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
<#Person> a sh:NodeShape ; sh:targetClass ex:Person ;
    sh:property [ sh:path ex:knows ; sh:class ex:Person ] .
"""
DATA = """\
@prefix ex: <http://example.org/> .
<#a> a ex:Person ; ex:knows <#nobody>, <other.ttl#b>, <../elsewhere#c> .
"""


def checkout(folder: Path, data: str = DATA) -> None:
    (folder / "data").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "data" / "people.ttl").write_text(data)
    (folder / "shapes.ttl").write_text(SHAPES)


def told(capsys: pytest.CaptureFixture[str], form: str, *more: str) -> str:
    run(["validate", "--data", "data", "--shapes", "shapes.ttl", "--format", form, *more])
    return capsys.readouterr().out


def marks(sarif: str) -> set[str]:
    results: list[Any] = json.loads(sarif)["runs"][0]["results"]
    return {each["partialFingerprints"]["cecot/v2"] for each in results}


def test_relative_iris_are_known_wherever_the_files_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = []
    for name in ("one", "two/deeper"):
        checkout(tmp_path / name)
        monkeypatch.chdir(tmp_path / name)
        found.append(marks(told(capsys, "sarif")))
    assert found[0] == found[1]
    assert len(found[0]) == 3
    told(capsys, "text", "--baseline", "known.json", "--write-baseline")
    (tmp_path / "two" / "deeper").rename(tmp_path / "three")
    monkeypatch.chdir(tmp_path / "three")
    assert "; 3 findings of the baseline left out" in told(
        capsys, "text", "--baseline", "known.json"
    )


def test_a_relative_iri_is_told_as_from_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout(tmp_path / "one")
    monkeypatch.chdir(tmp_path / "one")
    text = told(capsys, "text")
    assert "    <people.ttl#a> ex:knows <other.ttl#b>\n" in text
    assert "(<shapes.ttl#Person>/ex:knows)\n" in text
    (values,) = {
        tuple(sorted(f["value"] for f in json.loads(told(capsys, "json"))["findings"])),
    }
    assert values[1].startswith("file:///")


@pytest.mark.parametrize("name", ["--data", "--shapes", "--ontology", "--baseline", "--rooms"])
def test_an_empty_name_is_not_the_current_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout(tmp_path / "one")
    monkeypatch.chdir(tmp_path / "one")
    others = ["--data", "data", "--shapes", "shapes.ttl"]
    assert run(["validate", *others, name, ""]) == 2
    assert f"'{name}': It is empty. Is a variable not set?" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["validate"], ["format"], ["validate", "--source-text"]])
def test_an_empty_path_is_told(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command, ""]) == 2
    assert "It is empty." in capsys.readouterr().err


def run_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cecot", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("text", r"data/\udcff.ttl"),
        ("github", r"data/\udcff.ttl"),
        ("junit", r"data/\udcff.ttl"),
        ("markdown", r"data/\\udcff.ttl"),
        ("json", r"data/\\udcff.ttl"),
        ("turtle", r"data/\\udcff.ttl"),
        ("sarif", '"uri": "data/%FF.ttl"'),
    ],
)
def test_a_name_that_is_not_utf_8_is_told(form: str, name: str, tmp_path: Path) -> None:
    checkout(tmp_path / "one")
    (tmp_path / "one" / "data" / "people.ttl").unlink()
    Path(os.fsdecode(bytes(tmp_path) + b"/one/data/\xff.ttl")).write_text(DATA)
    options = ["--data", "data", "--shapes", "shapes.ttl", "--also", f"{form}=found"]
    done = run_in(tmp_path / "one", "validate", *options, "--format", form)
    assert (done.returncode, "defect" in done.stderr) == (1, False), done.stderr
    assert name in done.stdout
    assert name in (tmp_path / "one" / "found").read_text(encoding="utf-8")
    baseline = [*options, "--baseline", "known.json"]
    assert run_in(tmp_path / "one", "validate", *baseline, "--write-baseline").returncode == 0
    assert run_in(tmp_path / "one", "validate", *baseline).returncode == 0


@pytest.mark.parametrize("command", ["validate", "format"])
def test_a_pipe_in_a_folder_is_not_waited_for(command: str, tmp_path: Path) -> None:
    checkout(tmp_path / "one", "<urn:a> <urn:b> <urn:c> .\n")
    os.mkfifo(tmp_path / "one" / "data" / "pipe.ttl")
    options = {"validate": ["--shapes", "shapes.ttl", "--data"], "format": []}[command]
    done = run_in(tmp_path / "one", command, *options, "data")
    assert done.returncode == 0, done.stderr
    done = run_in(tmp_path / "one", command, *options, "data/pipe.ttl")
    assert done.returncode == 2
    assert "data/pipe.ttl is not a regular file." in done.stderr
