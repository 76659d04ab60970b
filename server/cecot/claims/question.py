"""Asks a question that comes with the graph, and reads what the rows of its answer name.

The rows are those of the question's own query (docs/questions.md): ``?thingLabel`` leads to
``?thing``, ``?passage`` to a place in a text, ``?claim`` to who says it, how sure, in which words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from cecot.claims.answers import NUMERIC, Named, read_named, rows_of
from cecot.claims.claim import Claim, statuses_in
from cecot.claims.nodes import Node, Place, Text, Value
from cecot.claims.quantities import find_unit, readable_number, readable_quantity, retold
from cecot.claims.silence import Silence, read_silences
from cecot.dataset.questions import Question
from cecot.dates import readable_date
from cecot.engine import Engine
from cecot.locale.catalogue import locale_of
from cecot.rdf.terms import Term
from cecot.sparql.asking import Row, ask, triples
from cecot.sparql.lexer import LABEL, mentions
from cecot.vocabulary import CECOT

LONG = 60
"""Code points from which a field is too long for a narrow column."""

WIDE = 6
"""Columns that stand side by side if one of them is long."""


_NOTHING = Text("")


@dataclass(frozen=True, slots=True)
class Cell:
    """One field: its words, the things or the place that they name, how a figure in it reads.

    ``status`` is the modality that the words name, ``original`` what a text writes where the words
    are our translation. A field without words is empty.
    """

    words: Text = _NOTHING
    nodes: tuple[Node, ...] = ()
    place: Place | None = None
    status: Node | None = None
    readings: tuple[Text, ...] = ()
    original: Text | None = None

    def __bool__(self) -> bool:
        """Whether anything is said."""
        return bool(self.words.value or self.nodes or self.readings or self.place)

    @property
    def is_long(self) -> bool:
        """Whether it is more than a name: a sentence that needs room."""
        return not self.nodes and len(self.words.value) > LONG


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """A column: its name for readers, and its fields, one for each row."""

    heading: str
    cells: tuple[Cell, ...]

    @property
    def is_long(self) -> bool:
        """Whether a field of it needs a line of its own."""
        return any(cell.is_long for cell in self.cells)

    @property
    def is_empty(self) -> bool:
        """Whether no row says anything here."""
        return not any(self.cells)

    @property
    def is_same(self) -> bool:
        """Whether all rows say the same here."""
        return bool(self.cells) and all(cell == self.cells[0] for cell in self.cells)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row: the fields side by side, those below them with their headings, and its claim.

    ``status`` is the modality of the claim, or the one that a field of the row names.
    """

    cells: tuple[Cell, ...]
    below: tuple[tuple[str, Cell], ...]
    claim: Claim | None
    status: Node | None


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """An answer: rows, or the ``truth`` of a question that is answered with yes or no.

    ``headings`` are those of the fields side by side. ``same`` holds what every row says (where
    there are several), ``empty`` the headings under which no row says anything. ``count`` counts
    all rows of the answer, of which ``records`` may be only the first. ``evidence`` are all claims
    that the rows name.
    """

    headings: tuple[str, ...] = ()
    records: tuple[AnswerRow, ...] = ()
    same: tuple[tuple[str, Cell], ...] = ()
    empty: tuple[str, ...] = ()
    count: int = 0
    truth: bool | None = None
    evidence: tuple[Claim, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims that the rows are, each once, in their order."""
        return tuple({each.claim.iri: each.claim for each in self.records if each.claim}.values())


def lay_out(
    columns: Sequence[AnswerColumn], claims: Sequence[Claim | None], count: int
) -> AnswerTable:
    """The table of ``columns``, whose rows are ``claims`` where they are claims.

    One row keeps all its fields; of several rows the fields that never vary stand before them.
    """
    empty = tuple(each.heading for each in columns if each.is_empty)
    filled = [each for each in columns if not each.is_empty]
    rows = len(claims)
    same = [each for each in filled if each.is_same] if rows > 1 else []
    if len(same) == len(filled):
        same = []
    varying = [each for each in filled if each not in same]
    side_by_side = _side_by_side(varying) if rows > 1 else varying
    below = [each for each in varying if each not in side_by_side]
    records = tuple(
        AnswerRow(
            tuple(each.cells[row] for each in side_by_side),
            tuple((each.heading, each.cells[row]) for each in below if each.cells[row]),
            claims[row],
            _status(claims[row], [each.cells[row] for each in filled]),
        )
        for row in range(rows)
    )
    return AnswerTable(
        tuple(each.heading for each in side_by_side),
        records,
        tuple((each.heading, each.cells[0]) for each in same),
        empty,
        count,
    )


def _status(claim: Claim | None, cells: Sequence[Cell]) -> Node | None:
    if claim:
        return claim.modality
    return next((cell.status for cell in cells if cell.status), None)


def _side_by_side(columns: list[AnswerColumn]) -> list[AnswerColumn]:
    """The columns that fit beside each other: short ones, and long ones while there is room."""
    room = max(0, WIDE - 1 - sum(not each.is_long for each in columns))
    if len(columns) < WIDE:
        room = len(columns)
    kept = []
    for each in columns:
        if each.is_long:
            if not room:
                continue
            room -= 1
        kept.append(each)
    return kept


def told_besides(cell: Cell, readings: Sequence[Text]) -> Cell:
    """``cell`` with the readings of its figure or date that its own words do not give already."""
    said = _plain(cell.words.value)
    return replace(cell, readings=tuple(each for each in readings if _plain(each.value) != said))


def _plain(words: str) -> str:
    return words.replace("\N{NO-BREAK SPACE}", " ").casefold()


MOST_ROWS = 100
"""Rows of an answer that a page holds; the files hold all."""

_READINGS = ("number", "minimum", "unit", "qualifier", "converted", "edtf")


def answer_question(engine: Engine, question: Question, language: str) -> AnswerTable:
    """The answer to ``question`` for a reader of ``language``.

    Rows that are claims never stand without their speaker and their status, whether the question
    asks for them or not. Raises what the engine raises.
    """
    text = question.query_in(language)
    if question.form == "ASK":
        return AnswerTable(truth=ask(engine, text.replace("$", "?")))
    if question.form != "SELECT":
        found: list[Row] = [
            {"s": each.subject, "p": each.predicate, "o": each.object}
            for each in triples(engine, text.replace("$", "?"))
        ]
        return _table(engine, question, language, ["s", "p", "o"], found)
    return _table(engine, question, language, *rows_of(engine, text))


@dataclass(frozen=True, slots=True)
class _Known(Named):
    """What is known of the things that the rows name."""

    statuses: Mapping[str, Node]
    language: str

    def cell(self, name: str, row: Row, claim: Claim | None) -> Cell:
        """The field ``name`` of ``row``."""
        term = row.get(name)
        if term is None:
            return Cell()
        if not isinstance(term, Literal):
            node = self.reader.node(term)
            if CECOT.Passage in node.types:
                return Cell(place=self.reader.place(term))
            return Cell(node.label(self.language), (node,) if node.iri else ())
        words = Text(term.value, term.language or "")
        if name == "status" and term.value in self.statuses:
            return Cell(words, status=self.statuses[term.value])
        if term.datatype.value in NUMERIC:
            number = term.value if name == "line" else readable_number(term.value, self.language)
            return Cell(Text(number))
        return self._worded(name, row, words, claim)

    def _worded(self, name: str, row: Row, words: Text, claim: Claim | None) -> Cell:
        if value := self._value(row, words):
            told = value.written_in(self.language)
            return Cell(told, readings=value.same_in(self.language), original=words)
        told = self._translated(row, words) or retold(words, self.language)
        named = self._named(name, row, words, claim)
        return Cell(told, named, original=None if told == words else words)

    def _translated(self, row: Row, words: Text) -> Text | None:
        """Our translation of ``words``, if a claim that the row names gives them, and has one."""
        for iri in row.values():
            claim = self.claims.get(iri.value) if isinstance(iri, NamedNode) else None
            if claim and claim.object and claim.object.labels.all == (words,):
                return claim.gloss.only_in(self.language)
        return None

    def _value(self, row: Row, words: Text) -> Value | None:
        """The figure or date of which ``words`` are those of the text, and not the reader's.

        It is one that a claim of the row gives; else of any row, if it reads the same in all.
        """
        if words.language in ("", self.language):
            return None
        named = {each.value for each in row.values() if isinstance(each, NamedNode)}
        own = [each for iri, each in self.claims.items() if iri in named]
        for claims in (own, self.claims.values()):
            found = {
                value.written_in(self.language): value
                for claim in claims
                for value in _values_of(claim)
                if words in value.as_written
            }
            if len(found) == 1:
                ((told, value),) = found.items()
                return value if told != words else None
        return None

    def _named(self, name: str, row: Row, words: Text, claim: Claim | None) -> tuple[Node, ...]:
        """What ``words`` name: the thing that they are the label of, else a part of the claim."""
        thing = row.get(name.removesuffix(LABEL)) if name.endswith(LABEL) else None
        if isinstance(thing, NamedNode):
            return (self.reader.node(thing),)
        if claim is None:
            return ()
        parts = (
            *(each for each in (claim.subject, claim.predicate, claim.object) if each),
            *claim.speakers, *claim.about, *claim.accused, *claim.acts, *claim.policies,
        )  # fmt: skip
        return tuple(
            each for each in parts if each.iri and not each.value and words in each.labels.all
        )[:1]

    def readings(self, row: Row, names: Sequence[str], cell: Cell) -> list[Text]:
        """The fields ``names`` of ``row``, which say what a figure or a date is.

        A translation of ``cell`` has what limits it; what it converts to is translated there too.
        """
        translated = ("qualifier", "converted") if cell.original else ()
        said = {name: row[name] for name in names if name in row and name not in translated}
        unit = _value(said.pop("unit", None))
        found = [Text(f"=\N{NO-BREAK SPACE}{each}", each.language) for each in cell.readings]
        for name, term in said.items():
            text = Text(_value(term), term.language or "" if isinstance(term, Literal) else "")
            if name in ("number", "minimum"):
                sign = "\N{GREATER-THAN OR EQUAL TO}\N{NO-BREAK SPACE}" if name == "minimum" else ""
                # A unit in words is one of the words already.
                code = unit if find_unit([unit]) else ""
                text = Text(sign + readable_quantity(text.value, code, self.language))
            elif name == "converted":
                text = Text(f"=\N{NO-BREAK SPACE}{text.value}", text.language)
            elif name == "edtf":
                text = Text(readable_date(text.value, self.language))
            found.append(text)
        return found


def _table(
    engine: Engine, question: Question, language: str, names: list[str], rows: list[Row]
) -> AnswerTable:
    """The table of the columns ``names`` and the first of ``rows``."""
    shown = rows[:MOST_ROWS]
    known = _read(engine, shown, language, with_statuses="status" in names)
    claims = [_claim(known, row) for row in shown]
    headings = question.headings(language)
    called = dict(zip(names, headings, strict=True)) if len(headings) == len(names) else {}
    columns = []
    for name, readings in _grouped(names):
        plain = [known.cell(name, row, claim) for row, claim in zip(shown, claims, strict=True)]
        cells = tuple(
            told_besides(cell, known.readings(row, readings, cell))
            for row, cell in zip(shown, plain, strict=True)
        )
        columns.append(AnswerColumn(called.get(name, name), cells))
    kept = _without_machinery(columns, known)
    table = lay_out([*kept, *_told_by_claims(kept, claims, language)], claims, len(rows))
    return replace(table, evidence=tuple(known.claims.values()))


def _grouped(names: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Each variable with those after it that say what its figure or its date is."""
    grouped: list[tuple[str, list[str]]] = []
    for name in names:
        if name in _READINGS and grouped:
            grouped[-1][1].append(name)
        else:
            grouped.append((name, []))
    return grouped


def _without_machinery(columns: Iterable[AnswerColumn], known: _Known) -> list[AnswerColumn]:
    """The columns for readers: a line leads to its passage, a claim is no column but the row."""
    kept: list[AnswerColumn] = []
    places: list[AnswerColumn] = []
    for column in columns:
        if any(cell.place for cell in column.cells):
            places.append(column)
        elif not any(each.iri in known.claims for cell in column.cells for each in cell.nodes):
            kept.append(column)
    for column in places:
        lines = next((place for place, each in enumerate(kept) if _are_lines(each, column)), None)
        if lines is None:
            kept.append(column)
        else:
            kept[lines] = AnswerColumn(kept[lines].heading, column.cells)
    return kept


def _are_lines(column: AnswerColumn, places: AnswerColumn) -> bool:
    """Whether ``column`` gives the line of each of ``places`` in a number."""
    pairs = zip(column.cells, places.cells, strict=True)
    return all(
        cell.words.value == (str(at.place.line) if at.place else "") and not cell.place
        for cell, at in pairs
    )


def _told_by_claims(
    columns: Sequence[AnswerColumn], claims: Sequence[Claim | None], language: str
) -> Iterator[AnswerColumn]:
    """Who says it and how sure, where the columns do not tell: no row stands without."""
    if not any(claims):
        return
    locale = locale_of(language)
    rows = list(zip(*(each.cells for each in columns), strict=True)) or [()] * len(claims)
    if not all(
        claim is None or any(set(claim.speakers) & set(cell.nodes) for cell in row)
        for row, claim in zip(rows, claims, strict=True)
    ):
        cells = tuple(Cell(nodes=claim.speakers) if claim else Cell() for claim in claims)
        yield AnswerColumn(locale.gettext("Said by").lower(), cells)
    if not any(cell.status for each in columns for cell in each.cells):
        found = [claim.modality if claim else None for claim in claims]
        cells = tuple(Cell(e.label(language), status=e) if e else Cell() for e in found)
        yield AnswerColumn(locale.gettext("Status").lower(), cells)


def _claim(known: _Known, row: Row) -> Claim | None:
    """The claim that ``row`` is: the first that it names."""
    iris = [each.value for each in row.values() if isinstance(each, NamedNode)]
    return next((known.claims[iri] for iri in iris if iri in known.claims), None)


def _read(engine: Engine, rows: list[Row], language: str, *, with_statuses: bool) -> _Known:
    """Read whatever ``rows`` name, and the statuses by their labels if a column holds them."""
    named = read_named(engine, rows, *(("statuses",) if with_statuses else ()))
    statuses = statuses_in(named.reader).values()
    labels = {text.value: each.node for each in statuses for text in each.node.labels}
    return _Known(named.reader, named.claims, labels, language)


def _values_of(claim: Claim) -> Iterator[Value]:
    """The figures and dates that ``claim`` gives."""
    parts = (claim.subject, claim.object, *claim.quantities, *claim.as_of)
    yield from (each.value for each in parts if each and each.value)


def _value(term: Term | None) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else ""


MOST_RELATED = 3
"""Questions that are offered beside one that has no answer."""


def read_unanswered(engine: Engine, question: Question) -> tuple[Silence, ...]:
    """What ``question`` asks for that is listed as not stated of a thing that it names.

    Raises what the engine raises.
    """
    named = [NamedNode(each) for each in mentions(question.query).iris]
    return tuple(each for each in read_silences(engine, named) if each.property_.term in named)


def related(
    questions: Iterable[Question], question: Question, unsaid: Iterable[Silence]
) -> list[Question]:
    """The questions that have an answer and ask for the same of other things."""
    asked = {each.property_.iri for each in unsaid}
    found = [
        each
        for each in questions
        if each is not question and each.rows != 0 and asked & set(mentions(each.query).iris)
    ]
    return found[:MOST_RELATED]
