"""The whole graph in one file: the same bytes for the same rooms, on every run and every machine.

What leaves is what queries see: the ontology, the graph and what is derived from it. N-Quads and
TriG carry the named graphs too. Order and names of blank nodes are canonical (RDFC-1.0).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from cecot.dataset.content import Material
from cecot.dataset.store import build_store, canonical_nquads
from cecot.errors import UsageError
from cecot.rdf.prefixes import Prefixes
from cecot.rdf.serialization import Omissions, Statement, writable, write_rdf
from cecot.rdf.writing import write_turtle
from cecot.sparql.formats import GRAPHS
from cecot.vocabulary import RDF

_REIFIES = NamedNode(str(RDF) + "reifies")
_PARTS = tuple(NamedNode(str(iri)) for iri in (RDF.subject, RDF.predicate, RDF.object))
_NAMESPACE = re.compile(rb' xmlns:[^=]+="[^"]*"')


def export(material: Material, name: str) -> bytes:
    """``material`` in the format called ``name``, one of ``FORMATS``; raises UsageError else."""
    return export_store(build_store(material), material.prefixes, name)


def export_store(
    store: Store, prefixes: Prefixes, name: str, omitted: Omissions | None = None
) -> bytes:
    """What ``store`` holds in the format called ``name``; raises UsageError if there is none.

    A triple that the format cannot hold is added to ``omitted``; raises NotAcceptable for it where
    that is None.
    """
    if name not in FORMATS:
        raise UsageError(f"There is no format {name}.", hint=f"One of {', '.join(FORMATS)}.")
    content = canonical_nquads(store)
    return FORMATS[name](content, prefixes, omitted)


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


_Writing = Callable[[bytes, Prefixes, Omissions | None], bytes]


def _plainly(rdf_format: RdfFormat) -> _Writing:
    """How a format is written about which nothing else is to be known."""

    def write(content: bytes, _: Prefixes, omitted: Omissions | None) -> bytes:
        written = _written(writable(_default_graph(content), rdf_format, omitted), rdf_format)
        return written if written.endswith(b"\n") or not written else written + b"\n"

    return write


FORMATS: dict[str, _Writing] = {
    **{each.name: _plainly(each.writer) for each in GRAPHS},
    "turtle": _turtle,
    "nquads": lambda content, *_: content,
    "trig": _trig,
    "rdfxml": _rdfxml,
    "turtle12": _turtle12,
}


def _default_graph(content: bytes) -> Iterator[Triple]:
    for quad in parse(content, RdfFormat.N_QUADS):
        if isinstance(quad, Quad) and quad.graph_name == DefaultGraph():
            yield quad.triple


def _by_graph(content: bytes) -> list[Quad]:
    quads = [quad for quad in parse(content, RdfFormat.N_QUADS) if isinstance(quad, Quad)]
    return sorted(quads, key=lambda quad: getattr(quad.graph_name, "value", ""))


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

    A subject without exactly one rdf:subject, rdf:predicate and rdf:object keeps what it has.
    """
    parts: dict[NamedNode, list[Triple]] = {}
    for triple in triples:
        if triple.predicate in _PARTS and isinstance(triple.subject, NamedNode):
            parts.setdefault(triple.subject, []).append(triple)
        else:
            yield triple
    for claim, found in parts.items():
        values = [[t.object for t in found if t.predicate == part] for part in _PARTS]
        match values:
            case [[NamedNode() as subject], [NamedNode() as predicate], [value]]:
                yield Triple(claim, _REIFIES, Triple(subject, predicate, value))
            case _:
                yield from found
