"""Between a request and an engine: what is asked, and how the answer is dressed."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from cecot.engine import Answer, Form
from cecot.errors import NotAcceptable, NotFound
from cecot.protocol.answers import Endpoint, Prepared, not_modified, prepare, render
from cecot.protocol.requests import WHOLE_GRAPH, Request
from cecot.settings import Settings

MODIFIED = datetime(2026, 11, 20, tzinfo=UTC)
ENDPOINT = Endpoint(
    "v1", MODIFIED, "https://b.example/", ("https://b.example/own",),
    Settings(public_url="https://a.example/"),
)  # fmt: skip
ASK = Request(query_string=b"query=ASK%20%7B%7D")


def answer(body: bytes = b"true") -> Answer:
    return Answer(Form.ASK, "text/csv", body, len(body), 0.002)


def headers_of(prepared: Prepared, body: bytes = b"true") -> dict[str, str]:
    rendered = render(prepared, answer(body), seconds=0.003)
    assert len({name for name, _ in rendered.headers}) == len(rendered.headers)
    return dict(rendered.headers)


def test_a_request_becomes_a_query_with_what_its_answer_may_be_written_in() -> None:
    prepared = prepare(ASK._replace(accept="text/csv"), ENDPOINT)
    assert prepared.query is not None
    assert prepared.query.text == "ASK {}"
    assert (prepared.query.ask, prepared.query.graph) == ("text/csv", None)


def test_without_a_query_the_service_is_asked_what_it_is() -> None:
    assert prepare(Request(), ENDPOINT).query is None


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_browser_that_opens_a_query_is_for_the_editor_and_nothing_is_evaluated() -> None:
    opened = prepare(ASK._replace(accept=BROWSER), ENDPOINT)
    assert (opened.query, opened.operation.text) == (None, "ASK {}")


@pytest.mark.parametrize(
    "request_",
    [
        ASK._replace(accept=BROWSER, query_string=ASK.query_string + b"&format=xml"),
        ASK._replace(accept=BROWSER, query_string=ASK.query_string + b"&default-graph-uri=a:b"),
        Request("POST", b"", b"ASK {}", accept=BROWSER, content_type="application/sparql-query"),
        Request(path="/graph-store", query_string=b"default", accept=BROWSER),
    ],
)
def test_what_the_editor_would_lose_is_answered_to_a_browser_too(request_: Request) -> None:
    assert prepare(request_, ENDPOINT).query is not None


@pytest.mark.parametrize("path", ["/graph-store/own", "/graph-store"])
def test_a_graph_of_the_graph_store_is_a_query_too(path: str) -> None:
    named = b"" if path.endswith("own") else b"graph=https://b.example/own"
    prepared = prepare(Request(path=path, query_string=named), ENDPOINT)
    assert prepared.query is not None
    assert prepared.query.text == WHOLE_GRAPH
    assert prepared.query.dataset.default_graphs == ("https://b.example/own",)
    with pytest.raises(NotFound):
        prepare(Request(path="/graph-store/none"), ENDPOINT)


def test_what_nobody_can_read_is_not_asked() -> None:
    with pytest.raises(NotAcceptable, match="offered"):
        prepare(ASK._replace(accept="image/png"), ENDPOINT)


def test_an_answer_that_may_be_kept_says_so() -> None:
    prepared = prepare(ASK, ENDPOINT)
    headers = headers_of(prepared)
    assert headers["etag"] == f'"{prepared.tag}"'
    assert headers["last-modified"] == "Fri, 20 Nov 2026 00:00:00 GMT"
    assert "public" in headers["cache-control"]
    assert headers["server-timing"] == "evaluate;dur=2.0, total;dur=3.0"


@pytest.mark.parametrize(
    "request_",
    [
        Request(query_string=b"query=SELECT%20(NOW()%20AS%20?x)%20%7B%7D"),
        ASK._replace(method="POST", query_string=b"", content_type="application/sparql-query",
                body=b"ASK {}"),
    ],
)  # fmt: skip
def test_what_may_not_be_kept_has_no_tag(request_: Request) -> None:
    headers = headers_of(prepare(request_, ENDPOINT))
    assert headers["cache-control"] == "no-store"
    assert not {"etag", "last-modified"} & headers.keys()


def test_a_long_answer_is_packed_where_that_is_asked() -> None:
    plain, packed = (
        prepare(ASK._replace(accept_encoding=each), ENDPOINT) for each in (None, "gzip")
    )
    body = b"x" * 1000
    rendered = render(packed, answer(body), seconds=0)
    assert isinstance(rendered.body, bytes)
    assert gzip.decompress(rendered.body) == body
    assert dict(rendered.headers)["content-length"] == str(len(rendered.body))
    assert "content-encoding" not in headers_of(packed, b"short")
    assert packed.tag != plain.tag


def test_who_has_the_answer_is_told_so_before_anybody_is_asked() -> None:
    tag = prepare(ASK, ENDPOINT).tag
    for known, has_it in ((f'"{tag}"', True), (f'"x", W/"{tag}"', True), ('"x"', False)):
        prepared = prepare(ASK._replace(if_none_match=known), ENDPOINT)
        assert prepared.has_it is has_it
    told = not_modified(prepare(ASK._replace(if_none_match=f'"{tag}"'), ENDPOINT))
    assert (told.status, told.body, dict(told.headers)["etag"]) == (304, b"", f'"{tag}"')


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_modified_since": "Fri, 20 Nov 2026 00:00:00 GMT"}, 304),
        ({"if_modified_since": "Thu, 19 Nov 2026 00:00:00 GMT"}, 200),
        ({"if_modified_since": "yesterday"}, 200),
        ({"if_modified_since": "Fri, 20 Nov 2026 00:00:00"}, 200),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"x"', "if_modified_since": "Fri, 20 Nov 2026 00:00:00 GMT"}, 200),
    ],
)
def test_conditions_of_time_count_once_there_is_an_answer(
    headers: dict[str, str], status: int
) -> None:
    prepared = prepare(ASK._replace(**headers), ENDPOINT)  # type: ignore[arg-type]
    assert not prepared.has_it
    assert render(prepared, answer(), seconds=0).status == status


def test_what_was_asked_by_post_is_always_answered_whole() -> None:
    tag = prepare(ASK, ENDPOINT).tag
    posted = ASK._replace(
        method="POST", query_string=b"", content_type="application/sparql-query",
        body=b"ASK {}", if_none_match=f'"{tag}"',
    )  # fmt: skip
    prepared = prepare(posted, ENDPOINT)
    assert not prepared.has_it
    assert render(prepared, answer(), seconds=0).status == 200
