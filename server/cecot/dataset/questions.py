"""The questions that come with a graph, each a query with a head that says what it asks.

The head is lines of ``#+ key: value`` before the query; a line of ``#+`` and three spaces goes on
with the value before it. In RDF a question is a SPARQL executable (SHACL vocabulary,
sh:SPARQLExecutable), as other endpoints publish their examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pyoxigraph import Literal, NamedNode, Triple

from cecot.dataset.answers import AnswerError, ClauseTemplate, parse_answer
from cecot.errors import UsageError
from cecot.rdf.reading import decoded, read_bytes
from cecot.rooms import Rooms
from cecot.sparql.lexer import FORMS, tokens
from cecot.vocabulary import RDF, RDFS, SCHEMA, SH

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
        question = parse_question(_read(path), path.stem, where=str(path))
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
    form = next((t.text.upper() for t in tokens(query) if t.text.upper() in FORMS), "")
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
        subject = NamedNode(question.iri(base))
        kind, holds = _EXECUTABLES[question.form]
        for class_ in (SH.SPARQLExecutable, kind):
            yield Triple(subject, NamedNode(str(RDF.type)), NamedNode(str(class_)))
        for language, title in question.titles.items():
            # Clients that list examples show the comment alone, so it holds the question too.
            comment = f"{title} {question.summaries.get(language, '')}".strip()
            yield Triple(subject, NamedNode(str(RDFS.label)), Literal(title, language=language))
            yield Triple(subject, NamedNode(str(RDFS.comment)), Literal(comment, language=language))
        yield Triple(subject, NamedNode(str(holds)), Literal(question.query))
        yield Triple(subject, NamedNode(str(SCHEMA.target)), NamedNode(endpoint))
        for tag in question.tags:
            yield Triple(subject, NamedNode(str(SCHEMA.keywords)), Literal(tag))


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
                f"There are two lines {entry['key']}." if entry else f"This is no key: {line}",
                hint=_HINT,
                where=where,
                line=number,
            )
        key = entry["key"]
        entries[key] = (entry["value"].strip(), number)
    return _Head(entries, where), ""


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _read(path: Path) -> str:
    return decoded(read_bytes(path), str(path))
