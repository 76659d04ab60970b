"""Names for terms of other vocabularies that graphs use without labels, by prefixed name."""

from __future__ import annotations

from collections.abc import Mapping

from cecot.messages import Message, say

FOREIGN_TERMS: Mapping[str, Message] = {
    "dcterms:dateAccepted": say("received on"),
    "dcterms:isPartOf": say("part of"),
    "dcterms:language": say("language"),
    "dcterms:license": say("licence"),
    "dcterms:modified": say("last change"),
    "dcterms:rights": say("rights"),
    "dcterms:source": say("made from"),
    "dcterms:title": say("title"),
    "prov:wasQuotedFrom": say("quoted from"),
    "rdf:Property": say("property"),
    "rdfs:Class": say("class"),
    "schema:QuantitativeValue": say("figure"),
    "schema:genre": say("kind of text"),
    "schema:pagination": say("pages"),
    "schema:position": say("line"),
    "schema:subjectOf": say("page about it"),
    "schema:url": say("address"),
    "skos:Concept": say("concept"),
    "skos:ConceptScheme": say("list of concepts"),
    "skos:broader": say("kind of"),
    "skos:exactMatch": say("the same elsewhere"),
    "skos:inScheme": say("in the list"),
    "skos:notation": say("marker"),
    "spdx:algorithm": say("algorithm"),
    "spdx:checksum": say("checksum"),
    "spdx:checksumValue": say("value of the checksum"),
}
