"""How a report is shown: from which folder, how strictly, with which colours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cecot.validation.report import Finding, Report
from cecot.validation.rules import Severity

Paint = Callable[[str, Severity], str]


def _plain(text: str, _: Severity) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Showing:
    """``folder`` is where paths begin; ``strict`` makes warnings fail; ``paint`` colours words."""

    folder: Path
    strict: bool = False
    paint: Paint = field(default=_plain)

    def path(self, finding: Finding) -> str:
        """The finding's file as one types it in ``folder``; empty if it is in none."""
        file = finding.file
        if file is None:
            return ""
        return str(file.relative_to(self.folder)) if file.is_relative_to(self.folder) else str(file)

    def name(self, finding: Finding, report: Report) -> str:
        """The finding's rule with its prefix: ``shapes:BackedFacts``."""
        return report.prefixes.compact(finding.rule.iri)


def summary(report: Report, showing: Showing) -> str:
    """One line: whether the graph conforms, and how much was checked."""
    rules = sum(rule.owner == rule.iri for rule in report.rules)
    checked = (
        f"{_counted(report.files, 'file')}, {_counted(report.claims, 'claim')}, "
        f"{_counted(rules, 'rule')}, {report.seconds:.1f} s"
    )
    found = [_counted(report.count(severity), severity.value) for severity in Severity]
    told = ", ".join(words for words in found if not words.startswith("0 "))
    if report.elsewhere:
        checked += f"; {_counted(report.elsewhere, 'finding')} outside the paths given"
    if report.conforms(strict=showing.strict):
        return f"conforms{f', with {told}' if told else ''} ({checked})"
    return f"does not conform: {told} ({checked})"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
