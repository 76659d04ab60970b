"""Things and claims as plain records, for JSON, for tables and for programs that know no RDF.

A record of a claim never comes without its status, its speakers and its places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cecot.claims.claim import Claim
from cecot.claims.nodes import Node, Place, Texts, Value
from cecot.claims.thing import Fact, Link, Thing

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
    record: Record = {
        "subject": node_record(claim.subject) if claim.subject else None,
        "predicate": node_record(claim.predicate) if claim.predicate else None,
        "object": node_record(claim.object) if claim.object else None,
        "about": _nodes(claim.about),
        "accused": _nodes(claim.accused),
        "victims": _nodes(claim.victims),
        "acts": _nodes(claim.acts),
        "quantities": _nodes(claim.quantities),
        "policies": _nodes(claim.policies),
        "basis": _nodes(claim.basis),
        "saidIn": _nodes(claim.said_in),
        "asOf": _nodes(claim.as_of),
        "saying": _nodes(claim.saying),
        "respondsTo": _nodes(claim.responds_to),
        "repeats": _nodes(claim.repeats),
        "hedge": _by_language(claim.hedge),
        "readings": _by_language(claim.readings),
        "speechAct": _by_language(claim.speech_act),
        "quotedText": _by_language(claim.quoted),
        "exact": _by_language(claim.exact),
        "unresolved": _by_language(claim.unresolved),
        "description": _by_language(claim.description),
        "notes": _by_language(claim.notes),
        "start": claim.start,
        "end": claim.end,
        "spanHash": claim.span_hash,
    }
    return {
        "iri": claim.iri,
        "status": claim.status,
        "isFact": claim.is_fact,
        "sentence": {language: claim.sentence(language) for language in ("en", "es")},
        "speakers": _nodes(claim.speakers),
        "places": [_place(each) for each in claim.places],
        **_filled(record),
    }


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
            "sameAs": _nodes(value.same_as),
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


def _link(link: Fact | Link) -> Record:
    return {
        "subject": node_record(link.subject),
        "predicate": node_record(link.predicate),
        "object": node_record(link.object),
    }


def _nodes(nodes: Iterable[Node]) -> list[Record]:
    return [node_record(each) for each in nodes]


def _by_language(texts: Texts) -> dict[str, str]:
    """The words by language (``und``: none is said); several of one are lines of one text."""
    words: dict[str, list[str]] = {}
    for each in texts:
        words.setdefault(each.language or "und", []).append(each.value)
    return {language: "\n".join(values) for language, values in words.items()}


def _filled(record: Mapping[str, object]) -> Record:
    return {name: value for name, value in record.items() if value not in (None, "", [], {}, False)}
