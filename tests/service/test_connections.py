"""HTTP/1.1 as connections speak it: what is a request, and what becomes of it."""

from __future__ import annotations

import http.client
import socket
from contextlib import ExitStack, closing, suppress
from urllib.parse import quote_from_bytes

import pytest
from serving import until
from speaking import (
    GET,
    LAST,
    POST,
    Answering,
    answered,
    bodies,
    echo,
    never,
    read_all,
    repeat,
    speaking,
)

from cecot.service import connections
from cecot.service.heads import LONGEST_HEAD


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"GET / HTTP/1.1", b"GET /? 1.1"),
        (b"GET /a%20b%2F?c=%20d#e HTTP/1.1", b"GET /a b/?c=%20d 1.1"),
        (b"GET http://elsewhere:80/a?b HTTP/1.1", b"GET /a?b 1.1"),
        (b"GET http://elsewhere HTTP/1.1", b"GET /? 1.1"),
        (b"GET http://elsewhere?b HTTP/1.1", b"GET /?b 1.1"),
        (b"OPTIONS * HTTP/1.1", b"OPTIONS *? 1.1"),
        (b"BREW / HTTP/1.1", b"BREW /? 1.1"),
        (b"GET / HTTP/1.9", b"GET /? 1.1"),
        ("GET /é?é HTTP/1.1".encode(), "GET /é?é 1.1".encode()),
        (b"\r\n\r\nGET / HTTP/1.1", b"GET /? 1.1"),
    ],
)
def test_a_request_line_is_read(line: bytes, told: bytes) -> None:
    (body,) = bodies(answered(line + b"\r\nHost: x\r\nConnection: close\r\n\r\n"))
    assert body == told


BROKEN = [
    b"GET /\r\n\r\n",
    b"GET  / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/2.0\r\n\r\n",
    b"GET / HTTP/1.10\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\n\r\n",
    b"GET a HTTP/1.1\r\n\r\n",
    b"CONNECT a:80 HTTP/1.1\r\n\r\n",
    b"get / HTTP/1.1\r\n\r\n",
    b"G\xc3 / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\nHost: x\n\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01",
    b"x" * 40,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    GET[:-2] + b"Name : value\r\n\r\n",
    GET[:-2] + b"Name: value\r\n and more\r\n\r\n",
    GET[:-2] + b"Name\r\n\r\n",
    GET[:-2] + b"Na\x00me: value\r\n\r\n",
    GET[:-2] + b"Name: a\x00b\r\n\r\n",
    GET[:-2] + b"Name: a\rb\r\n\r\n",
    POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    POST + b"Content-Length: 1, 1\r\n\r\na",
    POST + b"Content-Length: +1\r\n\r\na",
    POST + b"Content-Length: -1\r\n\r\na",
    POST + b"Content-Length: 99999999999999999999999\r\n\r\na",
    POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
]


@pytest.mark.parametrize("sent", BROKEN, ids=quote_from_bytes)
def test_what_is_no_request_is_refused_at_once(sent: bytes) -> None:
    handler = Answering(echo)
    with speaking(lambda: handler) as service:
        told = service.send(sent)
    assert told.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"connection: close" in told
    assert (len(handler.refused), handler.asked) == (1, [])


@pytest.mark.parametrize(
    "sent",
    [
        b"5\r\nASK {\r\n-1\r\n}\r\n0\r\n\r\n",
        b"ffffffffffffffffff\r\n",
        b"5\r\nASK {}\r\n0\r\n\r\n",
        b"zz\r\n",
        b"5\nASK {\n0\n\n",
    ],
)
def test_what_is_no_chunk_is_refused(sent: bytes) -> None:
    told = answered(POST + b"Transfer-Encoding: chunked\r\n\r\n" + sent, repeat)
    assert told.startswith(b"HTTP/1.1 400 ")
    with speaking(lambda: Answering(repeat)) as service, closing(service.connect()) as connection:
        connection.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n")
        connection.sendall(sent)
        assert read_all(connection).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    ("framing", "whole"),
    [
        (b"Content-Length: 6\r\n\r\n", b"ASK {}"),
        (b"Transfer-Encoding: chunked\r\n\r\n", b"3\r\nASK\r\n3;x=y\r\n {}\r\n0\r\nA: b\r\n\r\n"),
    ],
)
def test_a_body_is_read_whole_or_not_at_all(framing: bytes, whole: bytes) -> None:
    with speaking(lambda: Answering(repeat)) as service:
        for cut in range(len(whole)):
            with closing(service.connect()) as connection:
                connection.sendall(POST + framing + whole[:cut])
                connection.shutdown(socket.SHUT_WR)
                told = read_all(connection)
            assert told.startswith(b"HTTP/1.1 400 "), cut
            assert b"The body ends before its " in told
        closing_framing = b"Connection: close\r\n" + framing
        for cut in range(len(whole) + 1):
            told = service.send(POST + closing_framing + whole[:cut], whole[cut:])
            assert bodies(told) == [b"ASK {}"]
        # What comes together with the last chunk is not answered, and the client is told so.
        told = service.send(POST + framing + whole + LAST)
        assert bodies(told)[0] == b"ASK {}"
        assert len(bodies(told)) == 2 or b"connection: close" in told
        with closing(service.connect()) as connection:
            connection.sendall(POST + framing + whole)
            told = connection.recv(1000)
            connection.sendall(LAST)
            assert bodies(told + read_all(connection)) == [b"ASK {}", b""]


@pytest.mark.parametrize("sent", [GET * 5000 + LAST, b"".join([GET] * 20 + [LAST])])
def test_requests_that_come_together_are_answered_in_order(sent: bytes) -> None:
    count = sent.count(b"HTTP")
    handler = Answering(echo)
    with speaking(lambda: handler) as service:
        assert len(bodies(service.send(sent))) == count


def test_an_answer_waits_for_the_one_before_it() -> None:
    handler = Answering(never)
    with speaking(lambda: handler) as service, closing(service.connect()) as connection:
        connection.sendall(GET + LAST)
        until(lambda: bool(handler.asked))
        assert len(handler.asked) == 1
        service.loop.call_soon_threadsafe(handler.asked[0].respond, 200, [], b"first")
        until(lambda: len(handler.asked) == 2)
        service.loop.call_soon_threadsafe(handler.asked[1].respond, 200, [], b"second")
        assert bodies(read_all(connection)) == [b"first", b"second"]


@pytest.mark.parametrize(
    ("head", "connection"),
    [
        (b"GET / HTTP/1.0\r\n\r\n", "close"),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive"),
        (b"GET / HTTP/1.1\r\nConnection: Close\r\n\r\n", "close"),
        (b"GET / HTTP/1.1\r\nConnection: x, close\r\n\r\n", "close"),
        (b"GET / HTTP/1.1\r\n\r\n", None),
    ],
)
def test_a_connection_is_kept_as_the_client_wants(head: bytes, connection: str | None) -> None:
    with speaking(lambda: Answering(echo)) as service, closing(service.connect()) as opened:
        opened.sendall(head)
        response = http.client.HTTPResponse(opened)
        response.begin()
        assert response.getheader("connection") == connection
        response.read()
        if connection == "close":
            assert opened.recv(1) == b""
        else:
            opened.sendall(LAST)
            assert read_all(opened).startswith(b"HTTP/1.1 200 ")


def test_a_body_waits_to_be_read() -> None:
    """What nobody reads is not taken from the client: it could be any amount."""
    handler = Answering(never)
    with speaking(lambda: handler) as service, closing(service.connect()) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        connection.sendall(POST + b"Content-Length: 500000000\r\n\r\n")
        connection.settimeout(1)
        sent = 0
        with suppress(TimeoutError):
            while sent < 1 << 27:
                sent += connection.send(b"x" * (1 << 16))
        assert sent < 1 << 25
        service.loop.call_soon_threadsafe(handler.asked[0].respond, 413, [], b"")


def test_a_head_has_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    long = b"x" * LONGEST_HEAD
    assert answered(b"GET /" + long).startswith(b"HTTP/1.1 414 ")
    assert answered(GET[:-2] + b"x: " + long).startswith(b"HTTP/1.1 431 ")
    assert answered(GET[:-2] + b"x: " + long[:-200] + b"\r\nConnection: close\r\n\r\n").startswith(
        b"HTTP/1.1 200 "
    )
    monkeypatch.setattr(connections, "PATIENCE", 0.1)
    assert answered(GET[:20]).startswith(b"HTTP/1.1 408 ")
    assert answered(b"") == b""
    assert len(bodies(answered(GET))) == 1


def test_connections_are_no_more_than_there_may_be() -> None:
    with (
        speaking(lambda: Answering(echo), most=2) as service,
        closing(service.connect()),
        closing(service.connect()),
    ):
        until(lambda: len(service.connections.open) == 2)
        with closing(service.connect()) as third:
            assert third.recv(100).startswith(b"HTTP/1.1 503 ")


@pytest.mark.parametrize(
    "behind",
    [
        GET[:-2] + b"Connection: upgrade\r\nUpgrade: x\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\n\r\n",
        b"garbage",
        b"\r\n",
    ],
)
def test_what_comes_with_the_last_chunk_does_not_harm_its_request(behind: bytes) -> None:
    chunks = b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
    assert bodies(answered(POST + chunks + behind, repeat)) == [b"a"]


@pytest.mark.parametrize("length", [b"9" * 19, b"9" * 5000, b"0" * 5000 + b"1"])
def test_a_length_of_many_digits_is_no_defect(length: bytes) -> None:
    head = POST + b"Connection: close\r\nContent-Length: " + length + b"\r\n\r\na"
    told = answered(head, repeat)
    assert bodies(told)[0] == b"a" if length.startswith(b"0") else told.startswith(b"HTTP/1.1 400")


def test_empty_lines_while_an_answer_is_made_do_not_end_the_connection() -> None:
    handler = Answering(never)
    with speaking(lambda: handler) as service, closing(service.connect()) as connection:
        connection.sendall(GET + b"\r\n" * 40_000)
        until(lambda: bool(handler.asked))
        service.loop.call_soon_threadsafe(handler.asked[0].respond, 200, [], b"first")
        connection.sendall(LAST)
        until(lambda: len(handler.asked) == 2)
        service.loop.call_soon_threadsafe(handler.asked[1].respond, 200, [], b"second")
        assert bodies(read_all(connection)) == [b"first", b"second"]


def test_a_head_has_no_more_fields_than_it_needs() -> None:
    assert answered(LAST[:-2] + b"a: b\r\n" * 90 + b"\r\n").startswith(b"HTTP/1.1 200 ")
    assert answered(LAST[:-2] + b"a:\r\n" * 101 + b"\r\n").startswith(b"HTTP/1.1 431 ")


def test_chunks_of_http_1_0_end_the_connection() -> None:
    head = b"POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
    told = answered(head + b"1\r\na\r\n0\r\n\r\n", repeat)
    assert b"connection: close" in told
    assert bodies(told) == [b"a"]


def test_one_address_has_a_part_of_the_connections() -> None:
    def make() -> Answering:
        return Answering(echo)

    with speaking(make, most=10, each=2) as service, ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(closing(service.connect()))
        until(lambda: len(service.connections.open) == 2)
        assert service.send(LAST).startswith(b"HTTP/1.1 503 ")
        stack.close()
        until(lambda: not service.connections.open)
        assert service.send(LAST).startswith(b"HTTP/1.1 200 ")
