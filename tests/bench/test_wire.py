"""Replies are read whole, however they arrive, or refused."""

from __future__ import annotations

import itertools
from array import array

import pytest
from bench.attack.judging import faults_of
from bench.drive import Measured
from bench.wire import BadReplyError, Reply, Target
from hypothesis import given
from hypothesis import strategies as st

HEAD = b"HTTP/1.1 200 OK\r\n"


def fed(data: bytes, cuts: list[int], kept: int = 1 << 20) -> Reply:
    reply = Reply(kept)
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for start, end in itertools.pairwise(edges):
        reply.feed(data[start:end])
    return reply


def chunked(pieces: list[bytes]) -> bytes:
    body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece)
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + body + b"0\r\n\r\n"


cuts = st.lists(st.integers(0, 10_000), max_size=8)


@given(st.lists(st.binary(max_size=40), max_size=6), cuts)
def test_chunks_are_put_together_wherever_they_are_cut(pieces: list[bytes], at: list[int]) -> None:
    reply = fed(chunked(pieces), at)
    assert reply.done
    assert bytes(reply.body) == b"".join(pieces)


@given(st.binary(max_size=200), cuts)
def test_a_body_of_a_stated_length_is_whole_at_that_length(body: bytes, at: list[int]) -> None:
    head = HEAD + b"Content-Length: %d\r\n\r\n" % len(body)
    reply = fed(head + body, at)
    assert (reply.done, bytes(reply.body), reply.status) == (True, body, 200)


@pytest.mark.parametrize("data", [chunked([b"abc"])[:-3], HEAD + b"Content-Length: 9\r\n\r\nabc"])
def test_a_cut_reply_is_no_reply(data: bytes) -> None:
    reply = fed(data, [])
    with pytest.raises(BadReplyError):
        reply.close()


def test_a_reply_to_head_has_no_body() -> None:
    reply = Reply(bodiless=True)
    assert reply.feed(HEAD + b"Content-Length: 9\r\n\r\n")


def test_headers_are_found_in_any_case() -> None:
    reply = fed(HEAD + b"cOnTeNt-TyPe: text/csv\r\nContent-Length: 0\r\n\r\n", [])
    assert reply.header("Content-Type") == "text/csv"
    assert reply.header("Retry-After") == ""


def answer(status: int, kind: str, body: bytes, *more: str) -> Reply:
    head = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *more]
    return fed("\r\n".join([*head, "", ""]).encode() + body, [])


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (200, "application/sparql-results+json", b'{"head":{},"boolean":true}'),
        (200, "text/csv", b"a,b\r\n1,2\r\n"),
        (200, "text/turtle", b"<a:b> <a:b> 1 ."),
        (200, "text/csv", b"true"),
        (400, "application/problem+json", b'{"title":"x","status":400}'),
        (504, "text/plain", b"late"),
    ],
)
def test_good_answers_have_no_fault(status: int, kind: str, body: bytes) -> None:
    assert faults_of(answer(status, kind, body)) == []


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (500, "text/plain", b"oops"),
        (502, "text/plain", b"oops"),
        (503, "text/plain", b"no Retry-After"),
        (200, "application/sparql-results+json", b'{"head":{},"results":{"bindings":[{'),
        (200, "application/sparql-results+xml", b"<sparql><results></sparql>"),
        (200, "text/csv", b"a,b\r\n1,2\r\n3"),
        (200, "text/csv", b"a,b\r\n1\r\n"),
        (200, "text/turtle", b"<a:b> <a:b> "),
        (400, "application/problem+json", b'{"title":"x","status":422}'),
    ],
)
def test_bad_answers_are_seen(status: int, kind: str, body: bytes) -> None:
    assert faults_of(answer(status, kind, body))


def test_a_query_by_get_is_encoded_whole() -> None:
    request = Target("127.0.0.1", 1, "/sparql").get("ASK { ?s ?p '&#+' }")
    assert request.startswith(b"GET /sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%27%26%23%2B%27%20%7D ")


def test_percentiles_are_of_all_latencies() -> None:
    measured = Measured(array("q", range(1000, 101_000, 1000)), 2.0, 0, 100, ())
    assert (measured.rate, measured.percentile(0.99)) == (50.0, 100.0)
