"""What may be kept of an answer: RFC 9110 sections 8.8 and 13, RFC 9111."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

HEIGHTS = {"query": "SELECT ?h { ?p <http://garden.example/ontology#height> ?h } ORDER BY ?h"}
MANY = {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"}


def test_an_answer_has_a_strong_tag_and_the_moment_of_loading(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string=HEIGHTS)
    assert response.get_etag()[1] is False
    assert response.last_modified
    assert response.last_modified > datetime.now(UTC) - timedelta(hours=2)
    assert response.cache_control.public
    assert response.cache_control.max_age == 60
    assert set(response.vary) == {"Accept", "Accept-Encoding"}


def test_a_client_that_has_the_answer_gets_304_without_a_body(client: FlaskClient) -> None:
    first = client.get("/sparql", query_string=HEIGHTS)
    for header, value in (
        ("If-None-Match", first.headers["ETag"]),
        ("If-None-Match", f'"other", W/{first.headers["ETag"]}'),
        ("If-None-Match", "*"),
        ("If-Modified-Since", first.headers["Last-Modified"]),
    ):
        again = client.get("/sparql", query_string=HEIGHTS, headers={header: value})
        assert again.status_code == 304
        assert again.data == b""
        for name in ("ETag", "Vary", "Cache-Control", "Access-Control-Allow-Origin"):
            assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize("address", ["/sparql?query=ASK{}", "/search?q=beans"])
@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"other"'},
        {"If-Modified-Since": "Sat, 21 Nov 2026 00:00:00 GMT"},  # after the day of the dataset
        {"If-None-Match": '"other"', "If-Modified-Since": "Sat, 21 Nov 2076 00:00:00 GMT"},
        {"If-Modified-Since": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"},
        {"If-Modified-Since": "Sat, 21 Nov 2076 00:00:00 +99999999999999999999"},
        {"If-Unmodified-Since": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"},
        {"If-Unmodified-Since": "Sat, 21 Nov 2076 00:00:00 GMT"},
        {"If-Match": "*"},
    ],
)
def test_another_tag_or_what_was_before_the_loading_gets_the_answer(
    client: FlaskClient, address: str, headers: dict[str, str]
) -> None:
    assert client.get(address, headers=headers).status_code == 200


@pytest.mark.parametrize("address", ["/sparql?query=ASK{}", "/search?q=beans"])
@pytest.mark.parametrize(
    "headers",
    [{"If-Match": '"other"'}, {"If-Unmodified-Since": "Sat, 21 Nov 2020 00:00:00 GMT"}],
)
def test_who_wants_another_version_only_is_told_that_there_is_none(
    client: FlaskClient, address: str, headers: dict[str, str]
) -> None:
    assert client.get(address, headers=headers).status_code == 412


def test_who_has_the_version_that_is_wanted_gets_it(client: FlaskClient) -> None:
    tag = client.get("/sparql", query_string=HEIGHTS).headers["ETag"]
    for wanted in (tag, f'"other", {tag}', "*"):
        found = client.get("/sparql", query_string=HEIGHTS, headers={"If-Match": wanted})
        assert found.status_code == 200
    weak = client.get("/sparql", query_string=HEIGHTS, headers={"If-Match": f"W/{tag}"})
    assert weak.status_code == 412


def test_the_tag_differs_by_query_type_coding_and_dataset(client: FlaskClient) -> None:
    asked = [
        (HEIGHTS, {}),
        (MANY, {}),
        (HEIGHTS, {"Accept": "text/csv"}),
        (HEIGHTS, {"Accept-Encoding": "gzip"}),
        ({**HEIGHTS, "default-graph-uri": "http://e/"}, {}),
        ({**HEIGHTS, "named-graph-uri": "http://e/"}, {}),
    ]
    tags = {client.get("/sparql", query_string=q, headers=h).headers["ETag"] for q, h in asked}
    assert len(tags) == len(asked)


@pytest.mark.parametrize(
    "function", ["RAND()", "NOW()", "UUID()", "STRUUID()", "BNODE()", "rand()"]
)
def test_what_differs_the_next_time_is_neither_tagged_nor_stored(
    client: FlaskClient, function: str
) -> None:
    response = client.get("/sparql", query_string={"query": f"SELECT ({function} AS ?x) {{}}"})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    assert "Last-Modified" not in response.headers


def test_answers_to_post_and_errors_are_not_stored(client: FlaskClient) -> None:
    assert client.post("/sparql", data=HEIGHTS).headers["Cache-Control"] == "no-store"
    assert client.get("/sparql?query=x").headers["Cache-Control"] == "no-store"


def test_a_query_that_does_not_parse_has_no_304(client: FlaskClient) -> None:
    response = client.get("/sparql?query=x", headers={"If-None-Match": "*"})
    assert response.status_code == 400


def test_answers_are_packed_as_asked(client: FlaskClient) -> None:
    plain = client.get("/sparql", query_string=MANY)
    packed = client.get("/sparql", query_string=MANY, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert gzip.decompress(packed.data) == plain.data


def test_an_answer_from_a_file_is_whole_packed_or_not(client: FlaskClient) -> None:
    rows = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    plain = client.get("/sparql", query_string={"query": rows})
    packed = client.get(
        "/sparql", query_string={"query": rows}, headers={"Accept-Encoding": "gzip"}
    )
    assert int(plain.headers["Content-Length"]) == len(plain.data) > 1 << 20
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert gzip.decompress(packed.data) == plain.data
