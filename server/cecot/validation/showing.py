"""What all formats of a report share: where a finding is, by which words, and how it is known."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePath
from urllib.parse import quote

from rdflib import URIRef

from cecot.messages import escaped
from cecot.validation.report import Finding, Notice
from cecot.validation.shapes import Severity

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


def worded(finding: Finding) -> str:
    """Its message, and below it what was found."""
    return "\n".join(filter(None, (finding.message, finding.detail)))


def fingerprint(finding: Finding, root: Path) -> str:
    """The same as long as constraint, file and statement are: a line that moves is nothing new."""
    source = str(finding.source) if isinstance(finding.source, URIRef) else finding.query
    parts = (finding.rule.name, finding.component, source, path_from(root, finding))
    text = "\n".join((*parts, finding.whole or finding.detail))
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
