"""Whether an answer says nothing (SPARQL 1.1 Query Results; RDF 1.1)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from pyoxigraph import (
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from cecot.engine import Answer, Form

LONGEST = 1024
"""Bytes of an answer that may be empty; a longer one is not looked at."""

_JSON = b'{"head":'
_OF_EMPTY_JSON = (b'"bindings":[]', b'"bindings":[{}]', b'"0"', b"false")
"""One of these stands in every answer in JSON, as Oxigraph writes it, that says nothing."""


def is_empty(answer: Answer) -> bool:
    """Whether ``answer`` has no row (or one of zeros alone), is a no, or has no triple."""
    if answer.length > LONGEST or not isinstance(answer.body, bytes) or _says_much(answer.body):
        return False
    if answer.form is Form.GRAPH:
        rdf = RdfFormat.from_media_type(answer.media_type)
        return rdf is not None and next(iter(parse(answer.body, rdf)), None) is None
    if answer.media_type == "text/csv":
        return _is_empty_csv(answer.body.decode(), answer.form)
    format_ = QueryResultsFormat.from_media_type(answer.media_type)
    results = parse_query_results(answer.body, format=format_) if format_ else None
    if isinstance(results, QueryBoolean):
        return not results
    if not isinstance(results, QuerySolutions):
        return False
    first, second = next(results, None), next(results, None)
    values = [term.value if isinstance(term, Literal) else "" for term in first or () if term]
    return first is None or (second is None and _are_zeros(values))


def _says_much(body: bytes) -> bool:
    """Whether it is seen at once that an answer says something: the service looks at each."""
    return body.startswith(_JSON) and not any(sign in body for sign in _OF_EMPTY_JSON)


def _is_empty_csv(body: str, form: Form) -> bool:
    if form is Form.ASK:
        return body.strip() == "false"
    rows = list(csv.reader(StringIO(body)))[1:3]
    return not rows or (len(rows) == 1 and _are_zeros(filter(None, rows[0])))


def _are_zeros(values: Iterable[str]) -> bool:
    return set(values) == {"0"}
