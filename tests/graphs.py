"""Graphs for tests: equality up to the names of blank nodes, and strategies that make any graph."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    Triple,
)

NUMBERS = ("integer", "decimal", "double", "boolean", "date", "float")


def isomorphic(first: Iterable[Triple], second: Iterable[Triple]) -> bool:
    """Whether both graphs are equal but for the names of their blank nodes (RDFC-1.0)."""
    return _canonical(first) == _canonical(second)


def _canonical(triples: Iterable[Triple]) -> set[str]:
    dataset = Dataset(Quad(*triple) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def _datatype(name: str) -> NamedNode:
    return NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}")


# Words that are hard to write: escapes, quotation marks, signs that nobody sees, all of Unicode.
words = st.one_of(
    st.text(alphabet="a\"'\\\n\r\t\u00a0\u200a\u200b\ufeff\u0000\u007f .#;é", max_size=12),
    st.text(max_size=8),
)
lexical = st.one_of(
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.from_regex(r"[+-]?[0-9]{0,3}\.?[0-9]{0,3}([eE][+-]?[0-9]{1,2})?", fullmatch=True),
    st.sampled_from(["true", "false", "1", "TRUE", "NaN", "-0", "2023-02-01", ""]),
)
iris = st.one_of(
    st.sampled_from("abcd").map(lambda name: f"https://example.org/{name}"),
    st.from_regex(r"https://example\.org/(deep#)?[\w.:~é\u200b-]{0,6}", fullmatch=True),
).map(NamedNode)
literals = st.one_of(
    st.builds(Literal, words),
    st.builds(
        lambda value, tag: Literal(value, language=tag), words, st.sampled_from(["en", "es"])
    ),
    st.builds(
        lambda value, name: Literal(value, datatype=_datatype(name)),
        lexical,
        st.sampled_from(NUMBERS),
    ),
)
blank_nodes = st.sampled_from("uvwxyz").map(BlankNode)
subjects = st.one_of(iris, blank_nodes)
links = st.sampled_from(
    [
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#first",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
        "https://example.org/p",
    ]
).map(NamedNode)
predicates = st.one_of(links, iris)
nil = st.just(NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil"))
objects = st.one_of(iris, literals, blank_nodes, blank_nodes, nil)
triples = st.builds(Triple, subjects, predicates, objects)
# RDFC-1.0 does not know triple terms: without blank nodes equal graphs are equal sets.
ground = st.builds(Triple, iris, predicates, st.one_of(iris, literals, nil))
nested = st.builds(
    Triple, iris, predicates, st.one_of(ground, st.builds(Triple, iris, iris, ground))
)
graphs = st.lists(triples, max_size=9)
graphs_with_triple_terms = st.lists(st.one_of(ground, nested), max_size=6)
