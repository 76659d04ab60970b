"""A report as one JSON object, for programs."""

from __future__ import annotations

import json
from typing import Any

from rdflib.term import Literal, Node

from cecot.validation.formats.showing import Showing
from cecot.validation.report import Finding, Report
from cecot.validation.rules import Severity


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
            "rules": sum(rule.owner == rule.iri for rule in report.rules),
        },
        "findings": [_object(finding, showing) for finding in report.findings],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _object(finding: Finding, showing: Showing) -> dict[str, Any]:
    return {
        "file": showing.path(finding) or None,
        "line": finding.line,
        "severity": finding.severity.value,
        "shape": finding.rule.iri,
        "rule": dict(finding.rule.names),
        "message": dict(finding.rule.messages) or {"": finding.message},
        "detail": finding.detail,
        "node": None if finding.node is None else _term(finding.node),
        "path": None if finding.path is None else _path(finding),
        "value": None if finding.value is None else _term(finding.value),
    }


def _path(finding: Finding) -> str:
    path = finding.path
    return str(path) if isinstance(path, Node) or path is None else path.n3()


def _term(term: Node) -> str:
    return term.n3() if isinstance(term, Literal) else str(term)
