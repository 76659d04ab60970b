"""What the tools work with: an engine, and the names and the questions of its graph."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from cecot.claims.answers import Tellings
from cecot.claims.names import labelled, named, short_name
from cecot.claims.nodes import Reader
from cecot.claims.search import search
from cecot.claims.subgraph import fetch, is_known, query
from cecot.claims.words import words_of
from cecot.dataset.content import Names
from cecot.dataset.description import Description
from cecot.engine import Engine, Query
from cecot.errors import BadRequest, NotFound
from cecot.rdf.terms import iri_of, local_name
from cecot.rdf.writing import format_turtle
from cecot.sparql.asking import bound, read_answer, select

SUGGESTED = 3


@dataclass(frozen=True)
class Library:
    """A graph that can be asked, and what is known of it."""

    engine: Engine
    description: Description

    @cached_property
    def tellings(self) -> Tellings:
        """The answers to questions in sentences."""
        return Tellings(self.engine)

    @property
    def names(self) -> Names:
        """The names of the graph."""
        return self.description.names

    def find(self, text: str, where: str) -> NamedNode:
        """The thing that ``text`` names: by IRI, by prefixed name, by the end of an IRI, by label.

        Raises NotFound, with what comes near, if the graph says nothing of it; what the engine
        raises.
        """
        thing = None
        with contextlib.suppress(BadRequest):
            thing = named(self.names, text, where)
        if thing is None or not is_known(self.engine, thing.value):
            thing = labelled(self.engine, text)
        if thing is None:
            raise self.unknown(text, where)
        return thing

    def unknown(self, text: str, where: str) -> NotFound:
        """The error for a name that the graph does not know, with what comes near it."""
        name = local_name(text) if "://" in text else text
        words = words_of(re.sub(r"[\W_]+", " ", name))
        near = [
            f"{short_name(self.names, hit.node.iri)} ({hit.node.label('en')})"
            for hit in search(self.engine, words).things[:SUGGESTED]
        ]
        return NotFound(
            f"The graph says nothing of {text[:200]!r}.",
            hint=(f"Near it: {'; '.join(near)}. " if near else "")
            + "The tool search finds things by their names. If it finds nothing either, say that "
            "the texts do not speak of it.",
            where=where,
        )


MOST_PASSAGES = 1000

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
    rows = select(library.engine, query("passages-of-sources"), most=MOST_PASSAGES + 1)
    sources = {each for row in rows if isinstance(each := row["source"], NamedNode)}
    reader = Reader(fetch(library.engine, mentioned=sorted(sources, key=str)))
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
    told = read_answer(library.engine, Query(text, None, None, _TURTLE))
    return format_turtle(told, library.names.prefixes)


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
