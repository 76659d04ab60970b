"""The documents that tell of a thing or a vocabulary: one content, in each format the same.

Linked Data: a thing's IRI leads to a document about it (Cool URIs for the Semantic Web, 4.2).
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable

from pyoxigraph import BlankNode, RdfFormat, Triple, serialize

from cecot.claims.subgraph import Subgraph
from cecot.claims.thing import Thing
from cecot.dataset.export import write_rdfxml
from cecot.dataset.json_ld import write_json_ld
from cecot.protocol.negotiation import HTML, best
from cecot.rdf.prefixes import Prefixes
from cecot.rdf.writing import canonical_triples, write_turtle
from cecot.render.records import thing_record
from cecot.sparql.formats import GRAPHS

JSON = "application/json"
_OF_DATASETS = (RdfFormat.N_QUADS, RdfFormat.TRIG)
_FORMATS = {each.suffix: each for each in GRAPHS if each.writer not in _OF_DATASETS}
SUFFIXES = {each.suffix: each.media_type for each in _FORMATS.values()} | {
    "json": JSON,
    "html": HTML,
}
"""The endings of documents and their media types, the preferred one first."""

_OFFERS = {
    **{media_type: suffix for suffix, media_type in SUFFIXES.items()},
    "application/xhtml+xml": "html",
    **{alias: each.suffix for each in _FORMATS.values() for alias in each.aliases if alias != JSON},
}
_READ_ME = """\
# {iri}
# Facts are direct triples. Everything else that somebody says is a cecot:Claim: never read its
# rdf:subject, rdf:predicate and rdf:object without its cecot:modality and its cecot:statedBy.
"""
_MORE = "# The graph says more of it than fits here: ask the endpoint, or take the downloads.\n"


def suffix_for(accept: str | None, asked: Iterable[str] = ()) -> str | None:
    """The ending of the document that the client prefers, or None if none is acceptable.

    ``asked`` are values of ``format=``, which beat ``accept``, the Accept header.
    """
    for value in asked:
        name = value.lower()
        if name in SUFFIXES:
            return name
        called = [each.suffix for each in _FORMATS.values() if each.is_called(name)]
        if called:
            return called[0]
    preferred = best(accept, list(_OFFERS))
    return _OFFERS[preferred] if preferred else None


def thing_document(found: Subgraph, thing: Thing, suffix: str, prefixes: Prefixes) -> bytes:
    """The document of ``thing``, made from what was fetched for it, in the format ``suffix``."""
    if suffix == "json":
        return json.dumps(thing_record(thing), ensure_ascii=False, indent=1).encode() + b"\n"
    read_me = _READ_ME.format(iri=thing.iri) if thing.claims or thing.claim else ""
    read_me += _MORE if thing.more_claims or thing.more_links else ""
    return write(found.triples(), suffix, prefixes, read_me=read_me, first=thing.iri)


def write(
    found: Iterable[Triple],
    suffix: str,
    prefixes: Prefixes,
    *,
    read_me: str = "",
    first: str = "",
) -> bytes:
    """``found`` in the RDF format ``suffix`` (json: JSON-LD), the same bytes for the same graph.

    What is said of the IRI ``first`` comes before all else.
    """
    if suffix == "ttl":
        return write_turtle(found, prefixes, read_me, first=first).encode()
    if suffix in ("jsonld", "json"):
        return write_json_ld(found, prefixes, first=first).encode()
    ordered = sorted(
        set(_canonical(list(found))),
        key=lambda each: (str(each.subject) != f"<{first}>", str(each)),
    )
    if suffix == "rdf":
        return write_rdfxml(ordered, prefixes)
    output = io.BytesIO()
    serialize(ordered, output, _FORMATS[suffix].writer)
    return output.getvalue()


def _canonical(found: list[Triple]) -> list[Triple]:
    """``found`` with names of blank nodes that depend on the graph alone, if it has any."""
    if any(isinstance(node, BlankNode) for each in found for node in (each.subject, each.object)):
        return canonical_triples(found)
    return found
