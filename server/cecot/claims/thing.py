"""A thing as people read it: facts with the claims behind them, then all that is said of it.

Where others than the text speak of it, that stands side by side, topic by topic: a property, what
is alleged, or what is said in quotation marks alone. Nothing is weighed: each side stands with its
status, its speaker and its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from pyoxigraph import Literal, NamedNode, Triple

from cecot.claims.claim import (
    Claim,
    Piece,
    claim_of,
    clause,
    is_of_source,
    sources_of,
    status_order,
)
from cecot.claims.disputes import Dispute, disputes_among
from cecot.claims.nodes import Node, Place, Reader, Texts, Value, gathered, texts_of
from cecot.claims.silence import Silence
from cecot.claims.subgraph import (
    MOST_CLAIMS,
    MOST_LINKS,
    ORDER_OF_ROLES,
    ROLES,
    Subgraph,
    fetch,
    fetch_below,
)
from cecot.engine import Engine
from cecot.sparql.asking import Binding
from cecot.vocabulary import CECOT, DCTERMS, PROV, RDF, RDFS, SCHEMA, SKOS

DOCUMENT = ("thing", "pointing", "claims-of-thing")
PAGE = (
    *DOCUMENT,
    "statuses",
    "dates-near",
    "silences",
    "silences-elsewhere",
    "passages",
    "claims-of-passages",
    "neighbours",
)
"""What a document tells of a thing, and what its page tells: parts of one fetch."""

_TELLING = (RDFS.comment, DCTERMS.description, SKOS.definition)
_FOR_TOOLS = {PROV.wasAttributedTo, PROV.wasQuotedFrom, SCHEMA.about}
_NAMING = {RDFS.label, SKOS.prefLabel, SKOS.hiddenLabel, CECOT.inSentence}
_TOLD_APART = {RDF.type, *_NAMING, SKOS.editorialNote, *_TELLING}


@dataclass(frozen=True, slots=True)
class Link:
    """A direct triple: structure, a reference, a page."""

    subject: Node
    predicate: Node
    object: Node


@dataclass(frozen=True, slots=True)
class Fact(Link):
    """A direct triple that asserted claims state: ``claims`` are those claims."""

    claims: tuple[Claim, ...]

    def clause(self, language: str) -> tuple[Piece, ...]:
        """It in words: what stands around its parts, and they."""
        told = Piece(self.object.named(language), self.object)
        return clause(self.subject, self.predicate, told, language)


@dataclass(frozen=True, slots=True)
class RelatedClaim:
    """A claim, and what the thing is in it: ``subject``, ``accused``, ``speaker`` ..."""

    claim: Claim
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """All that one description says of a thing, sorted, the same on every reading.

    ``scheme_notes`` is what the list says of itself that a concept stands in (on its page alone).
    ``facts`` go out from the thing, ``incoming_facts`` point to it; ``links`` likewise. ``claims``
    are all claims that it has a part in; ``claim``, ``place`` or ``value`` is set where the thing
    itself is one. ``more_claims``, ``more_links``: the graph has more than a description holds.
    """

    node: Node
    types: tuple[Node, ...]
    descriptions: Texts
    notes: Texts
    scheme_notes: Texts
    facts: tuple[Fact, ...]
    incoming_facts: tuple[Fact, ...]
    links: tuple[Link, ...]
    incoming_links: tuple[Link, ...]
    claims: tuple[RelatedClaim, ...]
    claim: Claim | None
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


def fetch_thing(
    engine: Engine,
    thing: NamedNode,
    *,
    page: bool = False,
    fragments: bool = False,
    after: int = -1,
    passages: int = 1,
) -> Subgraph:
    """What the graph says of ``thing``, for a document or for a ``page``: nothing if it is unknown.

    Of a source, a page has so many ``passages`` after line ``after`` in the place of its claims.
    With ``fragments``, ``thing`` is a document too: what the named graphs say of its fragments
    stands in it. Raises what the engine raises.
    """
    parts = PAGE if page else (*DOCUMENT, "annotation")
    left_out = [NamedNode(CECOT.Source)] if page else []
    values: dict[str, Binding] = {"thing": thing, "left_out": left_out}
    if page:
        values |= {"things": [thing], "after": Literal(after), "passages": passages}
    found = fetch(engine, *parts, values=values)
    if found:
        fetch_below(engine, found, thing, fragments=fragments)
    return found


def describe_thing(engine: Engine, iri: str) -> Thing | None:
    """What the graph says of ``iri``; None if it says nothing, or ``iri`` is no IRI.

    Raises what the engine raises.
    """
    try:
        node = NamedNode(iri)
    except ValueError:
        return None
    return thing_of(Reader(fetch_thing(engine, node)), node)


def thing_of(reader: Reader, thing: NamedNode) -> Thing | None:
    """``thing``, read out of what was fetched for it; None if that is nothing."""
    found = reader.found
    incoming = _incoming(found, thing)
    if thing not in found.graph and not incoming:
        return None
    roles = _roles(found, thing)
    read = ((claim_of(reader, claim), roles[claim]) for claim in list(roles)[:MOST_CLAIMS])
    claims = sorted(
        (RelatedClaim(claim, parts) for claim, parts in read if claim),
        key=lambda each: each.claim.order,
    )
    behind = gathered(
        ((each.claim.subject, each.claim.predicate, each.claim.object), each.claim)
        for each in claims
        if each.claim.is_fact
    )
    outgoing = [
        Triple(thing, NamedNode(predicate), value)
        for predicate, values in found.graph.get(thing, {}).items()
        if predicate not in _TOLD_APART
        for value in values
    ]
    claim = claim_of(reader, thing)
    facts, links = _split(reader, outgoing if claim is None else [], behind)
    incoming_facts, incoming_links = _split(reader, incoming[:MOST_LINKS], behind)
    node = reader.node(thing)
    schemes = map(NamedNode, node.schemes)
    return Thing(
        node=node,
        types=reader.kinds(node.types),
        descriptions=reader.texts(thing, *_TELLING),
        notes=reader.texts(thing, SKOS.editorialNote),
        scheme_notes=texts_of(t for each in schemes for t in found.objects(each, RDFS.comment)),
        facts=facts,
        incoming_facts=incoming_facts,
        links=links,
        incoming_links=incoming_links,
        claims=tuple(claims),
        claim=claim,
        place=reader.place(thing) if CECOT.Passage in node.types else None,
        more_claims=len(roles) > MOST_CLAIMS,
        more_links=max(len(outgoing), len(incoming)) > MOST_LINKS,
    )


def _incoming(found: Subgraph, thing: NamedNode) -> list[Triple]:
    """The direct triples that point to ``thing``, those of claims apart."""
    return [
        Triple(subject, NamedNode(predicate), thing)
        for subject, properties in found.graph.items()
        for predicate, objects in properties.items()
        if thing in objects and predicate not in ROLES
        # A link of a claim as other vocabularies have it stands beside the claim itself.
        if predicate not in _FOR_TOOLS or CECOT.modality not in properties
    ]


def _roles(found: Subgraph, thing: NamedNode) -> dict[NamedNode, tuple[str, ...]]:
    """What ``thing`` is in each claim: where it is closest first, then in the order of their IRIs.

    The figure in brackets is said by the claim of the figure before it.
    """
    same = CECOT.sameQuantityAs
    before = (each for each in found.subjects_with(same) if thing in found.objects(each, same))
    parts = {thing, *before}
    roles: dict[NamedNode, tuple[str, ...]] = {}
    for claim in found.subjects_with(CECOT.modality):
        if claim != thing:
            properties = found.graph[claim]
            named = {
                role
                for predicate, role in ROLES.items()
                if not parts.isdisjoint(properties.get(predicate, ()))
            }
            if named:
                roles[claim] = tuple(sorted(named, key=ORDER_OF_ROLES.__getitem__))
    return dict(sorted(roles.items(), key=lambda item: (ORDER_OF_ROLES[item[1][0]], item[0].value)))


def _split(
    reader: Reader,
    triples: Iterable[Triple],
    behind: Mapping[tuple[Node | None, Node | None, Node | None], list[Claim]],
) -> tuple[tuple[Fact, ...], tuple[Link, ...]]:
    """The triples that are facts of a text, and the others, each sorted by predicate.

    ``behind`` has the claims that make facts, by what they say.
    """
    facts, links = [], []
    for triple in triples:
        subject, predicate, value = (reader.node(each) for each in triple)
        claims = tuple(behind.get((subject, predicate, value), ()))
        if claims or CECOT.FactProperty in predicate.types:
            facts.append(Fact(subject, predicate, value, claims))
        else:
            links.append(Link(subject, predicate, value))
    return tuple(sorted(facts, key=_order)), tuple(sorted(links, key=_order))


def _order(each: Link) -> tuple[str, ...]:
    return each.predicate.iri, str(each.object.term), str(each.subject.term)


Groups = dict[str, tuple[Claim, ...]]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """What one property that is no fact leads to: things, and texts by language."""

    predicate: Node
    nodes: tuple[Node, ...]
    texts: Texts


@dataclass(frozen=True, slots=True)
class Profile:
    """``thing`` in the order in which a page tells it.

    ``facts`` are its facts by their property, in the order of the text, ``occurrences`` the facts
    of others that name it. ``said`` are the claims about it that are not facts, ``says`` those that
    it makes itself, each by status; ``also`` are the claims in the text's own voice that no fact on
    the page stands for, and those with a reservation that only name it in what they speak of.
    ``sources`` are the texts that state the facts, ``links`` what is no statement of a text.
    """

    thing: Thing
    facts: Mapping[Node, list[Fact]]
    occurrences: tuple[Fact, ...]
    disputes: tuple[Dispute, ...]
    said: Groups
    says: Groups
    also: tuple[Claim, ...]
    sources: tuple[Node, ...]
    links: tuple[LinkRow, ...]


def arrange(thing: Thing) -> Profile:
    """The profile of ``thing``."""
    shown = {claim.iri for fact in (*thing.facts, *thing.incoming_facts) for claim in fact.claims}
    also = [each for each in thing.claims if each.claim.is_asserted or _only_names(each)]
    others = [each for each in thing.claims if each not in also]
    return Profile(
        thing,
        facts=gathered((each.predicate, each) for each in sorted(thing.facts, key=_fact_order)),
        occurrences=tuple(sorted(thing.incoming_facts, key=_fact_order)),
        disputes=tuple(disputes_among(each.claim for each in thing.claims)),
        said=by_status(each for each in others if "speaker" not in each.roles),
        says=by_status(each for each in others if "speaker" in each.roles),
        also=tuple(each.claim for each in also if each.claim.iri not in shown),
        sources=sources_of(claim for fact in thing.facts for claim in fact.claims),
        links=link_rows(thing.links),
    )


def _only_names(related: RelatedClaim) -> bool:
    """Whether the text itself names the thing only in what something else is called."""
    return related.roles == (ROLES[CECOT.about],) and is_of_source(related.claim)


def link_rows(links: Iterable[Link]) -> tuple[LinkRow, ...]:
    """``links`` by property; what is said in several languages is one thing."""
    return tuple(
        LinkRow(
            found[0].predicate,
            tuple(link.object for link in found if link.object.iri),
            texts_of(link.object.term for link in found),
        )
        for found in gathered((link.predicate.iri, link) for link in links).values()
    )


def _fact_order(fact: Fact) -> tuple[bool, str, int, bool, tuple[int, int], str]:
    """Where the text first says it, names before things; what no claim says comes last."""
    first = min((each.order for each in fact.claims), default=None)
    source, line, span, iri = first or ("", 0, (0, 0), fact.predicate.iri)
    return (not fact.claims, source, line, bool(fact.object.iri), span, iri)


def by_status(related: Iterable[RelatedClaim]) -> Groups:
    """The claims of ``related`` by status, in the order that statuses have."""
    found = gathered((each.claim.status, each.claim) for each in related)
    return {status: tuple(found[status]) for status in sorted(found, key=status_order)}


ALLEGED, IN_WORDS = "alleged", "in-words"
"""Topics that are no property: what is alleged, and words in quotation marks."""


@dataclass(slots=True)
class Topic:
    """Claims on one topic: ``node`` is its property, else ``kind`` says what it is.

    ``own`` are those of the text's own voice, ``others`` those of whom it reports. ``silence`` is
    set where an editor has listed that no text gives it.
    """

    kind: str
    node: Node | None
    own: list[Claim] = field(default_factory=list)
    others: list[Claim] = field(default_factory=list)
    silence: Silence | None = None

    def subjects_beside(self, thing: Node) -> tuple[Node, ...]:
        """What its claims say something of, each once, where none of them says it of ``thing``."""
        claims = (*self.own, *self.others)
        found = tuple(dict.fromkeys(each.subject for each in claims if each.subject))
        return () if thing in found else found


def topics_of(profile: Profile, silences: Iterable[Silence]) -> list[Topic]:
    """The topics on which somebody else speaks of the thing, or nobody does."""
    topics: dict[str, Topic] = {}
    for claim in (claim for group in profile.said.values() for claim in group):
        kind, node = _topic(claim)
        topic = topics.setdefault(kind, Topic(kind, node))
        (topic.own if is_of_source(claim) else topic.others).append(claim)
    facts = chain.from_iterable(profile.facts.values())
    for claim in (*(claim for fact in facts for claim in fact.claims), *profile.also):
        kind, _ = _topic(claim)
        if kind in topics and claim not in topics[kind].own:
            topics[kind].own.append(claim)
    for silence in silences:
        if silence.property_.iri not in topics:
            topics[silence.property_.iri] = Topic(
                silence.property_.iri, silence.property_, silence=silence
            )
    return list(topics.values())


def _topic(claim: Claim) -> tuple[str, Node | None]:
    if claim.is_allegation:
        return ALLEGED, None
    if claim.predicate:
        return claim.predicate.iri, claim.predicate
    return IN_WORDS, None
