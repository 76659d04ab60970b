"""HTTP/1.1 as connections speak it: what is a request, and how its response goes out."""

from __future__ import annotations

import asyncio
import http.client
import socket
import struct
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from typing import IO
from urllib.parse import quote_from_bytes

import pytest
from serving import until
from speaking import Answering, Speaking, read_all, speaking

from cecot.errors import BadRequest
from cecot.service import connections
from cecot.service.exchange import Exchange
from cecot.service.heads import LONGEST_HEAD

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"


def echo(exchange: Exchange) -> None:
    """Answer with what was asked, at once."""
    said = f"{exchange.method} {exchange.path}?{exchange.query_string} {exchange.version}"
    exchange.respond(200, [], said.encode())


def repeat(exchange: Exchange) -> None:
    """Answer with the body, once it is there."""

    async def read() -> None:
        try:
            body = b"".join([piece async for piece in exchange])
        except BadRequest as error:
            exchange.respond(400, [], error.message.encode())
        else:
            exchange.respond(200, [], body)

    exchange.when_gone = asyncio.get_running_loop().create_task(read()).cancel


def never(_: Exchange) -> None:
    """Answer nothing."""


def bodies(told: bytes) -> list[bytes]:
    """The bodies of responses that came one after the other."""
    found = []
    while told:
        head, _, rest = told.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        length = int(fields[b"content-length"])
        found.append(rest[:length])
        told = rest[length:]
    return found


def answered(sent: bytes, answer: Callable[[Exchange], object] = echo) -> bytes:
    with speaking(lambda: Answering(answer)) as service:
        return service.send(sent)


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


@pytest.mark.parametrize(
    ("method", "status", "length"), [(b"HEAD", 200, 7), (b"GET", 304, None), (b"GET", 204, None)]
)
@pytest.mark.parametrize("in_file", [False, True])
def test_some_responses_have_no_body(
    method: bytes, status: int, length: int | None, in_file: bool
) -> None:
    def answer(exchange: Exchange) -> None:
        exchange.respond(status, [], file_of(b"content") if in_file else b"content")

    head, _, body = answered(LAST.replace(b"GET", method), answer).partition(b"\r\n\r\n")
    assert body == b""
    assert (b"content-length: 7" in head) is (length == 7)
    assert b"content-length: 0" not in head


def file_of(content: bytes) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
    file.write(content)
    file.seek(0)
    return file


def test_a_file_goes_out_as_it_is_taken() -> None:
    content = bytes(range(256)) * 40_000
    files = [file_of(content) for _ in range(3)]
    handler = Answering(never)
    with speaking(lambda: handler) as service, closing(service.connect()) as connection:
        connection.sendall(GET)
        until(lambda: bool(handler.asked))
        service.loop.call_soon_threadsafe(handler.asked[0].respond, 200, [], files[0])
        until(lambda: files[0].tell() > 0)
        assert files[0].tell() < len(content)  # the rest when there is room for it
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert response.read() == content
        until(lambda: files[0].closed)
        connection.sendall(GET)
        until(lambda: len(handler.asked) == 2)
        service.loop.call_soon_threadsafe(handler.asked[1].respond, 200, [], files[1])
        until(lambda: files[1].tell() > 0)
        connection.close()  # in the middle of it
        until(lambda: files[1].closed)
        service.loop.call_soon_threadsafe(handler.asked[1].respond, 200, [], files[2])
        until(lambda: files[2].closed)


@pytest.mark.parametrize("is_half", [False, True])
def test_who_goes_is_noticed(is_half: bool) -> None:
    handler = Answering(never)
    with speaking(lambda: handler) as service:
        connection = service.connect()
        connection.sendall(GET)
        until(lambda: bool(handler.asked))
        assert not handler.gone
        if is_half:
            connection.shutdown(socket.SHUT_WR)
        else:
            connection.close()
        until(lambda: handler.gone == handler.asked)
        connection.close()


def test_who_sends_no_more_is_answered() -> None:
    with speaking(lambda: Answering(repeat)) as service, closing(service.connect()) as connection:
        connection.sendall(GET + GET)
        connection.shutdown(socket.SHUT_WR)
        assert len(bodies(read_all(connection))) == 2


def test_a_body_that_nobody_reads_ends_the_connection_and_not_the_answer() -> None:
    def refuse(exchange: Exchange) -> None:
        exchange.respond(405, [], b"no")

    with speaking(lambda: Answering(refuse)) as service, closing(service.connect()) as connection:
        connection.sendall(POST + b"Content-Length: 50000000\r\n\r\n")
        told = connection.recv(4096)
        for _ in range(100):
            connection.sendall(b"x" * 1000)
        connection.shutdown(socket.SHUT_WR)
        assert (told + read_all(connection)).endswith(b"no")
        assert b"connection: close" in told


def test_what_is_no_chunk_does_not_disturb_a_response_that_goes_out() -> None:
    content = b"x" * 20_000_000
    handler = Answering(never)
    with speaking(lambda: handler) as service, closing(service.connect()) as connection:
        connection.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n")
        until(lambda: bool(handler.asked))
        file = file_of(content)
        service.loop.call_soon_threadsafe(handler.asked[0].respond, 200, [], file)
        until(lambda: file.tell() > 0)
        connection.sendall(b"zz\r\n")
        head, _, body = read_all(connection).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")
        assert body == content
        late = file_of(content)
        service.loop.call_soon_threadsafe(handler.asked[0].respond, 200, [], late)
        until(lambda: late.closed)


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


def test_whatever_has_begun_is_finished_at_the_end() -> None:
    handler = Answering(never)
    with (
        speaking(lambda: handler) as service,
        closing(service.connect()) as busy,
        closing(service.connect()) as idle,
    ):
        busy.sendall(GET)
        until(lambda: bool(handler.asked))
        service.drain()
        assert idle.recv(1) == b""
        with suppress(ConnectionError), closing(service.connect()) as late:
            late.sendall(GET)
            assert late.recv(1) == b""
        service.loop.call_soon_threadsafe(handler.asked[0].respond, 200, [], b"still")
        told = read_all(busy)
        assert told.endswith(b"still")
        assert b"connection: close" in told


def test_a_header_cannot_become_two() -> None:
    raised = []

    def answer(exchange: Exchange) -> None:
        for value in ("a\r\nb: c", "a\nb"):
            try:
                exchange.respond(200, [("x", value)], b"")
            except ValueError as error:
                raised.append(error)
        echo(exchange)

    assert answered(LAST, answer).count(b"HTTP/1.1 200") == 1
    assert len(raised) == 2


def test_one_client_does_not_take_the_time_of_all() -> None:
    together = [0]
    most = [0]

    def answer(exchange: Exchange) -> None:
        together[0] += 1
        most[0] = max(most[0], together[0])
        exchange.respond(200, [])
        asyncio.get_running_loop().call_soon(together.__setitem__, 0, 0)

    told = answered(GET * 3000 + LAST, answer)
    assert told.count(b"HTTP/1.1 200") == 3001
    assert most[0] <= 2 * connections.AT_ONCE


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


@pytest.mark.parametrize("sent", [LAST, GET[:-2] + b"Content-Length: 5\r\n\r\n"])
@pytest.mark.parametrize("in_file", [False, True])
def test_a_last_response_arrives_whole_whatever_comes_behind(sent: bytes, *, in_file: bool) -> None:
    content = b"x" * 8_000_000
    given: list[Exchange] = []

    def answer(exchange: Exchange) -> None:
        given.append(exchange)
        exchange.respond(200, [], file_of(content) if in_file else content)

    with speaking(lambda: Answering(answer)) as service, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", service.port))
        connection.sendall(sent)
        until(lambda: bool(given))
        connection.sendall(b"\r\n")
        look_much_later(service)
        head, _, body = read_all(connection).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")
        assert len(body) == len(content)


def look_much_later(service: Speaking) -> None:
    """Have all connections looked at as if nothing had come for long."""

    def look() -> None:
        for each in tuple(service.connections.open):
            each.look(service.loop.time() + 1000)

    service.loop.call_soon_threadsafe(look)
    service.loop.call_soon_threadsafe(look)


def test_a_slow_reader_of_many_responses_has_them_all() -> None:
    def answer(exchange: Exchange) -> None:
        exchange.respond(200, [], b"x" * 100_000)

    with speaking(lambda: Answering(answer)) as service, closing(service.connect()) as connection:
        connection.sendall(GET * 199 + LAST)
        until(lambda: len(service.connections.handler.asked) > 3)  # type: ignore[attr-defined]
        look_much_later(service)
        assert len(bodies(read_all(connection))) == 200
    with speaking(lambda: Answering(answer)) as service, closing(service.connect()) as connection:
        connection.sendall(GET * 200)
        connection.shutdown(socket.SHUT_WR)
        assert len(bodies(read_all(connection))) == 200


def test_who_has_sent_much_behind_the_last_request_is_let_go_at_once() -> None:
    handler = Answering(never)
    with speaking(lambda: handler) as service:
        with closing(service.connect()) as connection:
            connection.sendall(LAST + GET * 4000)
            until(lambda: bool(handler.asked))
            service.loop.call_soon_threadsafe(handler.asked[0].respond, 200, [], b"last")
            assert bodies(read_all(connection)) == [b"last"]
        until(lambda: not service.connections.open)
        assert len(handler.asked) == 1


def test_who_goes_between_two_answers_is_noticed() -> None:
    handler = Answering(never)
    with speaking(lambda: handler) as service, closing(service.connect()) as connection:
        connection.sendall(GET + GET)
        connection.shutdown(socket.SHUT_WR)
        until(lambda: bool(handler.asked))
        service.loop.call_soon_threadsafe(handler.asked[0].respond, 200, [], b"first")
        until(lambda: handler.gone == handler.asked[1:])
        assert bodies(read_all(connection)) == [b"first"]


def test_who_goes_after_a_broken_chunk_is_noticed() -> None:
    handler = Answering(never)
    with speaking(lambda: handler) as service:
        with closing(service.connect()) as connection:
            connection.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")
            until(lambda: bool(handler.asked))
        until(lambda: handler.gone == handler.asked)
        assert not handler.refused


def test_a_file_is_not_read_for_who_has_gone() -> None:
    content = bytes(64 << 20)
    handler = Answering(never)
    with speaking(lambda: handler) as service:
        with closing(service.connect()) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(GET)
            until(lambda: bool(handler.asked))
            file = file_of(content)
            reads = Reads(file)
            service.loop.call_soon_threadsafe(handler.asked[0].respond, 200, [], reads)
            connection.recv(1)
        until(lambda: file.closed)
        assert reads.bytes < len(content)


class Reads:
    """A file that counts what is read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.bytes = file, 0

    def read(self, size: int) -> bytes:
        self.bytes += size
        return self.file.read(size)

    def seek(self, *where: int) -> int:
        return self.file.seek(*where)

    def close(self) -> None:
        self.file.close()


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
