"""What follows from the claims, by the queries in ``ontology/derive/`` (SPARQL 1.1, 16.2).

Oxigraph does not infer. What follows is never written in ``graph/``: it is derived when the rooms
are read. Every query runs over the default graph, round after round, until nothing new comes.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, QueryTriples, RdfFormat, Store, Triple, parse

from cecot.dataset.statements import statements
from cecot.errors import QuerySyntaxError, UsageError
from cecot.rdf.reading import decoded, read_bytes
from cecot.rooms import Rooms
from cecot.sparql.diagnostics import explain
from cecot.sparql.lexer import decode

ROUNDS = 100


def derive(store: Store, rooms: Rooms) -> list[Triple]:
    """Add to the default graph of ``store`` what follows from it, and return what was not there.

    Raises QuerySyntaxError if a file holds no CONSTRUCT query, UsageError if there is no end.
    """
    derived: list[Triple] = []

    def add(results: QueryTriples) -> None:
        new = {quad for quad in map(_quad, results) if quad not in store}
        store.bulk_extend(new)
        derived.extend(quad.triple for quad in new)

    _until_nothing_new(store, rooms, add)
    sentences = [quad for quad in statements(store) if quad not in store]
    store.bulk_extend(sentences)
    return derived + [quad.triple for quad in sentences]


def derive_in_place(store: Store, rooms: Rooms) -> None:
    """Do the same but for sentences, and return nothing: no triple becomes a Python object.

    Oxigraph writes and reads text several times faster than Python makes objects, and into a store
    that is not empty ``load`` is faster than ``bulk_load``.
    """

    def add(results: QueryTriples) -> None:
        output = io.BytesIO()
        results.serialize(output, RdfFormat.N_TRIPLES)
        content = output.getvalue()
        if b"_:" in content:
            # The loader would give blank nodes new names, and so make new nodes of them.
            triples = (statement.triple for statement in parse(content, RdfFormat.N_TRIPLES))
            store.bulk_extend(map(_quad, triples))
        else:
            store.load(content, RdfFormat.N_TRIPLES)

    _until_nothing_new(store, rooms, add)


def _until_nothing_new(store: Store, rooms: Rooms, add: Callable[[QueryTriples], None]) -> None:
    queries = [(path, decoded(read_bytes(path), str(path))) for path in rooms.derive_files()]
    size = len(store)
    for _ in range(ROUNDS):
        for path, text in queries:
            add(_results(store, text, path))
        before, size = size, len(store)
        if size == before:
            return
    raise UsageError(
        f"The derivations go on for more than {ROUNDS} rounds.",
        hint="A query in ontology/derive/ that makes a new node each time never ends.",
        where=str(rooms.ontology / "derive"),
    )


def _results(store: Store, text: str, path: Path) -> QueryTriples:
    try:
        results = store.query(text)
    except SyntaxError as error:
        explained = explain(decode(text), str(error), {})
        explained.where = str(path)
        raise explained from None
    if not isinstance(results, QueryTriples):
        raise QuerySyntaxError(
            "A derivation is a CONSTRUCT query.",
            hint="Write CONSTRUCT { what follows } WHERE { from what }.",
            where=str(path),
        )
    return results


def _quad(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())
