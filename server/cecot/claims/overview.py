"""What a dataset holds, for its front page: what it says of itself, its things, claims and texts.

One line of the texts is taken apart into who says what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from cecot.claims.answers import Telling
from cecot.claims.claim import Claim, Status, statuses_in
from cecot.claims.nodes import Node, Place, Reader, Texts, gathered, read_nodes, texts_of
from cecot.claims.subgraph import fetch, query
from cecot.dataset.description import Description
from cecot.dataset.questions import ANY
from cecot.engine import Engine
from cecot.rdf.terms import count_of, iri_of
from cecot.sparql.asking import select
from cecot.vocabulary import CECOT, DCAT, DCTERMS, OWL, RDF, RDFS, SCHEMA, SH, SKOS, SPDX, VOID

MOST_NAMED = 24
"""Things of a class that are named one by one; a larger class is only counted."""

_MACHINERY = {
    CECOT.Allegation, CECOT.Citation, CECOT.Claim, CECOT.DateValue, CECOT.Passage,
    CECOT.Silence, CECOT.Source, CECOT.FactProperty, CECOT.ClaimOnlyProperty,
    SCHEMA.QuantitativeValue,
}  # fmt: skip
_FOREIGN = tuple(map(str, (RDF, RDFS, OWL, SH, SKOS, DCAT, VOID, SPDX)))
_DATASETS = [NamedNode(each) for each in (DCAT.Dataset, VOID.Dataset)]
_ONTOLOGIES = [NamedNode(OWL.Ontology)]
COUNTED = query("claims-by-status")
"""How many claims there are of each status."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of things: how many there are, and their names where they are few."""

    node: Node
    count: int
    things: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the dataset says of itself, its kinds of things, the statuses, its claims by status."""

    descriptions: Texts
    headlines: Texts
    kinds: tuple[Kind, ...]
    statuses: Mapping[str, Status]
    claims: Mapping[str, int]


def read_overview(engine: Engine, description: Description) -> Overview:
    """Look over the dataset of ``description``. Raises what the engine raises."""
    names = description.names
    # Where texts are told of, other vocabularies only align what our own says already.
    of_texts = description.has_claims
    told = {
        NamedNode(iri): count
        for iri, count in description.classes.items()
        if _is_told(iri, names.base) and (iri.startswith(names.base) or not of_texts)
    }
    # What there is least of is what the others are told for.
    classes = sorted(told, key=lambda each: (told[each], each.value))
    few = [each for each in classes if told[each] <= MOST_NAMED]
    found = gathered(
        (iri_of(row["class"]), thing)
        for row in (select(engine, query("instances"), classes=few) if few else ())
        if isinstance(thing := row["thing"], NamedNode)
    )
    things = [thing for each in found.values() for thing in each]
    reader = Reader(fetch(engine, "statuses", mentioned=[*classes, *things]))
    statuses = statuses_in(reader)
    return Overview(
        _told(engine, _DATASETS, DCTERMS.description)
        or _told(engine, _ONTOLOGIES, DCTERMS.description),
        _told(engine, _DATASETS, DCTERMS.alternative),
        tuple(
            Kind(
                reader.node(each),
                told[each],
                tuple(map(reader.node, found.get(each.value, ()))),
            )
            for each in classes
        ),
        statuses,
        _claims(engine, description, statuses),
    )


def _told(engine: Engine, types: list[NamedNode], property_: str) -> Texts:
    """How what is of one of ``types`` tells of itself by a property."""
    asked = query("texts-of-types")
    rows = select(engine, asked, types=types, property=NamedNode(property_))
    return texts_of(row["text"] for row in rows)


def _is_told(iri: str, base: str) -> bool:
    """Whether readers look for things of the class: the texts speak of them."""
    return iri not in _MACHINERY and (iri.startswith(base) or not iri.startswith(_FOREIGN))


def _claims(engine: Engine, description: Description, statuses: Iterable[str]) -> dict[str, int]:
    if not description.has_claims:
        return {}
    counts = {
        iri_of(row["status"]).removeprefix(str(CECOT)): count_of(row["n"])
        for row in select(engine, COUNTED)
    }
    return {name: counts.get(name, 0) for name in statuses}


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
    found = gathered(
        (source, row)
        for row in select(engine, query("scope"))
        if isinstance(source := row["source"], NamedNode)
    )
    sources = tuple(
        SourceInScope(node, texts_of(row["note"] for row in rows if "note" in row))
        for node, rows in zip(read_nodes(engine, found), found.values(), strict=True)
    )
    passages = sum(count_of(rows[-1].get("passages")) for rows in found.values())
    days = (row.get("received") for rows in found.values() for row in rows)
    received = max((each.value for each in days if isinstance(each, Literal)), default="")
    return TextsInScope(sources, passages, received)


def take_apart(tellings: Iterable[Telling]) -> list[tuple[Place, list[Claim]]]:
    """Lines of the text with the claims that are quoted from them, of several statuses.

    They are those of the answer that has the most statuses; nothing where no answer has two.
    """
    candidates = [_quoted(telling) for telling in tellings]
    best = max(candidates, key=_statuses, default=[])
    if _statuses(best) < 2:
        return []
    lines = gathered((claim.places[0], claim) for claim in best)
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
