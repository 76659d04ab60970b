"""RDF terms as N-Triples text, and the vocabulary that the generator writes in (design: model)."""

from __future__ import annotations

import functools

NAMESPACES = {
    "cecot": "https://w3id.org/cecot/ontology#",
    "dcterms": "http://purl.org/dc/terms/",
    "id": "https://w3id.org/cecot/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Triple = tuple[str, str, str]


@functools.cache
def term(name: str) -> str:
    """``cecot:Claim`` as ``<https://...#Claim>``."""
    prefix, _, local = name.partition(":")
    return f"<{NAMESPACES[prefix]}{local}>"


def thing(slug: str) -> str:
    """The IRI of a thing."""
    return f"<{NAMESPACES['id']}{slug}>"


def words(text: str, language: str = "en") -> str:
    """A literal with a language tag; ``text`` holds no quotation mark, backslash or line break."""
    return f'"{text}"@{language}'


def plain(text: str) -> str:
    """A literal without a language tag."""
    return f'"{text}"'


def number(value: int) -> str:
    """An ``xsd:integer``."""
    return f'"{value}"^^{term("xsd:integer")}'


def decimal(tenths: int) -> str:
    """An ``xsd:decimal`` in canonical form, given in tenths; whole numbers become integers."""
    if tenths % 10 == 0:
        return number(tenths // 10)
    return f'"{tenths // 10}.{tenths % 10}"^^{term("xsd:decimal")}'


def day(iso: str) -> str:
    """An ``xsd:date``."""
    return f'"{iso}"^^{term("xsd:date")}'


def line(triple: Triple) -> str:
    """One line of N-Triples."""
    return f"{triple[0]} {triple[1]} {triple[2]} .\n"
