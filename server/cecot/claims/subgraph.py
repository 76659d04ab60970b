"""The bounded part of the graph that a page or a document is made from (RDF 1.1, section 3).

Everything that pages, documents and agents say of the graph is read out of one fetch, so that all
of them say the same. A fetch is two queries, whatever it tells of: what is told (parts, which are
files in ``queries/``), then what the nodes are called that it mentions (docs/decisions/0057). A
claim is always fetched whole: its status and its speaker come with what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cecot.engine import Engine
from cecot.rdf.terms import Term, iri_of
from cecot.sparql.asking import Binding, ask, placeholders, select, select_iris
from cecot.vocabulary import CECOT, RDF, RDFS, SKOS

MOST_CLAIMS = 200
"""Claims that the description of one thing holds; the claims table has the others."""

MOST_LINKS = 500
"""Direct triples that the description of one thing holds, from it and to it each."""

MOST_DATES = 100
"""Dated claims that are looked at for the timeline of one thing."""

MOST_PASSAGE_CLAIMS = 1000
"""Claims that one page of passages holds."""

ROLES: Mapping[str, str] = {
    RDF.subject: "subject",
    RDF.object: "object",
    CECOT.accused: "accused",
    CECOT.statedBy: "speaker",
    CECOT.accuser: "speaker",
    CECOT.about: "about",
    CECOT.aboutPolicy: "policy",
    CECOT.allegedVictim: "victim",
    CECOT.allegedAct: "act",
    CECOT.allegedQuantity: "quantity",
    CECOT.basis: "basis",
    CECOT.saidIn: "occasion",
    CECOT.asOf: "moment",
    CECOT.respondsTo: "answered",
    CECOT.repeats: "repeated",
    CECOT.passage: "passage",
    RDF.predicate: "predicate",
    CECOT.modality: "status",
    CECOT.saying: "act of saying",
}
"""What a thing can be in a claim, by the property that says so; the closest first."""

ORDER_OF_ROLES = {role: place for place, role in enumerate(dict.fromkeys(ROLES.values()))}

# One more than is shown tells that there are more.
_ALWAYS: Mapping[str, Binding] = {
    "roles": [NamedNode(iri) for iri in ROLES],
    "links": MOST_LINKS + 1,
    "claims": MOST_CLAIMS + 1,
    "dates": MOST_DATES,
    "passage_claims": MOST_PASSAGE_CLAIMS,
}
_KNOWN = "ASK { { $thing ?p ?o } UNION { ?s ?p $thing } }"
_PREFIX = re.compile(r"PREFIX \S+ <[^>]*>\n")

Subject = NamedNode | BlankNode
Graph = dict[Subject, dict[str, list[Term]]]


@dataclass(frozen=True, slots=True)
class Subgraph:
    """Triples by subject and predicate."""

    graph: Graph = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is a triple in it."""
        return bool(self.graph)

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """The objects of ``subject`` for the IRI ``predicate``."""
        if isinstance(subject, NamedNode | BlankNode):
            return self.graph.get(subject, {}).get(predicate, [])
        return []

    def subjects_with(self, predicate: str) -> list[NamedNode]:
        """The IRIs that have ``predicate``, in their order."""
        found = (each for each, properties in self.graph.items() if predicate in properties)
        return sorted((each for each in found if isinstance(each, NamedNode)), key=str)

    def triples(self) -> Iterator[Triple]:
        """Each triple once, in no order."""
        for subject, properties in self.graph.items():
            for predicate, objects in properties.items():
                node = NamedNode(predicate)
                yield from (Triple(subject, node, each) for each in objects)


def is_known(engine: Engine, iri: str) -> bool:
    """Whether the graph says anything of ``iri``. Raises what the engine raises."""
    try:
        return ask(engine, _KNOWN, thing=NamedNode(iri))
    except ValueError:
        return False


def known_among(engine: Engine, things: Iterable[NamedNode]) -> set[NamedNode]:
    """Those of ``things`` of which the graph says anything. Raises what the engine raises."""
    asked = list(things)
    return set(select_iris(engine, query("known-among"), "thing", things=asked)) if asked else set()


@cache
def query(name: str) -> str:
    """The text of the file ``name``.rq; its places (``$thing``) are bound by ``sparql.asking``."""
    return files(__package__).joinpath("queries", f"{name}.rq").read_text("utf-8")


def union(names: Iterable[str]) -> str:
    """One query that selects what all the parts ``names`` select."""
    texts = [query(name) for name in names]
    prefixes = dict.fromkeys(prefix for text in texts for prefix in _PREFIX.findall(text))
    parts = " UNION ".join(f"{{ {_PREFIX.sub('', text).strip()} }}" for text in texts)
    return f"{''.join(prefixes)}SELECT ?s ?p ?o {{ {parts} }}"


def fetch(
    engine: Engine,
    *parts: str,
    mentioned: Iterable[NamedNode] = (),
    values: Mapping[str, Binding] | None = None,
) -> Subgraph:
    """What ``parts`` tell, and what all that is mentioned is called; ``mentioned`` is so too.

    ``values`` are put into the places of the parts. Raises what the engine raises, KeyError for a
    place without a value.
    """
    found = Subgraph()
    if parts:
        text = union(parts)
        wanted = placeholders(text)
        given = {name: each for name, each in _ALWAYS.items() if name in wanted}
        _keep(found, _rows(engine, text, {**given, **(values or {})}))
    nodes = {*mentioned, *_mentioned(found)}
    if nodes:
        names = _rows(engine, query("names"), {"mentioned": sorted(nodes, key=str)})
        _keep(found, _named_once(list(names)))
    return found


def fetch_graph(engine: Engine, name: NamedNode) -> Subgraph:
    """The named graph ``name`` whole: nothing at all if there is none.

    Raises what the engine raises.
    """
    found = Subgraph()
    _keep(found, _rows(engine, query("named-graph"), {"graph": name}))
    return found


def fetch_below(engine: Engine, found: Subgraph, thing: NamedNode, *, fragments: bool) -> None:
    """Add what stands in blank nodes below ``thing``; with ``fragments``, what fragments say.

    Raises what the engine raises.
    """
    if fragments:
        start = Literal(f"{thing.value}#")
        _keep(found, _rows(engine, query("fragments"), {"start": start, "links": MOST_LINKS}))
    properties = found.graph.get(thing, {})
    if any(isinstance(each, BlankNode) for objects in properties.values() for each in objects):
        _keep(found, _rows(engine, query("below"), {"thing": thing, "links": MOST_LINKS}))


def _rows(
    engine: Engine, text: str, values: Mapping[str, Binding]
) -> Iterator[tuple[Term, str, Term]]:
    for row in select(engine, text, **values):
        yield row["s"], iri_of(row["p"]), row["o"]


def _mentioned(found: Subgraph) -> Iterator[NamedNode]:
    for subject, properties in found.graph.items():
        if isinstance(subject, NamedNode):
            yield subject
        for predicate, objects in properties.items():
            yield NamedNode(predicate)
            yield from (each for each in objects if isinstance(each, NamedNode))


def _named_once(rows: list[tuple[Term, str, Term]]) -> Iterator[tuple[Term, str, Term]]:
    """``rows`` without the preferred labels that stand there as labels too."""
    labels = {(subject, value) for subject, predicate, value in rows if predicate == RDFS.label}
    for subject, predicate, value in rows:
        if predicate != SKOS.prefLabel or (subject, value) not in labels:
            yield subject, predicate, value


def _keep(found: Subgraph, rows: Iterable[tuple[Term, str, Term]]) -> None:
    for subject, predicate, value in rows:
        if not isinstance(subject, NamedNode | BlankNode):
            continue
        objects = found.graph.setdefault(subject, {}).setdefault(predicate, [])
        if value not in objects:
            objects.append(value)
