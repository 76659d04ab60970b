"""The answer to a question as a table that people can read: what varies, what is the same, what is
empty (SPARQL 1.1 Query Results CSV, 3: the twin that machines read stays as it is).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cecot.claims.claim import ClaimView
from cecot.claims.nodes import Node, Place, Text

LONG = 60
"""Code points from which a field is too long for a narrow column."""

WIDE = 6
"""Columns that stand side by side if one of them is long."""


_NOTHING = Text("")


@dataclass(frozen=True, slots=True)
class Cell:
    """One field: its words, the things or the place that they name, how a figure in it reads.

    ``status`` is the modality that the words name. A field without words is empty.
    """

    words: Text = _NOTHING
    nodes: tuple[Node, ...] = ()
    place: Place | None = None
    status: Node | None = None
    readings: tuple[Text, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is said."""
        return bool(self.words.value or self.nodes or self.readings or self.place)

    @property
    def is_long(self) -> bool:
        """Whether it is more than a name: a sentence that needs room."""
        return not self.nodes and len(self.words.value) > LONG


@dataclass(frozen=True, slots=True)
class Column:
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
class Record:
    """One row: the fields side by side, those below them with their headings, and its claim.

    ``status`` is the modality of the claim, or the one that a field of the row names.
    """

    cells: tuple[Cell, ...]
    below: tuple[tuple[str, Cell], ...]
    claim: ClaimView | None
    status: Node | None


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """An answer: rows, or the ``truth`` of a question that is answered with yes or no.

    ``headings`` are those of the fields side by side. ``same`` holds what every row says (where
    there are several), ``empty`` the headings under which no row says anything. ``count`` counts
    all rows of the answer, of which ``records`` may be only the first.
    """

    headings: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()
    same: tuple[tuple[str, Cell], ...] = ()
    empty: tuple[str, ...] = ()
    count: int = 0
    truth: bool | None = None

    @property
    def claims(self) -> tuple[ClaimView, ...]:
        """The claims that the rows are, each once, in their order."""
        return tuple({each.claim.iri: each.claim for each in self.records if each.claim}.values())


def lay_out(
    columns: Sequence[Column], claims: Sequence[ClaimView | None], count: int
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
        Record(
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


def _status(claim: ClaimView | None, cells: Sequence[Cell]) -> Node | None:
    if claim:
        return claim.modality
    return next((cell.status for cell in cells if cell.status), None)


def _side_by_side(columns: list[Column]) -> list[Column]:
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
