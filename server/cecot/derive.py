"""What follows from the claims, by the queries in ``ontology/derive/`` (SPARQL 1.1, 16.2).

Oxigraph does not infer. What follows is never written in ``graph/``: it is derived when the rooms
are read.
"""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Quad, QueryTriples, Store, Triple

from cecot.errors import QuerySyntaxError, UsageError
from cecot.explanation import explain
from cecot.rooms import Rooms
from cecot.syntax import decode

ROUNDS = 100


def derive(store: Store, rooms: Rooms) -> list[Triple]:
    """Run every derivation over the default graph until nothing new comes; add what comes.

    Returns the triples that were not there before, in no order. Only they become Python objects.
    Raises QuerySyntaxError if a file holds no CONSTRUCT query, UsageError if there is no end.
    """
    queries = [(path, path.read_text(encoding="utf-8")) for path in rooms.derive_files()]
    derived: list[Triple] = []
    for _ in range(ROUNDS):
        before = len(derived)
        for path, text in queries:
            results = (Quad(*triple) for triple in _construct(store, text, path))
            new = {quad for quad in results if quad not in store}
            store.bulk_extend(new)
            derived += (quad.triple for quad in new)
        if len(derived) == before:
            return derived
    raise UsageError(
        f"The derivations go on for more than {ROUNDS} rounds.",
        hint="A query in ontology/derive/ that makes a new node each time never ends.",
        where=str(rooms.ontology / "derive"),
    )


def _construct(store: Store, text: str, path: Path) -> QueryTriples:
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
