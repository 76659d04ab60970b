"""``cecot validate`` on a repository that is not ours, and its reports by their schemas."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from foreign import OPTIONS, write_repository
from lxml import etree

from cecot.cli import run

SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"
PLACE = "my data/of 2026/two people.ttl"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data of the small repository, which is the current folder."""
    monkeypatch.chdir(tmp_path)
    return write_repository(tmp_path)


def findings(capsys: pytest.CaptureFixture[str], *more: str) -> list[dict[str, Any]]:
    run(["validate", *OPTIONS, "--format", "json", *more])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert isinstance(found, list)
    return found


def test_each_finding_has_its_line_its_severity_and_the_name_of_its_shape(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {(f["line"], f["severity"], f["level"], f["name"]) for f in findings(capsys)}
    assert told == {
        (3, "warning", "warning", "ex:PersonShape/ex:name"),
        (4, "urgent", "violation", "ex:PersonShape/ex:age"),
        (5, "violation", "violation", "ex:PersonShape/ex:address/ex:city"),
        (8, "urgent", "violation", "ex:PersonShape/ex:age"),
    }


def test_a_message_says_the_value_and_a_shape_without_one_tells_its_cure(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {text for f in findings(capsys) for text in f["message"].values()} == {
        "There must be at least 1 value.",
        "x is no age.",
        "200 is no age.",
        "Each value must have the datatype xsd:string.",
    }


def test_pyshacl_finds_the_same(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Blank nodes have other names each time that a file is read.
    told = [
        [{key: value for key, value in f.items() if key not in ("node", "focus")} for f in each]
        for each in (findings(capsys), findings(capsys, "--engine", "pyshacl"))
    ]
    assert told[0] == told[1]


def test_none_of_our_checks_runs_unless_it_is_asked_for(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not [f for f in findings(capsys) if f["name"] == "Links"]
    (link,) = [f for f in findings(capsys, "--checks", "links") if f["name"] == "Links"]
    assert (link["line"], link["value"]) == (6, "http://example.org/Nobody")


def test_the_form_of_a_literal_is_that_of_oxigraph(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "@prefix ex: <http://example.org/> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    double = "<http://www.w3.org/2001/XMLSchema#double>"
    data.write_text(f'{head}ex:a ex:p 1.50 , "1.5E0"^^{double} , 2.5 .\n')
    shapes = Path("the rules/shapes.ttl")
    shapes.write_text(
        f"{head}ex:S sh:targetSubjectsOf ex:p ;\n"
        f'  sh:property [ sh:path ex:p ; sh:in ( 1.50 "1.5E0"^^{double} 2.5 ) ] .\n'
    )
    run(["validate", *OPTIONS, "--checks", "literal-form"])
    out = capsys.readouterr().out
    assert out.count("Oxigraph keeps it as 1.5\n") == 2
    assert "canonical" not in out
    assert "does not conform: 2 violations (" in out


def test_a_check_that_there_is_not_is_told(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", *OPTIONS, "--checks", "spelling"]) == 2
    assert "'spelling' is none of date-as-precise, " in capsys.readouterr().err


def test_subclasses_stand_in_the_ontology(
    data: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    data.write_text("@prefix ex: <http://example.org/> .\nex:Eve a ex:Nurse .\n")
    assert findings(capsys) == []
    (tmp_path / "terms.ttl").write_text(
        "@prefix ex: <http://example.org/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "ex:Nurse rdfs:subClassOf ex:Person .\n"
    )
    assert len(findings(capsys, "--ontology", "terms.ttl")) == 1


def test_a_baseline_leaves_only_what_is_new(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = [*OPTIONS, "--baseline", "known.json"]
    assert run(["validate", *known, "--write-baseline"]) == 0
    # The lines move, and that is nothing new.
    data.write_text("\n\n" + data.read_text())
    assert run(["validate", *known, "--strict"]) == 0
    assert "5 findings of the baseline left out" in capsys.readouterr().out
    data.write_text(data.read_text() + "ex:Carol a ex:Person ; ex:name 'Carol' ; ex:age -1.5 .\n")
    assert run(["validate", *known]) == 1
    out = capsys.readouterr().out
    assert out.startswith(f"{PLACE}:11: urgent: -1.5 is no age. (ex:PersonShape/ex:age)\n")
    assert "does not conform: 1 violation (" in out


COUNTED = '{"version": 2, "findings": [{"fingerprint": "x", "count": %s}]}'


@pytest.mark.parametrize(
    "content",
    [
        *("", "[]", '{"version": 4, "findings": []}', "{"),
        *("[" * 100_000, COUNTED % "Infinity", COUNTED % ("9" * 5_000)),
    ],
    ids=range(7),
)
def test_what_is_no_baseline_is_told(
    data: Path, content: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "known.json").write_text(content)
    assert run(["validate", *OPTIONS, "--baseline", "known.json"]) == 2
    assert "--write-baseline" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--data", "my data"], "--shapes is missing."),
        (["--shapes", "the rules"], "--data is missing."),
        (["--data", "nowhere/*.ttl", "--shapes", "the rules"], "There is no file nowhere/*.ttl."),
        (["--data", "notes.md", "--shapes", "the rules"], "notes.md is not RDF, by its name."),
        ([*OPTIONS, "--rooms", "."], "exclude each other"),
        ([*OPTIONS, "--write-baseline"], "no baseline to write"),
        ([*OPTIONS, "--also", "pdf=x"], "is not FORMAT=FILE"),
    ],
)
def test_options_that_do_not_go_together_are_told(
    data: Path, options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("notes.md").write_text("# Notes\n")
    assert run(["validate", *options]) == 2
    assert words in capsys.readouterr().err


def test_a_link_that_leads_nowhere_is_told(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data.with_name("gone.ttl").symlink_to("nowhere.ttl")
    assert run(["validate", *OPTIONS]) == 2
    assert "gone.ttl: Cannot be read: No such file" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["json", "github", "junit", "sarif", "turtle", "markdown"])
def test_what_is_no_turtle_stands_in_the_report_too(
    data: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data.write_text(data.read_text() + "ex:Carol a\n")
    assert run(["validate", *OPTIONS, "--format", form]) == 2
    out = capsys.readouterr().out
    assert "two" in out
    assert "final" in out or form == "turtle"


def test_what_the_shapes_import_and_nobody_gave_is_told(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = Path("the rules/shapes.ttl")
    names = "<http://example.org/a#b>, <http://example.org/more>"
    imports = f"<> <http://www.w3.org/2002/07/owl#imports> {names} .\n"
    rules.write_text(rules.read_text() + imports)
    run(["validate", *OPTIONS])
    told = capsys.readouterr().err
    assert (
        "notice: The shapes import what was not read: <http://example.org/a#b>, <http://example.org/more>."
        in told
    )
    rules.write_text(
        rules.read_text() + imports.replace("example.org/more", "www.w3.org/ns/shacl#")
    )
    Path("terms.ttl").write_text(
        "<http://example.org/more#> a <urn:R> . <http://example.org/a#b> a <urn:R> ."
    )
    run(["validate", *OPTIONS, "--ontology", "terms.ttl"])
    assert "not read" not in capsys.readouterr().err


def test_shapes_without_a_name_are_called_the_same_each_time(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data.write_text("<http://example.org/a> a <http://example.org/Person> .\n")
    Path("the rules/shapes.ttl").write_text(
        "PREFIX ex: <http://example.org/>\nPREFIX sh: <http://www.w3.org/ns/shacl#>\n"
        + "".join(f"[] sh:targetClass ex:Person ; sh:class ex:C{n} .\n" for n in range(5))
        + "ex:S sh:targetClass ex:Person ; sh:and ( [ sh:class ex:A ] [ sh:class ex:B ] ) .\n"
    )
    told = [
        [(f["name"], f["message"]) for f in sorted(findings(capsys), key=lambda f: str(f["name"]))]
        for _ in range(4)
    ]
    assert told == told[:1] * 4
    assert ("shape#2", {"": "Each value must be of the class ex:C1."}) in told[0]


def test_paths_choose_what_is_shown(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = data.with_name("other.ttl")
    other.write_text("@prefix ex: <http://example.org/> .\nex:Eve a ex:Person .\n")
    assert [f["line"] for f in findings(capsys, str(other))] == [2]


@pytest.mark.parametrize(("target", "words"), [("/dev/full", "No space left"), (None, "is closed")])
def test_a_report_that_cannot_be_written_is_exit_2(
    data: Path, target: str | None, words: str
) -> None:
    command = " ".join(
        f"'{word}'" for word in (sys.executable, "-m", "cecot", "validate", *OPTIONS)
    )
    redirected = f"{command} >{target}" if target else f"{command} >&-"
    done = subprocess.run(
        ["sh", "-c", redirected], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_sarif_is_valid_by_its_schema(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text())
    run(["validate", *OPTIONS, "--checks", "links", "--format", "sarif"])
    log = json.loads(capsys.readouterr().out)
    jsonschema.validate(log, schema)
    (one,) = log["runs"]
    assert len(one["results"]) == 6
    urgent = {r["properties"].get("severity") for r in one["results"]}
    assert urgent == {"http://example.org/Urgent", None}
    places = {
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in one["results"]
    }
    assert places == {"my%20data/of%202026/two%20people.ttl"}
    data.write_text("x")
    run(["validate", *OPTIONS, "--format", "sarif"])
    jsonschema.validate(json.loads(capsys.readouterr().out), schema)


def test_junit_is_valid_by_its_schema(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = etree.XMLSchema(file=SCHEMAS / "JUnit.xsd")
    for content in (data.read_text(), "x"):
        data.write_text(content)
        run(["validate", *OPTIONS, "--format", "junit"])
        schema.assertValid(etree.fromstring(capsys.readouterr().out.encode()))


def test_one_run_writes_several_formats(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--format", "github", "--also", "sarif=out.sarif", "--also", "markdown=out.md"]
    assert run(["validate", *OPTIONS, *options]) == 1
    assert f"::error file={PLACE},line=4," in capsys.readouterr().out
    assert json.loads(Path("out.sarif").read_text())["version"] == "2.1.0"
    assert Path("out.md").read_text().startswith("**does not conform: 4 violations, 1 warning")


@pytest.mark.parametrize(
    "more",
    [
        ["--ontology", "data/a.ttl"],
        ["--data", "{here}/data/a.ttl"],
        ["--data", "data/../data/a.ttl"],
        ["--data", "linked/b.ttl"],
    ],
)
def test_a_file_is_read_once_however_it_is_called(
    more: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    head = "PREFIX ex: <http://example.org/>\nPREFIX sh: <http://www.w3.org/ns/shacl#>\n"
    for folder in ("data", "linked"):
        Path(folder).mkdir()
    Path("data/a.ttl").write_text(f"{head}ex:a a ex:P ; ex:addr [ ex:city 'X' ] .\n")
    Path("linked/b.ttl").symlink_to("../data/a.ttl")
    Path("shapes.ttl").write_text(
        f"{head}ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:addr ; sh:maxCount 1 ] .\n"
    )
    given = [each.format(here=tmp_path) for each in more]
    assert run(["validate", "--data", "data", "--shapes", "shapes.ttl", *given]) == 0


def test_notices_stand_on_standard_error_beside_a_turtle_report(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = Path("the rules/shapes.ttl")
    rules.write_text(rules.read_text() + "ex:PersonShape sh:minCont 1 .\n")
    run(["validate", *OPTIONS, "--format", "turtle"])
    assert "sh:minCont is not a term of SHACL" in capsys.readouterr().err


def test_a_turtle_report_of_blank_nodes_is_the_same_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    head = "@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    people = (f'[] a ex:P ; ex:n "x{n}" ; ex:m "y{n}" .\n' for n in range(300))
    Path("data.ttl").write_text(head + "".join(people))
    shape = "[ sh:path [ sh:inversePath ex:n ] ; sh:maxCount 0 ]"
    Path("shapes.ttl").write_text(
        f"{head}[] sh:targetClass ex:P ; sh:property {shape} , [ sh:path ex:n ; sh:maxLength 1 ] ,"
        " [ sh:path ex:m ; sh:nodeKind sh:IRI ; sh:minLength 9 ] .\n"
    )
    reports = set()
    for _ in range(3):
        run(["validate", "--data", "data.ttl", "--shapes", "shapes.ttl", "--format", "turtle"])
        reports.add(capsys.readouterr().out)
    (report,) = reports
    assert report.count("a sh:ValidationResult") == 900


def test_endings_in_capitals_are_read_and_a_folder_without_rdf_is_told(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data.rename(data.with_name("people.TTL"))
    assert run(["validate", "--data", "my data", "--shapes", "the rules"]) == 1
    Path("nothing").mkdir()
    assert run(["validate", "--data", "nothing", "--shapes", "the rules"]) == 2
    assert "There is no RDF in nothing." in capsys.readouterr().err
