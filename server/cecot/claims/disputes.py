"""Where voices differ: claims that answer or repeat each other, or tell the same thing otherwise.

Nothing is weighed: each claim stands with its status, its speaker and its words, and no word says
who is right (docs/decisions/0083).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cecot.claims.claim import Claim, is_of_source, read_claims, sources_of
from cecot.claims.nodes import Node, gathered
from cecot.claims.subgraph import query
from cecot.engine import Engine
from cecot.sparql.asking import select_iris

MOST_CLAIMS = 400
"""Claims on the page of all disputes: more than anybody reads at once."""

MOST_COLUMNS = 3
"""Texts that stand side by side in columns of their own: more would be too narrow to read."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """Claims that stand against each other, or beside: in the order of reading.

    Either on one ``subject`` and ``predicate`` with other values or statuses, or around the claim
    ``answered`` that the others deny, confirm, question or tell again.
    """

    claims: tuple[Claim, ...]
    subject: Node | None = None
    predicate: Node | None = None
    answered: Claim | None = None

    @property
    def own(self) -> tuple[Claim, ...]:
        """Those in the own voice of a text."""
        return tuple(filter(is_of_source, self.claims))

    @property
    def others(self) -> tuple[Claim, ...]:
        """Those of whom a text reports."""
        return tuple(each for each in self.claims if not is_of_source(each))


def texts_apart(claims: Iterable[Claim]) -> tuple[Node, ...]:
    """The texts in whose own voice ``claims`` are, if they are few enough for a column each."""
    texts = sources_of(filter(is_of_source, claims))
    return texts if len(texts) <= MOST_COLUMNS else ()


def in_text(claims: Iterable[Claim], text: Node | None) -> tuple[Claim, ...]:
    """Those of ``claims`` that stand in ``text``; all of them if it is None."""
    return tuple(each for each in claims if text is None or text in sources_of([each]))


def find_disputes(engine: Engine) -> tuple[list[Dispute], bool]:
    """All disputes of the graph, in the order of reading; whether there are more.

    Raises what the engine raises.
    """
    found = select_iris(engine, query("disputed"), "claim", most=MOST_CLAIMS + 1)
    return disputes_among(read_claims(engine, found[:MOST_CLAIMS])), len(found) > MOST_CLAIMS


def disputes_among(claims: Iterable[Claim]) -> list[Dispute]:
    """The disputes among ``claims``, in the order of reading."""
    all_ = sorted(claims, key=lambda each: each.order)
    found = [*_answering(all_), *_differing(all_)]
    return sorted(found, key=lambda each: each.claims[0].order)


def _answering(claims: list[Claim]) -> Iterable[Dispute]:
    """Claims with those that respond to them or repeat them."""
    by_iri = {each.iri: each for each in claims}
    replies = gathered(
        (node.iri, claim)
        for claim in claims
        for node in (*claim.responds_to, *claim.repeats)
        if node.iri in by_iri
    )
    for iri, found in replies.items():
        yield Dispute((by_iri[iri], *found), answered=by_iri[iri])


def _differing(claims: list[Claim]) -> Iterable[Dispute]:
    """Claims that tell one thing by one property, each voice with one value, not all the same.

    Where one voice gives several values, as of a list, nothing says that another contradicts it.
    """
    told = gathered(
        ((claim.subject.iri, claim.predicate.iri), claim)
        for claim in claims
        if claim.subject and claim.predicate and claim.object
    )
    for found in told.values():
        voices: dict[tuple[str, ...], set[str]] = {}
        for claim in found:
            voices.setdefault(claim.voice, set()).add(_value(claim))
        one_each = all(len(values) == 1 for values in voices.values())
        statuses = {claim.status for claim in found}
        if one_each and (len(set().union(*voices.values())) > 1 or len(statuses) > 1):
            yield Dispute(tuple(found), found[0].subject, found[0].predicate)


def _value(claim: Claim) -> str:
    """What it says: two figures or dates are one if they are the same number, or the same time."""
    node = claim.object
    value = node.value if node else None
    if value and (value.number or value.minimum or value.edtf):
        return "\n".join((value.number, value.minimum, value.unit_code, value.edtf))
    return str(node.term) if node else ""
