"""A thing arranged for readers: facts by property, then who says what, speakers side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cecot.claims.claim import ClaimView
from cecot.claims.nodes import Node, Texts, texts_of
from cecot.claims.thing import Fact, Link, Related, Thing
from cecot.turtle.terms import Term

Groups = dict[str, tuple[ClaimView, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """The facts of one property, in the order of the text; several values stand side by side."""

    predicate: Node
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Claims that give the thing different values of one property, from different voices."""

    predicate: Node
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """What one property that is no fact leads to: things, and texts by language."""

    predicate: Node
    nodes: tuple[Node, ...]
    texts: Texts


@dataclass(frozen=True, slots=True)
class Profile:
    """``thing`` in the order in which a page tells it.

    ``rows`` are its facts, ``occurrences`` the facts of others that name it. ``said`` are the
    claims about it that are not facts, ``says`` those that it makes itself, each by status;
    ``asserted`` are the claims in the text's own voice that no fact on the page stands for.
    ``sources`` are all the texts that the page draws on, ``links`` what is no statement of a text.
    """

    thing: Thing
    rows: tuple[Row, ...]
    occurrences: tuple[Fact, ...]
    disputes: tuple[Dispute, ...]
    said: Groups
    says: Groups
    asserted: tuple[ClaimView, ...]
    sources: tuple[Node, ...]
    links: tuple[LinkRow, ...]


def arrange(thing: Thing) -> Profile:
    """The profile of ``thing``."""
    shown = {claim.iri for fact in (*thing.facts, *thing.incoming_facts) for claim in fact.claims}
    others = [each for each in thing.claims if not each.claim.is_asserted]
    return Profile(
        thing,
        rows=_rows(thing.facts),
        occurrences=tuple(sorted(thing.incoming_facts, key=_order)),
        disputes=tuple(_disputes(thing)),
        said=_by_status(thing, (each for each in others if "speaker" not in each.roles)),
        says=_by_status(thing, (each for each in others if "speaker" in each.roles)),
        asserted=tuple(
            each.claim
            for each in thing.claims
            if each.claim.is_asserted and each.claim.iri not in shown
        ),
        sources=sources_of(each.claim for each in thing.claims),
        links=link_rows(thing.links),
    )


def link_rows(links: Iterable[Link]) -> tuple[LinkRow, ...]:
    """``links`` by property; what is said in several languages is one thing."""
    by_predicate: dict[str, list[Link]] = {}
    for link in links:
        by_predicate.setdefault(link.predicate.iri, []).append(link)
    return tuple(
        LinkRow(
            found[0].predicate,
            tuple(link.object for link in found if link.object.iri),
            texts_of(link.object.term for link in found),
        )
        for found in by_predicate.values()
    )


def sources_of(claims: Iterable[ClaimView]) -> tuple[Node, ...]:
    """The sources that ``claims`` stand in, by IRI."""
    found = {place.source.iri: place.source for c in claims for place in c.places if place.source}
    return tuple(found[iri] for iri in sorted(found))


def _rows(facts: Iterable[Fact]) -> tuple[Row, ...]:
    by_predicate: dict[str, list[Fact]] = {}
    for fact in sorted(facts, key=_order):
        by_predicate.setdefault(fact.predicate.iri, []).append(fact)
    return tuple(Row(found[0].predicate, tuple(found)) for found in by_predicate.values())


def _order(fact: Fact) -> tuple[bool, str, int, bool, str]:
    """Where the text first says it, names before things; what no claim says comes last."""
    source, line, iri = min((c.order for c in fact.claims), default=("", 0, fact.predicate.iri))
    return (not fact.claims, source, line, bool(fact.object.iri), iri)


def _disputes(thing: Thing) -> Iterable[Dispute]:
    """Where voices differ: each of several (speaker and status) gives one value, not all the same.

    Where one voice gives several values, as of a list, nothing says that another contradicts it.
    """
    by_predicate: dict[str, list[ClaimView]] = {}
    for each in thing.claims:
        claim = each.claim
        if claim.predicate and claim.object and "subject" in each.roles:
            by_predicate.setdefault(claim.predicate.iri, []).append(claim)
    for claims in by_predicate.values():
        voices: dict[tuple[str, ...], set[Term]] = {}
        for claim in claims:
            if claim.object:
                voice = (claim.status, *(each.iri for each in claim.speakers))
                voices.setdefault(voice, set()).add(claim.object.term)
        one_each = all(len(values) == 1 for values in voices.values())
        predicate = claims[0].predicate
        if one_each and len(set().union(*voices.values())) > 1 and predicate:
            yield Dispute(predicate, tuple(claims))


def _by_status(thing: Thing, related: Iterable[Related]) -> Groups:
    """The claims among ``related`` by status, in the order that statuses have."""
    wanted = {each.claim.iri for each in related}
    groups = (
        (status, tuple(each.claim for each in group if each.claim.iri in wanted))
        for status, group in thing.by_status().items()
    )
    return {status: claims for status, claims in groups if claims}
