"""A small repository of somebody else: spaces in paths, shapes without names, types, messages."""

from __future__ import annotations

from pathlib import Path

DATA = """\
@prefix ex: <http://example.org/> .

ex:Alice a ex:Person ;
    ex:age "x" ;
    ex:address [ ex:city 5 ] ;
    ex:knows ex:Nobody .

ex:Bob a ex:Person ; ex:name "Bob" ; ex:age 200 .
"""
SHAPES = """\
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:PersonShape sh:targetClass ex:Person ;
    sh:property [ sh:path ex:name ; sh:minCount 1 ; sh:severity sh:Warning ] ;
    sh:property [
        sh:path ex:age ;
        sh:datatype xsd:integer ;
        sh:maxInclusive 150 ;
        sh:severity ex:Urgent ;
        sh:message "{?value} is no age."@en ;
    ] ;
    sh:property [
        sh:path ex:address ;
        sh:property [ sh:path ex:city ; sh:datatype xsd:string ] ;
    ] .
"""
OPTIONS = ["--data", "my data/**/*.ttl", "--shapes", "the rules/shapes.ttl"]


def write_repository(folder: Path) -> Path:
    """Write it into ``folder``; returns the file of the data."""
    data = folder / "my data" / "of 2026" / "two people.ttl"
    rules = folder / "the rules" / "shapes.ttl"
    for path, text in ((data, DATA), (rules, SHAPES)):
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return data
