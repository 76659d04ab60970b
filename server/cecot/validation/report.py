"""What a validation found, ready to be shown in any format (SHACL 1.0, 3.6: validation report)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from rdflib.term import Literal, Node, URIRef

from cecot.rdf.terms import Prefixes
from cecot.validation.shapes import AnyPath, Rule, Severity, severity_of


@dataclass(frozen=True, slots=True)
class Found:
    """One result, before it is known where it stands.

    ``shape`` is the source shape. ``focus``, ``path``, ``value``, ``component``, ``severity`` and
    ``messages`` are those of the result; ``source`` is the constraint, where that is a node of its
    own. ``words`` say what is wrong with this one, in plain language. ``place`` is given only where
    no subject of a file tells it.
    """

    shape: Node
    focus: Node | None = None
    path: AnyPath | None = None
    value: Node | None = None
    component: URIRef | None = None
    source: Node | None = None
    severity: str = ""
    messages: tuple[Literal, ...] = ()
    words: str = ""
    place: tuple[Path, int] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One result, and where an editor finds it: ``line`` counts from 1.

    ``node`` is what is to blame: the focus node, but of a rule about the whole the culprit, which
    it gives as its value. ``messages`` tell the cure, by language tag; ``detail`` shows node and
    value in plain language, ``whole`` the same with long values uncut, if there are any.
    ``kind`` is the IRI of the severity. ``constraint`` is what the shape asks for, in a word;
    ``source`` is its node, if it has one, and ``query`` what that asks. One that is not ``alone``
    reads as another does, but for the constraint.
    """

    rule: Rule
    messages: dict[str, str]
    message: str
    detail: str
    file: Path | None
    line: int | None
    component: URIRef
    kind: str
    shape: Node
    node: Node | None = None
    focus: Node | None = None
    path: AnyPath | None = None
    value: Node | None = None
    constraint: str = ""
    source: Node | None = None
    query: str = ""
    whole: str = ""
    alone: bool = True

    @property
    def origin(self) -> str:
        """The rule, and its constraint where the rest does not tell that."""
        if self.alone or not self.constraint:
            return self.rule.name
        return f"{self.rule.name}, {self.constraint}"

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return severity_of(self.kind)

    def fails(self, *, strict: bool) -> bool:
        """Whether it fails a validation; warnings do so only if that is ``strict``."""
        return self.severity is Severity.VIOLATION or (strict and self.severity is Severity.WARNING)

    @property
    def called(self) -> str:
        """The severity in words: ``violation``, or the last part of an IRI of its own."""
        return self.kind.rstrip("/#").rpartition("#")[2].rpartition("/")[2].lower() or self.kind


@dataclass(frozen=True, slots=True)
class Notice:
    """What is worth a look and no finding, such as a term in the shapes that checks nothing."""

    message: str
    file: Path | None = None
    line: int | None = None


@dataclass(frozen=True)
class Report:
    """All results, sorted by file and line; ``rules`` are those that were applied.

    ``files`` and ``claims`` say how much was checked, ``seconds`` how long it took. ``elsewhere``
    counts what was left out because it stands outside the paths that were asked for, ``known`` what
    stands in the baseline. ``notices`` are about the shapes, and fail nothing. ``first`` is the
    first file that was checked. ``failure`` says that nothing was checked, and that the results
    tell why.
    """

    results: tuple[Finding, ...]
    rules: tuple[Rule, ...]
    prefixes: Prefixes
    files: int
    claims: int
    seconds: float
    elsewhere: int = 0
    known: int = 0
    notices: tuple[Notice, ...] = ()
    first: Path | None = None
    failure: bool = False

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The results, each once: SHACL tells one of a node for each way that leads to it."""
        once = {
            (*_read(f), f.component, f.source, f.kind, f.focus, f.node, str(f.path), f.value): f
            for f in self.results
        }
        alike = Counter(map(_read, once.values()))
        return tuple(replace(f, alone=alike[_read(f)] == 1) for f in once.values())

    def count(self, severity: Severity) -> int:
        """How many findings have ``severity``."""
        return sum(finding.severity is severity for finding in self.findings)

    def conforms(self, *, strict: bool = False) -> bool:
        """Whether nothing was found that fails; strict, warnings fail too."""
        return not any(finding.fails(strict=strict) for finding in self.findings)

    def within(self, paths: Iterable[Path]) -> Report:
        """The findings that stand in the files or folders ``paths`` alone (absolute paths)."""
        chosen = tuple(paths)
        kept = tuple(
            f for f in self.results if f.file and any(f.file.is_relative_to(p) for p in chosen)
        )
        shown = replace(self, results=kept)
        return replace(shown, elsewhere=len(self.findings) - len(shown.findings))


def _read(finding: Finding) -> tuple[object, ...]:
    """What a reader sees of it."""
    messages = tuple(finding.messages.items())
    return finding.rule.name, messages, finding.message, finding.detail, finding.file, finding.line


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """``findings`` by file, line and rule; those without a file come last."""
    return tuple(
        sorted(
            findings,
            key=lambda f: (
                f.file is None,
                str(f.file or ""),
                f.line or 0,
                f.rule.name,
                f.detail,
                f.constraint,
            ),
        )
    )
