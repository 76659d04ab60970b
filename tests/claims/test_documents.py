"""A document says the same in every format of RDF, whatever the graph; formats are negotiated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Triple, parse

from cecot.rdf.terms import Prefixes
from cecot.render.documents import SUFFIXES, suffix_for, write
from graphs import graphs, isomorphic

PREFIXES = Prefixes({"e": "https://example.org/"})
READERS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "json": RdfFormat.JSON_LD,
}


@given(graphs, st.sampled_from(sorted(READERS)))
def test_any_graph_is_written_as_it_is(triples: list[Triple], suffix: str) -> None:
    written = write(triples, suffix, PREFIXES, first="https://example.org/a")
    assert isomorphic([quad.triple for quad in parse(written, READERS[suffix])], triples)
    assert write(triples[::-1], suffix, PREFIXES, first="https://example.org/a") == written


@pytest.mark.parametrize(
    ("accept", "asked", "suffix"),
    [
        (None, [], "ttl"),
        ("*/*", [], "ttl"),
        ("text/*", [], "ttl"),
        ("application/*", [], "nt"),
        ("text/html", [], "html"),
        ("text/html;q=0.5, application/json;q=0.7", [], "json"),
        ("image/png", [], None),
        ("text/html", ["ttl"], "ttl"),
        ("text/html", ["JSON"], "json"),
        ("text/html", ["n3"], "ttl"),
        ("text/html", ["nothing", "rdfxml"], "rdf"),
        ("text/html", ["csv"], "html"),
    ],
)
def test_the_format_is_what_the_client_prefers(
    accept: str | None, asked: list[str], suffix: str | None
) -> None:
    assert suffix_for(accept, asked) == suffix


@given(st.text(max_size=40))
def test_any_accept_header_has_an_answer(accept: str) -> None:
    assert suffix_for(accept) in {*SUFFIXES, None}
