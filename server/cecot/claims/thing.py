"""A thing as people read it: facts with the claims behind them, then all that is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from cecot.claims.claim import STATUSES, ClaimView, claim_view, read_claims
from cecot.claims.nodes import Node, Place, Reader, Text, Texts, Value
from cecot.claims.subgraph import Gathered, gather_thing
from cecot.engine import Engine
from cecot.vocabulary import CECOT, DCTERMS, RDF, RDFS, SKOS

__all__ = [
    "STATUSES",
    "ClaimView",
    "Fact",
    "Link",
    "Node",
    "Place",
    "Related",
    "Text",
    "Texts",
    "Thing",
    "Value",
    "describe_thing",
    "read_claims",
    "thing_of",
]

_TELLING = (str(RDFS.comment), str(DCTERMS.description), str(SKOS.definition))
_NOTE = str(SKOS.editorialNote)
_TOLD_APART = {str(RDF.type), str(RDFS.label), str(SKOS.prefLabel), _NOTE, *_TELLING}


@dataclass(frozen=True, slots=True)
class Fact:
    """A direct triple that asserted claims state: ``claims`` are those claims."""

    subject: Node
    predicate: Node
    object: Node
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A direct triple that is no fact of a text: structure, a reference, a page."""

    subject: Node
    predicate: Node
    object: Node


@dataclass(frozen=True, slots=True)
class Related:
    """A claim, and what the thing is in it: ``subject``, ``accused``, ``speaker`` ..."""

    claim: ClaimView
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """All that one description says of a thing, sorted, the same on every reading.

    ``facts`` go out from the thing, ``incoming_facts`` point to it; ``links`` likewise. ``claims``
    are all claims that it has a part in; ``claim``, ``place`` or ``value`` is set where the thing
    itself is one. ``more_claims``, ``more_links``: the graph has more than a description holds.
    """

    node: Node
    types: tuple[Node, ...]
    descriptions: Texts
    notes: Texts
    facts: tuple[Fact, ...]
    incoming_facts: tuple[Fact, ...]
    links: tuple[Link, ...]
    incoming_links: tuple[Link, ...]
    claims: tuple[Related, ...]
    claim: ClaimView | None
    place: Place | None
    more_claims: bool
    more_links: bool

    @property
    def iri(self) -> str:
        """The IRI of the thing."""
        return self.node.iri

    @property
    def value(self) -> Value | None:
        """The figure or date that the thing is."""
        return self.node.value

    def by_status(self) -> dict[str, tuple[Related, ...]]:
        """The claims grouped by status, in the order of ``STATUSES``; no group is empty."""
        known = {status: place for place, status in enumerate(STATUSES)}
        found = sorted(
            {each.claim.status for each in self.claims},
            key=lambda status: (known.get(status, len(known)), status),
        )
        return {
            status: tuple(each for each in self.claims if each.claim.status == status)
            for status in found
        }


def describe_thing(engine: Engine, iri: str) -> Thing | None:
    """What the graph says of ``iri``; None if it says nothing, or ``iri`` is no IRI.

    Raises what the engine raises.
    """
    try:
        node = NamedNode(iri)
    except ValueError:
        return None
    return thing_of(gather_thing(engine, node), node)


def thing_of(gathered: Gathered, thing: NamedNode) -> Thing | None:
    """The view of what was gathered for ``thing``; None if that is nothing."""
    if not gathered.graph:
        return None
    reader = Reader(gathered)
    views = [(claim_view(reader, claim), roles) for claim, roles in gathered.roles.items()]
    claims = sorted(
        (Related(view, roles) for view, roles in views if view), key=lambda each: each.claim.order
    )
    behind = _claims_by_triple(each.claim for each in claims)
    outgoing = [
        Triple(thing, NamedNode(predicate), value)
        for predicate, values in gathered.graph.get(thing, {}).items()
        if predicate not in _TOLD_APART
        for value in values
    ]
    incoming = [Triple(subject, NamedNode(iri), thing) for subject, iri in gathered.incoming]
    claim = claim_view(reader, thing)
    facts, links = _split(reader, outgoing if claim is None else [], behind)
    incoming_facts, incoming_links = _split(reader, incoming, behind)
    node = reader.node(thing)
    return Thing(
        node=node,
        types=reader.nodes(thing, str(RDF.type)),
        descriptions=reader.texts(thing, *_TELLING),
        notes=reader.texts(thing, _NOTE),
        facts=facts,
        incoming_facts=incoming_facts,
        links=links,
        incoming_links=incoming_links,
        claims=tuple(claims),
        claim=claim,
        place=reader.place(thing) if str(CECOT.Passage) in node.types else None,
        more_claims=gathered.more_claims,
        more_links=gathered.more_links,
    )


def _claims_by_triple(claims: Iterable[ClaimView]) -> dict[Triple, tuple[ClaimView, ...]]:
    """The asserted claims behind each triple."""
    behind: dict[Triple, tuple[ClaimView, ...]] = {}
    for claim in claims:
        if claim.is_asserted and claim.subject and claim.predicate and claim.object:
            match claim.subject.term, claim.predicate.term:
                case NamedNode() as subject, NamedNode() as predicate:
                    triple = Triple(subject, predicate, claim.object.term)
                    behind[triple] = (*behind.get(triple, ()), claim)
    return behind


def _split(
    reader: Reader, triples: Iterable[Triple], behind: Mapping[Triple, tuple[ClaimView, ...]]
) -> tuple[tuple[Fact, ...], tuple[Link, ...]]:
    """The triples that are facts of a text, and the others, each sorted by predicate."""
    facts, links = [], []
    for triple in triples:
        subject, predicate, value = (reader.node(each) for each in triple)
        if triple in behind or str(CECOT.FactProperty) in predicate.types:
            facts.append(Fact(subject, predicate, value, behind.get(triple, ())))
        else:
            links.append(Link(subject, predicate, value))
    return tuple(sorted(facts, key=_order)), tuple(sorted(links, key=_order))


def _order(each: Fact | Link) -> tuple[str, ...]:
    return each.predicate.iri, str(each.object.term), str(each.subject.term)
