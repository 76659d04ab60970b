"""RDF/XML that every parser reads, whatever its classes and prefixes are called."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from rdflib import Graph

from cecot.dataset.store import write_rdfxml
from cecot.rdf.serialization import write_rdf
from cecot.rdf.terms import Prefixes
from cecot.vocabulary import RDF

TYPE, NAME = NamedNode(RDF.type), NamedNode("http://e/name")
NODE, OTHER = NamedNode("http://s/a?b=1&c='2'"), NamedNode("http://s/b")
NO_NAMES = [
    *("http://e/C/", "http://e/1", "http://e/x#", "urn:x:1", "http://e/a'", "http://e/%41"),
    *("http://e/\u2135", "http://www.w3.org/2000/xmlns/a", "http://e/?a=1&b=2"),
    *(f"{RDF}Description", f"{RDF}RDF", f"{RDF}li"),
]


def written(triples: Iterable[Triple], prefixes: Mapping[str, str] | None = None) -> bytes:
    output = io.BytesIO()
    write_rdf(triples, output, RdfFormat.RDF_XML, prefixes)
    return output.getvalue()


def read(content: bytes) -> set[Triple]:
    assert len(Graph().parse(data=content, format="xml")) >= 1
    return {quad.triple for quad in parse(content, RdfFormat.RDF_XML)}


@pytest.mark.parametrize("iri", NO_NAMES)
def test_a_class_that_names_no_element_is_written_all_the_same(iri: str) -> None:
    is_one = Triple(NODE, TYPE, NamedNode(iri))
    named = Triple(NODE, NAME, Literal("n"))
    other = Triple(OTHER, TYPE, NamedNode("http://e/C"))
    for triples in ([is_one], [is_one, named], [named, is_one], [other, is_one, named, is_one]):
        assert read(written(triples)) == set(triples)
    assert read(write_rdfxml([is_one, named], Prefixes({"e": "http://e/"}))) == {is_one, named}


def test_a_blank_node_stays_the_same_one() -> None:
    node = BlankNode("a1")
    triples = [Triple(node, TYPE, NamedNode("http://e/1")), Triple(OTHER, NAME, node)]
    found = read(written(triples))
    assert len(found) == 2
    assert len({each.subject for each in found} & {each.object for each in found}) == 1


def test_a_triple_that_is_spoken_of_has_such_a_class_too() -> None:
    spoken = Triple(NODE, TYPE, NamedNode("http://e/1"))
    told = Triple(OTHER, NAME, spoken)
    assert {quad.triple for quad in parse(written([told]), RdfFormat.RDF_XML)} == {told}


@pytest.mark.parametrize(
    ("name", "namespace"),
    [
        *(("xml", "http://e/"), ("xmlns", "http://e/"), ("xmlfoo", "http://e/")),
        *(("e", "http://www.w3.org/2000/xmlns/"), ("e", "http://e/?a='1'&b=")),
        *(
            ("e", "http://www.w3.org/XML/1998/namespace"),
            ("\u2c00", "http://e/"),
            ("", "http://e/"),
        ),
        *(("rdf", "http://e/"), ("oxprefix", "http://o/"), ("a.b-1", "http://e/")),
    ],
)
def test_no_prefix_breaks_it(name: str, namespace: str) -> None:
    told = Triple(NODE, NAME, Literal("n"))
    assert read(written([told], {name: namespace})) == {told}
