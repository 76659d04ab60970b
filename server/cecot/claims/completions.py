"""The classes and properties of a graph, for an editor that completes them as they are typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from cecot.claims.nodes import Text, Texts
from cecot.engine import Engine
from cecot.material.description import Description
from cecot.sparql.asking import select

MOST = 5000
"""Terms of one kind that are offered, the most used first."""

CLASS, PROPERTY = "class", "property"

_DEFINED = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?kind ?term {
  VALUES (?type ?kind) {
    (rdfs:Class "class") (owl:Class "class") (rdf:Property "property")
    (owl:ObjectProperty "property") (owl:DatatypeProperty "property")
    (owl:AnnotationProperty "property")
  }
  ?term a ?type
  FILTER (isIRI(?term))
}
"""
_LABELS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?term ?label { VALUES ?term { $terms } ?term rdfs:label ?label }
"""


@dataclass(frozen=True, slots=True)
class Completion:
    """A class or a property: ``uses`` is the number of its instances or of its triples."""

    iri: str
    kind: str
    label: str
    uses: int


def completions(engine: Engine, description: Description, language: str) -> list[Completion]:
    """What the graph uses and what it defines, with labels for a reader of ``language``.

    Sorted by IRI. Raises what the engine raises.
    """
    uses: dict[tuple[str, str], int] = {}
    for kind, parts in ((CLASS, description.classes), (PROPERTY, description.properties)):
        uses |= {(kind, part.iri): part.count for part in parts}
    for row in select(engine, _DEFINED):
        named, term = row["kind"], row["term"]
        if isinstance(named, Literal) and isinstance(term, NamedNode):
            uses.setdefault((named.value, term.value), 0)
    offered = [*_most_used(uses, CLASS), *_most_used(uses, PROPERTY)]
    labels = _labels(engine, {iri for _, iri in offered})
    return [
        Completion(iri, kind, labels.get(iri, Texts()).first(language).value, uses[kind, iri])
        for kind, iri in sorted(offered, key=lambda each: each[1])
    ]


def _most_used(uses: dict[tuple[str, str], int], kind: str) -> list[tuple[str, str]]:
    found = [each for each in uses if each[0] == kind]
    return sorted(found, key=lambda each: (-uses[each], each[1]))[:MOST]


def _labels(engine: Engine, iris: Iterable[str]) -> dict[str, Texts]:
    nodes = [NamedNode(iri) for iri in sorted(iris)]
    labels: dict[str, list[Text]] = {}
    for row in select(engine, _LABELS, terms=nodes) if nodes else []:
        term, label = row["term"], row["label"]
        if isinstance(term, NamedNode) and isinstance(label, Literal):
            labels.setdefault(term.value, []).append(Text(label.value, label.language or ""))
    return {
        iri: Texts(tuple(sorted(texts, key=lambda text: (text.language, text.value))))
        for iri, texts in labels.items()
    }
