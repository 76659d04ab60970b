"""curl as a stranger types it, and the requests of clients that do not run on Python."""

from __future__ import annotations

import gzip
import subprocess
import urllib.request
from http.client import HTTPResponse
from urllib.parse import urlencode

import pytest

ROWS = "SELECT ?type (COUNT(*) AS ?n) { ?s a ?type } GROUP BY ?type"
GRAPH = "CONSTRUCT WHERE { ?s a <https://w3id.org/cecot/ontology#Passage> }"


def curl(*arguments: str, given: bytes = b"") -> tuple[int, str, str]:
    """Status, media type and text of what ``curl`` gets."""
    told = "\n%{http_code} %{content_type}"
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--max-time", "20", "--write-out", told, *arguments],
        input=given,
        capture_output=True,
        check=True,
    )
    text, _, last = done.stdout.decode().rpartition("\n")
    status, _, media_type = last.partition(" ")
    return int(status), media_type.partition(";")[0], text


def test_curl_gets_json_or_what_it_asks(endpoint: str) -> None:
    asked = ("--data-urlencode", f"query={ROWS}", endpoint)
    assert curl(*asked)[:2] == (200, "application/sparql-results+json")
    assert curl("--header", "Accept: text/csv", *asked)[2].startswith("type,n\r\n")
    by_get = curl("--get", "--data", "format=tsv", *asked)
    assert by_get[2].startswith("?type\t?n\n")
    direct = ("--header", "Content-Type: application/sparql-query", "--data-binary", "@-", endpoint)
    assert curl(*direct, given=GRAPH.encode())[1] == "text/turtle"


def test_curl_sends_a_packed_query_without_a_length(endpoint: str) -> None:
    options = []
    for header in (
        "Content-Type: application/sparql-query",
        "Content-Encoding: gzip",
        "Transfer-Encoding: chunked",
    ):
        options += ["--header", header]
    status, _, text = curl(
        *options, "--data-binary", "@-", endpoint, given=gzip.compress(ROWS.encode())
    )
    assert (status, '"bindings"' in text) == (200, True)


def test_curl_unpacks_what_it_asks_for_packed(endpoint: str) -> None:
    asked = ("--get", "--data-urlencode", f"query={GRAPH}", endpoint)
    assert curl("--compressed", *asked)[2] == curl(*asked)[2] != ""


@pytest.mark.parametrize(
    ("arguments", "given", "status", "cure"),
    [
        (["--get", "--data-urlencode", "q=ASK{}"], b"", 400, "query"),
        (["--data-binary", "@-"], b"\xff\x00\xfe", 400, "UTF-8"),
        (["--data-urlencode", "query="], b"", 400, "SELECT"),
        (["--data-urlencode", "query=ASK {} ASK {}"], b"", 400, "one after the other"),
        (["--data", "query=ASK{}&query=ASK{}"], b"", 400, "one query"),
        (["--data-urlencode", "query=INSERT DATA { <a:a> <a:a> 1 }"], b"", 400, "SELECT"),
        (["--data-urlencode", "update=CLEAR ALL"], b"", 400, "read only"),
        (
            ["--header", "Content-Type: application/sparql-update", "--data", "CLEAR ALL"],
            b"",
            415,
            "read only",
        ),
        (
            ["--header", "Content-Type: text/plain", "--data", "ASK{}"],
            b"",
            415,
            "application/sparql-query",
        ),
        (["--get", "--data-urlencode", "query@-"], b"ASK{}" + b" " * 20_000, 414, "POST"),
        (["--data-urlencode", "query@-"], b" " * 2_000_000, 413, "shorter"),
        (["--request", "PUT"], b"", 405, "GET"),
        (["--data-urlencode", "query=SELECT * { SERVICE <http://e/> {} }"], b"", 403, "own query"),
        (["--header", "Accept: image/png", "--data", "query=ASK{}"], b"", 406, "text/csv"),
    ],
)
def test_each_mistake_gets_a_short_answer_that_tells_the_cure(
    endpoint: str, arguments: list[str], given: bytes, status: int, cure: str
) -> None:
    got = curl(*arguments, endpoint, given=given)
    assert got[:2] == (status, "application/problem+json")
    assert cure in got[2]
    assert len(got[2]) < 2_000


CLIENTS = {
    "Jena, SELECT": (
        "GET",
        ROWS,
        "application/sparql-results+json,application/sparql-results+xml;q=0.9,"
        "text/tab-separated-values;q=0.7,text/csv;q=0.5,"
        "application/json;q=0.2,application/xml;q=0.2,*/*;q=0.1",
        "application/sparql-results+json",
    ),
    "Jena, CONSTRUCT": (
        "GET",
        GRAPH,
        "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,"
        "application/rdf+xml;q=0.7,*/*;q=0.3",
        "text/turtle",
    ),
    "Jena, quads": (
        "GET",
        GRAPH,
        "application/trig,application/n-quads;q=0.9,application/ld+json;q=0.8,*/*;q=0.3",
        "application/trig",
    ),
    "OWL API": (
        "GET",
        GRAPH,
        "application/rdf+xml, application/xml; q=0.5, text/xml; q=0.3, */*; q=0.2",
        "application/rdf+xml",
    ),
    "OWL API, newer": (
        "GET",
        GRAPH,
        "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, "
        "text/plain; q=0.1, */*; q=0.09",
        "application/rdf+xml",
    ),
    "R, SPARQL": ("GET", ROWS, "application/sparql-results+xml", "application/sparql-results+xml"),
    "R, WikidataQueryServiceR": ("POST", ROWS, "text/csv", "text/csv"),
    "R, WikidataQueryServiceR, smart": (
        "POST",
        ROWS,
        "application/sparql-results+json",
        "application/sparql-results+json",
    ),
}


@pytest.mark.parametrize("client", CLIENTS)
def test_requests_of_java_and_r_clients_get_what_they_ask(endpoint: str, client: str) -> None:
    """R posts nothing and puts the query into the address."""
    method, query, accept, expected = CLIENTS[client]
    request = urllib.request.Request(
        f"{endpoint}?{urlencode({'query': query})}", method=method, headers={"Accept": accept}
    )
    response: HTTPResponse
    with urllib.request.urlopen(request, timeout=20) as response:
        assert response.status == 200
        assert response.headers.get_content_type() == expected
        assert response.read()
