"""Values that are very long, or hold what a terminal or a format takes for its own signs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cecot.cli import run

SCHEMA = Path(__file__).parents[1] / "data" / "schemas" / "sarif-2.1.0.json"
HEAD = "@prefix ex: <http://example.org/> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
OPTIONS = ["validate", "--data", "data.ttl", "--shapes", "shapes.ttl"]
FORMATS = ["text", "json", "turtle", "github", "junit", "markdown", "sarif"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shapes.ttl").write_text(
        f"{HEAD}ex:S sh:targetClass ex:T ; sh:property [ sh:path ex:p ; sh:nodeKind sh:IRI ;\n"
        '    sh:message "{?value} is no IRI {of [ours](1)}." ] .\n'
    )


def told(capsys: pytest.CaptureFixture[str], form: str, value: str) -> str:
    Path("data.ttl").write_text(f"{HEAD}ex:a a ex:T ; ex:p {value} .\n", encoding="utf-8")
    run([*OPTIONS, "--format", form])
    return capsys.readouterr().out


def test_people_are_shown_the_beginning_of_a_long_value(
    capsys: pytest.CaptureFixture[str],
) -> None:
    value = '"' + "x" * 1_000_000 + '"@en'
    shown = "x" * 200 + "…"
    text = told(capsys, "text", value)
    assert f'    ex:a ex:p "{shown}"@en (1,000,000 characters)\n' in text
    assert f"violation: {shown} (1,000,000 characters) is no IRI" in text
    for form in ("github", "junit", "markdown", "sarif"):
        assert len(told(capsys, form, value)) < 5_000, form
    assert "x" * 1_000_000 in told(capsys, "turtle", value)
    (finding,) = json.loads(told(capsys, "json", value))["findings"]
    assert finding["value"] == value
    assert len(finding["detail"]) < 300


def test_long_values_that_begin_alike_have_fingerprints_of_their_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    values = ", ".join(f'"{"x" * 300}{n}"' for n in range(3))
    results = json.loads(told(capsys, "sarif", values))["runs"][0]["results"]
    assert len({each["partialFingerprints"]["cecot/v2"] for each in results}) == 3
    # As it was before long values were cut: baselines hold.
    (one,) = json.loads(told(capsys, "sarif", f'"{"x" * 300}"'))["runs"][0]["results"]
    assert one["partialFingerprints"]["cecot/v2"] == "e2c4aa536c01f594fc249c141b200181"


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_writes_what_moves_a_cursor(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = told(capsys, form, r'"\u001b[31mred\u0007\u009b\u202e"')
    assert not {"\x1b", "\x07"} & set(out)
    if form in ("text", "github"):
        assert not {"\x9b", "\u202e"} & set(out)
        assert r"\u001B[31mred\u0007" in out


def test_braces_and_links_of_sarif_are_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    log: dict[str, Any] = json.loads(told(capsys, "sarif", '"[a] {0}"'))
    jsonschema.validate(log, json.loads(SCHEMA.read_text()))
    (result,) = log["runs"][0]["results"]
    assert result["message"]["text"] == (
        r"[a] {{0}} is no IRI {{of \[ours\](1)}}." '\nex:a ex:p "[a] {{0}}"'
    )


def test_sarif_of_what_could_not_run_says_so_and_invents_no_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    schema = json.loads(SCHEMA.read_text())
    (ran,) = json.loads(told(capsys, "sarif", "1"))["runs"]
    assert "invocations" not in ran
    (broken,) = json.loads(told(capsys, "sarif", "{"))["runs"]
    assert broken["invocations"][0]["executionSuccessful"] is False
    (result,) = broken["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    assert run([*OPTIONS, "--data", "nowhere.ttl", "--format", "sarif"]) == 2
    log = json.loads(capsys.readouterr().out)
    jsonschema.validate(log, schema)
    (missing,) = log["runs"]
    assert missing["results"] == []
    (told_,) = missing["invocations"][0]["toolExecutionNotifications"]
    assert told_["message"]["text"].startswith("There is no file nowhere.ttl.")
