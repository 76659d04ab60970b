"""What the service knows of its dataset: counted once, when the rooms are loaded (VoID, section 4).

Plain values, so that any process can hold it; the views turn it into RDF.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, Store

from cecot.dataset.content import Names
from cecot.dataset.questions import Question, read_questions
from cecot.dataset.store import Loaded, store_version
from cecot.vocabulary import DCAT, DCTERMS, RDF, RDFS, VOID

_SIZES = """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
  (COUNT(DISTINCT ?o) AS ?objects) { ?s ?p ?o }"""
_GRAPHS = "SELECT ?name (COUNT(*) AS ?count) { GRAPH ?name { ?s ?p ?o } } GROUP BY ?name"
_CLASSES = "SELECT ?name (COUNT(*) AS ?count) { ?s a ?name } GROUP BY ?name"
_PROPERTIES = "SELECT ?name (COUNT(*) AS ?count) { ?s ?name ?o } GROUP BY ?name"


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of the dataset: its triples, or of a class its instances."""

    iri: str
    count: int


@dataclass(frozen=True, slots=True)
class Maker:
    """Who the dataset says made or published it: a name with its ``language``, or an IRI.

    ``role`` is the IRI of dcterms:creator or dcterms:publisher.
    """

    role: str
    value: str
    is_iri: bool
    language: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """The dataset that queries see.

    ``version`` is the hash of its canonical RDF. ``titles`` (by language), ``license``, ``makers``
    and ``modified`` (in UTC) are what the dataset says of itself: a thing typed dcat:Dataset or
    void:Dataset, else the ontology. The counts, the classes and the properties are those of the
    default graph; ``graphs`` are the named ones. ``replaced`` are terms that the ontology has put
    others in the place of, with those.
    """

    names: Names
    version: str
    titles: Mapping[str, str]
    license: str | None
    modified: datetime | None
    triples: int
    subjects: int
    objects: int
    graphs: tuple[Part, ...]
    classes: tuple[Part, ...]
    properties: tuple[Part, ...]
    questions: tuple[Question, ...]
    makers: tuple[Maker, ...] = ()
    replaced: Mapping[str, str] = field(default_factory=dict)


def describe(loaded: Loaded, version: str | None = None) -> Description:
    """Count what ``loaded`` holds; ``version`` saves hashing it where it is known already.

    Raises UsageError for a question that cannot be read.
    """
    store, about = loaded.store, _about(loaded)
    sizes = {name: int(value) for name, value in _rows(store, _SIZES)[0].items()}
    return Description(
        names=loaded.names,
        version=version or store_version(store),
        titles={
            value.language or "en": value.value
            for value in _values(store, about, DCTERMS.title) or _values(store, about, RDFS.label)
            if isinstance(value, Literal)
        },
        license=next((each.value for each in _values(store, about, DCTERMS.license)), None),
        modified=max(map(_instant, _values(store, about, DCTERMS.modified)), default=None),
        triples=sizes["triples"],
        subjects=sizes["subjects"],
        objects=sizes["objects"],
        graphs=_parts(store, _GRAPHS),
        classes=_parts(store, _CLASSES),
        properties=_parts(store, _PROPERTIES),
        questions=read_questions(loaded.rooms),
        makers=tuple(
            Maker(
                str(role),
                each.value,
                isinstance(each, NamedNode),
                (each.language or "") if isinstance(each, Literal) else "",
            )
            for role in (DCTERMS.creator, DCTERMS.publisher)
            for each in sorted(_values(store, about, role), key=str)
        ),
        replaced=read_replaced(store),
    )


def read_replaced(store: Store) -> dict[str, str]:
    """The terms that others have replaced (``dcterms:replaces``), with their successors."""
    replaces = NamedNode(str(DCTERMS.replaces))
    quads = store.quads_for_pattern(None, replaces, None, DefaultGraph())
    return {
        each.object.value: each.subject.value
        for each in quads
        if isinstance(each.object, NamedNode) and isinstance(each.subject, NamedNode)
    }


def _about(loaded: Loaded) -> NamedNode:
    """The thing that stands for the dataset in its own graph; the ontology if none does."""
    for kind in (DCAT.Dataset, VOID.Dataset):
        quads = loaded.store.quads_for_pattern(
            None, NamedNode(str(RDF.type)), NamedNode(str(kind)), DefaultGraph()
        )
        found = [each.subject for each in quads if isinstance(each.subject, NamedNode)]
        if found:
            return min(found, key=str)
    return NamedNode(loaded.names.ontology_iri)


def _values(store: Store, subject: NamedNode, predicate: str) -> list[NamedNode | Literal]:
    quads = store.quads_for_pattern(subject, NamedNode(str(predicate)), None, DefaultGraph())
    return [each.object for each in quads if isinstance(each.object, NamedNode | Literal)]


def _instant(value: NamedNode | Literal) -> datetime:
    """A date or a dateTime as an instant; a day begins at midnight UTC."""
    instant = datetime.fromisoformat(value.value)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _parts(store: Store, query: str) -> tuple[Part, ...]:
    return tuple(
        sorted(
            (Part(row["name"], int(row["count"])) for row in _rows(store, query)),
            key=lambda part: part.iri,
        )
    )


def _rows(store: Store, query: str) -> list[dict[str, str]]:
    solutions = cast("QuerySolutions", store.query(query))
    names = [variable.value for variable in solutions.variables]
    return [dict(zip(names, (term.value for term in row), strict=True)) for row in solutions]
