"""What a validation found, where it is, and how it is known again (SHACL 1.0, 3.6)."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path, PurePath
from urllib.parse import quote

from rdflib.term import BNode, Literal, Node, URIRef

from cecot.messages import escaped
from cecot.rdf.terms import Prefixes
from cecot.validation.shapes import AnyPath, Rule, Severity, preferred, severity_of, written


@dataclass(frozen=True, slots=True)
class Found:
    """One result, before it is known where it stands.

    ``shape`` is the source shape. ``focus``, ``path``, ``value``, ``component``, ``severity`` and
    ``messages`` are those of the result; ``source`` is the constraint, where that is a node of its
    own. ``words`` say what is wrong with this one, in plain language. ``place`` is given only where
    no subject of a file tells it, ``subject`` only where it is not the focus that has the value.
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
    subject: Node | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One result, and where an editor finds it: ``line`` counts from 1.

    ``node`` is what is to blame: the focus node, but of a rule about the whole the culprit, which
    it gives as its value, and of sh:closed below a path the node that has the triple. ``messages``
    tell the cure, by language tag; ``detail`` shows node and value in plain language, ``whole`` the
    same with long values uncut, if there are any. ``kind`` is the IRI of the severity.
    ``constraint`` is what the shape asks for, in a word; ``source`` is its node, if it has one, and
    ``query`` what that asks. ``words`` are those of the check, ``at`` tells apart nodes without a
    name on one line. One that is not ``alone`` reads as another does, but for the constraint.
    """

    rule: Rule
    messages: dict[str, str]
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
    words: str = ""
    at: str = ""
    alone: bool = True

    @property
    def origin(self) -> str:
        """The rule, and its constraint where the rest does not tell that."""
        if self.alone or not self.constraint:
            return self.rule.name
        return f"{self.rule.name}, {self.constraint}"

    @property
    def message(self) -> str:
        """The message in English, else in no language, else in any."""
        return preferred(self.messages)

    @property
    def worded(self) -> str:
        """Its message, and below it what was found."""
        return "\n".join(filter(None, (self.message, self.detail)))

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
    return finding.rule.name, messages, finding.detail, finding.file, finding.line


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """``findings`` by file, line and rule; those without a file come last.

    The same ones always come in the same order, though blank nodes have another name each time.
    """
    ranks: dict[Node, int] = {}
    known = sorted(findings, key=_order)
    for each in known:
        for node in (each.node, each.focus, each.value):
            if isinstance(node, BNode):
                ranks.setdefault(node, len(ranks))

    def rank(node: Node | None) -> int:
        return -1 if node is None else ranks.get(node, -1)

    return tuple(
        sorted(known, key=lambda f: (_order(f), rank(f.node), rank(f.focus), rank(f.value)))
    )


def _order(finding: Finding) -> tuple[object, ...]:
    file, line = finding.file, finding.line
    told = finding.rule.name, finding.detail, finding.constraint
    return file is None, str(file or ""), line or 0, *told, finding.at


Paint = Callable[[str, Severity], str]


def _plain(text: str, _: Severity) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Showing:
    """``folder`` is where paths begin; ``strict`` makes warnings fail; ``paint`` colours words."""

    folder: Path
    strict: bool = False
    paint: Paint = field(default=_plain)

    def path(self, told: Finding | Notice) -> str:
        """The file of what is told as one types it in ``folder``; empty if it is in none."""
        # A name that is not UTF-8 is told with its bytes as escapes.
        return str(self._path(told)).encode(errors="backslashreplace").decode() if told.file else ""

    def uri(self, told: Finding | Notice) -> str:
        """The same as a reference that names the very bytes of the file."""
        path = self._path(told)
        return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))

    def _path(self, told: Finding | Notice) -> Path:
        file = told.file or self.folder
        return file.relative_to(self.folder) if file.is_relative_to(self.folder) else file

    def place(self, told: Finding | Notice) -> str:
        """Its file and line, as far as they are known: ``file:line``."""
        return ":".join(str(part) for part in (self.path(told), told.line) if part)

    def placed(self, told: Finding | Notice, words: str) -> str:
        """``words`` behind its place, if it has one."""
        place = escaped(self.place(told))
        return f"{place}: {words}" if place else words


def fingerprint(finding: Finding, root: Path) -> str:
    """The same as long as constraint, file and statement are: a line that moves is nothing new.

    Nor is a prefix that is called otherwise.
    """
    terms = ("" if each is None else _fixed(each) for each in (finding.node, finding.value))
    path = "" if finding.path is None else written(finding.path)
    rule = finding.rule.whole or finding.rule.name
    return _digest(finding, root, rule, path, *terms, finding.words)


def fingerprint_of_prefixes(finding: Finding, root: Path) -> str:
    """As baselines of the second version have it: by the words that people read."""
    return _digest(finding, root, finding.rule.name, finding.whole or finding.detail)


def _fixed(node: Node) -> str:
    return "a blank node" if isinstance(node, BNode) else node.n3()


def _digest(finding: Finding, root: Path, rule: str, *said: str) -> str:
    source = str(finding.source) if isinstance(finding.source, URIRef) else finding.query
    text = "\n".join((rule, finding.component, source, path_from(root, finding), *said))
    for folder in {root.absolute().as_uri(), Path(_real(root)).as_uri()}:  # of relative IRIs
        text = text.replace(f"{folder.rstrip('/')}/", "")
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:32]


@lru_cache(1000)
def _real(path: Path) -> str:
    return os.path.realpath(path)


def path_from(root: Path, finding: Finding) -> str:
    """The file of ``finding`` as it is called from ``root``, wherever one stands."""
    file = finding.file
    return "" if file is None else PurePath(os.path.relpath(_real(file), _real(root))).as_posix()
