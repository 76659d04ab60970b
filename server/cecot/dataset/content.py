"""All that the three rooms say, in memory: for checking, formatting and exporting.

Each triple is a Python object here. A server that only evaluates goes through ``store.load_store``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from pyoxigraph import NamedNode, Quad, Store, Triple

from cecot.dataset.derive import derive_in_place
from cecot.errors import UsageError
from cecot.rdf.reading import blocks, read_file, telling_each
from cecot.rdf.terms import Prefixes, read_prefixes
from cecot.rooms import Rooms
from cecot.vocabulary import OWL, RDF

_TYPE, _ONTOLOGY, _IMPORTS = map(NamedNode, (RDF.type, OWL.Ontology, OWL.imports))

Place = tuple[Path, int]


@dataclass(frozen=True, slots=True)
class Names:
    """The IRIs that the rooms choose, and their prefixes; no code names them."""

    prefixes: Prefixes
    ontology_iri: str

    @property
    def base(self) -> str:
        """The ontology's IRI without its last segment: ``https://example.org/x/``."""
        return base_of(self.ontology_iri)

    @property
    def namespace(self) -> str:
        """Where the IRIs of things begin: the prefix ``id``, else the base with ``id/``."""
        return self.prefixes.get("id", self.base + "id/")

    @property
    def own(self) -> tuple[str, str]:
        """The namespaces of the ontology and of things."""
        return self.ontology_iri.rstrip("#") + "#", self.namespace

    @property
    def shapes_iri(self) -> str:
        """The name of the graph that holds the rules."""
        return self.base + "shapes"


@dataclass(frozen=True, slots=True)
class Material:
    """What the rooms say and what follows from it, but for the sentences that readers get.

    ``lines`` gives file and line (from 1) of the first block of each subject.
    """

    rooms: Rooms
    names: Names
    ontology: tuple[Triple, ...]
    graph: tuple[Triple, ...]
    shapes: tuple[Triple, ...]
    derived: tuple[Triple, ...]
    lines: Mapping[str, Place] = field(repr=False)

    @property
    def prefixes(self) -> Prefixes:
        """The one table of prefixes."""
        return self.names.prefixes

    @property
    def namespace(self) -> str:
        """Where the IRIs of things begin."""
        return self.names.namespace

    @property
    def facts(self) -> tuple[Triple, ...]:
        """The default graph: the ontology, the graph, and what is derived from them."""
        return (*self.ontology, *self.graph, *self.derived)

    def saying(self, graph: Iterable[Triple]) -> Material:
        """The same rooms with ``graph`` in the place of theirs, and what follows from that."""
        said = tuple(graph)
        derived = _derived(self.rooms, self.ontology, said)
        return replace(self, graph=said, derived=derived)


def read_material(rooms: Rooms) -> Material:
    """Read the three rooms and derive what follows.

    Raises TurtleError (file, line, column, of each file that is none), QuerySyntaxError for a
    derivation, and UsageError if the ontology has no IRI.
    """
    lines: dict[str, Place] = {}
    with telling_each(rooms.rdf_files()):
        ontology = _read(rooms.ontology_files(), lines)
        graph = _read(rooms.graph_files(), lines)
        shapes = _read(rooms.shape_files(), lines)
        prefixes = read_prefixes(rooms)
    names = Names(prefixes, ontology_iri(ontology, rooms))
    derived = _derived(rooms, ontology, graph)
    return Material(rooms, names, ontology, graph, shapes, derived, lines)


def ontology_iri(triples: Iterable[Triple], rooms: Rooms) -> str:
    """The IRI that is typed owl:Ontology; of several, the one that no other imports."""
    found: set[str] = set()
    imported: set[str] = set()
    for subject, predicate, value in triples:
        if predicate == _TYPE and value == _ONTOLOGY and isinstance(subject, NamedNode):
            found.add(subject.value)
        elif predicate == _IMPORTS and isinstance(value, NamedNode):
            imported.add(value.value)
    chosen = sorted(found - imported) or sorted(found)
    if len(chosen) == 1:
        return chosen[0]
    raise UsageError(
        f"{len(chosen)} ontologies stand here, none imported by another: {', '.join(chosen)}."
        if chosen
        else "No ontology stands here.",
        hint="One file in ontology/ says: <IRI of the ontology> a owl:Ontology .",
        where=str(rooms.ontology),
    )


def read_names(rooms: Rooms) -> Names:
    """Read the names alone: only the files of the ontology are parsed.

    Raises what ``read_material`` raises for them.
    """
    triples = (triple for path in rooms.ontology_files() for triple in read_file(path).triples)
    return Names(read_prefixes(rooms), ontology_iri(triples, rooms))


def base_of(iri: str) -> str:
    """``iri`` without its last segment: ``https://e.org/x/ontology`` gives ``https://e.org/x/``."""
    trimmed = iri.rstrip("#/")
    parts = urlsplit(trimmed)
    if parts.netloc and not parts.path.strip("/"):
        return trimmed + "/"
    cut = max(trimmed.rfind("/"), trimmed.rfind("#"), trimmed.rfind(":"))
    return trimmed[: cut + 1]


def _read(files: Iterable[Path], lines: dict[str, Place]) -> tuple[Triple, ...]:
    triples: list[Triple] = []
    for path in files:
        parsed = read_file(path)
        triples += parsed.triples
        for block in blocks(parsed.text):
            if block.subject[0].isalpha():  # an IRI: no blank node, bracket or list
                lines.setdefault(block.subject, (path, block.line))
    return tuple(triples)


def _derived(
    rooms: Rooms, ontology: Iterable[Triple], graph: Iterable[Triple]
) -> tuple[Triple, ...]:
    store = Store()
    store.bulk_extend(Quad(*triple) for triples in (ontology, graph) for triple in triples)
    before = set(store)
    derive_in_place(store, rooms)
    return tuple(sorted((quad.triple for quad in store if quad not in before), key=str))
