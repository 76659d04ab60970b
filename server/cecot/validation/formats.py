"""The formats of a report: text, JSON, Turtle, GitHub commands, JUnit XML and SARIF.

JSON is for programs. Turtle is a SHACL validation report (SHACL 1.0, 3.6). GitHub shows workflow
commands on the lines of a change, CI systems show JUnit XML as tests, code scanning SARIF 2.1.0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.extras.shacl import build_shacl_path
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from cecot import __version__
from cecot.messages import escaped
from cecot.rdf.writing import write_turtle
from cecot.validation.report import (
    Finding,
    Notice,
    Report,
    Showing,
    fingerprint,
    fingerprint_of_prefixes,
)
from cecot.validation.shapes import Rule, Severity, severity_of, written
from cecot.validation.terms import from_rdflib


def summary(report: Report, showing: Showing) -> str:
    """One line: whether the graph conforms, and how much was checked."""
    rules = sum(rule.owner == rule.name for rule in report.rules)
    parts = [_counted(report.files, "file"), _counted(report.claims, "claim")]
    parts = [*parts[: 2 if report.claims else 1], _counted(rules, "rule")]
    checked = f"{', '.join(parts)}, {report.seconds:.1f} s"
    if report.known:
        checked += f"; {_counted(report.known, 'finding')} of the baseline left out"
    found = [_counted(report.count(severity), severity.value) for severity in Severity]
    told = ", ".join(words for words in found if not words.startswith("0 "))
    if report.notices:
        checked += f"; {_counted(len(report.notices), 'notice')}"
    if report.elsewhere:
        checked += f"; {_counted(report.elsewhere, 'finding')} outside the paths given"
    if report.conforms(strict=showing.strict):
        return f"conforms{f', with {told}' if told else ''} ({checked})"
    return f"does not conform: {told} ({checked})"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def tell_notices(report: Report, showing: Showing) -> list[str]:
    """A line for each notice, with its place."""
    return [showing.placed(each, f"notice: {escaped(each.message)}") for each in report.notices]


def write_text(report: Report, showing: Showing) -> str:
    """Two lines for each finding, and a summary."""
    lines = [line for finding in report.findings for line in _lines(finding, showing)]
    return "\n".join([*lines, summary(report, showing), ""])


def _lines(finding: Finding, showing: Showing) -> list[str]:
    start = showing.placed(finding, showing.paint(finding.called, finding.severity))
    first = f"{start}: {_on_one_line(finding.message)} ({finding.origin})"
    return [first, f"    {escaped(finding.detail)}"] if finding.detail else [first]


def _on_one_line(text: str) -> str:
    """``text`` that begins no line and moves no cursor: a message may hold a value of the data."""
    return escaped(" ".join(text.split()))


def write_json(report: Report, showing: Showing) -> str:
    """Whether the graph conforms, how much was checked, and all findings."""
    content = {
        "conforms": report.conforms(strict=showing.strict),
        "violations": report.count(Severity.VIOLATION),
        "warnings": report.count(Severity.WARNING),
        "infos": report.count(Severity.INFO),
        "checked": {
            "files": report.files,
            "claims": report.claims,
            "rules": sum(rule.owner == rule.name for rule in report.rules),
        },
        "findings": [_object(finding, showing) for finding in _named(report.findings)],
        "notices": [
            {"file": showing.path(each) or None, "line": each.line, "message": each.message}
            for each in report.notices
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _object(finding: Finding, showing: Showing) -> dict[str, Any]:
    return {
        "file": showing.path(finding) or None,
        "line": finding.line,
        "severity": finding.called,
        "level": finding.severity.value,
        "shape": finding.rule.iri or None,
        "name": finding.rule.name,
        "rule": dict(finding.rule.names),
        "component": str(finding.component),
        "constraint": finding.constraint,
        "message": finding.messages,
        "detail": finding.detail,
        "node": _term(finding.node),
        "path": _path(finding),
        "value": _term(finding.value),
        "focus": _term(finding.focus),
    }


def _path(finding: Finding) -> str | None:
    path = finding.path
    if path is None:
        return None
    return str(path) if isinstance(path, Node) else written(path)


def _term(term: Node | None) -> str | None:
    if term is None:
        return None
    return term.n3() if isinstance(term, Literal | BNode) else str(term)


def write_report_graph(report: Report, showing: Showing) -> str:
    """One ``sh:ValidationReport``; ``sh:conforms`` is as SHACL has it: no result at all."""
    graph = Graph(bind_namespaces="none")
    top = BNode()
    graph.add((top, RDF.type, SH.ValidationReport))
    graph.add((top, SH.conforms, Literal(not report.results)))
    for finding in _named(report.results):
        graph.add((top, SH.result, _result(graph, finding, showing)))
    terms: Iterator[list[Any]] = (list(map(from_rdflib, triple)) for triple in graph)
    return write_turtle((ox.Triple(*each) for each in terms), report.prefixes, named=True)


_PARTS = ("shape", "node", "focus", "value", "source")


def _named(findings: Iterable[Finding]) -> Iterator[Finding]:
    """``findings``, whose blank nodes are numbered as they come: each may stand in several."""
    names: dict[Node, BNode] = {}
    for each in findings:
        parts = {part: getattr(each, part) for part in _PARTS}
        blank: dict[str, Any] = {
            part: names.setdefault(node, BNode(f"b{len(names)}"))
            for part, node in parts.items()
            if isinstance(node, BNode)
        }
        yield replace(each, **blank) if blank else each


def _result(graph: Graph, finding: Finding, showing: Showing) -> BNode:
    result = BNode()
    graph.add((result, RDF.type, SH.ValidationResult))
    graph.add((result, SH.sourceShape, finding.shape))
    graph.add((result, SH.resultSeverity, URIRef(finding.kind)))
    graph.add((result, SH.sourceConstraintComponent, finding.component))
    if finding.source is not None:
        graph.add((result, SH.sourceConstraint, finding.source))
    if isinstance(finding.shape, BNode):
        graph.add((finding.shape, RDFS.label, Literal(finding.rule.name)))
    if finding.focus is not None:
        graph.add((result, SH.focusNode, finding.focus))
    if finding.value is not None:
        graph.add((result, SH.value, finding.value))
    if finding.path is not None:
        graph.add((result, SH.resultPath, build_shacl_path(finding.path, graph)[0]))
    for language, message in finding.messages.items():
        graph.add((result, SH.resultMessage, Literal(message, lang=language or None)))
    if finding.detail:
        graph.add((result, RDFS.comment, Literal(showing.placed(finding, finding.detail))))
    return result


_COMMANDS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write_github(report: Report, showing: Showing) -> str:
    """One command for each finding and notice, and the summary as plain text."""
    lines = [
        _command(_COMMANDS[each.severity], each, _title(each), each.worded, showing)
        for each in report.findings
    ]
    lines += [_command("warning", each, "SHACL", each.message, showing) for each in report.notices]
    return "\n".join([*lines, summary(report, showing), ""])


def _command(name: str, told: Finding | Notice, title: str, words: str, showing: Showing) -> str:
    properties = {"file": showing.path(told), "line": str(told.line or ""), "title": title}
    place = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{name} {place}::{_data(words)}"


def _title(finding: Finding) -> str:
    title = finding.rule.title
    told = title in (finding.rule.name, finding.message.rstrip("."))
    return finding.origin if told else f"{title} ({finding.origin})"


def _data(text: str) -> str:
    return escaped(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(report: Report, showing: Showing) -> str:
    """One test suite; warnings and notes are failures only if ``strict``, else output."""
    failing = [f for f in report.findings if f.fails(strict=showing.strict)]
    broken = {f.rule.owner for f in failing}
    kept = [rule for rule in report.rules if rule.owner == rule.name and rule.name not in broken]
    suite = ET.Element(
        "testsuite",
        name="cecot validate",
        package="cecot",
        id="0",
        timestamp=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        hostname="localhost",
        tests=str(len(kept) + len(failing)),
        failures=str(len(failing)),
        errors="0",
        time=f"{report.seconds:.3f}",
    )
    properties = ET.SubElement(suite, "properties")
    ET.SubElement(properties, "property", name="files", value=str(report.files))
    ET.SubElement(properties, "property", name="claims", value=str(report.claims))
    for rule in kept:
        _case(suite, rule.name, rule.title)
    for finding in failing:
        place = showing.place(finding) or "the whole"
        case = _case(suite, finding.rule.owner, f"{finding.rule.title}, {place}")
        failure = ET.SubElement(case, "failure", type=finding.origin)
        failure.set("message", _clean(finding.message))
        failure.text = _line(finding, showing)
    output = [
        _line(each, showing) for each in report.findings if not each.fails(strict=showing.strict)
    ]
    ET.SubElement(suite, "system-out").text = "\n".join([*output, summary(report, showing)])
    ET.SubElement(suite, "system-err").text = "\n".join(tell_notices(report, showing)) or None
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ET.Element, class_name: str, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=class_name, name=_clean(name), time="0")


def _line(finding: Finding, showing: Showing) -> str:
    words = f"{finding.called}: {finding.message}\n{finding.detail}".strip()
    return _clean(showing.placed(finding, words))


def _clean(text: str) -> str:
    """``text`` without the characters that no XML 1.0 document may hold."""
    return _NOT_XML.sub("\ufffd", text)


_MOST_ROWS = 50


def write_markdown(report: Report, showing: Showing) -> str:
    """A table for the summary of a job; of many findings the first fifty."""
    lines = [f"**{_cell(summary(report, showing))}**", ""]
    shown = report.findings[:_MOST_ROWS]
    if shown:
        lines += ["| where | how grave | what to do | what was found |", "|---|---|---|---|"]
    for each in shown:
        cure = f"{each.message} ({each.origin})"
        cells = map(_cell, (showing.place(each), each.called, cure, each.detail))
        lines.append(f"| {' | '.join(cells)} |")
    more = len(report.findings) - len(shown)
    lines += [f"\nand {more:,} more"] if more else []
    lines += ["", *(f"- {_cell(each)}" for each in tell_notices(report, showing))]
    return "\n".join(lines).rstrip() + "\n"


def _cell(text: str) -> str:
    return re.sub(r"([\\`*_<>\[\]|])", r"\\\1", _on_one_line(text))


_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def write_sarif(report: Report, showing: Showing) -> str:
    """One run: all rules, and a result for each finding."""
    places = {rule.name: place for place, rule in enumerate(report.rules)}
    driver = {
        "name": "cecot validate",
        "version": __version__,
        "rules": [_sarif_rule(rule) for rule in report.rules],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _sarif_result(each, report, showing, places)
            for each in report.findings
            if each.file or report.first
        ],
    }
    invocation: dict[str, Any] = {"executionSuccessful": not report.failure}
    if report.notices:
        told = [_notification(each, showing) for each in report.notices]
        invocation["toolConfigurationNotifications"] = told
    if report.failure:  # GitHub shows results alone: what has a place is one as well
        invocation["toolExecutionNotifications"] = [
            {"level": "error", "message": {"text": _placeless(each.worded)}}
            for each in report.findings
        ]
    if report.notices or report.failure:
        run["invocations"] = [invocation]
    log = {"$schema": _SARIF, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _placeless(text: str) -> str:
    """``text`` without placeholders and links, which SARIF sees in braces and brackets.

    Braces are always doubled (SARIF 2.1.0, 3.11.5). Brackets have a meaning only as
    ``[text](target)``, and a backslash before others would be shown (3.11.6).
    """
    text = text.replace("{", "{{").replace("}", "}}")
    return re.sub(r"\[([^\[\]]*)\](?=\()", r"\\[\1\\]", text)


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": rule.name,
        "name": rule.iri.rpartition("#")[2].rpartition("/")[2] or rule.name,
        "shortDescription": {"text": _placeless(rule.title)},
        "fullDescription": {"text": _placeless(rule.message or rule.title)},
        "defaultConfiguration": {"level": _LEVELS[severity_of(rule.severity)]},
    }
    if rule.iri.startswith(("http://", "https://")):
        told["helpUri"] = rule.iri
    return told


def _root(folder: Path) -> Path:
    """The folder of the git repository that ``folder`` is in; else ``folder``."""
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)


def _sarif_result(
    finding: Finding, report: Report, showing: Showing, places: dict[str, int]
) -> dict[str, Any]:
    name, root = finding.rule.name, _root(showing.folder)
    result: dict[str, Any] = {
        "ruleId": name,
        "level": _LEVELS[finding.severity],
        "message": {"text": _placeless(finding.worded or finding.rule.title)},
        "partialFingerprints": {
            "cecot/v2": fingerprint_of_prefixes(finding, root),
            "cecot/v3": fingerprint(finding, root),
        },
    }
    told = {"constraint": finding.constraint} if finding.constraint else {}
    if finding.called != finding.severity.value:
        told["severity"] = finding.kind
    if told:
        result["properties"] = told
    if finding.rule.name in places:
        result["ruleIndex"] = places[finding.rule.name]
    placed = finding
    if not finding.file:  # GitHub refuses a file with a result that has no place.
        placed = replace(finding, file=report.first, line=1)
        result["message"]["text"] += "\nIt has no place of its own: it is shown at the first file."
    result["locations"] = [_location(placed, showing)]
    return result


def _notification(notice: Notice, showing: Showing) -> dict[str, Any]:
    told: dict[str, Any] = {"level": "warning", "message": {"text": _placeless(notice.message)}}
    if notice.file:
        told["locations"] = [_location(notice, showing)]
    return told


def _location(finding: Finding | Notice, showing: Showing) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": showing.uri(finding)}}
    if finding.line:
        place["region"] = {"startLine": finding.line}
    return {"physicalLocation": place}


Writer = Callable[[Report, Showing], str]

FORMATS: dict[str, Writer] = {
    "github": write_github,
    "json": write_json,
    "junit": write_junit,
    "markdown": write_markdown,
    "sarif": write_sarif,
    "text": write_text,
    "turtle": write_report_graph,
}
"""The formats of a report by name; each ends in a line end."""
