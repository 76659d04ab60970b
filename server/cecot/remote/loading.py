"""What ``cecot load`` does: the rooms into an engine, by the SPARQL 1.1 Graph Store Protocol.

The default graph stands there under a name with its version in it, beside the one before. What says
which one counts is written last, so it says that the rest is whole, and readers change from one
graph to the other at once; to go back is to write that one triple again.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO
from urllib.parse import quote

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from cecot.dataset.content import Names
from cecot.dataset.store import Loaded, store_version
from cecot.engine import Engine
from cecot.errors import CecotError, Unavailable, UsageError
from cecot.remote.address import Remote
from cecot.remote.client import Client, HttpReply
from cecot.remote.engine import RemoteEngine
from cecot.sparql.asking import Row, select
from cecot.vocabulary import OWL

_VERSION, _PRIOR = NamedNode(OWL.versionInfo), NamedNode(OWL.priorVersion)

PATIENCE = 600.0
"""Seconds that one part of a graph may take: Virtuoso takes 12 for a million triples."""

PART = 100_000
"""Triples that are sent at once: a million in one transaction deadlocked Virtuoso with itself."""

ATTEMPTS = 3
"""How often a part is sent to an engine that fails at it (SQL state 40001: "try again")."""

TURTLE = "text/turtle"
"""N-Triples are sent as Turtle, which they are: the protocol demands Turtle of every engine."""

_STATED = """SELECT ?graph ?version ?before FROM NAMED $here {
  GRAPH $here { ?graph $says ?version OPTIONAL { ?graph $prior ?before } } }"""
_COUNT = "SELECT (COUNT(*) AS ?count) FROM $graph { ?s ?p ?o }"


@dataclass(frozen=True, slots=True)
class Stated:
    """What an engine says that it holds: the graph that is our default graph, and its version.

    ``before`` is the graph that was it before, "" if there was none: who has not yet heard of the
    change still reads there.
    """

    graph: str
    version: str
    before: str = ""


def version_graph(names: Names) -> NamedNode:
    """The graph that says which version counts."""
    return NamedNode(f"{names.base}graph/version")


def read_version(engine: Engine, names: Names) -> Stated | None:
    """What ``engine`` says that it holds of ours; None if nothing was loaded. Raises as asking."""
    rows = select(engine, _STATED, here=version_graph(names), says=_VERSION, prior=_PRIOR)
    stated = [
        Stated(_said(row, "graph"), _said(row, "version"), _text(row.get("before", "")))
        for row in rows
    ]
    return stated[0] if len(stated) == 1 else None


def load(loaded: Loaded, engine: RemoteEngine, tell: Callable[[str], None]) -> Stated:
    """Write ``loaded`` to the engine and count what came.

    Raises UsageError where nothing can be written, Unavailable where not all came.
    """
    remote, client = engine.remote, engine.client
    if not remote.store:
        raise UsageError(
            "It is not known where this engine takes graphs.",
            where="--engine-store",
            hint="Name the address of its Graph Store Protocol, or its kind (--engine-kind).",
        )
    names, version = loaded.names, store_version(loaded.store)
    before = read_version(engine, names)
    graph = f"{names.base}graph/{version[:16]}"
    stated = Stated(graph, version, _kept(before, graph))
    graphs: list[tuple[NamedNode | DefaultGraph, str]] = [(DefaultGraph(), stated.graph)]
    graphs += [(each, each.value) for each in _named(loaded.store)]
    for source, name in graphs:
        sent = sum(1 for _ in loaded.store.quads_for_pattern(None, None, None, source))
        if before is not None and before.graph == name and _counted(engine, name) == sent:
            tell(f"{sent:,} triples in <{name}>, as before")
            continue
        method = "PUT"
        for part in _parts(loaded.store, source):
            with tempfile.TemporaryFile() as file:
                serialize(part, file, RdfFormat.N_TRIPLES)
                _send(client, method, remote, name, file)
            method = "POST"  # what follows is added
        came = _counted(engine, name)
        if sent != came:
            raise Unavailable(
                f"{came} of {sent} triples of <{name}> came.",
                hint="Nothing has changed for readers. See the engine's log, and load again.",
            )
        tell(f"{came:,} triples in <{name}>")
    says = [Triple(NamedNode(graph), _VERSION, Literal(version))]
    if stated.before:
        says.append(Triple(NamedNode(graph), _PRIOR, NamedNode(stated.before)))
    with tempfile.TemporaryFile() as file:
        serialize(says, file, RdfFormat.N_TRIPLES)
        _send(client, "PUT", remote, version_graph(names).value, file)
    if before is not None and before.before and before.before not in (graph, stated.before):
        _send(client, "DELETE", remote, before.before, None)
    return stated


def _parts(store: Store, source: NamedNode | DefaultGraph) -> Iterator[list[Triple]]:
    """The graph ``source`` in parts; whole where a blank node would be another in each of them."""
    has_blank = any(
        isinstance(each, BlankNode)
        for quad in store.quads_for_pattern(None, None, None, source)
        for each in (quad.subject, quad.object)
    )
    triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, source))
    size = None if has_blank else PART
    yield list(islice(triples, size))  # of an empty graph too: it takes the place of another
    while part := list(islice(triples, size)):
        yield part


def _counted(engine: Engine, name: str) -> int:
    rows = select(engine, _COUNT, graph=NamedNode(name))
    said = _said(rows[0] if rows else {}, "count")
    if not re.fullmatch(r"[0-9]{1,15}", said):
        raise _other_answer("count")
    return int(said)


def _kept(before: Stated | None, graph: str) -> str:
    """The graph that stays beside the new one."""
    if before is None:
        return ""
    return before.before if before.graph == graph else before.graph


def _named(store: Store) -> list[NamedNode]:
    found = [each for each in store.named_graphs() if isinstance(each, NamedNode)]
    return sorted(found, key=lambda each: each.value)


def _send(
    client: Client, method: str, remote: Remote, name: str, content: IO[bytes] | None
) -> None:
    address = f"{remote.store}?graph={quote(name, safe='')}"
    for attempt in range(1, ATTEMPTS + 1):
        reply = client.send(method, address, PATIENCE, content=content, kind=TURTLE).result()
        with reply.body:
            if reply.status < 300:
                return
            if reply.status < 500 or attempt == ATTEMPTS:
                raise _not_taken(reply, method, name)


def _not_taken(reply: HttpReply, method: str, name: str) -> CecotError:
    hint = "Nothing has changed for readers."
    if reply.status in (401, 403):
        hint = "Give a name and a password that may write there. " + hint
    return Unavailable(
        f"The engine answers {reply.status} to {method} <{name}>: {reply.beginning()}", hint=hint
    )


def _said(row: Row, name: str) -> str:
    """The value of ``name`` in a row; raises Unavailable where the engine gives none."""
    if name not in row:
        raise _other_answer(name)
    return _text(row[name])


def _other_answer(name: str) -> Unavailable:
    return Unavailable(
        f"The engine answers another query than was asked: ?{name} is missing, or no number.",
        hint="See whether a cache or a proxy stands before it, and its log.",
    )


def _text(term: object) -> str:
    return str(getattr(term, "value", term))
