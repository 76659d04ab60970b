"""The resources: the passages of the sources, and the ontology, as text (MCP: resources)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from cecot.claims.nodes import Reader
from cecot.claims.subgraph import gather_nodes, iri_of
from cecot.engine import Query
from cecot.mcp.library import Library
from cecot.sparql.asking import bound, select
from cecot.turtle import format_turtle
from cecot.vocabulary import CECOT, DCTERMS, SCHEMA

MOST_PASSAGES = 1000

_PASSAGES = f"""
SELECT ?source ?line ?passage (COUNT(?claim) AS ?claims) {{
  {{ SELECT ?source ?line ?passage {{
    ?passage <{DCTERMS.isPartOf}> ?source ; <{SCHEMA.position}> ?line ; a <{CECOT.Passage}> .
  }} ORDER BY ?source ?line LIMIT {MOST_PASSAGES + 1} }}
  OPTIONAL {{ ?claim <{CECOT.passage}> ?passage }}
}} GROUP BY ?source ?line ?passage ORDER BY ?source ?line"""
_ONTOLOGY = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH $ontology { ?s ?p ?o } }"
_TURTLE = "text/turtle"


@dataclass(frozen=True, slots=True)
class Resource:
    """Something to read; ``read`` raises what the engine raises."""

    uri: str
    name: str
    description: str
    media_type: str
    read: Callable[[Library], str]


def passages(library: Library) -> str:
    """A line for each passage: its line in the source, its IRI, how many statements it carries."""
    rows = select(library.engine, _PASSAGES)
    sources = {each for row in rows if isinstance(each := row["source"], NamedNode)}
    reader = Reader(gather_nodes(library.engine, sorted(sources, key=str)))
    lines: list[str] = []
    source = ""
    for row in rows[:MOST_PASSAGES]:
        if (iri := iri_of(row["source"])) != source:
            source = iri
            lines.append(f"# {reader.node(row['source']).label('en')} <{iri}>")
        line, claims = (
            each.value for each in (row["line"], row["claims"]) if isinstance(each, Literal)
        )
        lines.append(f"line {line}: {iri_of(row['passage'])} ({claims} statements)")
    if len(rows) > MOST_PASSAGES:
        lines.append(f"CUT: only the first {MOST_PASSAGES} passages are listed.")
    return "\n".join(lines) or "No source has passages."


def ontology(library: Library) -> str:
    """The ontology in Turtle."""
    text = bound(_ONTOLOGY, {"ontology": NamedNode(library.names.ontology_iri)})
    answer = library.engine.answer(Query(text, None, None, _TURTLE))
    if isinstance(answer.body, bytes):
        return format_turtle(answer.body, library.names.prefixes)
    with answer.body:
        return format_turtle(answer.body.read(), library.names.prefixes)


RESOURCES: tuple[Resource, ...] = (
    Resource(
        "cecot://passages",
        "passages",
        "The passages of all sources in order: line, IRI, number of statements. "
        "The tool describe tells what is claimed from one.",
        "text/plain",
        passages,
    ),
    Resource(
        "cecot://ontology",
        "ontology",
        "The vocabulary of the graph: classes, properties, statuses, with labels and comments.",
        _TURTLE,
        ontology,
    ),
)
