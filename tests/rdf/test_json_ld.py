"""JSON-LD with short names says what the graph says, whatever the graph."""

from __future__ import annotations

import json
import random

import pytest
import rdflib
from hypothesis import given
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from cecot.dataset.content import Material
from cecot.rdf.serialization import write_json_ld
from cecot.rdf.terms import Prefixes
from graphs import graphs, isomorphic

PREFIXES = Prefixes(
    {
        "deep": "https://example.org/deep#",
        "e": "https://example.org/",
        "odd": "https://example.org/b",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)


def read(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(text, RdfFormat.JSON_LD)]


@given(graphs)
def test_what_is_written_says_what_was_read(triples: list[Triple]) -> None:
    assert isomorphic(read(write_json_ld(triples, PREFIXES)), triples)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
def test_another_reader_reads_the_same(material: Material) -> None:
    text = write_json_ld(material.graph, material.prefixes)
    graph = rdflib.Graph().parse(data=text, format="json-ld")
    found = parse(graph.serialize(format="nt", encoding="utf-8"), RdfFormat.N_TRIPLES)
    written = parse(serialize(material.graph, format=RdfFormat.N_TRIPLES), RdfFormat.N_TRIPLES)
    assert {quad.triple for quad in found} == {quad.triple for quad in written}


def test_the_order_depends_on_the_graph_alone(material: Material) -> None:
    triples = list(material.shapes)
    first = write_json_ld(triples, material.prefixes)
    random.Random(1).shuffle(triples)
    assert write_json_ld(triples + triples[:9], material.prefixes) == first


def test_names_are_short_and_the_context_explains_them() -> None:
    a, kind = NamedNode("https://example.org/a"), NamedNode("https://example.org/Kind")
    type_ = NamedNode(PREFIXES["rdf"] + "type")
    told = json.loads(
        write_json_ld(
            [
                Triple(a, type_, kind),
                Triple(a, NamedNode("https://example.org/p"), Literal(3)),
                Triple(a, NamedNode("https://example.org/p"), Literal("x", language="en")),
                Triple(a, NamedNode("http://other.org/p"), kind),
            ],
            PREFIXES,
        )
    )
    assert list(told["@graph"][0])[:2] == ["@id", "@type"]
    assert told == {
        "@context": {"e": "https://example.org/"},
        "@graph": [
            {
                "@id": "e:a",
                "@type": "e:Kind",
                "http://other.org/p": {"@id": "e:Kind"},
                "e:p": [3, {"@language": "en", "@value": "x"}],
            }
        ],
    }


def test_a_namespace_that_cannot_be_a_prefix_is_none() -> None:
    one = NamedNode("https://example.org/bc")
    text = write_json_ld([Triple(one, one, one)], Prefixes({"odd": "https://example.org/b"}))
    assert json.loads(text)["@context"] == {}
