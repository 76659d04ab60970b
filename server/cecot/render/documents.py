"""Documents that tell of a thing or a claim: RDF in each format, plain records.

Linked Data: a thing's IRI leads to a document about it, one content in each format the same (Cool
URIs for the Semantic Web, 4.2). Records are for programs that know no RDF; one of a claim never
comes without its status, its speakers and its places.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping

from pyoxigraph import BlankNode, RdfFormat, Triple, serialize

from cecot.claims.claim import PARTS, Claim
from cecot.claims.nodes import Node, Place, Texts, Value, gathered
from cecot.claims.subgraph import Subgraph
from cecot.claims.thing import Fact, Link, Thing
from cecot.dataset.store import write_rdfxml
from cecot.protocol.negotiation import HTML, best
from cecot.rdf.serialization import write_json_ld
from cecot.rdf.terms import Prefixes
from cecot.rdf.writing import canonical_triples, write_turtle
from cecot.sparql.formats import GRAPHS
from cecot.vocabulary import LANGUAGES

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
    found: Iterable[Triple], suffix: str, prefixes: Prefixes, *, read_me: str = "", first: str = ""
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


Record = dict[str, object]


def thing_record(thing: Thing) -> Record:
    """All that ``thing`` is told by; what is empty is left out."""
    claim = thing.claim
    record = {
        **node_record(thing.node),
        "types": [node_record(each) for each in thing.types],
        "descriptions": _by_language(thing.descriptions),
        "notes": _by_language(thing.notes),
        "facts": [_fact(each) for each in thing.facts],
        "incomingFacts": [_fact(each) for each in thing.incoming_facts],
        "links": [_link(each) for each in thing.links],
        "incomingLinks": [_link(each) for each in thing.incoming_links],
        "claims": [
            {**claim_record(each.claim), "roles": list(each.roles)} for each in thing.claims
        ],
        "claim": claim_record(claim) if claim else None,
        "place": _place(thing.place) if thing.place else None,
        "moreClaims": thing.more_claims,
        "moreLinks": thing.more_links,
    }
    return _filled(record)


def claim_record(claim: Claim) -> Record:
    """The claim whole; what it does not have is left out, but never status, speakers, places."""
    parts = {_called(name): _told(getattr(claim, name)) for name in PARTS if name != "speakers"}
    return {
        "iri": claim.iri,
        "status": claim.status,
        "isFact": claim.is_fact,
        "sentence": {language: claim.sentence(language) for language in LANGUAGES},
        "speakers": _told(claim.speakers),
        "places": [_place(each) for each in claim.places],
        **_filled(parts),
    }


def _called(part: str) -> str:
    """What the part of a claim is called in JSON: ``saidIn``."""
    first, *rest = ("quoted_text" if part == "quoted" else part).split("_")
    return first + "".join(map(str.title, rest))


def _told(value: object) -> object:
    """Nodes as their records, words by language, whatever else as it is."""
    match value:
        case Node():
            return node_record(value)
        case Texts():
            return _by_language(value)
        case tuple():
            return [_told(each) for each in value]
    return value


def node_record(node: Node) -> Record:
    """A node by IRI, labels and, of a figure or a date, its value; a literal by its words.

    ``mention`` tells that no text says that there is such a thing: see ``Node.mention``.
    """
    if not node.iri:
        text = node.labels.first("en")
        return _filled({"text": text.value, "language": text.language})
    return _filled(
        {
            "iri": node.iri,
            "labels": _by_language(node.labels),
            "mention": node.mention,
            "value": _value(node.value) if node.value else None,
        }
    )


def _value(value: Value) -> Record:
    return _filled(
        {
            "asWritten": value.as_written.first("en").value,
            "number": value.number,
            "minimum": value.minimum,
            "unitCode": value.unit_code,
            "unit": value.unit.first("en").value,
            "qualifier": value.qualifier.first("en").value,
            "edtf": value.edtf,
            "firstDay": value.first_day,
            "lastDay": value.last_day,
            "sameAs": _told(value.same_as),
        }
    )


def _place(place: Place) -> Record:
    return _filled(
        {
            "passage": place.passage.iri,
            "source": node_record(place.source) if place.source else None,
            "line": place.line,
            "start": place.start,
            "end": place.end,
            "link": place.link,
        }
    )


def _fact(fact: Fact) -> Record:
    return {**_link(fact), "claims": [each.iri for each in fact.claims]}


def _link(link: Link) -> Record:
    return {
        "subject": node_record(link.subject),
        "predicate": node_record(link.predicate),
        "object": node_record(link.object),
    }


def _by_language(texts: Texts) -> dict[str, str]:
    """The words by language (``und``: none is said); several of one are lines of one text."""
    words = gathered((each.language or "und", each.value) for each in texts)
    return {language: "\n".join(values) for language, values in words.items()}


def _filled(record: Mapping[str, object]) -> Record:
    return {name: value for name, value in record.items() if value not in (None, "", [], {}, False)}
