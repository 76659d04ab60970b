from __future__ import annotations

import re

import pytest
from hypothesis import given
from pyoxigraph import BlankNode, Triple
from rdflib import RDF, BNode, URIRef

from cecot.rdf.reading import blocks
from cecot.rdf.terms import Prefixes
from cecot.rdf.writing import write_turtle
from cecot.validation.statements import Statements
from cecot.validation.terms import term
from graphs import graphs

HEAD = "PREFIX : <urn:>\nPREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"


def stated(text: str) -> list[tuple[str, str, int]]:
    """The last part of predicate and value of each statement, and its line."""
    return [
        (
            re.split("[:#]", str(said.predicate))[-1],
            re.split("urn:", str(said.value))[-1],
            said.line - 2,
        )
        for block in blocks(HEAD + text)
        for all_said in Statements(HEAD + text, block).said.values()
        for said in all_said
        if not isinstance(said.value, BNode)
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (":a :b 1 , 10 ;\n:c :d .", [("b", "1", 1), ("b", "10", 1), ("c", "d", 2)]),
        (":a :b\n1 ,\n2.5 ;;\n a :C ; .", [("b", "1", 2), ("b", "2.5", 3), ("type", "C", 4)]),
        (":a :b '# :c 1' . # :c 2", [("b", "# :c 1", 1)]),
        (':a :b """x\n""y\\"""" , "z"@en .', [("b", 'x\n""y"', 1), ("b", "z", 2)]),
        (':a :b "1"^^xsd:integer , "\\u00e9\\n" .', [("b", "1", 1), ("b", "é\n", 1)]),
        (":a :b <<( :s :p << :o :p :q >> )>> ,\n 1 .", [("b", "1", 2)]),
        (":a :b 1 ~ :r {| :q 2 |} ;\n :c 3 .", [("b", "1", 1), ("c", "3", 2)]),
    ],
)
def test_each_value_has_its_line(text: str, told: list[tuple[str, str, int]]) -> None:
    assert stated(text) == told


def test_brackets_and_lists_have_nodes_of_their_own() -> None:
    text = HEAD + ":a :b [ :c 1 ;\n :d [ :e 2 ] ] , (\n3\n[ :f 4 ] ) , () ."
    (block,) = blocks(text)
    found = Statements(text, block)
    (about,) = [said for node, said in found.said.items() if node == URIRef("urn:a")]
    assert [(type(each.value), each.line - 2) for each in about] == [
        (BNode, 1),
        (BNode, 2),
        (URIRef, 4),
    ]
    opened = [found.opened[node] - 2 for node in found.said if node in found.opened]
    assert sorted(opened) == [1, 2, 2, 4, 4]
    firsts = [s for said in found.said.values() for s in said if s.predicate == RDF.first]
    assert sorted(each.line - 2 for each in firsts) == [3, 4]


@given(graphs)
def test_all_that_a_parser_finds_is_found(triples: list[Triple]) -> None:
    text = write_turtle(triples, Prefixes({"e": "https://example.org/"}))
    said = {
        (subject, each.predicate, each.value)
        for block in blocks(text)
        for subject, all_said in Statements(text, block).said.items()
        for each in all_said
        if not isinstance(subject, BNode) and not isinstance(each.value, BNode)
    }
    assert said == {
        (term(t.subject), term(t.predicate), term(t.object))
        for t in triples
        if not isinstance(t.subject, BlankNode) and not isinstance(t.object, BlankNode)
    }
