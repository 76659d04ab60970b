"""What a front page shows before anything is asked: which texts, how much, and one line of them
taken apart into who says what (design: site, ten seconds)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from cecot.claims.answers import Telling
from cecot.claims.claim import Claim
from cecot.claims.nodes import Node, Place, Reader, Texts, texts_of
from cecot.claims.queries import query
from cecot.claims.subgraph import fetch
from cecot.dataset.answers import ANY
from cecot.engine import Engine
from cecot.sparql.asking import select

MOST_LINES, MOST_IN_A_LINE = 2, 3
"""Lines that are taken apart, and claims of each: what the eye takes in at once."""


@dataclass(frozen=True, slots=True)
class SourceInScope:
    """A source, and what its editors note of it."""

    node: Node
    notes: Texts


@dataclass(frozen=True, slots=True)
class TextsInScope:
    """What all the claims rest on: texts, their passages, the day on which the last one came."""

    sources: tuple[SourceInScope, ...]
    passages: int
    received: str


def read_scope(engine: Engine) -> TextsInScope:
    """What the dataset rests on. Raises what the engine raises."""
    passages: dict[NamedNode, int] = {}
    notes: dict[NamedNode, list[Literal]] = {}
    days: set[str] = set()
    for row in select(engine, query("scope")):
        source = row["source"]
        if not isinstance(source, NamedNode):
            continue
        passages[source] = int(getattr(row.get("passages"), "value", "0"))
        found = notes.setdefault(source, [])
        if isinstance(note := row.get("note"), Literal):
            found.append(note)
        if isinstance(received := row.get("received"), Literal):
            days.add(received.value)
    reader = Reader(fetch(engine, mentioned=passages))
    sources = (SourceInScope(reader.node(each), texts_of(notes[each])) for each in passages)
    return TextsInScope(tuple(sources), sum(passages.values()), max(days, default=""))


def take_apart(tellings: Iterable[Telling]) -> list[tuple[Place, list[Claim]]]:
    """Lines of the text with the claims that are quoted from them, of several statuses.

    They are those of the answer that has the most statuses; nothing where no answer has two.
    """
    candidates = [_quoted(telling) for telling in tellings]
    best = max(candidates, key=_statuses, default=[])
    if _statuses(best) < 2:
        return []
    lines: dict[Place, list[Claim]] = {}
    for claim in best:
        lines.setdefault(claim.places[0], []).append(claim)
    # The line with the most statuses shows the most; the next one adds what it lacks.
    first = max(lines, key=lambda place: _statuses(lines[place]))
    seen = {claim.status for claim in lines[first]}
    others = [place for place in lines if {claim.status for claim in lines[place]} - seen]
    chosen = [first, *others][:MOST_LINES]
    return [
        (place, _few(lines[place])) for place in sorted(chosen, key=lambda each: each.line or 0)
    ]


def _quoted(telling: Telling) -> list[Claim]:
    """The claims of ``telling`` whose words stand in the graph, each once, in their order."""
    claims = {
        claim.iri: claim
        for clause in telling.clauses
        if clause.kind != ANY
        for mark in clause.marks
        for claim in mark.claims
        if claim.places and (claim.quoted or claim.exact)
    }
    return list(claims.values())


def _statuses(claims: Sequence[Claim]) -> int:
    return len({claim.status for claim in claims})


def _few(claims: Sequence[Claim]) -> list[Claim]:
    """The first claims, among them one of each status."""
    one_each = list({claim.status: claim for claim in reversed(claims)}.values())
    rest = [claim for claim in claims if claim not in one_each]
    kept = [*one_each, *rest][:MOST_IN_A_LINE]
    return sorted(kept, key=lambda each: (each.start or 0, claims.index(each)))
