"""Rows as CSV in which a comma of an IRI parts no fields, and as a table for people.

SPARQL 1.1 Results CSV, 3; RFC 4180, 2. Oxigraph writes an IRI with a comma in it without quotation
marks. It is asked to write all the same, for it does so ten times as fast as we can, and what it
writes is counted.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple

from cecot.rdf.prefixes import Prefixes
from cecot.rdf.serialization import Output

_ROWS = 1000
"""Rows that are written together."""


class CsvOutput:
    """Passes CSV on as it is written, and counts its rows and the commas between fields."""

    def __init__(self, output: Output, columns: int) -> None:
        self._output = output
        self._columns = columns
        self._is_quoted = False
        self._rows = self._commas = 0

    def write(self, data: bytes) -> int:
        """Take a piece."""
        pieces = bytes(data).split(b'"')
        plain = b"".join(pieces[self._is_quoted :: 2])
        self._is_quoted ^= len(pieces) % 2 == 0
        self._rows += plain.count(b"\n")
        self._commas += plain.count(b",")
        return self._output.write(data)

    def flush(self) -> None:
        """Take note that all is written."""
        self._output.flush()

    @property
    def is_whole(self) -> bool:
        """Whether each row has the fields that it should have."""
        return self._commas == self._rows * max(self._columns - 1, 0)


def write_csv(results: QuerySolutions, output: Output) -> None:
    """Write ``results`` as CSV, each field that needs it in quotation marks."""
    rows = ([_field(term) for term in row] for row in results)
    piece: list[list[str]] = [[variable.value for variable in results.variables]]
    while piece:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(piece)
        output.write(text.getvalue().encode())
        piece = list(islice(rows, _ROWS))
    output.flush()


def _field(term: NamedNode | BlankNode | Literal | Triple | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


GAP = "  "
NARROWEST = 8


def table(results: bytes, prefixes: Prefixes, width: int | None = None) -> Iterator[str]:
    """The lines of a table of ``results`` (SPARQL results in JSON), at most ``width`` wide.

    IRIs are shortened by ``prefixes``; a cell that does not fit ends in an ellipsis.
    """
    document: dict[str, Any] = json.loads(results)
    if "boolean" in document:
        yield "yes" if document["boolean"] else "no"
        return
    names: list[str] = document["head"]["vars"]
    rows = [
        [_cell(binding.get(name), prefixes) for name in names]
        for binding in document["results"]["bindings"]
    ]
    longest = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    widths = fit(longest, width)
    yield _line(names, widths)
    yield _line(["-" * each for each in widths], widths)
    for row in rows:
        yield _line(row, widths)
    yield f"({len(rows)} {'row' if len(rows) == 1 else 'rows'})"
    if widths != longest:
        yield "(Cells that end in … are cut to fit; --format csv gives them whole.)"


def fit(longest: Sequence[int], width: int | None) -> list[int]:
    """Widths of columns with cells up to ``longest``, in sum at most ``width`` if that can be."""
    widths = list(longest)
    if width is None:
        return widths
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - width
    while excess > 0 and max(widths, default=0) > NARROWEST:
        widest = max(widths)
        others = [each for each in widths if each < widest]
        goal = max([NARROWEST, *others])
        count = widths.count(widest)
        step = min(widest - goal, -(-excess // count))
        widths = [each - step if each == widest else each for each in widths]
        excess -= step * count
    return widths


def _cell(term: dict[str, Any] | None, prefixes: Prefixes) -> str:
    if term is None:
        return ""
    value = term["value"]
    if term["type"] == "uri":
        return prefixes.compact(value)
    if term["type"] == "bnode":
        return f"_:{value}"
    if term["type"] == "triple":
        parts = (_cell(value[part], prefixes) for part in ("subject", "predicate", "object"))
        return f"<<( {' '.join(parts)} )>>"
    language = f"@{term['xml:lang']}" if "xml:lang" in term else ""
    return f"{' '.join(value.split())}{language}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    cut = (
        cell if len(cell) <= width else cell[: width - 1] + "…"
        for cell, width in zip(cells, widths, strict=True)
    )
    padded = (cell.ljust(width) for cell, width in zip(cut, widths, strict=True))
    return GAP.join(padded).rstrip()
