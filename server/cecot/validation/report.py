"""What a validation found, ready to be shown in any format (SHACL 3.6: validation report)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from rdflib.paths import Path as PropertyPath
from rdflib.term import Node, URIRef

from cecot.rdf.prefixes import Prefixes
from cecot.validation.rules import Rule, Severity

AnyPath = URIRef | PropertyPath


@dataclass(frozen=True, slots=True)
class Found:
    """One breach of a rule, before it is known where it stands.

    ``rule`` is an IRI. ``node`` is what is to blame; ``path`` and ``value`` say which of its
    statements. ``words`` says what is wrong with this one, in plain language. ``message`` speaks
    for a shape that has none. ``place`` is given only where no subject of a file tells it.
    """

    rule: str
    node: Node | None = None
    path: AnyPath | None = None
    value: Node | None = None
    component: URIRef | None = None
    words: str = ""
    message: str = ""
    place: tuple[Path, int] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of a rule, and where an editor finds it: ``line`` counts from 1.

    ``message`` tells the cure, ``detail`` shows the node and the value in plain language.
    """

    rule: Rule
    message: str
    detail: str
    file: Path | None
    line: int | None
    node: Node | None
    path: AnyPath | None
    value: Node | None
    component: URIRef | None

    @property
    def severity(self) -> Severity:
        """The severity of its rule."""
        return self.rule.severity


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, sorted by file and line; ``rules`` are those that were applied.

    ``files`` and ``claims`` say how much was checked, ``seconds`` how long it took. ``elsewhere``
    counts what was left out because it stands outside the paths that were asked for.
    """

    findings: tuple[Finding, ...]
    rules: tuple[Rule, ...]
    prefixes: Prefixes
    files: int
    claims: int
    seconds: float
    elsewhere: int = 0

    def count(self, severity: Severity) -> int:
        """How many findings have ``severity``."""
        return sum(finding.severity is severity for finding in self.findings)

    def conforms(self, *, strict: bool = False) -> bool:
        """Whether nothing was found that fails; strict, warnings fail too."""
        grave = {Severity.VIOLATION, Severity.WARNING} if strict else {Severity.VIOLATION}
        return not any(finding.severity in grave for finding in self.findings)

    def within(self, paths: Iterable[Path]) -> Report:
        """The findings that stand in the files or folders ``paths`` alone (absolute paths)."""
        chosen = tuple(paths)
        kept = tuple(
            f for f in self.findings if f.file and any(f.file.is_relative_to(p) for p in chosen)
        )
        return replace(self, findings=kept, elsewhere=len(self.findings) - len(kept))


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """``findings`` without repetitions, by file, line and rule; those without a file come last."""
    once = {
        (f.rule.iri, f.node, str(f.path), f.value, f.detail, f.file, f.line): f for f in findings
    }
    return tuple(
        sorted(
            once.values(),
            key=lambda f: (f.file is None, str(f.file or ""), f.line or 0, f.rule.iri, f.detail),
        )
    )
