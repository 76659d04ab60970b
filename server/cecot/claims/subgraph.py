"""The bounded part of the graph that tells of one thing, or of some claims (RDF 1.1, section 3).

Everything that pages and documents say is made from what is gathered here, so that all of them say
the same. A claim is always gathered whole: its status and its speaker come with what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cecot.engine import Engine
from cecot.rdf.terms import Term
from cecot.sparql.asking import Row, ask, select
from cecot.vocabulary import CECOT, DCTERMS, RDF, RDFS, SCHEMA, SKOS

MOST_CLAIMS = 200
"""Claims that the description of one thing holds; the claims table has the others."""

MOST_LINKS = 500
"""Direct triples that the description of one thing holds, from it and to it each."""

ROLES: Mapping[str, str] = {
    str(RDF.subject): "subject",
    str(RDF.object): "object",
    str(CECOT.accused): "accused",
    str(CECOT.statedBy): "speaker",
    str(CECOT.accuser): "speaker",
    str(CECOT.about): "about",
    str(CECOT.aboutPolicy): "policy",
    str(CECOT.allegedAct): "act",
    str(CECOT.allegedQuantity): "quantity",
    str(CECOT.basis): "basis",
    str(CECOT.saidIn): "occasion",
    str(CECOT.passage): "passage",
    str(RDF.predicate): "predicate",
    str(CECOT.modality): "status",
}
"""What a thing can be in a claim, by the property that says so; the closest first."""

_ORDER = {role: place for place, role in enumerate(dict.fromkeys(ROLES.values()))}
_SAME = str(CECOT.sameQuantityAs)
_SHOWN = (
    RDF.type, RDFS.label, SKOS.prefLabel, SKOS.notation,
    DCTERMS.title, DCTERMS.isPartOf,
    SCHEMA.position, CECOT.start, CECOT.end,
    CECOT.asWritten, CECOT.qualifier, CECOT.sameQuantityAs, CECOT.edtf,
    SCHEMA.value, SCHEMA.minValue, SCHEMA.maxValue, SCHEMA.unitCode, SCHEMA.unitText,
    SCHEMA.startDate, SCHEMA.endDate,
)  # fmt: skip

_ANY = MOST_LINKS + 2 * MOST_CLAIMS + 1
_KNOWN = "ASK { { $thing ?p ?o } UNION { ?s ?p $thing } }"
_OUT = f"SELECT ?p ?o {{ $thing ?p ?o }} LIMIT {MOST_LINKS + 1}"
_IN = f"SELECT ?s ?p {{ ?s ?p $thing }} LIMIT {_ANY}"
_IN_CLAIMS = (
    f"SELECT ?s ?p {{ VALUES ?p {{ {' '.join(f'<{iri}>' for iri in ROLES)} }} ?s ?p $thing }} "
    f"LIMIT {MOST_CLAIMS + 1}"
)
_IN_LINKS = (
    f"SELECT ?s ?p {{ ?s ?p $thing FILTER(?p NOT IN ({', '.join(f'<{iri}>' for iri in ROLES)})) }} "
    f"LIMIT {MOST_LINKS + 1}"
)
_NAMED = "SELECT ?s ?p ?o { GRAPH $graph { ?s ?p ?o } }"
_FRAGMENTS = (
    "SELECT ?s ?p ?o { GRAPH ?graph { ?s ?p ?o FILTER(STRSTARTS(STR(?s), $start)) } } "
    f"LIMIT {MOST_LINKS}"
)
_WHOLE = "SELECT ?s ?p ?o { VALUES ?s { $subjects } ?s ?p ?o }"
# What is only mentioned may have thousands of triples: what names or measures it is enough.
_BRIEFLY = (
    "SELECT ?s ?p ?o { VALUES ?s { $subjects } ?s ?p ?o "
    f"FILTER(?p IN ({', '.join(f'<{iri}>' for iri in _SHOWN)})) }}"
)
# What stands in blank nodes below a thing: three levels, and whole lists.
_STEP = f"<{RDF.rest}>*/!<{RDF.rest}>"
_BELOW = f"""
SELECT DISTINCT ?s ?p ?o {{
  $thing ?first ?one FILTER(isBlank(?one))
  {{ BIND(?one AS ?node) }}
  UNION {{ ?one {_STEP} ?node }}
  UNION {{ ?one {_STEP} ?two FILTER(isBlank(?two)) ?two {_STEP} ?node }}
  ?node <{RDF.rest}>* ?s FILTER(isBlank(?s))
  ?s ?p ?o
}} LIMIT {MOST_LINKS}"""

Graph = dict[NamedNode | BlankNode, dict[str, list[Term]]]


@dataclass(frozen=True, slots=True)
class Subgraph:
    """Triples by subject and predicate, and which claims they were gathered for.

    ``roles`` says of each claim, in the order of reading, what the thing is in it (nothing where
    claims were asked for). ``incoming`` are the direct triples that point to the thing, as subject
    and predicate. ``more_claims`` and ``more_links`` tell that there are more than fit.
    """

    graph: Graph
    roles: Mapping[NamedNode, tuple[str, ...]]
    incoming: tuple[tuple[NamedNode | BlankNode, str], ...] = ()
    more_claims: bool = False
    more_links: bool = False

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """The objects of ``subject`` for the IRI ``predicate``."""
        if isinstance(subject, NamedNode | BlankNode):
            return self.graph.get(subject, {}).get(predicate, [])
        return []

    def triples(self) -> Iterator[Triple]:
        """All that was gathered, each triple once, in no order."""
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


def gather_claims(engine: Engine, claims: Iterable[NamedNode]) -> Subgraph:
    """The claims, in the order given, with what is needed to read them.

    A claim that is unknown has no triples. Raises what the engine raises.
    """
    graph: Graph = {}
    roles: dict[NamedNode, tuple[str, ...]] = dict.fromkeys(claims, ())
    _read(engine, graph, _WHOLE, roles)
    _read_mentioned(engine, graph)
    return Subgraph(graph, roles)


def gather_nodes(engine: Engine, nodes: Iterable[NamedNode]) -> Subgraph:
    """What names or measures ``nodes``, and nothing else of them. Raises what the engine raises."""
    graph: Graph = {}
    if wanted := tuple(dict.fromkeys(nodes)):
        _keep(graph, _named_once(select(engine, _BRIEFLY, subjects=wanted)))
    return Subgraph(graph, {})


def gather_graph(engine: Engine, name: NamedNode) -> Subgraph:
    """The named graph ``name`` whole: nothing at all if there is none.

    Raises what the engine raises.
    """
    graph: Graph = {}
    _keep(graph, select(engine, _NAMED, graph=name))
    return Subgraph(graph, {})


def gather_thing(engine: Engine, thing: NamedNode, *, fragments: bool = False) -> Subgraph:
    """What the graph says of ``thing``: nothing at all if it is unknown.

    With ``fragments``, ``thing`` is a document too: what the named graphs say of its fragments
    stands in it. Raises what the engine raises.
    """
    graph: Graph = {}
    if fragments:
        start = Literal(f"{thing.value}#")
        _keep(graph, select(engine, _FRAGMENTS, start=start))
    outgoing = select(engine, _OUT, thing=thing)
    _keep(graph, ({"s": thing, **row} for row in outgoing[:MOST_LINKS]))
    if any(isinstance(row["o"], BlankNode) for row in outgoing):
        _keep(graph, select(engine, _BELOW, thing=thing))
    claims, links = _pointing(engine, thing)
    _keep(graph, ({**row, "o": thing} for row in links[:MOST_LINKS]))
    for row in links:
        if iri_of(row["p"]) == _SAME and isinstance(row["s"], NamedNode):
            # The figure in brackets is said by the claim of the figure before it.
            claims += _pointing(engine, row["s"])[0]
    roles = _roles(claims)
    if str(CECOT.modality) in graph.get(thing, {}):
        roles.pop(thing, None)
    kept = dict(list(roles.items())[:MOST_CLAIMS])
    _read(engine, graph, _WHOLE, kept)
    _read_mentioned(engine, graph)
    return Subgraph(
        graph,
        kept,
        tuple(_link(row) for row in links[:MOST_LINKS]),
        more_claims=len(roles) > MOST_CLAIMS,
        more_links=max(len(outgoing), len(links)) > MOST_LINKS,
    )


def _pointing(engine: Engine, thing: NamedNode) -> tuple[list[Row], list[Row]]:
    """The rows (s, p) that point to ``thing``: those of claims, and all others."""
    rows = select(engine, _IN, thing=thing)
    if len(rows) == _ANY:
        return select(engine, _IN_CLAIMS, thing=thing), select(engine, _IN_LINKS, thing=thing)
    claims = [row for row in rows if iri_of(row["p"]) in ROLES]
    return claims, [row for row in rows if iri_of(row["p"]) not in ROLES]


def _roles(rows: Iterable[Row]) -> dict[NamedNode, tuple[str, ...]]:
    """The roles by claim: where the thing is closest first, then in the order of their IRIs."""
    found: dict[NamedNode, set[str]] = {}
    for row in rows:
        if isinstance(row["s"], NamedNode):
            found.setdefault(row["s"], set()).add(ROLES[iri_of(row["p"])])
    sorted_roles = {claim: tuple(sorted(found[claim], key=_ORDER.__getitem__)) for claim in found}
    order = sorted(found, key=lambda claim: (_ORDER[sorted_roles[claim][0]], claim.value))
    return {claim: sorted_roles[claim] for claim in order}


def _read_mentioned(engine: Engine, graph: Graph) -> None:
    """Read what names or measures the nodes that ``graph`` mentions, and those they mention."""
    read = {subject for subject, found in graph.items() if _is_whole(found)}
    for _ in range(2):
        mentioned = {NamedNode(predicate) for found in graph.values() for predicate in found}
        mentioned.update(node for node in graph if isinstance(node, NamedNode))
        for found in graph.values():
            for objects in found.values():
                mentioned.update(each for each in objects if isinstance(each, NamedNode))
        new = sorted(mentioned - read, key=str)
        if new:
            _keep(graph, _named_once(select(engine, _BRIEFLY, subjects=new)))
        read.update(new)


def _named_once(rows: list[Row]) -> Iterator[Row]:
    """``rows`` without the preferred labels that stand there as labels too."""
    labels = {(row["s"], row["o"]) for row in rows if iri_of(row["p"]) == str(RDFS.label)}
    for row in rows:
        if iri_of(row["p"]) != str(SKOS.prefLabel) or (row["s"], row["o"]) not in labels:
            yield row


def _is_whole(properties: Mapping[str, list[Term]]) -> bool:
    """Whether these are all triples of a subject, not only one that points to the thing."""
    return str(CECOT.modality) in properties


def _read(engine: Engine, graph: Graph, text: str, subjects: Iterable[NamedNode]) -> None:
    if subjects := tuple(subjects):
        _keep(graph, select(engine, text, subjects=subjects))


def _keep(graph: Graph, rows: Iterable[Row]) -> None:
    for row in rows:
        subject, predicate, value = row["s"], iri_of(row["p"]), row["o"]
        if not isinstance(subject, NamedNode | BlankNode):
            continue
        objects = graph.setdefault(subject, {}).setdefault(predicate, [])
        if value not in objects:
            objects.append(value)


def iri_of(term: Term) -> str:
    """The IRI that ``term`` is, else nothing."""
    return term.value if isinstance(term, NamedNode) else ""


def _link(row: Row) -> tuple[NamedNode | BlankNode, str]:
    subject = row["s"]
    if not isinstance(subject, NamedNode | BlankNode):
        raise TypeError("a subject is a node")
    return subject, iri_of(row["p"])
