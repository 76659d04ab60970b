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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import IO, Any, cast

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse_query_results,
)

from cecot.engine import Form
from cecot.messages import escaped
from cecot.rdf.serialization import Output, XmlOutput
from cecot.rdf.terms import Prefixes, Term

FORMATS_IRI = "http://www.w3.org/ns/formats/"
"""Where the W3C's unique IRIs for file formats begin."""

Results = QuerySolutions | QueryBoolean
Again = Callable[[], QuerySolutions]
"""Empties the output and gives the same rows once more."""

ReadResults = bool | tuple[list[str], list[list[str | None]]]
"""Yes or no, or the variables and the rows of their values, None where there is none."""


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write an answer.

    ``name`` is the value of ``format=`` and of the command line, ``names`` the other values that
    mean it; ``title`` is what people call it; ``media_type`` is its own type, ``aliases`` the types
    it answers to besides; ``suffix`` ends a file's name; ``iri`` is its name in RDF, if it has one.
    """

    name: str
    title: str
    media_type: str
    suffix: str
    names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    iri: str = ""

    @property
    def media_types(self) -> tuple[str, ...]:
        """Its own media type, then those it answers to besides."""
        return (self.media_type, *self.aliases)

    def is_called(self, name: str) -> bool:
        """Whether ``name`` is one of the values of ``format=`` that mean this format."""
        return name.lower() in (self.name, self.suffix, *self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFormat(Format):
    """A way to write rows, and yes or no, by the function ``write``.

    ``read`` reads what was written. Without it nobody is told why an answer in it is empty.
    """

    write: Callable[[Results, Output, Again], None]
    read: Callable[[bytes], ReadResults] | None = None


UNREADABLE = (SyntaxError, ValueError, csv.Error)
"""What ``read`` may raise: Oxigraph writes some things that it does not read, such as triple terms
within each other 70 deep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphFormat(Format):
    """A way to write triples: ``writer`` is what Oxigraph, which writes it, calls it."""

    writer: RdfFormat


def _write(results: Results, output: Output, _again: Again, *, writer: QueryResultsFormat) -> None:
    """As Oxigraph writes it."""
    # typing.IO asks for a whole file.
    results.serialize(cast("IO[bytes]", output), writer)


def _write_xml(results: Results, output: Output, _again: Again) -> None:
    results.serialize(cast("IO[bytes]", XmlOutput(output)), QueryResultsFormat.XML)


def _write_csv(results: Results, output: Output, again: Again) -> None:
    columns = len(results.variables) if isinstance(results, QuerySolutions) else 0
    counted = CsvOutput(output, columns)
    results.serialize(cast("IO[bytes]", counted), QueryResultsFormat.CSV)
    if not counted.is_whole:
        write_csv(again(), output)


def _read(body: bytes, *, reader: QueryResultsFormat) -> ReadResults:
    results = parse_query_results(body, format=reader)
    if isinstance(results, QueryBoolean):
        return bool(results)
    return [each.value for each in results.variables], [[*map(_text, row)] for row in results]


def _read_csv(body: bytes) -> ReadResults:
    """An empty text looks as no value does."""
    if body in (b"true", b"false"):
        return body == b"true"
    names, *rows = csv.reader(io.StringIO(body.decode(), newline=""))
    return names, [[each or None for each in row or [""]] for row in rows]


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
    rows = ([_text(term) for term in row] for row in results)
    piece: list[list[str | None]] = [[variable.value for variable in results.variables]]
    while piece:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(piece)
        output.write(text.getvalue().encode())
        piece = list(islice(rows, _ROWS))
    output.flush()


def _text(term: Term | None) -> str | None:
    return term.value if isinstance(term, NamedNode | Literal) else str(term) if term else None


RESULTS: tuple[ResultFormat, ...] = (
    ResultFormat(
        "json",
        "SPARQL Results JSON",
        "application/sparql-results+json",
        "srj",
        ("sparql-json", "sparql-results+json"),
        ("application/json",),
        FORMATS_IRI + "SPARQL_Results_JSON",
        write=partial(_write, writer=QueryResultsFormat.JSON),
        read=partial(_read, reader=QueryResultsFormat.JSON),
    ),
    ResultFormat(
        "xml",
        "SPARQL Results XML",
        "application/sparql-results+xml",
        "srx",
        ("sparql-xml", "sparql-results+xml"),
        ("application/xml", "text/xml"),
        FORMATS_IRI + "SPARQL_Results_XML",
        write=_write_xml,
        read=partial(_read, reader=QueryResultsFormat.XML),
    ),
    ResultFormat(
        "csv",
        "SPARQL Results CSV",
        "text/csv",
        "csv",
        iri=FORMATS_IRI + "SPARQL_Results_CSV",
        write=_write_csv,
        read=_read_csv,
    ),
    ResultFormat(
        "tsv",
        "SPARQL Results TSV",
        "text/tab-separated-values",
        "tsv",
        iri=FORMATS_IRI + "SPARQL_Results_TSV",
        write=partial(_write, writer=QueryResultsFormat.TSV),
        read=partial(_read, reader=QueryResultsFormat.TSV),
    ),
)

GRAPHS: tuple[GraphFormat, ...] = (
    GraphFormat(
        "turtle",
        "Turtle",
        "text/turtle",
        "ttl",
        ("n3",),
        (
            "application/turtle",
            "application/x-turtle",
            "text/n3",
            "text/rdf+n3",
            "application/n3",
        ),
        FORMATS_IRI + "Turtle",
        writer=RdfFormat.TURTLE,
    ),
    GraphFormat(
        "ntriples",
        "N-Triples",
        "application/n-triples",
        "nt",
        ("n-triples",),
        ("text/plain",),
        FORMATS_IRI + "N-Triples",
        writer=RdfFormat.N_TRIPLES,
    ),
    GraphFormat(
        "rdfxml",
        "RDF/XML",
        "application/rdf+xml",
        "rdf",
        ("rdf+xml", "rdf/xml", "xml"),
        ("application/xml", "text/xml"),
        FORMATS_IRI + "RDF_XML",
        writer=RdfFormat.RDF_XML,
    ),
    GraphFormat(
        "jsonld",
        "JSON-LD",
        "application/ld+json",
        "jsonld",
        ("json-ld", "ld+json", "json"),
        ("application/json", "application/x-json+ld"),
        FORMATS_IRI + "JSON-LD",
        writer=RdfFormat.JSON_LD,
    ),
    GraphFormat(
        "nquads",
        "N-Quads",
        "application/n-quads",
        "nq",
        ("n-quads",),
        ("text/x-nquads",),
        FORMATS_IRI + "N-Quads",
        writer=RdfFormat.N_QUADS,
    ),
    GraphFormat(
        "trig",
        "TriG",
        "application/trig",
        "trig",
        aliases=("application/x-trig",),
        iri=FORMATS_IRI + "TriG",
        writer=RdfFormat.TRIG,
    ),
)

Formats = Sequence[Format]
FORMATS: Formats = (*RESULTS, *GRAPHS)


def formats_of(form: Form) -> Formats:
    """The formats that an answer of this form can be written in, the preferred one first."""
    return GRAPHS if form is Form.GRAPH else RESULTS


def media_types(formats: Formats) -> list[str]:
    """All media types of ``formats``, in the order of preference: own types first, then aliases."""
    own = [each.media_type for each in formats]
    return own + [alias for each in formats for alias in each.aliases if alias not in own]


def result_format(media_type: str) -> ResultFormat:
    """The format of rows and yes or no of this type; KeyError if there is none."""
    return _RESULTS[media_type]


def graph_writer(media_type: str) -> RdfFormat:
    """What Oxigraph calls the format of a graph; KeyError if there is none."""
    return _GRAPHS[media_type].writer


def content_type(media_type: str) -> str:
    """The Content-Type header: text types say that they are UTF-8, the others always are."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


_RESULTS = {each: format_ for format_ in RESULTS for each in format_.media_types}
_GRAPHS = {each: format_ for format_ in GRAPHS for each in format_.media_types}


GAP = "  "
NARROWEST = 8


def table(results: bytes, prefixes: Prefixes, width: int | None = None) -> Iterator[str]:
    """The lines of a table of ``results`` (SPARQL results in JSON), at most ``width`` wide.

    IRIs are shortened by ``prefixes``; a cell that does not fit ends in an ellipsis. What would
    move the cursor of a terminal is shown as an escape.
    """
    document: dict[str, Any] = json.loads(results)
    if "boolean" in document:
        yield "yes" if document["boolean"] else "no"
        return
    names: list[str] = document["head"]["vars"]
    rows = [
        [escaped(_cell(binding.get(name), prefixes)) for name in names]
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
