"""What a request asks for: SPARQL 1.1 Protocol, section 2."""

from __future__ import annotations

import gzip
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecot.engine import Dataset
from cecot.errors import (
    BadRequest,
    CecotError,
    NotAcceptable,
    TooLarge,
    UnsupportedMediaType,
    UriTooLong,
)
from cecot.protocol import requests
from cecot.protocol.requests import (
    Operation,
    Request,
    asked_formats,
    graph_names,
    parameters_of,
)
from cecot.settings import Settings

SETTINGS = Settings()

ASK = "ASK {}"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


def read(request: Request) -> Operation:
    return requests.read(request, SETTINGS)


def get(*parameters: tuple[str, str], accept: str | None = None) -> Operation:
    return read(Request(query_string=urlencode(parameters).encode(), accept=accept))


def post(body: bytes, content_type: str | None, query_string: bytes = b"") -> Operation:
    return read(Request("POST", query_string, body, content_type=content_type))


def test_get_carries_the_query_in_the_address() -> None:
    assert get(("query", "SELECT * { ?s ?p 'ñ +&' }")).text == "SELECT * { ?s ?p 'ñ +&' }"


def test_post_carries_the_query_in_a_form_or_alone() -> None:
    assert post(b"query=ASK+%7B%7D", FORM).text == ASK
    assert post(ASK.encode(), DIRECT).text == ASK


@pytest.mark.parametrize(
    "content_type", [f"{DIRECT}; charset=UTF-8", DIRECT.upper() + ';charset="utf-8"']
)
def test_a_charset_of_utf_8_may_be_said(content_type: str) -> None:
    assert post(ASK.encode(), content_type).text == ASK


def test_no_query_asks_for_the_description() -> None:
    assert get(("format", "turtle")).text is None


def test_the_dataset_comes_from_the_address_or_the_form() -> None:
    graphs = (
        ("default-graph-uri", "http://e/1"),
        ("default-graph-uri", "http://e/2"),
        ("named-graph-uri", "http://e/3"),
    )
    dataset = Dataset(("http://e/1", "http://e/2"), ("http://e/3",))
    assert get(("query", ASK), *graphs).dataset == dataset
    assert post(ASK.encode(), DIRECT, urlencode(graphs).encode()).dataset == dataset
    assert post(urlencode([("query", ASK), *graphs]).encode(), FORM).dataset == dataset


@pytest.mark.parametrize("iri", ["", "graph", "http://e/ space", "<http://e/>", "default"])
def test_a_graph_that_is_no_absolute_iri_is_400(iri: str) -> None:
    with pytest.raises(BadRequest, match="absolute IRI") as caught:
        get(("query", ASK), ("named-graph-uri", iri))
    assert caught.value.where == "named-graph-uri"


def test_formats_are_asked_in_the_order_format_output_results() -> None:
    asked = get(("results", "c"), ("output", "b"), ("format", "a"), ("output", "")).asked
    assert asked == ("a", "b", "c")


def test_the_query_says_how_each_form_would_be_written() -> None:
    query = get(("query", ASK), accept="text/csv, application/rdf+xml;q=0.5").query()
    assert (query.select, query.ask, query.graph) == ("text/csv", "text/csv", "application/rdf+xml")


def test_nothing_acceptable_is_406_and_lists_what_is_offered() -> None:
    with pytest.raises(NotAcceptable) as caught:
        get(("query", ASK), accept="application/pdf").query()
    assert "application/sparql-results+json (format=json)" in caught.value.hint
    assert "text/turtle (format=turtle)" in caught.value.hint


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_query_is_400(text: str) -> None:
    with pytest.raises(BadRequest, match="empty"):
        get(("query", text))


def test_two_queries_are_400() -> None:
    with pytest.raises(BadRequest, match="2 parameters named query"):
        get(("query", ASK), ("query", ASK))
    with pytest.raises(BadRequest, match="2 parameters named query"):
        post(ASK.encode(), DIRECT, b"query=ASK{}")


@pytest.mark.parametrize(
    "content_type", [None, "", "text/plain", "application/json", ";", "a/b;charset"]
)
def test_another_content_type_is_415_and_names_the_two(content_type: str | None) -> None:
    with pytest.raises(UnsupportedMediaType) as caught:
        post(ASK.encode(), content_type)
    assert DIRECT in caught.value.hint
    assert FORM in caught.value.hint


def test_another_charset_is_415() -> None:
    with pytest.raises(UnsupportedMediaType, match="utf-16"):
        post(ASK.encode("utf-16"), f"{DIRECT}; charset=UTF-16")


def test_a_post_without_a_query_is_400() -> None:
    for content_type in (FORM, None):
        with pytest.raises(BadRequest, match="no parameter named query"):
            post(b"q=ASK{}" if content_type else b"", content_type)


@pytest.mark.parametrize("content_type", [None, FORM, "application/json"])
def test_a_post_of_nothing_may_carry_the_query_in_its_address(content_type: str | None) -> None:
    assert post(b"", content_type, b"query=ASK+%7B%7D").text == ASK


@pytest.mark.parametrize("content_type", [DIRECT, FORM])
def test_bytes_that_are_not_utf_8_are_400(content_type: str) -> None:
    with pytest.raises(BadRequest, match="not UTF-8"):
        post(b"query=\xff\xfe", content_type)


def test_escapes_that_are_not_utf_8_are_400() -> None:
    with pytest.raises(BadRequest, match="not UTF-8"):
        read(Request(query_string=b"query=%FF"))


def test_an_update_is_refused_with_a_word_on_why() -> None:
    with pytest.raises(BadRequest, match="no updates"):
        get(("update", "CLEAR ALL"))
    with pytest.raises(BadRequest, match="no updates"):
        post(b"update=CLEAR+ALL", FORM)
    with pytest.raises(UnsupportedMediaType, match="no updates"):
        post(b"CLEAR ALL", "application/sparql-update")
    with pytest.raises(BadRequest, match="belongs to updates"):
        get(("query", ASK), ("using-graph-uri", "http://e/"))


def test_an_address_of_8_kb_is_read_and_a_longer_one_than_the_limit_is_414() -> None:
    assert read(Request(query_string=b"query=ASK{}" + b"+" * 8192)).text
    with pytest.raises(UriTooLong):
        read(Request(query_string=b"query=" + b"a" * SETTINGS.address_limit))


def test_a_body_of_1_mb_is_read_and_a_longer_one_is_413() -> None:
    limit = SETTINGS.body_limit
    assert post(ASK.encode().ljust(limit), DIRECT).text
    with pytest.raises(TooLarge):
        post(ASK.encode().ljust(limit + 1), DIRECT)


def packed(body: bytes, coding: str = "gzip") -> Operation:
    return read(Request("POST", b"", body, content_type=DIRECT, content_encoding=coding))


def test_a_gzip_body_is_unpacked() -> None:
    assert packed(gzip.compress(ASK.encode())).text == ASK
    assert packed(gzip.compress(b"ASK") + gzip.compress(b" {}"), "x-GZIP").text == ASK
    assert packed(ASK.encode(), "identity").text == ASK


def test_a_gzip_body_may_not_unpack_past_the_limit() -> None:
    bomb = gzip.compress(b" " * (SETTINGS.body_limit + 1))
    assert len(bomb) < 2000
    with pytest.raises(TooLarge, match="unpacks"):
        packed(bomb)
    with pytest.raises(TooLarge, match="unpacks"):
        packed(gzip.compress(b" " * 600_000) * 2)


@pytest.mark.parametrize(
    "body",
    [b"ASK {}", gzip.compress(b"ASK {}")[:-4], gzip.compress(b"ASK {}") + b"x"],
    ids=["plain", "cut", "followed"],
)
def test_a_body_that_is_not_whole_gzip_is_400(body: bytes) -> None:
    with pytest.raises(BadRequest, match="gzip"):
        packed(body)


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, gzip", "\x00"])
def test_another_coding_is_415(coding: str) -> None:
    with pytest.raises(UnsupportedMediaType, match="Content-Encoding"):
        packed(b"", coding)


def test_too_many_parameters_are_400() -> None:
    with pytest.raises(BadRequest, match="more than 1,000 parameters"):
        read(Request(query_string=b"a&" * 1001))


@given(
    st.sampled_from(["GET", "HEAD", "POST"]),
    st.binary(max_size=200),
    st.sampled_from([None, FORM, DIRECT, "\x00"]),
    st.sampled_from([None, "gzip", "identity"]),
    st.binary(max_size=200),
)
def test_any_request_is_read_or_refused_with_a_hint(
    method: str, query_string: bytes, content_type: str | None, coding: str | None, body: bytes
) -> None:
    try:
        request = Request(
            method, query_string, body, content_type=content_type, content_encoding=coding
        )
        text = read(request).text
    except CecotError as error:
        text = error.hint
    assert text != ""


def test_a_gzip_body_of_many_members_is_not_worth_its_time() -> None:
    with pytest.raises(BadRequest, match="16 gzip members"):
        packed(gzip.compress(b" ") * 17)


@pytest.mark.parametrize(
    "encoded",
    [
        b"query=a%20b+c&x=%C3%A9",
        b"a=%zz&b=%&c=%4&d=100%&query=x",
        b"a=%5Cu0041\\x41%5c&b=%2B+%26%3D",
        "a=\u00e9%C3%A9&b=\u20ac".encode(),
        b"&&a&=b&c==d&",
        b"%00=%0A%0d",
    ],
)
def test_parameters_are_what_urllib_reads(encoded: bytes) -> None:
    expected = parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict")
    assert parameters_of(encoded, "address") == expected


@given(st.text(alphabet="%&=+\\xu0aAfFéN{} ", max_size=12))
def test_any_parameters_are_what_urllib_reads(text: str) -> None:
    try:
        expected = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(BadRequest):
            parameters_of(text.encode(), "address")
    else:
        assert parameters_of(text.encode(), "address") == expected


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("format=application/rdf+xml", "application/rdf+xml"),
        ("output=application/sparql-results+xml", "application/sparql-results+xml"),
        ("format=application/ld%2Bjson", "application/ld+json"),
        ("format=text/csv;+header=absent", "text/csv; header=absent"),
    ],
)
def test_a_plus_that_is_typed_in_a_media_type_is_one(typed: str, asked: str) -> None:
    assert asked_formats(parameters_of(typed.encode(), "address")) == (asked,)


def test_a_graph_that_is_named_twice_is_asked_once() -> None:
    twice = "default-graph-uri=urn:a&default-graph-uri=urn:b&default-graph-uri=urn:a"
    assert graph_names(parameters_of(twice.encode(), "address"), "default-graph-uri") == (
        "urn:a",
        "urn:b",
    )
