"""A report as SARIF 2.1.0 (OASIS), which code scanning shows on the lines of the files."""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from cecot import __version__
from cecot.validation.formats.showing import Showing
from cecot.validation.report import Finding, Report
from cecot.validation.rules import Rule, Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def write_sarif(report: Report, showing: Showing) -> str:
    """One run: all rules, and a result for each finding."""
    places = {rule.iri: place for place, rule in enumerate(report.rules)}
    driver = {
        "name": "cecot validate",
        "version": __version__,
        "rules": [_rule(rule, report) for rule in report.rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(f, report, showing, places) for f in report.findings],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: Rule, report: Report) -> dict[str, Any]:
    return {
        "id": report.prefixes.compact(rule.iri),
        "name": rule.iri.rpartition("#")[2] or rule.iri,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.message or rule.title},
        "helpUri": rule.iri,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(
    finding: Finding, report: Report, showing: Showing, places: dict[str, int]
) -> dict[str, Any]:
    name = showing.name(finding, report)
    words = "\n".join(filter(None, (finding.message, finding.detail))) or finding.rule.title
    result: dict[str, Any] = {
        "ruleId": name,
        "level": _LEVELS[finding.severity],
        "message": {"text": words},
        "partialFingerprints": {"cecot/v1": _fingerprint(name, showing, finding)},
    }
    if finding.rule.iri in places:
        result["ruleIndex"] = places[finding.rule.iri]
    if finding.file:
        result["locations"] = [_location(finding, showing)]
    return result


def _location(finding: Finding, showing: Showing) -> dict[str, Any]:
    path = PurePath(showing.path(finding))
    artifact = {"uri": path.as_uri() if path.is_absolute() else quote(path.as_posix())}
    place: dict[str, Any] = {"artifactLocation": artifact}
    if finding.line:
        place["region"] = {"startLine": finding.line}
    return {"physicalLocation": place}


def _fingerprint(name: str, showing: Showing, finding: Finding) -> str:
    """The same as long as rule, file and statement are: a line that moves is no new finding."""
    words = "\n".join((name, showing.path(finding), finding.detail))
    return hashlib.sha256(words.encode()).hexdigest()[:32]
