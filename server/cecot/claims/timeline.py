"""What has a date, as precise as the text gives it, and what only has an order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from cecot.claims.claim import Claim, read_claims
from cecot.claims.nodes import Node
from cecot.engine import Engine
from cecot.sparql.asking import select
from cecot.vocabulary import CECOT, RDF, SCHEMA

MOST = 36
"""Dates, and orders, that a timeline of its own holds."""

_DATED = f"""
SELECT ?claim {{
  %s
  ?date <{SCHEMA.startDate}> ?first ; <{CECOT.edtf}> ?edtf .
  ?claim <{RDF.object}> ?date .
}} ORDER BY ?first ?claim LIMIT %d"""
_ORDERED = f"""
SELECT ?claim {{
  %s
  ?claim <{RDF.predicate}> <{CECOT.before}> .
}} ORDER BY ?claim LIMIT %d"""
# What the thing has to do with: itself, what it takes part in, what a fact leads from it to. Found
# first, in a query of its own, or a large graph is searched for each date.
_NEAR = f"""
  {{ SELECT DISTINCT ?subject {{
    {{ BIND($thing AS ?subject) }}
    UNION {{ ?fact a <{CECOT.FactProperty}> . ?subject ?fact $thing }}
    UNION {{ ?fact a <{CECOT.FactProperty}> . $thing ?fact ?subject FILTER(isIRI(?subject)) }}
  }} LIMIT 500 }}
  ?claim <{RDF.subject}> ?subject ."""


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


def timeline(engine: Engine, thing: Node | None = None, most: int = MOST) -> Timeline:
    """The timeline of everything, or of what ``thing`` has to do with.

    It holds the first ``most`` dates, and as many orders. Raises what the engine raises.
    """
    found = [_asked(engine, text, thing, most + 1) for text in (_DATED, _ORDERED)]
    claims = read_claims(engine, dict.fromkeys(each for part in found for each in part[:most]))
    by_iri = {each.iri: each for each in claims}
    dated, ordered = (
        [by_iri[each.value] for each in part[:most] if each.value in by_iri] for part in found
    )
    more = any(len(each) > most for each in found)
    return _timeline(thing, dated, ordered, more=more)


def _asked(engine: Engine, text: str, thing: Node | None, most: int) -> list[NamedNode]:
    """The claims that the query ``text`` finds, each once."""
    if thing is None:
        rows = select(engine, text % ("", most))
    elif isinstance(thing.term, NamedNode):
        rows = select(engine, text % (_NEAR, most), thing=thing.term)
    else:
        rows = []
    found = [row["claim"] for row in rows if isinstance(row["claim"], NamedNode)]
    return list(dict.fromkeys(found))


def _timeline(
    thing: Node | None, dated: Iterable[Claim], ordered: Iterable[Claim], *, more: bool
) -> Timeline:
    dates = sorted(
        (found for each in dated if (found := _dated(each))),
        key=lambda each: (each.first, each.last, each.claim.order),
    )
    by_subject = {each.subject.iri: each.when for each in reversed(dates)}
    orders = sorted(
        (
            Ordered(each, each.subject, each.object, by_subject.get(each.object.iri))
            for each in ordered
            if each.subject and each.object
        ),
        key=lambda each: each.claim.order,
    )
    return Timeline(thing, tuple(dates), tuple(orders), more)


def _dated(claim: Claim) -> Dated | None:
    """``claim`` with its days; None if what should be days are none."""
    value = claim.object.value if claim.object else None
    if claim.subject is None or claim.object is None or value is None:
        return None
    try:
        first, last = date.fromisoformat(value.first_day), date.fromisoformat(value.last_day)
    except ValueError:
        return None
    return Dated(claim, claim.subject, claim.object, first, last) if first <= last else None
