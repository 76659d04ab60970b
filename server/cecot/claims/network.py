"""Who says what about whom: speakers, the strands that lead from them, and what they speak of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from cecot.claims.claim import Claim, read_claims, status_order
from cecot.claims.nodes import Node
from cecot.claims.queries import query
from cecot.claims.thing import Thing
from cecot.engine import Engine
from cecot.sparql.asking import select

MOST_TOPICS = 18
"""What is spoken of, at most, in a picture of its own; the claims table has the rest."""

MOST_CLAIMS = 200


@dataclass(frozen=True, slots=True)
class Strand:
    """What one speaker says about one thing in one status.

    ``speaker`` is None where the text names none, ``about`` where nobody and nothing is named.
    """

    speaker: Node | None
    about: Node | None
    status: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """The strands in the order in which a picture shows them, top to bottom.

    ``thing`` is what the network is drawn around, None where it is drawn of everything that is
    not asserted. ``left_out`` is how many strands do not fit; ``more`` whether there are claims
    that were not read.
    """

    thing: Node | None
    strands: tuple[Strand, ...]
    left_out: int
    more: bool

    @property
    def topics(self) -> tuple[Node | None, ...]:
        """What is spoken of, each once, top to bottom."""
        return tuple({_key(each.about): each.about for each in self.strands}.values())

    @property
    def speakers(self) -> tuple[Node | None, ...]:
        """Who speaks, each once: in the order of what they speak of, so that few lines cross."""
        places: dict[str, list[int]] = {}
        nodes: dict[str, Node | None] = {}
        for place, strand in enumerate(self.strands):
            places.setdefault(_key(strand.speaker), []).append(place)
            nodes[_key(strand.speaker)] = strand.speaker
        order = sorted(places, key=lambda key: (sum(places[key]) / len(places[key]), key))
        return tuple(nodes[key] for key in order)


def network_around(thing: Thing, most: int = MOST_TOPICS) -> Network:
    """The network of all claims that ``thing`` has a part in, with at most ``most`` topics.

    A picture has half as many lines again, at most.
    """
    claims = [each.claim for each in thing.claims]
    return _network(thing.node, claims, most, more=thing.more_claims)


def network_of_claims(engine: Engine) -> Network:
    """The network of all claims that are not asserted. Raises what the engine raises."""
    rows = select(engine, query("not-asserted"), most=MOST_CLAIMS + 1)
    found = [row["claim"] for row in rows if isinstance(row["claim"], NamedNode)]
    claims = read_claims(engine, found[:MOST_CLAIMS])
    claims.sort(key=lambda each: each.order)
    return _network(None, claims, MOST_TOPICS, more=len(rows) > MOST_CLAIMS)


def topics_of(claim: Claim) -> tuple[Node, ...]:
    """What ``claim`` is about: who is accused, which policy; else its subject.

    Who speaks of themselves speaks of what they say: of what they admire, of what they plan.
    """
    named = (*claim.accused, *claim.about, *claim.policies)
    if named:
        return tuple(dict.fromkeys(named))
    subject, value = claim.subject, claim.object
    if subject is None:
        return ()
    if subject in claim.speakers and value and value.iri and not value.value:
        return (value,)
    return (subject,)


def _network(thing: Node | None, claims: Iterable[Claim], most: int, *, more: bool) -> Network:
    gathered: dict[tuple[str, str, str], list[Claim]] = {}
    nodes: dict[str, Node | None] = {}
    for claim in claims:
        for about in topics_of(claim) or (None,):
            for speaker in claim.speakers or (None,):
                nodes |= {_key(about): about, _key(speaker): speaker}
                key = _key(about), claim.status, _key(speaker)
                gathered.setdefault(key, []).append(claim)
    order = _topic_order(gathered, thing)
    kept = [key for key in gathered if order[key[0]] < most]
    kept.sort(key=lambda key: (order[key[0]], status_order(key[1]), gathered[key][0].order, key))
    del kept[most + most // 2 :]
    strands = tuple(
        Strand(nodes[speaker], nodes[about], status, tuple(gathered[about, status, speaker]))
        for about, status, speaker in kept
    )
    return Network(thing, strands, len(gathered) - len(kept), more)


def _topic_order(
    gathered: dict[tuple[str, str, str], list[Claim]], thing: Node | None
) -> dict[str, int]:
    """The place of each topic: the thing itself, then what is more than asserted, then by line."""
    first: dict[str, tuple[bool, bool, tuple[str, int, str]]] = {}
    for (about, status, _), claims in gathered.items():
        here = (
            about != (thing.iri if thing else None),
            status == "Asserted",
            min(each.order for each in claims),
        )
        first[about] = min(here, first.get(about, here))
    return {about: place for place, about in enumerate(sorted(first, key=lambda key: first[key]))}


def _key(node: Node | None) -> str:
    if node is None:
        return ""
    return node.iri or str(node.term)
