"""What the texts do not say of a thing, told as plainly as what they say (design: site).

A property that is made for things of this class, and that no claim gives in whatever status, is a
silence. What is claimed of other things by the same property stands beside it, so that nobody takes
their figures for those of this one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from cecot.claims.claim import Claim, read_claims
from cecot.claims.nodes import Node, Reader, Text, Texts, texts_of
from cecot.claims.subgraph import gather_nodes, iri_of
from cecot.engine import Engine
from cecot.sparql.asking import Row, select
from cecot.vocabulary import CECOT, RDF, RDFS, SCHEMA

MOST_ELSEWHERE = 3
"""Claims about other things that stand beside one silence."""

_UNSAID = f"""
SELECT DISTINCT ?thing ?property ?comment ?range ?short {{
  VALUES ?thing {{ $things }} %s
  ?thing a ?class .
  ?property a <{CECOT.FactProperty}> ; <{SCHEMA.domainIncludes}> ?class .
  OPTIONAL {{ ?property <{RDFS.comment}> ?comment }}
  OPTIONAL {{ ?property <{SCHEMA.rangeIncludes}> ?range }}
  OPTIONAL {{ ?thing <{CECOT.abbreviation}> ?short }}
  FILTER NOT EXISTS {{ ?thing ?property ?value }}
  FILTER NOT EXISTS {{ ?claim <{RDF.subject}> ?thing ; <{RDF.predicate}> ?property }}
}}"""
_UNSAID_OF = _UNSAID % "VALUES ?property { $properties }"
_ELSEWHERE = f"""
SELECT ?property ?claim {{
  VALUES ?property {{ $properties }}
  ?claim <{RDF.predicate}> ?property ; <{CECOT.modality}> ?modality
  FILTER(?modality != <{CECOT.Asserted}>)
}} ORDER BY ?property ?claim LIMIT 200"""
_MEASURED = {str(SCHEMA.QuantitativeValue), str(CECOT.DateValue)}


@dataclass(frozen=True, slots=True)
class Silence:
    """A property that nobody gives the thing; ``comment`` says what it would tell.

    ``is_measure``: its values are figures or dates, which readers look for by name. ``elsewhere``
    are claims that are not facts and say it of other things, ``more_elsewhere`` if there are more.
    """

    property_: Node
    comment: Texts
    is_measure: bool
    elsewhere: tuple[Claim, ...] = ()
    more_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A thing and one of its silences; ``short`` is what a text calls the thing in short."""

    thing: Node
    silence: Silence
    short: Texts

    def name(self, language: str) -> Text:
        """The shortest name of the thing for a reader of ``language``."""
        return self.short.first(language) if self.short else self.thing.label(language)


def read_silences(engine: Engine, iri: str) -> tuple[Silence, ...]:
    """What no claim says of the thing ``iri``, figures and dates first.

    Raises what the engine raises.
    """
    return _silences(engine, select(engine, _UNSAID % "", things=(NamedNode(iri),)))


def read_unsaid(
    engine: Engine, things: Iterable[NamedNode], properties: Iterable[NamedNode]
) -> tuple[Unsaid, ...]:
    """Which of the figures and dates ``properties`` no claim gives to which of ``things``.

    Raises what the engine raises.
    """
    things, properties = tuple(things), tuple(properties)
    if not (things and properties):
        return ()
    found: dict[NamedNode, list[Row]] = {}
    for row in select(engine, _UNSAID_OF, things=things, properties=properties):
        if isinstance(thing := row["thing"], NamedNode):
            found.setdefault(thing, []).append(row)
    reader = Reader(gather_nodes(engine, found))
    return tuple(
        Unsaid(
            reader.node(thing),
            silence,
            texts_of(row["short"] for row in found[thing] if "short" in row),
        )
        for thing in things
        if thing in found
        for silence in _silences(engine, found[thing])
        if silence.is_measure
    )


def _silences(engine: Engine, rows: Iterable[Row]) -> tuple[Silence, ...]:
    """The silences that ``rows`` (property, comment, range) tell of."""
    found: dict[NamedNode, list[Row]] = {}
    for row in rows:
        if isinstance(unsaid := row["property"], NamedNode):
            found.setdefault(unsaid, []).append(row)
    reader = Reader(gather_nodes(engine, found))
    measures = [each for each, said in found.items() if _is_measure(said)]
    elsewhere = _elsewhere(engine, measures)
    silences = (
        Silence(
            reader.node(each),
            texts_of(row["comment"] for row in said if "comment" in row),
            each in measures,
            *elsewhere.get(each.value, ((), False)),
        )
        for each, said in found.items()
    )
    return tuple(sorted(silences, key=lambda each: (not each.is_measure, each.property_.iri)))


def _is_measure(rows: Iterable[Row]) -> bool:
    return any(iri_of(row["range"]) in _MEASURED for row in rows if "range" in row)


def _elsewhere(
    engine: Engine, properties: list[NamedNode]
) -> Mapping[str, tuple[tuple[Claim, ...], bool]]:
    """By property, the first claims about whatever thing that are not facts."""
    if not properties:
        return {}
    claims: dict[str, list[NamedNode]] = {}
    for row in select(engine, _ELSEWHERE, properties=properties):
        if isinstance(claim := row["claim"], NamedNode):
            claims.setdefault(iri_of(row["property"]), []).append(claim)
    wanted = [claim for found in claims.values() for claim in found[:MOST_ELSEWHERE]]
    views = {view.iri: view for view in read_claims(engine, wanted)}
    return {
        iri: (
            tuple(views[each.value] for each in found[:MOST_ELSEWHERE] if each.value in views),
            len(found) > MOST_ELSEWHERE,
        )
        for iri, found in claims.items()
    }
