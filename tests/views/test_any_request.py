"""Whatever a client sends, the answer is a final one, and never a defect of the service."""

from __future__ import annotations

import gzip
import json
from urllib.parse import quote, quote_from_bytes

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PATHS = st.sampled_from(
    [
        "/",
        "/.well-known/void",
        "/dcat",
        "/graph-store",
        "/graph-store/ontology",
        "/health",
        "/limits",
        "/problems",
        "/sparql",
    ]
)
NAMES = st.sampled_from(
    ["query", "format", "default-graph-uri", "named-graph-uri", "graph", "default", "update", "x"]
)
WORDS = st.sampled_from(
    ["ASK {}", "SELECT", "DESCRIBE <a>", "http://e/", "json", "turtle", "*/*", "", "q=2", "\x00"]
)
VALUES = WORDS.map(quote) | st.binary(max_size=20).map(quote_from_bytes) | st.text(max_size=20)
QUERY_STRINGS = st.lists(st.tuples(NAMES, VALUES), max_size=4).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
NAMED = (b"q", b"query", b"graph", b"lang")
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"))
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "Accept",
            "Accept-Encoding",
            "Accept-Language",
            "Content-Encoding",
            "Content-Type",
            "If-Modified-Since",
            "If-None-Match",
            "Origin",
            "Range",
        ]
    ),
    HEADER | st.sampled_from(["*", "*/*", "gzip", "text/html", "application/sparql-query", '"a"']),
    max_size=4,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "OPTIONS", "DELETE"]),
    path=PATHS,
    query_string=QUERY_STRINGS,
    headers=HEADERS,
    body=st.binary(max_size=50),
)
def test_any_request_has_a_final_answer_below_500(
    client: FlaskClient,
    *,
    method: str,
    path: str,
    query_string: str,
    headers: dict[str, str],
    body: bytes,
) -> None:
    response = client.open(
        path, method=method, query_string=query_string, headers=headers, data=body
    )
    assert 200 <= response.status_code < 500
    if method == "HEAD":
        assert not response.data
    elif response.status_code >= 400 and response.is_json:
        packed = response.headers.get("Content-Encoding") == "gzip"
        told = gzip.decompress(response.data) if packed else response.data
        assert json.loads(told)["hint"]


@pytest.mark.parametrize(
    "typed", ["Tonalá".encode(), "😀".encode(), b"\xe1", b"\xff\xfe", b"\xed\xa0\x80"]
)
@pytest.mark.parametrize("path", ["/", "/search", "/sparql", "/graph-store", "/cite", "/problems"])
def test_bytes_that_were_not_encoded_count_as_if_they_were(
    client: FlaskClient, path: str, typed: bytes
) -> None:
    def asked(value: bytes) -> tuple[int, bytes]:
        given = {"QUERY_STRING": b"&".join(n + b"=" + value for n in NAMED).decode("latin-1")}
        response = client.get(path, environ_overrides=given)
        return response.status_code, response.data

    assert asked(typed) == asked(quote_from_bytes(typed).encode())
    assert asked(typed)[0] < 500


@pytest.mark.parametrize("value", ["-1", "x", "99999999999999999999", "1"])
def test_a_length_that_is_wrong_has_an_answer(client: FlaskClient, value: str) -> None:
    response = client.post(
        "/sparql",
        input_stream=None,
        environ_overrides={"CONTENT_LENGTH": value},
        content_type="application/sparql-query",
    )
    assert 400 <= response.status_code < 500


@pytest.mark.parametrize(
    "address",
    [
        *(f"/claims?{name}=$x" for name in ("about", "by", "status", "act", "policy", "source")),
        *(f"/{name}?about=$x" for name in ("timeline", "network", "timeline.svg", "network.svg")),
        *("/search?type=$x", "/cite?of=$x", "/cite.bib?of=$x", "/id/$x.html", "/id/$x.ttl"),
        *("/resource.html?iri=http://x/$y", "/evidence/claims/$x.json", "/claims?predicate=$thing"),
    ],
)
def test_a_dollar_sign_in_a_name_is_a_dollar_sign(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code in (200, 400, 404)


def test_an_upgrade_is_not_taken(client: FlaskClient) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket"}
    assert client.get("/health", headers=upgrade).status_code == 200
