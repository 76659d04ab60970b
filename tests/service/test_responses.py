"""HTTP/1.1 as connections speak it: how a response goes out, and who is noticed to go."""

from __future__ import annotations

import asyncio
import http.client
import socket
import struct
import tempfile
from contextlib import closing, suppress
from typing import IO

import pytest
from serving import until
from speaking import (
    GET,
    LAST,
    POST,
    Answering,
    Speaking,
    answered,
    bodies,
    echo,
    never,
    read_all,
    repeat,
    speaking,
)

from cecot.service import connections
from cecot.service.exchange import Exchange


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
