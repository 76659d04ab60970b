"""Questions that the program itself asks of an engine, with values bound into them (SHACL 5.3.1).

A text marks the place of a value with a dollar sign (``$thing``), as SHACL marks ``$this``; ``?x``
stays a variable. A value is an RDF term, several for a VALUES block, or a number for LIMIT. Terms
are written by Oxigraph: no text of a client ever becomes syntax. It binds everywhere, in
sub-selects and FILTER EXISTS too (a substitution by Oxigraph's own parameter does not).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import IO, TypeVar

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from cecot.engine import WHOLE, Answer, Dataset, Engine, Form, Query
from cecot.rdf.terms import Term

Binding = NamedNode | Literal | int | Iterable[NamedNode | Literal]
Row = Mapping[str, Term]
Parsed = TypeVar("Parsed")

# Of the four formats, Oxigraph reads and writes this one fastest.
_TSV, _JSON, _NTRIPLES = (
    "text/tab-separated-values",
    "application/sparql-results+json",
    "application/n-triples",
)
_PLACE = re.compile(r"\$(\w+)")


def select(engine: Engine, text: str, **bindings: Binding) -> list[Row]:
    """The rows of a SELECT query; a variable without a value is absent from its row.

    Raises what the engine raises, KeyError for a place without a value.
    """
    return solutions(engine, bound(text, bindings))[1]


def select_iris(engine: Engine, text: str, variable: str, **bindings: Binding) -> list[NamedNode]:
    """The IRIs that ``variable`` has in the rows of a SELECT query. Raises as ``select`` does."""
    rows = select(engine, text, **bindings)
    return [node for row in rows if isinstance(node := row.get(variable), NamedNode)]


def solutions(engine: Engine, text: str, dataset: Dataset = WHOLE) -> tuple[list[str], list[Row]]:
    """The variables and the rows of a SELECT query as it stands: a dollar sign in it is syntax.

    Raises what the engine raises.
    """
    body = read_answer(engine, Query(text, _TSV, None, None, dataset, Form.SELECT))
    results = parse_query_results(body, format=QueryResultsFormat.TSV)
    if not isinstance(results, QuerySolutions):
        raise TypeError("a SELECT query has rows")
    names = [variable.value for variable in results.variables]
    return names, [
        {name: term for name, term in zip(names, row, strict=True) if term is not None}
        for row in results
    ]


def ask(engine: Engine, text: str, **bindings: Binding) -> bool:
    """The answer of an ASK query. Raises as ``select`` does."""
    body = read_answer(engine, Query(bound(text, bindings), None, _JSON, None, ours=Form.ASK))
    results = parse_query_results(body, format=QueryResultsFormat.JSON)
    if not isinstance(results, QueryBoolean):
        raise TypeError("an ASK query has one answer")
    return bool(results)


def triples(engine: Engine, text: str, **bindings: Binding) -> list[Triple]:
    """The triples of a CONSTRUCT query, in no order, some perhaps twice. Raises as ``select``."""
    body = read_answer(engine, Query(bound(text, bindings), None, None, _NTRIPLES, ours=Form.GRAPH))
    return [quad.triple for quad in parse(body, RdfFormat.N_TRIPLES)]


def placeholders(text: str) -> set[str]:
    """The names of the places for values in ``text``."""
    return set(_PLACE.findall(text))


def bound(text: str, bindings: Mapping[str, Binding]) -> str:
    """``text`` with the value in the place of each ``$name``.

    Raises KeyError for a place without a value, ValueError for a value without a place.
    """
    unused = bindings.keys() - placeholders(text)
    if unused:
        raise ValueError(f"the query has no place for {', '.join(sorted(unused))}")
    kept = {name: _written(value) for name, value in bindings.items()}

    def write(place: re.Match[str]) -> str:
        # IN (...) wants commas between terms, VALUES wants none.
        is_list = text[: place.start()].rstrip().endswith("(")
        return (", " if is_list else " ").join(kept[place[1]])

    return _PLACE.sub(write, text)


def _written(value: Binding) -> list[str]:
    """N-Triples, in which Oxigraph escapes whatever could end a term."""
    if isinstance(value, NamedNode | Literal | int):
        return [str(value)]
    return [str(each) for each in value]


def read_answer(engine: Engine, query: Query) -> bytes:
    """The whole answer to ``query``, as it is written. Raises what the engine raises."""
    answer: Answer = engine.answer(query)
    if isinstance(answer.body, bytes):
        return answer.body
    file: IO[bytes] = answer.body
    with file:
        return file.read()
