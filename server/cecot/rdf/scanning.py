"""Where statements and comments of a Turtle text stand (Turtle 1.2, 6.5, and TriG: the grammars).

Parsers of RDF keep no positions. This one reads tokens only, of text that a parser has accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

# Possessive quantifiers keep the scan linear. Strings and comments come before all else, so that
# nothing in them is taken for syntax; `.` belongs to a word only where a word goes on behind it.
_TOKEN = re.compile(
    r'''(?P<space>[ \t\r\n]++)
      | (?P<comment>\#[^\r\n]*+)
      | (?P<string>"""(?:[^"\\]++|\\.|"(?:"(?!")|(?!")))*+"""
          | \'\'\'(?:[^'\\]++|\\.|'(?:'(?!')|(?!')))*+\'\'\'
          | "(?:[^"\\\r\n]++|\\.)*+"
          | '(?:[^'\\\r\n]++|\\.)*+')
      | (?P<iri><(?:[^\x00-\x20<>"{}|^`\\]++|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)
      | (?P<word>(?:[^\s;,.\[\](){}<>"'\#^\\|]++|\\.|\.++(?=[^\s;,\[\](){}<>"'\#^.|]))++)
      | (?P<mark>.)''',
    re.VERBOSE | re.DOTALL,
)
_UCHAR = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LOCAL_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments of one Turtle text; lines and columns from 1.

    ``header`` is the comment block before everything else, without its last line end;
    ``others`` holds line and column of each comment after the header.
    """

    header: str
    others: list[tuple[int, int]]


def comments(text: str) -> Comments:
    """Find the comments of ``text``, which must be valid Turtle or N-Triples."""
    first = next(
        (m for m in _TOKEN.finditer(text) if m.lastgroup not in ("space", "comment")), None
    )
    end = first.start() if first else len(text)
    header = "\n".join(line.strip() for line in text[:end].strip().splitlines())
    return Comments(header, list(_others(text, end)))


def _others(text: str, start: int) -> Iterator[tuple[int, int]]:
    if text.find("#", start) < 0:
        return
    for match in _TOKEN.finditer(text, start):
        if match.lastgroup == "comment":
            at = match.start()
            yield text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def subjects(text: str) -> Iterator[tuple[str, int]]:
    """The IRI and the line (from 1) of the subject of each statement in ``text``, in order.

    ``text`` must be valid Turtle, TriG, N-Triples or N-Quads. Statements about blank nodes are left
    out; the name of a graph counts as a subject.
    """
    names = _Names()
    line, seen = 1, 0
    for match, starting in _statements(text, names):
        if starting:
            iri = names.resolve(match.group(), match.lastgroup)
            if iri is not None:
                line, seen = line + text.count("\n", seen, match.start()), match.start()
                yield iri, line


def named(text: str, beginnings: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Each IRI that begins so and that a statement of ``text`` names, with its line (from 1)."""
    names = _Names()
    line, seen = 1, 0
    for match, _ in _statements(text, names):
        if match.lastgroup in ("iri", "word"):
            iri = names.resolve(match.group(), match.lastgroup)
            if iri is not None and iri.startswith(beginnings):
                line, seen = line + text.count("\n", seen, match.start()), match.start()
                yield iri, line


def brackets(text: str) -> Iterator[tuple[int, int]]:
    """The lines (from 0) on which ``[`` and its ``]`` stand, of each pair in ``text``."""
    opened: list[int] = []
    line, seen = 0, 0
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "mark" and match.group() in "[]":
            line, seen = line + text.count("\n", seen, match.start()), match.start()
            if match.group() == "[":
                opened.append(line)
            elif opened:
                yield opened.pop(), line


def _statements(text: str, names: _Names) -> Iterator[tuple[re.Match[str], bool]]:
    """The tokens of all statements, and whether one begins with it; directives go to ``names``."""
    depth, starting = 0, True
    directive: list[str] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind in ("space", "comment"):
            continue
        word = match.group()
        if directive:
            directive.append(word)
            if names.declare(directive):
                starting, directive = not directive[0].startswith("@"), []
            continue
        if starting and kind == "word" and word.lower().lstrip("@") in _Names.DIRECTIVES:
            directive, starting = [word], False
            continue
        yield match, starting
        starting = False
        if kind == "mark":
            if word in "[(":
                depth += 1
            elif word in "])":
                depth -= 1
            elif word in ".{}" and depth == 0:
                # Braces hold the graphs of TriG.
                starting = True


class _Names:
    """The prefixes and the base that hold at one place of a text."""

    DIRECTIVES = ("prefix", "base", "version")

    def __init__(self) -> None:
        self.base = ""
        self.prefixes: dict[str, str] = {}

    def declare(self, directive: list[str]) -> bool:
        """Take the tokens of a directive; False while it is not whole."""
        name = directive[0].lower().lstrip("@")
        if name == "prefix":
            if len(directive) == 3:
                self.prefixes[directive[1][:-1]] = self._absolute(directive[2])
            return len(directive) == 3
        if name == "base":
            self.base = self._absolute(directive[1])
        return True

    def resolve(self, token: str, kind: str | None) -> str | None:
        """The IRI that a subject token names; None for blank nodes and for what opens a bracket."""
        if kind == "iri":
            return self._absolute(token)
        prefix, colon, local = token.partition(":")
        if kind != "word" or not colon or prefix == "_":
            return None
        return self.prefixes.get(prefix, "") + _LOCAL_ESCAPE.sub(r"\1", local)

    def _absolute(self, token: str) -> str:
        iri = _UCHAR.sub(lambda m: chr(int(m[1] or m[2], 16)), token[1:-1])
        return urljoin(self.base, iri) if self.base else iri
