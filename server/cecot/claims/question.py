"""Asks a question that comes with the graph, and reads what the rows of its answer name.

The rows are those of the question's own query (docs/questions.md): ``?thingLabel`` leads to
``?thing``, ``?passage`` to a place in a text, ``?claim`` to who says it, how sure, in which words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from cecot.claims.answer_tables import AnswerTable, Cell, Column, lay_out, told_besides
from cecot.claims.claim import ClaimView, read_claims
from cecot.claims.nodes import Node, Reader, Text
from cecot.claims.readable import SYMBOLS, readable_date, readable_number, readable_quantity
from cecot.claims.subgraph import gather_nodes
from cecot.engine import Engine
from cecot.material.questions import Question
from cecot.sparql.asking import Row, ask, select, solutions, triples
from cecot.sparql.projections import LABEL, is_distinct, naming_things
from cecot.turtle.terms import Term
from cecot.vocabulary import CECOT, SKOS, XSD

MOST_ROWS = 100
"""Rows of an answer that a page holds; the files hold all."""

_READINGS = ("number", "minimum", "unit", "qualifier", "converted", "edtf")
_NUMERIC = {str(XSD[name]) for name in ("integer", "decimal", "double", "float")}
_STATUSES = (
    f"SELECT ?status {{ ?status <{SKOS.inScheme}> <{CECOT.Modalities}> }} ORDER BY ?status LIMIT 50"
)


def answer_question(
    engine: Engine, question: Question, language: str, told: tuple[str, str] = ("speaker", "status")
) -> AnswerTable:
    """The answer to ``question`` for a reader of ``language``.

    Rows that are claims never stand without their speaker and their status: ``told`` are the
    headings of these where the question does not ask for them. Raises what the engine raises.
    """
    text = question.query_in(language)
    if question.form == "ASK":
        return AnswerTable(truth=ask(engine, text.replace("$", "?")))
    if question.form != "SELECT":
        found: list[Row] = [
            {"s": each.subject, "p": each.predicate, "o": each.object}
            for each in triples(engine, text.replace("$", "?"))
        ]
        return _table(engine, question, language, told, (["s", "p", "o"], found))
    names, rows = solutions(engine, naming_things(text))
    selected = [each for each in names if each not in _companions(names)]
    if is_distinct(text):
        rows = list({tuple(map(row.get, selected)): row for row in reversed(rows)}.values())[::-1]
    return _table(engine, question, language, told, (names, rows))


def _companions(names: Sequence[str]) -> set[str]:
    """The variables whose label stands there too."""
    return {each for each in names if each + LABEL in names}


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the things that the rows name."""

    reader: Reader
    claims: Mapping[str, ClaimView]
    statuses: Mapping[str, Node]
    language: str

    def cell(self, name: str, row: Row, claim: ClaimView | None) -> Cell:
        """The field ``name`` of ``row``."""
        term = row.get(name)
        if term is None:
            return Cell()
        if not isinstance(term, Literal):
            node = self.reader.node(term)
            if str(CECOT.Passage) in node.types:
                return Cell(place=self.reader.place(term))
            return Cell(node.label(self.language), (node,) if node.iri else ())
        words = Text(term.value, term.language or "")
        if name == "status" and term.value in self.statuses:
            return Cell(words, status=self.statuses[term.value])
        if term.datatype.value in _NUMERIC:
            number = term.value if name == "line" else readable_number(term.value, self.language)
            return Cell(Text(number))
        return Cell(words, self._named(name, row, words, claim))

    def _named(self, name: str, row: Row, words: Text, claim: ClaimView | None) -> tuple[Node, ...]:
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

    def readings(self, row: Row, names: Sequence[str]) -> list[Text]:
        """The fields ``names`` of ``row``, which say what a figure or a date is."""
        said = {name: row[name] for name in names if name in row}
        unit = _value(said.pop("unit", None))
        found = []
        for name, term in said.items():
            text = Text(_value(term), term.language or "" if isinstance(term, Literal) else "")
            if name in ("number", "minimum"):
                sign = "\N{GREATER-THAN OR EQUAL TO}\N{NO-BREAK SPACE}" if name == "minimum" else ""
                # A unit in words is one of the words already.
                code = unit if unit in SYMBOLS else ""
                text = Text(sign + readable_quantity(text.value, code, self.language))
            elif name == "converted":
                text = Text(f"=\N{NO-BREAK SPACE}{text.value}", text.language)
            elif name == "edtf":
                text = Text(readable_date(text.value, self.language))
            found.append(text)
        return found


def _table(
    engine: Engine,
    question: Question,
    language: str,
    told: tuple[str, str],
    solutions: tuple[list[str], list[Row]],
) -> AnswerTable:
    """The table of the first of ``solutions``: variables and rows."""
    names, rows = solutions
    shown = rows[:MOST_ROWS]
    known = _read(engine, shown, language, with_statuses="status" in names)
    claims = [_claim(known, row) for row in shown]
    selected = [each for each in names if each not in _companions(names)]
    headings = question.headings(language)
    called = dict(zip(selected, headings, strict=True)) if len(headings) == len(selected) else {}
    columns = []
    for name, readings in _grouped(selected):
        cells = tuple(
            told_besides(known.cell(name, row, claim), known.readings(row, readings))
            for row, claim in zip(shown, claims, strict=True)
        )
        columns.append((name, Column(called.get(name, name), cells)))
    kept = _without_machinery(columns, known)
    return lay_out([*kept, *_told_by_claims(kept, claims, told, language)], claims, len(rows))


def _grouped(names: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Each variable with those after it that say what its figure or its date is."""
    grouped: list[tuple[str, list[str]]] = []
    for name in names:
        if name in _READINGS and grouped:
            grouped[-1][1].append(name)
        else:
            grouped.append((name, []))
    return grouped


def _without_machinery(columns: Sequence[tuple[str, Column]], known: _Known) -> list[Column]:
    """The columns for readers: a line leads to its passage, a claim is no column but the row."""
    kept: list[Column] = []
    places: list[Column] = []
    for _, column in columns:
        if any(cell.place for cell in column.cells):
            places.append(column)
        elif not any(each.iri in known.claims for cell in column.cells for each in cell.nodes):
            kept.append(column)
    for column in places:
        lines = next((place for place, each in enumerate(kept) if _are_lines(each, column)), None)
        if lines is None:
            kept.append(column)
        else:
            kept[lines] = Column(kept[lines].heading, column.cells)
    return kept


def _are_lines(column: Column, places: Column) -> bool:
    """Whether ``column`` gives the line of each of ``places`` in a number."""
    pairs = zip(column.cells, places.cells, strict=True)
    return all(
        cell.words.value == (str(at.place.line) if at.place else "") and not cell.place
        for cell, at in pairs
    )


def _told_by_claims(
    columns: Sequence[Column],
    claims: Sequence[ClaimView | None],
    told: tuple[str, str],
    language: str,
) -> Iterator[Column]:
    """Who says it and how sure, where the columns do not tell: no row stands without."""
    if not any(claims):
        return
    rows = list(zip(*(each.cells for each in columns), strict=True)) or [()] * len(claims)
    if not all(
        claim is None or any(set(claim.speakers) & set(cell.nodes) for cell in row)
        for row, claim in zip(rows, claims, strict=True)
    ):
        cells = tuple(Cell(nodes=claim.speakers) if claim else Cell() for claim in claims)
        yield Column(told[0], cells)
    if not any(cell.status for each in columns for cell in each.cells):
        found = [claim.modality if claim else None for claim in claims]
        yield Column(
            told[1],
            tuple(Cell(each.label(language), status=each) if each else Cell() for each in found),
        )


def _claim(known: _Known, row: Row) -> ClaimView | None:
    """The claim that ``row`` is: the first that it names."""
    iris = [each.value for each in row.values() if isinstance(each, NamedNode)]
    return next((known.claims[iri] for iri in iris if iri in known.claims), None)


def _read(engine: Engine, rows: list[Row], language: str, *, with_statuses: bool) -> _Known:
    """Read whatever ``rows`` name, and the statuses by their labels if a column holds them."""
    named: dict[NamedNode, None] = {}
    for row in rows:
        named.update((each, None) for each in row.values() if isinstance(each, NamedNode))
    statuses = [row["status"] for row in select(engine, _STATUSES)] if with_statuses else []
    nodes = [each for each in statuses if isinstance(each, NamedNode)]
    reader = Reader(gather_nodes(engine, [*named, *nodes]))
    claims = [each for each in named if str(CECOT.Claim) in reader.node(each).types]
    return _Known(
        reader,
        {view.iri: view for view in read_claims(engine, claims)},
        {text.value: node for node in map(reader.node, nodes) for text in node.labels},
        language,
    )


def _value(term: Term | None) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else ""
