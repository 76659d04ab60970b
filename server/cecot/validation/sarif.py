"""A report as SARIF 2.1.0, for code scanning; the sections are those of its specification."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from cecot import __version__
from cecot.validation.report import Finding, Notice, Report
from cecot.validation.shapes import Rule, Severity, severity_of
from cecot.validation.showing import Showing, fingerprint, worded

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

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
            {"level": "error", "message": {"text": _placeless(worded(each))}}
            for each in report.findings
        ]
    if report.notices or report.failure:
        run["invocations"] = [invocation]
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _placeless(text: str) -> str:
    """``text`` without placeholders and links, which SARIF sees in braces and brackets.

    Braces are always doubled (3.11.5). Brackets have a meaning only as ``[text](target)``, and a
    backslash before others would be shown (3.11.6).
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
    name = finding.rule.name
    result: dict[str, Any] = {
        "ruleId": name,
        "level": _LEVELS[finding.severity],
        "message": {"text": _placeless(worded(finding) or finding.rule.title)},
        "partialFingerprints": {"cecot/v2": fingerprint(finding, _root(showing.folder))},
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
