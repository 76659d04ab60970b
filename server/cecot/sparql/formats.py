"""The one table of formats that answers are written in (SPARQL 1.1 Protocol 2.1.5 and 2.1.6).

A format has one media type of its own and may answer to others; it is then sent under the name that
the client asked for. The order of the two tables is the order of preference.

Rows as CSV (SPARQL 1.1 Results CSV, 3; RFC 4180, 2): Oxigraph writes an IRI with a comma in it
without quotation marks. It is asked to write all the same, for it does so ten times as fast as we
can, and what it writes is counted. For people there is a table.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
)

from cecot.engine import Form
from cecot.rdf.serialization import Output
from cecot.rdf.terms import Prefixes

FORMATS_IRI = "http://www.w3.org/ns/formats/"
"""Where the W3C's unique IRIs for file formats begin."""

Writer = TypeVar("Writer", QueryResultsFormat, RdfFormat)


@dataclass(frozen=True, slots=True)
class Format(Generic[Writer]):
    """One way to write an answer.

    ``name`` is the value of ``format=`` and of the command line, ``names`` the other values that
    mean it; ``title`` is what people call it; ``media_type`` is its own type, ``aliases`` the types
    it answers to besides; ``suffix`` ends a file's name; ``writer`` is what Oxigraph calls it.
    """

    name: str
    title: str
    media_type: str
    suffix: str
    writer: Writer
    names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def iri(self) -> str:
        """What it is called in RDF."""
        return FORMATS_IRI + re.sub("[ /]", "_", self.title)

    @property
    def media_types(self) -> tuple[str, ...]:
        """Its own media type, then those it answers to besides."""
        return (self.media_type, *self.aliases)

    def is_called(self, name: str) -> bool:
        """Whether ``name`` is one of the values of ``format=`` that mean this format."""
        return name.lower() in (self.name, self.suffix, *self.names)


RESULTS: tuple[Format[QueryResultsFormat], ...] = (
    Format(
        "json",
        "SPARQL Results JSON",
        "application/sparql-results+json",
        "srj",
        QueryResultsFormat.JSON,
        ("sparql-json", "sparql-results+json"),
        ("application/json",),
    ),
    Format(
        "xml",
        "SPARQL Results XML",
        "application/sparql-results+xml",
        "srx",
        QueryResultsFormat.XML,
        ("sparql-xml", "sparql-results+xml"),
        ("application/xml", "text/xml"),
    ),
    Format("csv", "SPARQL Results CSV", "text/csv", "csv", QueryResultsFormat.CSV),
    Format("tsv", "SPARQL Results TSV", "text/tab-separated-values", "tsv", QueryResultsFormat.TSV),
)

GRAPHS: tuple[Format[RdfFormat], ...] = (
    Format(
        "turtle",
        "Turtle",
        "text/turtle",
        "ttl",
        RdfFormat.TURTLE,
        ("n3",),
        (
            "application/turtle",
            "application/x-turtle",
            "text/n3",
            "text/rdf+n3",
            "application/n3",
        ),
    ),
    Format(
        "ntriples",
        "N-Triples",
        "application/n-triples",
        "nt",
        RdfFormat.N_TRIPLES,
        ("n-triples",),
        ("text/plain",),
    ),
    Format(
        "rdfxml",
        "RDF/XML",
        "application/rdf+xml",
        "rdf",
        RdfFormat.RDF_XML,
        ("rdf+xml", "rdf/xml", "xml"),
        ("application/xml", "text/xml"),
    ),
    Format(
        "jsonld",
        "JSON-LD",
        "application/ld+json",
        "jsonld",
        RdfFormat.JSON_LD,
        ("json-ld", "ld+json", "json"),
        ("application/json", "application/x-json+ld"),
    ),
    Format(
        "nquads",
        "N-Quads",
        "application/n-quads",
        "nq",
        RdfFormat.N_QUADS,
        ("n-quads",),
        ("text/x-nquads",),
    ),
    Format("trig", "TriG", "application/trig", "trig", RdfFormat.TRIG, (), ("application/x-trig",)),
)

AnyFormat = Format[QueryResultsFormat] | Format[RdfFormat]
Formats = Sequence[AnyFormat]
FORMATS: Formats = (*RESULTS, *GRAPHS)


def formats_of(form: Form) -> Formats:
    """The formats that an answer of this form can be written in, the preferred one first."""
    return GRAPHS if form is Form.GRAPH else RESULTS


def media_types(formats: Formats) -> list[str]:
    """All media types of ``formats``, in the order of preference: own types first, then aliases."""
    own = [each.media_type for each in formats]
    return own + [alias for each in formats for alias in each.aliases if alias not in own]


def results_writer(media_type: str) -> QueryResultsFormat:
    """What Oxigraph calls the format of rows or a boolean; KeyError if there is none."""
    return _RESULTS_WRITERS[media_type]


def graph_writer(media_type: str) -> RdfFormat:
    """What Oxigraph calls the format of a graph; KeyError if there is none."""
    return _GRAPH_WRITERS[media_type]


def content_type(media_type: str) -> str:
    """The Content-Type header: text types say that they are UTF-8, the others always are."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


_RESULTS_WRITERS = {each: format_.writer for format_ in RESULTS for each in format_.media_types}
_GRAPH_WRITERS = {each: format_.writer for format_ in GRAPHS for each in format_.media_types}


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
