"""Rows of an answer as a table for people, no wider than their terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from cecot.rdf.prefixes import Prefixes

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
