"""A report for a terminal: place, severity, cure, rule; then what stands there."""

from __future__ import annotations

from cecot.validation.formats.showing import Showing, summary
from cecot.validation.report import Finding, Report


def write_text(report: Report, showing: Showing) -> str:
    """Two lines for each finding, and a summary."""
    lines = [line for finding in report.findings for line in _lines(finding, report, showing)]
    return "\n".join([*lines, summary(report, showing), ""])


def _lines(finding: Finding, report: Report, showing: Showing) -> list[str]:
    place = ":".join(str(part) for part in (showing.path(finding), finding.line) if part)
    severity = showing.paint(finding.severity.value, finding.severity)
    start = f"{place}: {severity}" if place else severity
    first = f"{start}: {finding.message} ({showing.name(finding, report)})"
    return [first, f"    {finding.detail}"] if finding.detail else [first]
