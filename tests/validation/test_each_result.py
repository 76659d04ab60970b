"""Each result is told, in every format, and a baseline knows it from the others."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cecot.cli import run

HEAD = "PREFIX ex: <http://example.org/>\nPREFIX sh: <http://www.w3.org/ns/shacl#>\n"
XSD = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
OPTIONS = ["--data", "data.ttl", "--shapes", "shapes.ttl"]
BASELINE = [*OPTIONS, "--baseline", "known.json"]
FOUR = (
    f"{HEAD}ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:code ; %s"
    'sh:minLength 3 ; sh:maxLength 1 ; sh:pattern "^[0-9]" ; sh:nodeKind sh:IRI ] .\n'
)
CONSTRAINTS = ["sh:maxLength", "sh:minLength", "sh:nodeKind", "sh:pattern"]
TWO = (
    f"{HEAD}ex:S sh:targetClass ex:P ;\n"
    '    sh:sparql [ sh:select "SELECT $this { $this <http://example.org/a> ?a }" ] ,\n'
    '        [ sh:select "SELECT $this { $this <http://example.org/b> ?b }" ] .\n'
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(shapes: str, *statements: str) -> None:
    Path("shapes.ttl").write_text(shapes)
    Path("data.ttl").write_text(f"{HEAD}ex:a a ex:P .\n" + "\n".join(statements))


def told(capsys: pytest.CaptureFixture[str], form: str, *more: str) -> str:
    capsys.readouterr()
    assert run(["validate", *OPTIONS, "--format", form, *more]) == 1
    return capsys.readouterr().out


@pytest.mark.parametrize("engine", ["queries", "pyshacl"])
def test_a_value_that_breaks_four_constraints_is_told_four_times(
    engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(FOUR % "", 'ex:a ex:code "ab" .')
    found = json.loads(told(capsys, "json", "--engine", engine))["findings"]
    assert [f["constraint"] for f in found] == CONSTRAINTS
    assert found[0]["component"] == "http://www.w3.org/ns/shacl#MaxLengthConstraintComponent"
    results = json.loads(told(capsys, "sarif", "--engine", engine))["runs"][0]["results"]
    assert [r["properties"]["constraint"] for r in results] == CONSTRAINTS
    assert len({r["partialFingerprints"]["cecot/v2"] for r in results}) == 4
    assert told(capsys, "text", "--engine", engine).count("data.ttl:4: violation: ") == 4
    assert told(capsys, "github", "--engine", engine).count("::error file=data.ttl,line=4") == 4
    assert told(capsys, "markdown", "--engine", engine).count("| data.ttl:4 |") == 4
    junit = ET.fromstring(told(capsys, "junit", "--engine", engine).encode())
    assert len(list(junit.iter("failure"))) == 4
    assert told(capsys, "turtle", "--engine", engine).count("sh:sourceShape") == 4


def test_what_reads_alike_is_told_with_its_constraint(capsys: pytest.CaptureFixture[str]) -> None:
    write(FOUR % 'sh:message "Bad." ; ', 'ex:a ex:code "ab" .')
    text = told(capsys, "text")
    assert re.findall(r"Bad\. \(ex:S/ex:code, ([\w:]+)\)", text) == CONSTRAINTS
    write(FOUR % 'sh:message "Bad." ; ', 'ex:a ex:code "7b" .')
    assert "Bad. (ex:S/ex:code, sh:nodeKind)" in told(capsys, "text")


def test_a_reader_sees_the_same_once(capsys: pytest.CaptureFixture[str]) -> None:
    inner = "sh:property [ sh:path ex:to ; sh:property ex:Name ]"
    write(
        f"{HEAD}ex:S sh:targetClass ex:P ; {inner} .\n"
        "ex:Name sh:path ex:name ; sh:minCount 1 .\n"
        "ex:T sh:targetClass ex:Q ; sh:property ex:Name .",
        "ex:a ex:to ex:b . ex:c a ex:P ; ex:to ex:b . ex:b a ex:Q .",
    )
    assert told(capsys, "text").count("There must be at least 1 value.") == 1


@pytest.mark.parametrize("engine", ["queries", "pyshacl"])
def test_a_baseline_knows_one_query_of_a_shape_from_another(
    engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(TWO, "ex:a ex:a 1 .")
    more = [*BASELINE, "--engine", engine]
    assert run(["validate", *more, "--write-baseline"]) == 0
    assert run(["validate", *more]) == 0
    write(TWO, "ex:a ex:a 1 .", "ex:a ex:b 1 .")
    assert run(["validate", *more]) == 1
    assert "1 violation (" in capsys.readouterr().out
    write(TWO, "ex:a ex:b 1 .")
    assert run(["validate", *more]) == 1
    write(TWO.replace("SELECT $this {", "SELECT $this  {"), "ex:a ex:a 1 .")
    assert run(["validate", *more]) == 0
    write(TWO, "ex:a ex:a 1 .", "ex:a ex:b 1 .")
    constraints = re.findall(r"\(ex:S, (.*)\)", told(capsys, "text", "--engine", engine))
    assert constraints == ["sh:sparql", "sh:sparql#2"]
    assert told(capsys, "turtle", "--engine", engine).count("sh:sourceConstraint ") == 2


@pytest.mark.parametrize("engine", ["queries", "pyshacl"])
@pytest.mark.parametrize("shape", ["", "sh:path ex:code ; "])
def test_a_query_selects_the_message_of_each_result(
    engine: str, shape: str, capsys: pytest.CaptureFixture[str]
) -> None:
    select = (
        "SELECT $this ?value ?message { $this <http://example.org/code> ?value"
        " BIND (STRLANG(CONCAT('Not ', ?value, '.'), 'en') AS ?message) }"
    )
    constraint = f'sh:sparql [ sh:message "Not said." ; sh:select "{select}" ]'
    write(f"{HEAD}ex:S sh:targetClass ex:P ; {shape}{constraint} .", 'ex:a ex:code "x", "y" .')
    found = json.loads(told(capsys, "json", "--engine", engine))["findings"]
    assert [f["message"] for f in found] == [{"en": "Not x."}, {"en": "Not y."}]


def test_a_baseline_knows_one_constraint_from_another() -> None:
    write(FOUR % "", 'ex:a ex:code "7" .')
    assert run(["validate", *BASELINE, "--write-baseline"]) == 0
    other = FOUR.replace("sh:minLength 3 ; sh:maxLength 1", "sh:maxLength 0")
    write(other % "", 'ex:a ex:code "7" .')
    assert run(["validate", *BASELINE]) == 1


def test_a_baseline_of_the_first_version_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    write(TWO)
    Path("known.json").write_text('{"version": 1, "findings": []}')
    assert run(["validate", *BASELINE]) == 2
    told = capsys.readouterr().err
    assert "written by an older version" in told
    assert "--write-baseline" in told


def test_a_baseline_holds_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    write(FOUR % "", 'ex:a ex:code "ab" .')
    assert run(["validate", *BASELINE, "--write-baseline"]) == 0
    assert {each["file"] for each in json.loads(Path("known.json").read_text())["findings"]} == {
        "data.ttl"
    }

    def marks() -> set[str]:
        capsys.readouterr()
        base = os.path.relpath(tmp_path)
        options = ["--data", f"{base}/data.ttl", "--shapes", f"{base}/shapes.ttl"]
        assert run(["validate", *options, "--baseline", f"{base}/known.json"]) == 0
        capsys.readouterr()
        run(["validate", *options, "--format", "sarif"])
        results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
        return {each["partialFingerprints"]["cecot/v2"] for each in results}

    here = marks()
    (tmp_path / "below" / "deep").mkdir(parents=True)
    monkeypatch.chdir("below/deep")
    assert marks() == here


def test_every_result_of_sarif_has_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    Path("shapes.ttl").write_text(
        f"{HEAD}ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:code ; sh:minCount 1 ] .\n"
    )
    Path("data.jsonld").write_text('{"@type": "http://example.org/P"}')
    options = ["--data", "data.jsonld", "--shapes", "shapes.ttl", "--format", "sarif"]
    assert run(["validate", *options]) == 1
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "data.jsonld"},
        "region": {"startLine": 1},
    }
    assert result["message"]["text"].endswith("it is shown at the first file.")
    # What could not run has no place, and is no result.
    assert run(["validate", "--data", "data.jsonld", "--format", "sarif"]) == 2
    assert json.loads(capsys.readouterr().out)["runs"][0]["results"] == []


def test_a_value_in_a_message_forges_no_line_and_a_blank_node_has_no_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shape = "sh:nodeKind sh:IRI ; sh:message 'Not {?value}.'"
    write(
        f"{HEAD}ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:code ; {shape} ] .\n",
        'ex:a ex:code "a\\nb.ttl:1: violation\\u001b[0m", [ ex:code 1 ] .',
    )
    text = told(capsys, "text")
    assert "violation: Not a b.ttl:1: violation\\u001B[0m. (ex:S/ex:code)\n" in text
    assert "violation: Not a blank node. (ex:S/ex:code)\n" in text


def test_checks_may_be_named_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    write(FOUR % "", "ex:a ex:b ex:gone ; ex:c 01 .")
    options = ["--checks", "links", "--checks", "literal-form"]
    found = json.loads(told(capsys, "json", *options))["findings"]
    assert {each["name"] for each in found} == {"Links", "LiteralForm"}


NAMELESS = (
    f"{HEAD}ex:S sh:targetSubjectsOf ex:code ; sh:property [ sh:path ex:code ; sh:maxLength 1 ] ,"
    " [ sh:path ex:other ; sh:minCount 1 ] .\n"
)


def test_a_report_is_the_same_on_every_run(capsys: pytest.CaptureFixture[str]) -> None:
    write(
        NAMELESS, " ".join(f'[ ex:code "{n % 3}aa" ] ex:has [ ex:code "bb" ] .' for n in range(9))
    )
    for form in ("json", "turtle"):
        first = told(capsys, form)
        assert [told(capsys, form) for _ in range(4)] == [first] * 4
    Path("data.jsonld").write_text(
        '[{"@id": "_:x", "http://example.org/code": "aa"}, {"http://example.org/code": "aa"}]'
    )
    options = ["--data", "data.jsonld", "--shapes", "shapes.ttl", "--format", "json"]
    reports = set()
    for _ in range(4):
        assert run(["validate", *options]) == 1
        reports.add(capsys.readouterr().out)
    assert len(reports) == 1


def test_json_has_the_value_though_it_is_the_focus_node(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(f"{HEAD}ex:S sh:targetClass ex:P ; sh:nodeKind sh:Literal .\n")
    (found,) = json.loads(told(capsys, "json"))["findings"]
    assert (found["focus"], found["value"]) == ("http://example.org/a", "http://example.org/a")


@pytest.mark.parametrize("part", ["ex:S", "[]"])
def test_a_baseline_holds_though_a_prefix_is_called_otherwise(part: str) -> None:
    inner = "[ sh:path ex:code ; sh:maxLength 1 ; sh:nodeKind sh:IRI ]"
    shapes = f"{HEAD}{part} sh:targetClass ex:P ; sh:property {inner} , {inner} .\n"
    write(shapes, 'ex:a ex:code "ab" , [ ] .')
    assert run(["validate", *BASELINE, "--write-baseline"]) == 0
    assert json.loads(Path("known.json").read_text())["version"] == 3
    for path in (Path("shapes.ttl"), Path("data.ttl")):
        path.write_text(re.sub(r"\bex:", "other:", path.read_text()))
    assert run(["validate", *BASELINE]) == 0
    Path("data.ttl").write_text(Path("data.ttl").read_text().replace('"ab"', '"ac"'))
    assert run(["validate", *BASELINE]) == 1


def test_a_baseline_of_the_second_version_still_holds() -> None:
    write(FOUR % "", 'ex:a ex:code "ab" .')
    marks = [
        "05a66bf24c43d68d9c7d65b653235d7c",
        "c475a03d6992258c7aaa482a0639b549",
        "92773f907fc51b84d5f48a60c1ddad89",
        "0501848cd9d7afe90d0b29497493a33d",
    ]
    findings = [{"fingerprint": mark, "count": 1} for mark in marks]
    Path("known.json").write_text(json.dumps({"version": 2, "findings": findings}))
    assert run(["validate", *BASELINE]) == 0


@pytest.mark.parametrize("engine", ["queries", "pyshacl"])
def test_a_closed_shape_along_a_path_tells_each_node(
    engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        f"{HEAD}ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:has ; sh:closed true ] .\n",
        "ex:a ex:has ex:b, ex:c .",
        'ex:b ex:odd "x" .',
        'ex:c ex:odd "x" .',
    )
    assert told(capsys, "turtle", "--engine", engine).count("a sh:ValidationResult") == 2
    if engine == "queries":  # pySHACL does not say which node has the triple
        found = json.loads(told(capsys, "json"))["findings"]
        assert [(f["line"], f["detail"]) for f in found] == [
            (5, 'ex:b ex:odd "x"'),
            (6, 'ex:c ex:odd "x"'),
        ]
        assert {f["focus"] for f in found} == {"http://example.org/a"}
