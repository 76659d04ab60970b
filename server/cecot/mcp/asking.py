"""The tool ``sparql``: a query of the model's own, its answer bounded (SPARQL 1.1, 16)."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from typing import IO

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)

from cecot.engine import Form, Query
from cecot.mcp import schemas
from cecot.mcp.library import Library
from cecot.mcp.parameters import Arguments
from cecot.mcp.words import WORDS
from cecot.turtle.prefixes import Prefixes
from cecot.turtle.terms import Term
from cecot.vocabulary import XSD

MOST_BYTES = 32 * 1024
"""Bytes of rows, or of triples, in one answer."""

_TSV, _JSON, _NTRIPLES = (
    "text/tab-separated-values",
    "application/sparql-results+json",
    "application/n-triples",
)


def ask(library: Library, arguments: Arguments) -> tuple[schemas.Answer, str]:
    """The answer to ``query``: its first ``limit`` rows or triples, and how many there are.

    Raises what the engine raises.
    """
    limit, language = arguments.count("limit"), arguments.language
    # In TSV and N-Triples a line is a row or a triple, whatever stands in it.
    answer = library.engine.answer(Query(arguments.text("query"), _TSV, _JSON, _NTRIPLES))
    body = io.BytesIO(answer.body) if isinstance(answer.body, bytes) else answer.body
    with body:
        if answer.form is Form.ASK:
            result = schemas.Answer("ASK", 1, 1, False, truth=json.load(body)["boolean"])
        elif answer.form is Form.SELECT:
            result = _rows(body, limit)
        else:
            kept, total = first_lines(body, limit)
            triples = b"".join(kept).decode()
            result = schemas.Answer("GRAPH", total, len(kept), len(kept) < total, triples=triples)
    return result, "\n".join(_lines(result, library.names.prefixes, language))


def first_lines(body: IO[bytes], limit: int) -> tuple[list[bytes], int]:
    """The first ``limit`` lines, as many as fit into MOST_BYTES; how many there are in all."""
    kept: list[bytes] = []
    room, total = MOST_BYTES, 0
    for line in body:
        room -= len(line)
        if room >= 0 and total < limit:
            kept.append(line)
        total += 1
    return kept, total


def _rows(body: IO[bytes], limit: int) -> schemas.Answer:
    head = body.readline()
    kept, total = first_lines(body, limit)
    results = parse_query_results(b"".join((head, *kept)), format=QueryResultsFormat.TSV)
    if not isinstance(results, QuerySolutions):
        raise TypeError("a SELECT query has rows")
    variables = tuple(each.value for each in results.variables)
    rows = tuple(
        {name: _term(term) for name, term in zip(variables, row, strict=True) if term is not None}
        for row in results
    )
    return schemas.Answer("SELECT", total, len(rows), len(rows) < total, variables, rows)


def _term(term: Term) -> schemas.Term:
    match term:
        case NamedNode():
            return schemas.Term("uri", term.value)
        case BlankNode():
            return schemas.Term("bnode", term.value)
        case Literal():
            datatype = term.datatype.value
            plain = term.language or datatype == str(XSD.string)
            return schemas.Term(
                "literal", term.value, "" if plain else datatype, term.language or ""
            )
    return schemas.Term("triple", str(term))


def _lines(answer: schemas.Answer, prefixes: Prefixes, language: str) -> Iterator[str]:
    words = WORDS[language]
    if answer.truth is not None:
        yield words["yes" if answer.truth else "no"]
        return
    if not answer.total:
        yield words["no_rows"]
        return
    many = words["rows" if answer.form == "SELECT" else "triples"].format(answer.total)
    yield words["row"] if answer.form == "SELECT" and answer.total == 1 else many
    if answer.is_cut:
        yield words["cut"].format(answer.shown, answer.total)
    yield words["rows_are_raw"]
    yield ""
    if answer.form == "SELECT":
        yield " | ".join(answer.variables)
        for row in answer.rows:
            yield " | ".join(_cells(map(row.get, answer.variables), prefixes))
    else:
        yield answer.triples


def _cells(terms: Iterable[schemas.Term | None], prefixes: Prefixes) -> Iterator[str]:
    """What stands in a row: a row is a line."""
    for term in terms:
        if term is None:
            yield ""
        elif term.type == "uri":
            yield prefixes.compact(term.value)
        else:
            yield " ".join(term.value.split())
