"""The sentences that answer a question, as an editor writes them in its head (docs/questions.md).

An answer is clauses. Each begins, in square brackets, with the status of the claims that it tells;
what it tells stands in braces, and is filled in from the rows of the answer (claims.answer).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cecot.vocabulary import STATUSES

ANY, TEXT, UNSAID = "any", "text", "unsaid"
"""Besides the statuses: claims of whatever status; what stands in the text and is no claim; what
no row says."""

FORMS = ("lower", "count", "quote", "cite")
"""How a gap is filled: as it is (none of these), from a small letter, with how many there are, in
quotation marks, with nothing (the rows are cited and not shown)."""

_KINDS = (*(status.lower() for status in STATUSES), ANY, TEXT, UNSAID)
_TOKEN = re.compile(r"\[[^][]*\]|\{[^{}]*\}|[][{}<>*]|[^][{}<>*]+")
_WORD = re.compile(r'"[^"]*"|[^\s"]+')
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9]*")


class AnswerError(ValueError):
    """Why sentences cannot be read; its message is for the editor who wrote them."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A place that is filled from the rows: the values of a variable.

    ``named`` are ends of IRIs, and plain words in quotation marks, all of which a row must name;
    ``form`` is one of ``FORMS`` or empty.
    """

    variable: str
    form: str = ""
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplatePiece:
    """Words, or a gap; ``key`` numbers the key figure that it belongs to, ``optional`` the part
    that is left out as a whole where one of its gaps stays empty (0: none)."""

    content: str | Gap
    key: int = 0
    optional: int = 0


@dataclass(frozen=True, slots=True)
class ClauseTemplate:
    """One clause: which rows it tells, and how.

    ``kind`` is a status in small letters, or ``ANY``, ``TEXT``, ``UNSAID``. A row must name all of
    ``named``, and have a value for each of ``having`` and for none of ``lacking``. ``each`` is the
    variable for each of whose values the clause is said once; empty: once for all.
    """

    kind: str
    named: tuple[str, ...] = ()
    having: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    each: str = ""
    pieces: tuple[TemplatePiece, ...] = ()


@dataclass(slots=True)
class _Open:
    """What is read of a clause so far."""

    head: ClauseTemplate
    pieces: list[TemplatePiece] = field(default_factory=list)
    keys: int = 0
    optionals: int = 0
    key: int = 0
    optional: int = 0

    def closed(self) -> ClauseTemplate:
        if self.key or self.optional:
            raise AnswerError("* or < is not closed.")
        if not any(_speaks(piece) for piece in self.pieces):
            raise AnswerError("A clause has no words.")
        head = self.head
        return ClauseTemplate(
            head.kind, head.named, head.having, head.lacking, head.each, tuple(self.pieces)
        )


def parse_answer(text: str) -> tuple[ClauseTemplate, ...]:
    """The clauses of ``text``. Raises AnswerError for what cannot be read."""
    return tuple(_clauses(text))


def _clauses(text: str) -> Iterator[ClauseTemplate]:
    clause: _Open | None = None
    for mark in _TOKEN.findall(text):
        if mark.startswith("[") and len(mark) > 1:
            if clause:
                yield clause.closed()
            clause = _Open(_head(mark[1:-1]))
        elif clause is None:
            if mark.strip():
                raise AnswerError(f"A clause begins with its status, as in [asserted]: {mark!r}.")
        else:
            _read(mark, clause)
    if clause:
        yield clause.closed()


def _read(mark: str, clause: _Open) -> None:
    """Add ``mark`` to ``clause``."""
    if mark == "*":
        clause.keys += not clause.key
        clause.key = 0 if clause.key else clause.keys
    elif mark == "<" and not clause.optional:
        clause.optionals += 1
        clause.optional = clause.optionals
    elif mark == ">" and clause.optional:
        clause.optional = 0
    elif mark in set("[]{}<>"):
        raise AnswerError(f"{mark} has no partner.")
    else:
        content: str | Gap = _gap(mark[1:-1]) if mark[0] == "{" else mark
        if isinstance(content, str) and not clause.pieces:
            content = content.lstrip()
        if content != "":
            clause.pieces.append(TemplatePiece(content, clause.key, clause.optional))


def _head(text: str) -> ClauseTemplate:
    """The head of a clause: ``planned each person with date sandra-torres``."""
    words = _WORD.findall(text)
    kind = words.pop(0) if words else ""
    if kind not in _KINDS:
        raise AnswerError(f"[{text}] begins with no status. There are: {', '.join(_KINDS)}.")
    named: list[str] = []
    having: list[str] = []
    lacking: list[str] = []
    each = ""
    if kind == UNSAID:
        lacking, words = words, []
    while words:
        word = words.pop(0)
        if word not in ("each", "with", "without"):
            named.append(word)
        elif not words:
            raise AnswerError(f"{word} in [{text}] needs the name of a variable.")
        elif word == "each":
            each = words.pop(0)
        else:
            (having if word == "with" else lacking).append(words.pop(0))
    for variable in (*having, *lacking, *filter(None, [each])):
        _check(variable)
    return ClauseTemplate(kind, tuple(named), tuple(having), tuple(lacking), each)


def _gap(text: str) -> Gap:
    """A gap: ``lower value of facility-type``."""
    words = _WORD.findall(text)
    form = words.pop(0) if len(words) > 1 and words[0] in FORMS else ""
    variable = words.pop(0) if words else ""
    if form == "cite" and variable == "of":
        words.insert(0, variable)
        variable = "row"
    _check(variable)
    if words[:1] not in ([], ["of"]) or words == ["of"]:
        raise AnswerError(f"{{{text}}} is not {{variable}} nor {{variable of name}}.")
    return Gap(variable, form, tuple(words[1:]))


def _check(variable: str) -> None:
    if not _VARIABLE.fullmatch(variable):
        raise AnswerError(f"{variable!r} is no name of a variable.")


def _speaks(piece: TemplatePiece) -> bool:
    if isinstance(piece.content, Gap):
        return piece.content.form != "cite"
    return bool(piece.content.strip())
