"""A report as JUnit XML, which CI systems show as tests: each rule is one, each finding fails one.

Valid by the schema of Apache Ant's reports and by Jenkins's.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from cecot.validation.formats.showing import Showing, summary
from cecot.validation.report import Finding, Report
from cecot.validation.rules import Severity

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(report: Report, showing: Showing) -> str:
    """One test suite; warnings and notes are failures only if ``strict``, else output."""
    failing = [f for f in report.findings if _fails(f, showing)]
    broken = {f.rule.owner for f in failing}
    kept = [rule for rule in report.rules if rule.owner == rule.iri and rule.iri not in broken]
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
        _case(suite, report.prefixes.compact(rule.iri), rule.title)
    for finding in failing:
        _failure(suite, finding, report, showing)
    output = [_line(f, showing) for f in report.findings if not _fails(f, showing)]
    ET.SubElement(suite, "system-out").text = "\n".join([*output, summary(report, showing)])
    ET.SubElement(suite, "system-err")
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _fails(finding: Finding, showing: Showing) -> bool:
    return finding.severity is Severity.VIOLATION or (
        showing.strict and finding.severity is Severity.WARNING
    )


def _case(suite: ET.Element, class_name: str, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=class_name, name=_clean(name), time="0")


def _failure(suite: ET.Element, finding: Finding, report: Report, showing: Showing) -> None:
    place = f"{showing.path(finding)}:{finding.line}" if finding.file else "the whole"
    case = _case(
        suite, report.prefixes.compact(finding.rule.owner), f"{finding.rule.title}, {place}"
    )
    failure = ET.SubElement(
        case, "failure", message=_clean(finding.message), type=showing.name(finding, report)
    )
    failure.text = _line(finding, showing)


def _line(finding: Finding, showing: Showing) -> str:
    place = f"{showing.path(finding)}:{finding.line}: " if finding.file else ""
    return _clean(f"{place}{finding.severity.value}: {finding.message}\n{finding.detail}".strip())


def _clean(text: str) -> str:
    """``text`` without the characters that no XML 1.0 document may hold."""
    return _NOT_XML.sub("\ufffd", text)
