"""A report as GitHub's workflow commands, which show each finding on its line of a change."""

from __future__ import annotations

from cecot.validation.formats.showing import Showing, summary
from cecot.validation.report import Finding, Report
from cecot.validation.rules import Severity

_COMMANDS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write_github(report: Report, showing: Showing) -> str:
    """One command for each finding, and the summary as plain text."""
    lines = [_command(finding, report, showing) for finding in report.findings]
    return "\n".join([*lines, summary(report, showing), ""])


def _command(finding: Finding, report: Report, showing: Showing) -> str:
    properties = {
        "file": showing.path(finding),
        "line": str(finding.line or ""),
        "title": f"{finding.rule.title} ({showing.name(finding, report)})",
    }
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    words = "\n".join(filter(None, (finding.message, finding.detail)))
    return f"::{_COMMANDS[finding.severity]} {told}::{_data(words)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
