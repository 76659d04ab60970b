"""What has a date, as precise as the text gives it, and what only has an order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from cecot.claims.claim import Claim, claims_in, read_claims
from cecot.claims.nodes import Node, Reader
from cecot.claims.queries import query
from cecot.claims.thing import Thing
from cecot.engine import Engine
from cecot.rdf.terms import Term
from cecot.sparql.asking import select
from cecot.vocabulary import CECOT

MOST = 36
"""Dates, and orders, that a timeline of its own holds."""

_BEFORE = str(CECOT.before)


@dataclass(frozen=True, slots=True)
class Dated:
    """A claim that gives a date: somewhere from ``first`` to ``last``, both days included."""

    claim: Claim
    subject: Node
    when: Node
    first: date
    last: date

    @property
    def is_day(self) -> bool:
        """Whether the text names the day."""
        return self.first == self.last

    @property
    def edtf(self) -> str:
        """The date as an EDTF string."""
        return self.when.value.edtf if self.when.value else ""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A claim that only says that one thing came before another."""

    claim: Claim
    earlier: Node
    later: Node
    later_date: Node | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Dates from the earliest to the latest, and orders; ``more`` tells that there are others."""

    thing: Node | None
    dated: tuple[Dated, ...]
    ordered: tuple[Ordered, ...]
    more: bool

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.dated or self.ordered)


def read_timeline(engine: Engine, most: int = MOST) -> Timeline:
    """The timeline of everything: the first ``most`` dates, and as many orders.

    Raises what the engine raises.
    """
    found: list[list[NamedNode]] = []
    for name in ("dated", "ordered"):
        rows = select(engine, query(name), most=most + 1)
        named = dict.fromkeys(row["claim"] for row in rows)
        found.append([each for each in named if isinstance(each, NamedNode)])
    claims = read_claims(engine, (each for part in found for each in part[:most]))
    return _timeline(None, claims, most, more=any(len(part) > most for part in found))


def timeline_of(reader: Reader, thing: Thing, most: int = MOST) -> Timeline:
    """The timeline of what ``thing`` has to do with: itself, and where a fact leads to or from it.

    It holds the first ``most`` dates, and as many orders, of what was fetched for its page.
    """
    near: set[Term] = {thing.node.term}
    near |= {each.subject.term for each in thing.incoming_facts}
    near |= {each.object.term for each in thing.facts}
    claims = (each for each in claims_in(reader) if each.subject and each.subject.term in near)
    return _timeline(thing.node, claims, most)


def _timeline(
    thing: Node | None, claims: Iterable[Claim], most: int, *, more: bool = False
) -> Timeline:
    claims = list(claims)
    dates = sorted(
        (found for each in claims if (found := _dated(each))),
        key=lambda each: (each.first, each.last, each.claim.order),
    )
    by_subject = {each.subject.iri: each.when for each in reversed(dates)}
    orders = sorted(
        (
            Ordered(each, each.subject, each.object, by_subject.get(each.object.iri))
            for each in claims
            if each.predicate and each.predicate.iri == _BEFORE and each.subject and each.object
        ),
        key=lambda each: each.claim.order,
    )
    more = more or max(len(dates), len(orders)) > most
    return Timeline(thing, tuple(dates[:most]), tuple(orders[:most]), more)


def _dated(claim: Claim) -> Dated | None:
    """``claim`` with its days; None if it gives none, or what should be days are none."""
    value = claim.object.value if claim.object else None
    if claim.subject is None or claim.object is None or value is None:
        return None
    try:
        first, last = date.fromisoformat(value.first_day), date.fromisoformat(value.last_day)
    except ValueError:
        return None
    return Dated(claim, claim.subject, claim.object, first, last) if first <= last else None
