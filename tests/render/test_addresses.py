"""Where things are found on this host: paths that lead back to the IRI that they came from."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from cecot.claims.nodes import Node, Texts
from cecot.dataset.content import Names
from cecot.rdf.terms import Prefixes
from cecot.render.urls import Urls

NAMES = Names(Prefixes({"id": "https://e.org/x/id/"}), "https://e.org/x/ontology")
HERE = Urls(NAMES, "/graph")


@pytest.mark.parametrize(
    ("iri", "address"),
    [
        ("https://e.org/x/id/cecot", "/graph/id/cecot"),
        ("https://e.org/x/id/é", "/graph/id/%C3%A9"),
        ("https://e.org/x/id/a%20b", "/graph/id/a%2520b"),
        ("https://e.org/x/id/a/b", "/graph/id/a/b"),
        ("https://e.org/x/id/a?b", "/graph/id/a%3Fb"),
        ("https://e.org/x/ontology", "/graph/ontology"),
        ("https://e.org/x/ontology#Claim", "/graph/ontology#Claim"),
        ("https://e.org/x/shapes#Rule", "/graph/shapes#Rule"),
        ("https://e.org/x/more#id", "/graph/resource?iri=https%3A%2F%2Fe.org%2Fx%2Fmore%23id"),
        ("https://e.org/x/id/a#b", "/graph/resource?iri=https%3A%2F%2Fe.org%2Fx%2Fid%2Fa%23b"),
        ("https://elsewhere.org/a", "https://elsewhere.org/a"),
        ("mailto:a@elsewhere.org", "mailto:a@elsewhere.org"),
        ("javascript:alert(1)", ""),
        ("JavaScript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("urn:isbn:0", ""),
    ],
)
def test_what_is_ours_is_told_of_here(iri: str, address: str) -> None:
    assert HERE.of(iri) == address


@given(st.from_regex(r"https://e\.org/x/id/[\w.:~é%'()*+,;=@!$&/-]{1,12}", fullmatch=True))
def test_the_address_of_a_thing_leads_back_to_its_iri(iri: str) -> None:
    path = unquote(HERE.of(iri)).removeprefix("/graph/id/")
    assert next(HERE.iris_of_slug(path)) == iri


def test_an_iri_that_was_decoded_on_its_way_is_found_by_its_escapes() -> None:
    assert "https://e.org/x/id/a%20b" in HERE.iris_of_slug("a b")
    assert list(HERE.iris_of_slug("cecot")) == ["https://e.org/x/id/cecot"]


def test_a_thing_of_somebody_else_is_told_of_here_if_the_graph_types_it() -> None:
    iri = "https://schema.org/position"
    known = Node(NamedNode(iri), iri, Texts(), ("https://e.org/Property",))
    assert HERE.of_node(known) == "/graph/resource?iri=https%3A%2F%2Fschema.org%2Fposition"
    assert HERE.of_node(Node(NamedNode(iri), iri, Texts())) == iri


def test_documents_tables_and_files_have_their_addresses() -> None:
    assert HERE.document("/graph/id/a", "ttl") == "/graph/id/a.ttl"
    assert HERE.document("/graph/resource?iri=x", "ttl") == "/graph/resource.ttl?iri=x"
    assert HERE.document("/graph/ontology#Claim", "html") == "/graph/ontology.html#Claim"
    assert HERE.claims("csv", status="Alleged", act=None) == "/graph/claims.csv?status=Alleged"
    assert HERE.question("truce") == "/graph/questions/truce"
    assert HERE.dump("cecot.ttl.gz") == "/graph/dumps/cecot.ttl.gz"
