"""The rooms as an Oxigraph store: the RDF dataset that queries see (SPARQL 1.1, section 13).

The default graph is the ontology, the graph and what is derived; the ontology and the rules also
stand in graphs of their own.

``load_store`` hands the files to the bulk loader of Oxigraph and makes no Python object of any
triple of the graph, so that large rooms load at the speed of Oxigraph; what is derived comes on
top. ``export_store`` writes everything into one file, the same bytes for the same rooms, on every
run and every machine. N-Quads and TriG carry the named graphs too. Order and names of blank nodes
are canonical (RDFC-1.0).
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, takewhile
from pathlib import Path
from typing import IO, cast

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)

from cecot.dataset.content import Names, read_names
from cecot.dataset.derive import derive_in_place, statements
from cecot.errors import UsageError
from cecot.rdf.reading import FORMATS, require_utf8, telling_each, turtle_error, unreadable
from cecot.rdf.serialization import Omissions, Statement, holds_all, writable, write_rdf
from cecot.rdf.terms import Prefixes
from cecot.rdf.writing import write_turtle
from cecot.rooms import Rooms
from cecot.sparql.formats import GRAPHS, GraphFormat
from cecot.vocabulary import RDF


@dataclass(frozen=True, slots=True)
class Loaded:
    """A store with the rooms in it, and the names that the rooms choose."""

    rooms: Rooms
    names: Names
    store: Store


def load_store(rooms: Rooms) -> Loaded:
    """Load the files of ``rooms`` straight into a store, and derive there.

    Raises the errors of ``read_material``, for it reads the same files.
    """
    with telling_each(rooms.rdf_files()):
        return _load_rooms(rooms)


def _load_rooms(rooms: Rooms) -> Loaded:
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
    _name_blank_nodes(store)
    return Loaded(rooms, names, store)


def _name_blank_nodes(store: Store) -> None:
    """Give blank nodes the names of RDFC-1.0, in place of those that each loading makes anew.

    An answer that shows them is then the same as long as the version is, and so is its entity tag.
    """
    found = _BlankLines()
    store.dump(cast("IO[bytes]", found), format=RdfFormat.N_QUADS)
    with_names = b"".join(found.lines)
    for quad in _quads(with_names):
        store.remove(quad)
    store.bulk_extend(_quads(_renamed(with_names)))


class _BlankLines:
    """Takes N-Quads, and keeps the lines that may name a blank node: in most graphs they are few.

    No quad becomes an object for it, and nothing of the others is held.
    """

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self._rest = b""

    def write(self, data: bytes) -> int:
        *whole, self._rest = (self._rest + data).split(b"\n")
        self.lines += (each + b"\n" for each in whole if b"_:" in each)
        return len(data)

    def flush(self) -> None:
        pass


def _renamed(content: bytes) -> bytes:
    """N-Quads with the blank nodes named by RDFC-1.0, in the order of their lines."""
    dataset = Dataset(_quads(content))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    renamed = io.BytesIO()
    serialize(dataset, renamed, RdfFormat.N_QUADS)
    return b"".join(sorted(renamed.getvalue().splitlines(keepends=True)))


def store_version(store: Store) -> str:
    """The version of the rooms in ``store``: the SHA-256, in hex, of its canonical N-Quads.

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
        lines = [line for line in lines if b"_:" not in line]
        lines += _renamed(b"".join(with_names)).splitlines(keepends=True)
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


_REIFIES = NamedNode(str(RDF) + "reifies")
_PARTS = tuple(NamedNode(iri) for iri in (RDF.subject, RDF.predicate, RDF.object))
_NAMESPACE = re.compile(rb' xmlns:[^=]+="[^"]*"')


_Writing = Callable[[bytes, Prefixes, Omissions | None], bytes]
_Streaming = Callable[[Store, IO[bytes], Prefixes, Omissions], None]


@dataclass(frozen=True, slots=True)
class Export:
    """The whole graph in one file, whose name ends in ``ending``.

    ``write`` makes it of canonical N-Quads, the same bytes for the same graph. ``stream`` writes a
    large graph as the store holds it; without it, that is written in canonical order too.
    """

    ending: str
    media_type: str
    write: _Writing
    stream: _Streaming | None = None


def export_store(
    store: Store, prefixes: Prefixes, name: str, omitted: Omissions | None = None
) -> bytes:
    """What ``store`` holds in the format called ``name``; raises UsageError if there is none.

    A triple that the format cannot hold is added to ``omitted``; raises NotAcceptable for it where
    that is None.
    """
    if name not in EXPORTS:
        raise UsageError(f"There is no format {name}.", hint=f"One of {', '.join(EXPORTS)}.")
    content = canonical_nquads(store)
    return EXPORTS[name].write(content, prefixes, omitted)


def _turtle(content: bytes, prefixes: Prefixes, _omitted: Omissions | None) -> bytes:
    return write_turtle(_default_graph(content), prefixes).encode()


def _turtle12(content: bytes, prefixes: Prefixes, _omitted: Omissions | None) -> bytes:
    return write_turtle(_reifying(_default_graph(content)), prefixes).encode()


def _trig(content: bytes, prefixes: Prefixes, _omitted: Omissions | None) -> bytes:
    written = _written(_by_graph(content), RdfFormat.TRIG, prefixes)
    # Oxigraph writes its prefixes in an order of chance, one line each, before all else.
    lines = written.splitlines(keepends=True)
    declarations = sorted(takewhile(lambda line: line.startswith(b"@prefix"), lines))
    return b"".join(declarations + lines[len(declarations) :])


def _rdfxml(content: bytes, prefixes: Prefixes, omitted: Omissions | None) -> bytes:
    return write_rdfxml(writable(_default_graph(content), RdfFormat.RDF_XML, omitted), prefixes)


def write_rdfxml(triples: Iterable[Triple], prefixes: Prefixes) -> bytes:
    """``triples``, in their order, as RDF/XML: the same bytes for the same order.

    Raises NotAcceptable for one that RDF/XML cannot hold.
    """
    written = _written(triples, RdfFormat.RDF_XML, prefixes)
    # The namespaces of the root element come in an order of chance as well.
    start = written.index(b"<rdf:RDF") + len(b"<rdf:RDF")
    end = written.index(b">", start)
    namespaces = sorted(_NAMESPACE.findall(written, start, end))
    return written[:start] + b"".join(namespaces) + written[end:] + b"\n"


def _plainly(rdf_format: RdfFormat) -> _Writing:
    """How a format is written about which nothing else is to be known."""

    def write(content: bytes, _: Prefixes, omitted: Omissions | None) -> bytes:
        written = _written(writable(_default_graph(content), rdf_format, omitted), rdf_format)
        return written if written.endswith(b"\n") or not written else written + b"\n"

    return write


def _streaming(rdf_format: RdfFormat, graph: DefaultGraph | None) -> _Streaming:
    """How a format is written in the order of the store: one graph, or all."""

    def write(store: Store, output: IO[bytes], prefixes: Prefixes, omitted: Omissions) -> None:
        if holds_all(rdf_format):
            store.dump(output, rdf_format, from_graph=graph, prefixes=dict(prefixes))
            return
        quads = store.quads_for_pattern(None, None, None, graph)
        held = writable((quad.triple for quad in quads), rdf_format, omitted)
        write_rdf(held, output, rdf_format, prefixes)

    return write


def _stream_turtle12(
    store: Store, output: IO[bytes], prefixes: Prefixes, _omitted: Omissions
) -> None:
    # The store gives triples in the order in which they came, a subject perhaps here and there.
    quads = store.quads_for_pattern(None, None, None, DefaultGraph())
    triples = (
        quad.triple
        for subject in dict.fromkeys(quad.subject for quad in quads)
        for quad in store.quads_for_pattern(subject, None, None, DefaultGraph())
    )
    write_rdf(_reifying(triples), output, RdfFormat.TURTLE, prefixes)


def _default_graph(content: bytes) -> Iterator[Triple]:
    return (quad.triple for quad in _quads(content) if quad.graph_name == DefaultGraph())


def _by_graph(content: bytes) -> list[Quad]:
    return sorted(_quads(content), key=lambda quad: getattr(quad.graph_name, "value", ""))


def _written(
    statements: Iterable[Statement],
    rdf_format: RdfFormat,
    prefixes: Prefixes | None = None,
) -> bytes:
    output = io.BytesIO()
    write_rdf(statements, output, rdf_format, prefixes)
    return output.getvalue()


def _reifying(triples: Iterable[Triple]) -> Iterator[Triple]:
    """RDF 1.2 reifiers for RDF 1.0 reification: three triples about a claim become one.

    ``triples`` come subject by subject. One without exactly one rdf:subject, rdf:predicate and
    rdf:object keeps what it has.
    """
    for subject, group in groupby(triples, key=lambda triple: triple.subject):
        about = list(group)
        values = [[each.object for each in about if each.predicate == part] for part in _PARTS]
        match subject, *values:
            case NamedNode(), [NamedNode() as spoken_of], [NamedNode() as predicate], [value]:
                yield Triple(subject, _REIFIES, Triple(spoken_of, predicate, value))
                about = [each for each in about if each.predicate not in _PARTS]
        yield from about


_CANONICAL: dict[str, _Writing] = {
    "turtle": _turtle,
    "rdfxml": _rdfxml,
    "nquads": lambda content, *_: content,
    "trig": _trig,
}


def _exported(rdf_format: GraphFormat) -> Export:
    name, writer = rdf_format.name, rdf_format.writer
    write = _CANONICAL.get(name) or _plainly(writer)
    stream = _streaming(writer, None if name == "trig" else DefaultGraph())
    # The checksum of the N-Quads is the version of the graph: they are canonical at any size.
    whole = name == "nquads"
    return Export(rdf_format.suffix, rdf_format.media_type, write, None if whole else stream)


EXPORTS: dict[str, Export] = {
    **{each.name: _exported(each) for each in GRAPHS},
    "turtle12": Export("rdf12.ttl", "text/turtle; version=1.2", _turtle12, _stream_turtle12),
}
