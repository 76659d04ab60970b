"""The header X-Query-Hint: on an answer that says nothing, and only there."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from cecot.protocol.answers import LONGEST_HINTS, query_hint
from cecot.sparql.deviations import Hint
from cecot.vocabulary import RDF

PREFIX = "PREFIX : <http://garden.example/ontology#> "


def hint(client: FlaskClient, query: str, **headers: str) -> str | None:
    """The header of the answer to ``query``."""
    response = client.get("/sparql", query_string={"query": PREFIX + query}, headers=headers)
    assert response.status_code == 200
    return response.headers.get("X-Query-Hint")


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+json"])
def test_a_misspelt_name_is_told_with_what_may_be_meant(client: FlaskClient, accept: str) -> None:
    assert hint(client, "SELECT * { ?x :heigth ?y }", Accept=accept) == (
        'unknown;iri="http://garden.example/ontology#heigth"'
        ';like="http://garden.example/ontology#height"'
    )


@pytest.mark.parametrize("query", ["SELECT * { ?x :height ?y }", "SELECT * { ?x :height 'x' }"])
def test_an_answer_has_no_hint_where_there_is_none(client: FlaskClient, query: str) -> None:
    assert hint(client, query) is None


def test_a_name_of_before_is_told_on_whatever_answer(site: FlaskClient) -> None:
    told = 'replaced;iri="http://www.w3.org/ns/oa#exact";by="https://w3id.org/cecot/ontology#exact"'
    prefix = (
        "PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX cecot: <https://w3id.org/cecot/ontology#> "
    )
    for query in (
        "SELECT ?words { ?claim a cecot:Claim ; oa:exact ?words }",
        "SELECT ?claim ?words { ?claim a cecot:Claim OPTIONAL { ?claim oa:exact ?words } }",
    ):
        assert hint(site, prefix + query) == told


_DEEP = "<<( <x:a> <x:b> " * 80 + "1" + " )>>" * 80


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (f'CONSTRUCT {{ <x:a> <x:b> "a"^^<{RDF}{name}> }} {{}}', f"text/turtle, {other};q=0.5")
        for name in ("langString", "dirLangString")
        for other in ("application/trig", "application/n-quads")
    ]
    + [
        (f"SELECT (MAX(?y) AS ?z) ?x {{ BIND({_DEEP} AS ?x) }} GROUP BY ?x", accept)
        for accept in ("text/tab-separated-values", "text/csv", "application/sparql-results+xml")
    ]
    + [
        (f"SELECT (MAX(?y) AS ?z) (SAMPLE(?x) AS ?w) {{ BIND({_DEEP} AS ?x) }}", accept)
        for accept in ("text/csv", "application/sparql-results+xml")
    ],
)
def test_an_answer_that_is_written_and_cannot_be_read_again_is_an_answer(
    client: FlaskClient, query: str, accept: str
) -> None:
    answer = client.post("/sparql", data={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.data


def test_scripts_of_other_origins_may_read_the_hint(client: FlaskClient) -> None:
    headers = client.get("/sparql?query=ASK{}").headers
    assert "X-Query-Hint" in headers["Access-Control-Expose-Headers"]


def test_the_header_has_an_end_however_much_there_is_to_tell() -> None:
    long, short = (Hint("unknown", {"iri": iri}) for iri in ("urn:" + "ñ" * 450, "urn:a"))
    told = query_hint([long, long, short])
    assert told.startswith('unknown;iri="urn:%C3%B1')
    assert told.endswith('", unknown;iri="urn:a"')
    assert len(told) <= LONGEST_HINTS


def test_whatever_the_query_says_the_header_is_ascii_on_one_line() -> None:
    untagged = Hint("untagged", {"text": 'a "b"\n\\%', "languages": "en es"})
    told = query_hint([Hint("unknown", {"iri": "urn:ñ", "like": ""}), untagged])
    assert told == (
        'unknown;iri="urn:%C3%B1", untagged;text="a %22b%22%0A%5C%25";languages="en es"'
    )


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("ASK { :nowhere :p* ?o }", 'path;term="http://garden.example/ontology#nowhere"'),
        (r'ASK { FILTER(REGEX("aa", "(a)\\1")) }', 'pattern;text="(a)%5C1"'),
        ('ASK { FILTER(REPLACE("a", "(a)", "$1b") = "ab") }', 'replacement;text="$1b"'),
        (
            "SELECT (SUM(?x) AS ?y) { VALUES ?x { 1 UNDEF } }",
            'aggregate;text="SUM(?x)";cure="FILTER(isNumeric(?x))"',
        ),
    ],
)
def test_what_the_engine_leaves_out_is_told(client: FlaskClient, query: str, told: str) -> None:
    assert told in (hint(client, query) or "").split(", ")
