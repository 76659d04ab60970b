"""The endpoint as clients meet it: SPARQL 1.1 Protocol over HTTP."""

from __future__ import annotations

import csv
import gzip
import io
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results
from werkzeug.test import TestResponse

from cecot.sparql.formats import FORMATS, GRAPHS, RESULTS, graph_writer

HEIGHTS = "SELECT ?h { ?p <http://garden.example/ontology#height> ?h } ORDER BY ?h"
KINDS = "CONSTRUCT { ?s a ?kind } WHERE { ?s a ?kind ; ?p 2 }"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


def ask(client: FlaskClient, query: str, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get("/sparql", query_string={"query": query}, headers=named)


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
def test_the_three_ways_to_send_a_query_give_the_same_answer(
    client: FlaskClient, path: str
) -> None:
    by_get = client.get(path, query_string={"query": HEIGHTS})
    by_form = client.post(path, data={"query": HEIGHTS})
    direct = client.post(path, data=HEIGHTS, content_type=DIRECT)
    assert by_get.status_code == by_form.status_code == direct.status_code == 200
    assert by_get.data == by_form.data == direct.data
    assert [row["h"]["value"] for row in by_get.get_json()["results"]["bindings"]] == ["2", "40"]


@pytest.mark.parametrize("media_type", [name for each in RESULTS for name in each.media_types])
def test_rows_and_booleans_come_in_every_format_that_is_offered(
    client: FlaskClient, media_type: str
) -> None:
    rows, boolean = (
        ask(client, query, Accept=media_type) for query in (HEIGHTS, "ASK { ?s ?p 3 }")
    )
    assert rows.mimetype == boolean.mimetype == media_type
    if media_type == "text/csv":
        assert list(csv.reader(io.StringIO(rows.text))) == [["h"], ["2"], ["40"]]
        assert boolean.text == "false"
        return
    reader = QueryResultsFormat.from_media_type(media_type)
    if reader is None:  # only we write it: what it looks like, its own test tells
        assert "40" in rows.text
        return
    parsed = parse_query_results(rows.data, format=reader)
    assert [row["h"].value for row in parsed] == ["2", "40"]  # type: ignore[union-attr]
    assert "false" in boolean.text


@pytest.mark.parametrize("media_type", [name for each in GRAPHS for name in each.media_types])
def test_graphs_come_in_every_format_that_is_offered(client: FlaskClient, media_type: str) -> None:
    response = ask(client, KINDS, Accept=media_type)
    assert response.mimetype == media_type
    quads = list(parse(response.data, format=graph_writer(media_type)))
    assert [quad.subject.value for quad in quads] == ["http://garden.example/id/moss"]  # type: ignore[union-attr]


def test_text_formats_say_that_they_are_utf_8(client: FlaskClient) -> None:
    assert ask(client, HEIGHTS, Accept="text/csv").content_type == "text/csv; charset=utf-8"
    assert ask(client, KINDS, Accept="text/turtle").content_type == "text/turtle; charset=utf-8"
    assert ask(client, HEIGHTS).content_type == "application/sparql-results+json"


def test_the_format_parameter_beats_accept_wherever_it_stands(client: FlaskClient) -> None:
    for name in ("format", "output", "results"):
        in_address = client.get(
            "/sparql",
            query_string={"query": HEIGHTS, name: "csv"},
            headers={"Accept": "text/turtle"},
        )
        in_form = client.post("/sparql", data={"query": HEIGHTS, name: "csv"})
        beside = client.post(f"/sparql?{name}=csv", data=HEIGHTS, content_type=DIRECT)
        assert in_address.mimetype == in_form.mimetype == beside.mimetype == "text/csv"


def test_an_unknown_format_falls_back_to_accept(client: FlaskClient) -> None:
    response = client.get(
        "/sparql",
        query_string={"query": HEIGHTS, "format": "pdf"},
        headers={"Accept": "text/csv"},
    )
    assert response.mimetype == "text/csv"


def test_nothing_acceptable_is_406_and_lists_what_is_offered(client: FlaskClient) -> None:
    response = ask(client, HEIGHTS, Accept="image/png")
    assert response.status_code == 406
    assert response.get_json()["offered"][:2] == [
        "application/sparql-results+json",
        "application/sparql-results+xml",
    ]


def test_a_format_that_cannot_carry_the_form_is_406(client: FlaskClient) -> None:
    for query, accept, formats in ((HEIGHTS, "text/turtle", RESULTS), (KINDS, "text/csv", GRAPHS)):
        response = ask(client, query, Accept=accept)
        assert response.status_code == 406
        told = response.get_json()
        assert told["offered"] == [each.media_type for each in formats]
        assert told["hint"].startswith(f"Offered: {told['offered'][0]} (format=")
        assert accept not in told["hint"]


NUL = r'SELECT ("\u0000" AS ?x) {}'
TRIPLE_TERM = "CONSTRUCT { <urn:r> <urn:p> ?t } { BIND(<<( <urn:a> <urn:b> <urn:c> )>> AS ?t) }"
NO_NAME = "CONSTRUCT { <urn:r> <urn:1> <urn:o> } {}"


@pytest.mark.parametrize(
    ("query", "accept", "offered"),
    [
        (NUL, "application/sparql-results+xml", ("json", "csv", "tsv")),
        (NUL, "text/xml", ("json", "csv", "tsv")),
        (TRIPLE_TERM, "application/ld+json", ("turtle", "ntriples", "nquads", "trig")),
        (NO_NAME, "application/rdf+xml", ("turtle", "ntriples", "nquads", "trig")),
    ],
)
def test_a_format_that_cannot_hold_an_answer_is_406_and_offers_those_that_can(
    client: FlaskClient, query: str, accept: str, offered: tuple[str, ...]
) -> None:
    response = ask(client, query, Accept=accept)
    assert response.status_code == 406
    told = response.get_json()["offered"]
    assert told == [each.media_type for each in FORMATS if each.name in offered]
    for each in told:
        assert ask(client, query, Accept=each).status_code == 200


def test_a_triple_term_is_told_as_one(client: FlaskClient) -> None:
    told = ask(client, TRIPLE_TERM, Accept="application/ld+json").get_json()["detail"]
    assert "<urn:r> <urn:p> <<( <urn:a> <urn:b> <urn:c> )>>" in told


def test_head_has_the_headers_of_get_and_no_body(client: FlaskClient) -> None:
    path = f"/sparql?query={quote(HEIGHTS)}"
    head, get = client.head(path), client.get(path)
    assert head.status_code == 200
    assert head.data == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Vary", "Cache-Control"):
        assert head.headers[name] == get.headers[name]


def test_options_tell_the_methods(client: FlaskClient) -> None:
    response = client.options("/sparql")
    assert response.status_code == 204
    assert set(response.allow) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_another_method_is_405_and_tells_the_methods(client: FlaskClient, method: str) -> None:
    response = client.open("/sparql", method=method)
    assert response.status_code == 405
    assert set(response.allow) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert response.get_json()["detail"].startswith(method)


def test_the_dataset_of_the_request_beats_from(client: FlaskClient) -> None:
    query = "SELECT (COUNT(*) AS ?n) FROM <http://garden.example/nowhere> { ?s ?p ?o }"
    of_shapes = {"query": query, "default-graph-uri": "http://garden.example/shapes"}
    assert (
        client.get("/sparql", query_string=of_shapes, headers={"Accept": "text/csv"}).text
        == "n\r\n1\r\n"
    )
    assert ask(client, query, Accept="text/csv").text == "n\r\n0\r\n"


def test_a_named_graph_of_the_request_is_the_only_one(client: FlaskClient) -> None:
    parameters = {
        "query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }",
        "named-graph-uri": "http://garden.example/ontology",
    }
    response = client.get("/sparql", query_string=parameters, headers={"Accept": "text/csv"})
    assert response.text == "g\r\nhttp://garden.example/ontology\r\n"


def test_an_address_of_8_kb_is_answered(client: FlaskClient) -> None:
    assert ask(client, HEIGHTS + " " * 8192).status_code == 200


def test_too_long_an_address_is_414_and_too_long_a_body_413(client: FlaskClient) -> None:
    assert ask(client, HEIGHTS + " " * 20_000).status_code == 414
    body = HEIGHTS.encode().ljust((1 << 20) + 1)
    assert client.post("/sparql", data=body, content_type=DIRECT).status_code == 413
    packed = gzip.compress(body)
    response = client.post(
        "/sparql", data=packed, content_type=DIRECT, headers={"Content-Encoding": "gzip"}
    )
    assert response.status_code == 413


def test_a_body_without_a_length_is_read_to_the_limit(client: FlaskClient) -> None:
    for body, status in ((HEIGHTS.encode(), 200), (b" " * ((1 << 20) + 1), 413)):
        response = client.post(
            "/sparql",
            input_stream=io.BytesIO(body),
            content_type=DIRECT,
            environ_base={"wsgi.input_terminated": True},
        )
        assert response.status_code == status


def test_a_query_in_gzip_is_read(client: FlaskClient) -> None:
    response = client.post(
        "/sparql",
        data=gzip.compress(HEIGHTS.encode()),
        content_type=DIRECT,
        headers={"Content-Encoding": "gzip"},
    )
    assert response.status_code == 200


def test_a_coding_that_is_not_read_is_415_and_tells_the_one_that_is(client: FlaskClient) -> None:
    response = client.post(
        "/sparql", data=b"x", content_type=DIRECT, headers={"Content-Encoding": "br"}
    )
    assert response.status_code == 415
    assert response.headers["Accept-Encoding"] == "gzip"


def test_a_query_that_does_not_parse_is_400_with_line_and_column(client: FlaskClient) -> None:
    response = ask(client, "SELECT ?s\nWHERE { ?s ?p }")
    problem = response.get_json()
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert (problem["line"], problem["column"]) == (2, 16)
    assert problem["hint"]


def test_service_is_403(client: FlaskClient) -> None:
    assert ask(client, "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }").status_code == 403


def test_a_wrong_parameter_is_400_and_names_the_right_one(client: FlaskClient) -> None:
    response = client.get("/sparql?q=ASK{}")
    assert response.status_code == 400
    assert "query" in response.get_json()["detail"]


def test_what_a_client_adds_for_other_servers_is_ignored(client: FlaskClient) -> None:
    response = client.get(
        "/sparql", query_string={"query": HEIGHTS, "timeout": "5", "infer": "true"}
    )
    assert response.status_code == 200


def test_an_answer_says_where_the_time_went(client: FlaskClient) -> None:
    timing = ask(client, HEIGHTS).headers["Server-Timing"]
    assert [part.partition(";")[0] for part in timing.split(", ")] == ["evaluate", "total"]


def test_quads_of_a_constructed_graph_stand_in_the_default_graph(client: FlaskClient) -> None:
    (quad,) = parse(ask(client, KINDS, Accept="application/n-quads").data, format=RdfFormat.N_QUADS)
    assert str(quad.graph_name) == "DEFAULT"
