"""What a dataset holds, for its front page: what it says of itself, its things, its claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from cecot.claims.claim import Status, statuses_in
from cecot.claims.nodes import Node, Reader, Texts, texts_of
from cecot.claims.queries import query
from cecot.claims.subgraph import fetch
from cecot.dataset.description import Description, Part
from cecot.engine import Engine
from cecot.rdf.terms import count_of, iri_of
from cecot.sparql.asking import select
from cecot.vocabulary import CECOT, DCAT, OWL, RDF, RDFS, SCHEMA, SH, SKOS, SPDX, VOID

MOST_NAMED = 24
"""Things of a class that are named one by one; a larger class is only counted."""

_MACHINERY = {
    str(each)
    for each in (
        CECOT.Allegation, CECOT.Citation, CECOT.Claim, CECOT.DateValue, CECOT.Passage,
        CECOT.Silence, CECOT.Source, CECOT.FactProperty, CECOT.ClaimOnlyProperty,
        SCHEMA.QuantitativeValue,
    )
}  # fmt: skip
_FOREIGN = tuple(map(str, (RDF, RDFS, OWL, SH, SKOS, DCAT, VOID, SPDX)))
_DATASETS = [NamedNode(str(each)) for each in (DCAT.Dataset, VOID.Dataset)]
_ONTOLOGIES = [NamedNode(str(OWL.Ontology))]
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
    of_texts = any(part.iri == str(CECOT.Claim) for part in description.classes)
    told = (
        part
        for part in description.classes
        if _is_told(part, names.base) and (part.iri.startswith(names.base) or not of_texts)
    )
    # What there is least of is what the others are told for.
    classes = sorted(told, key=lambda part: (part.count, part.iri))
    few = [NamedNode(part.iri) for part in classes if part.count <= MOST_NAMED]
    found: dict[str, list[NamedNode]] = {}
    for row in select(engine, query("instances"), classes=few) if few else ():
        if isinstance(thing := row["thing"], NamedNode):
            found.setdefault(iri_of(row["class"]), []).append(thing)
    things = [thing for each in found.values() for thing in each]
    named = (NamedNode(part.iri) for part in classes)
    reader = Reader(fetch(engine, "statuses", mentioned=[*named, *things]))
    statuses = statuses_in(reader)
    return Overview(
        _says(engine, _DATASETS) or _says(engine, _ONTOLOGIES),
        texts_of(row["text"] for row in select(engine, query("headlines"), types=_DATASETS)),
        tuple(
            Kind(
                reader.node(NamedNode(part.iri)),
                part.count,
                tuple(map(reader.node, found.get(part.iri, ()))),
            )
            for part in classes
        ),
        statuses,
        _claims(engine, description, statuses),
    )


def _says(engine: Engine, types: list[NamedNode]) -> Texts:
    """How what is of one of ``types`` describes itself."""
    return texts_of(row["text"] for row in select(engine, query("descriptions"), types=types))


def _is_told(part: Part, base: str) -> bool:
    """Whether readers look for things of the class: the texts speak of them."""
    return part.iri not in _MACHINERY and (
        part.iri.startswith(base) or not part.iri.startswith(_FOREIGN)
    )


def _claims(engine: Engine, description: Description, statuses: Iterable[str]) -> dict[str, int]:
    if not any(part.iri == str(CECOT.Claim) for part in description.classes):
        return {}
    counts = {
        iri_of(row["status"]).removeprefix(str(CECOT)): count_of(row["n"])
        for row in select(engine, COUNTED)
    }
    return {name: counts.get(name, 0) for name in statuses}
