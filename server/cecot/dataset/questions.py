"""The questions that come with a graph, each a query with a head that says what it asks.

The head is lines of ``#+ key: value`` before the query; a line of ``#+`` and three spaces goes on
with the value before it. In RDF a question is a SPARQL executable (SHACL vocabulary,
sh:SPARQLExecutable), as other endpoints publish their examples.

An editor also writes there the sentences that answer it (docs/questions.md): clauses. Each begins,
in square brackets, with the status of the claims that it tells; what it tells stands in braces, and
is filled in from the rows of the answer (claims.answers).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from pyoxigraph import Triple

from cecot.errors import UsageError
from cecot.rdf.reading import decoded, read_bytes
from cecot.rdf.terms import link, worded
from cecot.rooms import Rooms
from cecot.sparql.lexer import FORMS, tokens
from cecot.vocabulary import RDF, RDFS, SCHEMA, SH, STATUSES

ANY, TEXT, UNSAID = "any", "text", "unsaid"
"""Besides the statuses: claims of whatever status; what stands in the text and is no claim; what
no row says."""

GAP_FORMS = ("lower", "count", "quote", "cite")
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
    ``form`` is one of ``GAP_FORMS`` or empty.
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
        return replace(self.head, pieces=tuple(self.pieces))


def parse_answer(text: str) -> tuple[ClauseTemplate, ...]:
    """The clauses of ``text``. Raises AnswerError for what cannot be read."""
    clauses: list[_Open] = []
    for mark in _TOKEN.findall(text):
        if mark.startswith("[") and len(mark) > 1:
            clauses.append(_Open(_head(mark[1:-1])))
        elif clauses:
            _read(mark, clauses[-1])
        elif mark.strip():
            raise AnswerError(f"A clause begins with its status, as in [asserted]: {mark!r}.")
    return tuple(clause.closed() for clause in clauses)


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
    form = words.pop(0) if len(words) > 1 and words[0] in GAP_FORMS else ""
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
        raise AnswerError(f"{variable!r} is not the name of a variable.")


def _speaks(piece: TemplatePiece) -> bool:
    if isinstance(piece.content, Gap):
        return piece.content.form != "cite"
    return bool(piece.content.strip())


_ANSWER = re.compile(r"^#\+ answer\.[a-z]{2,3}:.*\n(?:#\+ {3,}.*\n)*", re.MULTILINE)
_MARK = re.compile(r"(?<=\[)[^][]*(?=\])|(?<=\{)[^{}]*(?=\})")


def renamed(text: str, old: str, new: str) -> str:
    """The question ``text``, whose answer asks for rows that name ``new`` in the place of ``old``.

    Both are ends of IRIs. Variables that are called so, and what the head says in words, stay.
    """
    return _ANSWER.sub(
        lambda answer: _MARK.sub(lambda mark: _with_end(mark[0], old, new), answer[0]), text
    )


def _with_end(mark: str, old: str, new: str) -> str:
    """The inside of a gap or of the head of a clause, in which ``new`` is named for ``old``."""
    words = [each for each in _WORD.finditer(mark) if each[0] != "#+"]
    told = [each[0] for each in words]
    if not told or told[0] == UNSAID:
        return mark
    # Names come after the status of a clause, and after the "of" of a gap.
    first = 1 if told[0] in _KINDS else [*told, "of"].index("of") + 1
    for word, before in reversed([*zip(words, ["", *told], strict=False)][first:]):
        if word[0] == old and before not in ("each", "with", "without"):
            mark = mark[: word.start()] + new + mark[word.end() :]
    return mark


_ENTRY = re.compile(
    r"#\+ (?P<key>number|front|tags|rows|lines|(?:title|theme|summary|answer|columns)\.[a-z]{2,3})"
    r": *(?P<value>.*)"
)
_MORE = re.compile(r"#\+ {3,}(?P<value>.*)")
_HINT = (
    "A head has number: and title.en:, and may have theme.en:, answer.en:, summary.en:, "
    "columns.en: (the same in other languages), front:, tags:, rows: and lines:. Then comes the "
    "query. docs/questions.md shows one."
)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r'(?<=BIND \(")[A-Za-z-]+(?=" AS \?language\))')
_EXECUTABLES = {
    "SELECT": (SH.SPARQLSelectExecutable, SH.select),
    "ASK": (SH.SPARQLAskExecutable, SH.ask),
    "CONSTRUCT": (SH.SPARQLConstructExecutable, SH.construct),
}

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Question:
    """A question in words, the query that answers it, and what to expect of the answer.

    ``slug`` is the name of its file. By language are ``titles``, ``themes`` (under which it stands
    in lists), ``answers`` (the sentences that tell the answer), ``summaries`` and ``columns`` (one
    name for each variable that the query selects). ``rows`` is how many rows the answer has, None
    where the head does not say; ``lines`` are the lines of the sources that they lead to, in the
    order in which they first appear. ``front`` is its place among the answers on the front page, 0
    where it does not stand there. ``query`` is the text after the head; ``form`` its keyword.
    """

    slug: str
    number: int
    titles: Mapping[str, str]
    themes: Mapping[str, str]
    answers: Mapping[str, tuple[ClauseTemplate, ...]]
    summaries: Mapping[str, str]
    columns: Mapping[str, tuple[str, ...]]
    tags: tuple[str, ...]
    rows: int | None
    lines: tuple[int, ...]
    front: int
    query: str
    form: str

    def title(self, language: str) -> str:
        """The question in ``language``, else in English, else in whatever it is written in."""
        return in_language(self.titles, language, "")

    def theme(self, language: str) -> str:
        """What it is about, in ``language`` or as near as there is; may be empty."""
        return in_language(self.themes, language, "")

    def answer(self, language: str) -> tuple[ClauseTemplate, ...]:
        """How its answer is told in ``language``; none where nobody wrote it in that language."""
        return self.answers.get(language, ())

    def summary(self, language: str) -> str:
        """What to know of the answer, in ``language`` or as near as there is; may be empty."""
        return in_language(self.summaries, language, "")

    def headings(self, language: str) -> tuple[str, ...]:
        """The names of the columns, in ``language`` or as near as there is; may be none."""
        return in_language(self.columns, language, ())

    def query_in(self, language: str) -> str:
        """The query, set to answer in ``language`` where the question is written in it too.

        A query is set by its line ``BIND ("en" AS ?language)``; one without it stays as it is.
        """
        if language not in self.titles:
            return self.query
        return _LANGUAGE.sub(language, self.query, count=1)

    def iri(self, base: str) -> str:
        """What the question is called in RDF; ``base`` is that of the rooms, with its slash."""
        return f"{base}questions/{self.slug}"


def in_language(words: Mapping[str, Value], language: str, otherwise: Value) -> Value:
    """Choose what stands for ``language``, else for English, else the first; else ``otherwise``."""
    first = next(iter(words.values()), otherwise)
    return words.get(language, words.get("en", first))


def read_questions(rooms: Rooms) -> tuple[Question, ...]:
    """Read the questions of ``rooms``, in the order of their numbers.

    Raises UsageError, with file and line, for a head that cannot be read, and for two questions
    of one number or one name.
    """
    taken: dict[int | str, Path] = {}
    questions = []
    for path in rooms.question_files():
        question = parse_question(decoded(read_bytes(path), str(path)), path.stem, where=str(path))
        for name in (question.number, question.slug):
            other = taken.setdefault(name, path)
            if other != path:
                raise UsageError(
                    f"There is a question {name} already: {rooms.short(other)}.",
                    hint="Each question has a number and a file name of its own.",
                    where=str(path),
                )
        questions.append(question)
    return tuple(sorted(questions, key=lambda question: question.number))


def parse_question(text: str, slug: str, *, where: str = "") -> Question:
    """Read the question ``text``, whose file is called ``slug``; ``where`` names it in errors.

    Raises UsageError, with the line where it is one line of the head that cannot be read.
    """
    head, query = _split(text, where)
    form = next((each.word for each in tokens(query) if each.word in FORMS), "")
    columns = {language: _list(value) for language, value in head.by_language("columns").items()}
    answers = {language: head.answer(language) for language in head.by_language("answer")}
    titles = head.by_language("title")
    number = head.integers("number")
    rows = head.integers("rows")
    front = head.integers("front")
    widths = {len(names) for names in columns.values()}
    faults = [
        (not _SLUG.fullmatch(slug), "The file name is not lower-case words with hyphens."),
        (len(number) != 1, "The question has no number, or several."),
        (not titles, "The question has no title."),
        (len(rows) > 1, "The question has several numbers of rows."),
        (len(front) > 1, "The question has several places on the front page."),
        (len(widths) > 1, "The languages name different numbers of columns."),
        (not form, "No query follows the head."),
    ]
    for found, fault in faults:
        if found:
            raise UsageError(fault, hint=_HINT, where=where)
    return Question(
        slug=slug,
        number=number[0],
        titles=titles,
        themes=head.by_language("theme"),
        answers=answers,
        summaries=head.by_language("summary"),
        columns=columns,
        tags=_list(head.value("tags")),
        rows=rows[0] if rows else None,
        lines=head.integers("lines"),
        front=front[0] if front else 0,
        query=query,
        form=form,
    )


def describe_questions(questions: Iterable[Question], base: str, endpoint: str) -> Iterator[Triple]:
    """Give the questions in RDF, for the description of the service at the address ``endpoint``.

    Queries declare their own prefixes, so there is no sh:prefixes. SHACL has no word for DESCRIBE:
    such a question is left out.
    """
    for question in questions:
        if question.form not in _EXECUTABLES:
            continue
        subject = question.iri(base)
        kind, holds = _EXECUTABLES[question.form]
        for class_ in (SH.SPARQLExecutable, kind):
            yield link(subject, RDF.type, class_)
        for language, title in question.titles.items():
            # Clients that list examples show the comment alone, so it holds the question too.
            comment = f"{title} {question.summaries.get(language, '')}".strip()
            yield worded(subject, RDFS.label, title, language)
            yield worded(subject, RDFS.comment, comment, language)
        yield worded(subject, holds, question.query)
        yield link(subject, SCHEMA.target, endpoint)
        for tag in question.tags:
            yield worded(subject, SCHEMA.keywords, tag)


@dataclass(frozen=True, slots=True)
class _Head:
    """The keys of a head, such as ``title.en``: each with its value and its line (from 1)."""

    entries: dict[str, tuple[str, int]]
    where: str

    def value(self, key: str) -> str:
        return self.entries.get(key, ("", 0))[0]

    def by_language(self, name: str) -> dict[str, str]:
        """What stands under ``name`` with a language, by language."""
        parts = ((key.partition("."), value) for key, (value, _) in self.entries.items())
        return {language: value for (key, _, language), value in parts if language and key == name}

    def answer(self, language: str) -> tuple[ClauseTemplate, ...]:
        """The sentences of the answer in ``language``."""
        key = f"answer.{language}"
        value, line = self.entries[key]
        try:
            return parse_answer(value)
        except AnswerError as error:
            raise UsageError(
                f"{key} cannot be read. {error}",
                hint="docs/questions.md tells how the sentences of an answer are written.",
                where=self.where,
                line=line,
            ) from error

    def integers(self, key: str) -> tuple[int, ...]:
        """The numbers under ``key``, none where there is no such key."""
        parts = _list(self.value(key))
        if all(part.isascii() and part.isdigit() for part in parts):
            return tuple(int(part) for part in parts)
        raise UsageError(
            f"{key} is {self.value(key)!r}, and should be a number.",
            hint="Write digits; several numbers stand between commas.",
            where=self.where,
            line=self.entries[key][1],
        )


def _split(text: str, where: str) -> tuple[_Head, str]:
    """Separate the head of ``text`` from the query after it."""
    entries: dict[str, tuple[str, int]] = {}
    key = ""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if not line.startswith("#+"):
            return _Head(entries, where), "\n".join(lines[number - 1 :]).strip() + "\n"
        more = _MORE.fullmatch(line)
        if more and key:
            value, begun = entries[key]
            entries[key] = (f"{value} {more['value'].strip()}", begun)
            continue
        entry = _ENTRY.fullmatch(line)
        if not entry or entry["key"] in entries:
            raise UsageError(
                f"There are two lines {entry['key']}." if entry else f"This is not a key: {line}",
                hint=_HINT,
                where=where,
                line=number,
            )
        key = entry["key"]
        entries[key] = (entry["value"].strip(), number)
    return _Head(entries, where), ""


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())
