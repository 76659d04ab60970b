"""The rooms as an Oxigraph store: the RDF dataset that queries see (SPARQL 1.1, section 13).

The default graph is the ontology, the graph and what is derived; the ontology and the rules also
stand in graphs of their own.

There are two ways in. ``build_store`` takes a Material, whose triples are Python objects already.
``load_store`` hands the files to Oxigraph's bulk loader and makes no Python object of any triple of
the graph, so that large rooms load at Oxigraph's own speed; what is derived comes on top.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
    serialize,
)

from cecot.dataset.content import Material, Names, read_names
from cecot.dataset.derive import derive_in_place
from cecot.dataset.statements import statements
from cecot.rdf.reading import FORMATS, require_utf8, turtle_error, unreadable
from cecot.rooms import Rooms


@dataclass(frozen=True, slots=True)
class Loaded:
    """A store with the rooms in it, and the names that the rooms choose."""

    rooms: Rooms
    names: Names
    store: Store


def dataset(material: Material) -> Iterable[Quad]:
    """All quads that queries see, in no order, some twice."""
    yield from (Quad(*triple) for triple in material.facts)
    ontology, shapes = NamedNode(material.ontology_iri), NamedNode(material.names.shapes_iri)
    yield from (Quad(t.subject, t.predicate, t.object, ontology) for t in material.ontology)
    yield from (Quad(t.subject, t.predicate, t.object, shapes) for t in material.shapes)


def build_store(material: Material) -> Store:
    """An in-memory store of ``material``."""
    store = Store()
    store.bulk_extend(dataset(material))
    return store


def load_store(rooms: Rooms) -> Loaded:
    """Load the files of ``rooms`` straight into a store, and derive there.

    Raises the errors of ``read_material``, for it reads the same files.
    """
    names = read_names(rooms)
    store = Store()
    for path in rooms.graph_files():
        _load(store, path, DefaultGraph())
    # The ontology goes into two graphs. It is parsed once, for the loader renames blank nodes.
    ontology = NamedNode(names.ontology_iri)
    for path in rooms.ontology_files():
        _load(store, path, ontology)
    store.bulk_extend(
        Quad(*quad.triple) for quad in store.quads_for_pattern(None, None, None, ontology)
    )
    derive_in_place(store, rooms)
    store.bulk_extend(statements(store))
    for path in rooms.shape_files():
        _load(store, path, NamedNode(names.shapes_iri))
    return Loaded(rooms, names, store)


def version(material: Material) -> str:
    """The SHA-256, in hex, of the rooms' canonical RDF (RDFC-1.0).

    It is the digest of what ``cecot export --format nquads`` writes.
    """
    return store_version(build_store(material))


def store_version(store: Store) -> str:
    """The version of the rooms in ``store``, equal to ``version`` of the same rooms.

    Takes some seconds and some hundred MB per million quads: ask once, not in each request.
    """
    digest = hashlib.sha256()
    for line in _canonical_lines(store):
        digest.update(line)
    return digest.hexdigest()


def canonical_nquads(store: Store) -> bytes:
    """All quads of ``store`` in canonical N-Quads: sorted lines, blank nodes named by RDFC-1.0."""
    return b"".join(_canonical_lines(store))


def _canonical_lines(store: Store) -> list[bytes]:
    dump = io.BytesIO()
    store.dump(dump, format=RdfFormat.N_QUADS)
    lines = dump.getvalue().splitlines(keepends=True)
    # Lines without blank nodes are canonical as they are, and no name depends on them. A literal
    # that looks like a blank node does no harm on the longer way.
    with_names = [line for line in lines if b"_:" in line]
    if with_names:
        dataset = Dataset(_quads(b"".join(with_names)))
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        renamed = io.BytesIO()
        serialize(dataset, renamed, RdfFormat.N_QUADS)
        lines = [line for line in lines if b"_:" not in line]
        lines += renamed.getvalue().splitlines(keepends=True)
    return sorted(lines)


def _quads(content: bytes) -> Iterator[Quad]:
    return (quad for quad in parse(content, RdfFormat.N_QUADS) if isinstance(quad, Quad))


def _load(store: Store, path: Path, graph: NamedNode | DefaultGraph) -> None:
    require_utf8(path)
    try:
        store.bulk_load(path=path, format=FORMATS[path.suffix], to_graph=graph)
    except SyntaxError as error:
        raise turtle_error(error, str(path)) from None
    except OSError as error:
        raise unreadable(error, str(path)) from error
