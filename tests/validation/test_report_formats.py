from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from rdflib import Graph
from rdflib.namespace import RDF, RDFS, SH

from cecot.validation import Report, Severity
from cecot.validation.formats import FORMATS
from cecot.validation.report import Showing
from cecot.vocabulary import LANGUAGES

MESSAGE = (
    "Only these UN/CEFACT codes are verified: MTR metre, CMT centimetre, MTK square metre, FOT "
    "foot, INH inch, VLT volt, C62 one. For any other unit write schema:unitText."
)


@pytest.fixture
def line(spoil: Callable[[str, str], int]) -> int:
    """The line of the only mistake."""
    return spoil('    schema:unitCode "MTK" ;', '    schema:unitCode "F,T:%" ;')


@pytest.fixture
def report(line: int, check: Callable[..., Report]) -> Report:
    return check()


def test_text_tells_place_severity_cure_and_rule(report: Report, small: Path, line: int) -> None:
    first, second, last = FORMATS["text"](report, Showing(small)).splitlines()
    assert first == f"graph/base.ttl:{line}: violation: {MESSAGE} (shapes:QuantityUnitCode)"
    assert second == '    id:text-01-0-6-m schema:unitCode "F,T:%"'
    assert last.startswith("does not conform: 1 violation (")


def test_text_paints_the_severity_alone(report: Report, small: Path) -> None:
    showing = Showing(small, paint=lambda text, severity: f"<{text}>")
    assert ": <violation>: Only" in FORMATS["text"](report, showing)


def test_a_file_elsewhere_is_told_by_its_whole_path(report: Report, small: Path) -> None:
    text = FORMATS["text"](report, Showing(small / "shapes"))
    assert text.startswith(str(small / "graph" / "base.ttl"))


def test_a_graph_that_conforms_has_a_summary_only(
    small: Path, check: Callable[..., Report]
) -> None:
    assert FORMATS["text"](check(), Showing(small)).startswith("conforms (")


def test_json_holds_everything_by_name(report: Report, small: Path, line: int) -> None:
    content = json.loads(FORMATS["json"](report, Showing(small)))
    assert content["conforms"] is False
    assert content["violations"] == 1
    (finding,) = content["findings"]
    assert finding == {
        "file": "graph/base.ttl",
        "line": line,
        "severity": "violation",
        "level": "violation",
        "shape": "https://w3id.org/cecot/shapes#QuantityUnitCode",
        "name": "shapes:QuantityUnitCode",
        "rule": finding["rule"],
        "component": "http://www.w3.org/ns/shacl#InConstraintComponent",
        "constraint": "sh:in",
        "message": finding["message"],
        "detail": 'id:text-01-0-6-m schema:unitCode "F,T:%"',
        "node": "https://w3id.org/cecot/id/text-01-0-6-m",
        "path": "https://schema.org/unitCode",
        "value": '"F,T:%"',
        "focus": "https://w3id.org/cecot/id/text-01-0-6-m",
    }
    assert finding["rule"].keys() & finding["message"].keys() >= {*LANGUAGES}


def test_github_commands_are_escaped(report: Report, small: Path, line: int) -> None:
    command = FORMATS["github"](report, Showing(small)).splitlines()[0]
    assert command.startswith(
        f"::error file=graph/base.ttl,line={line},title=A quantity is as the text writes it%3A its "
        "unit code (shapes%3AQuantityUnitCode)::"
    )
    assert command.endswith('%0Aid:text-01-0-6-m schema:unitCode "F,T:%25"')


def test_turtle_is_a_shacl_validation_report(report: Report, small: Path) -> None:
    graph = Graph().parse(data=FORMATS["turtle"](report, Showing(small)), format="turtle")
    (top,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(top, SH.conforms).toPython() is False
    (result,) = graph.objects(top, SH.result)
    for required in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape):
        assert len(list(graph.objects(result, required))) == 1
    assert {m.language for m in graph.objects(result, SH.resultMessage)} >= {*LANGUAGES}
    assert "base.ttl" in graph.value(result, RDFS.comment)


def test_turtle_writes_a_path_of_two_properties(
    small: Path, spoil: Callable[[str, str], int], check: Callable[..., Report]
) -> None:
    spoil("    schema:value 0.6 ;", '    schema:value "0.6" ;')
    graph = Graph().parse(data=FORMATS["turtle"](check(), Showing(small)), format="turtle")
    paths = list(graph.objects(None, SH.resultPath))
    assert any(list(graph.objects(path, SH.alternativePath)) for path in paths)


def test_turtle_of_a_graph_that_conforms_conforms(
    small: Path, check: Callable[..., Report]
) -> None:
    graph = Graph().parse(data=FORMATS["turtle"](check(), Showing(small)), format="turtle")
    assert [value.toPython() for value in graph.objects(None, SH.conforms)] == [True]


def test_every_rule_is_a_junit_test_and_every_finding_a_failure(
    report: Report, small: Path, line: int
) -> None:
    root = ET.fromstring(FORMATS["junit"](report, Showing(small)).encode())
    (suite,) = root
    assert [child.tag for child in suite if child.tag != "testcase"] == [
        "properties",
        "system-out",
        "system-err",
    ]
    cases = suite.findall("testcase")
    failed = [case for case in cases if case.find("failure") is not None]
    assert len(cases) == int(suite.attrib["tests"]) == sum(r.owner == r.name for r in report.rules)
    assert len(failed) == int(suite.attrib["failures"]) == 1
    assert failed[0].attrib["name"].endswith(f"graph/base.ttl:{line}")
    assert failed[0].attrib["classname"] == "shapes:Quantity"
    needed = {
        "name",
        "package",
        "id",
        "timestamp",
        "hostname",
        "tests",
        "failures",
        "errors",
        "time",
    }
    assert needed <= suite.attrib.keys()


def test_junit_holds_no_character_that_xml_forbids(
    small: Path, spoil: Callable[[str, str], int], check: Callable[..., Report]
) -> None:
    spoil('    skos:prefLabel "Town"@en ;', '    skos:prefLabel "T\\u0001\\uFFFEown"@xx ;')
    assert ET.fromstring(FORMATS["junit"](check(), Showing(small)).encode()) is not None


def test_sarif_names_each_rule_and_each_line(report: Report, small: Path, line: int) -> None:
    log: dict[str, Any] = json.loads(FORMATS["sarif"](report, Showing(small)))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules) == len(report.rules)
    (result,) = run["results"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "shapes:QuantityUnitCode"
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "graph/base.ttl"},
        "region": {"startLine": line},
    }


def test_a_finding_keeps_its_fingerprint_when_its_line_moves(
    report: Report, small: Path, spoil: Callable[[str, str], int], check: Callable[..., Report]
) -> None:
    def fingerprints(one: Report) -> list[str]:
        results = json.loads(FORMATS["sarif"](one, Showing(small)))["runs"][0]["results"]
        return [result["partialFingerprints"]["cecot/v2"] for result in results]

    before = fingerprints(report)
    spoil("# A small world", "#\n# A small world")
    assert fingerprints(check()) == before


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format_ends_in_one_line_end(form: str, report: Report, small: Path) -> None:
    text = FORMATS[form](report, Showing(small))
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_what_stands_outside_the_paths_is_counted_only(report: Report, small: Path) -> None:
    inside = report.within([small / "shapes"])
    assert not inside.findings
    assert inside.conforms(strict=True)
    text = FORMATS["text"](inside, Showing(small))
    assert "1 finding outside the paths given" in text
    assert report.within([small / "graph"]).count(Severity.VIOLATION) == 1
