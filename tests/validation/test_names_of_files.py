"""Files by whatever name, in whatever folder: what is read, and how it is told."""

from __future__ import annotations

import json
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
