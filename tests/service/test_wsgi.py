"""A request becomes the environment of PEP 3333, and what the application says one response."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from speaking import Answering, speaking

from cecot.protocol.answers import Headers
from cecot.service.exchange import Exchange
from cecot.service.gateway import Environ, call, environ_of

HEADERS = b"""\
Content-Type: text/plain
Content-Length: 3
Accept: a/b
Accept: c/d
X-Forged_Name: 1
Host: x
Connection: close
"""


def environ_for(headers: bytes) -> Environ:
    """The environment of a request that has come over a connection."""
    found: list[Environ] = []

    def answer(exchange: Exchange) -> None:
        found.append(environ_of(exchange, "203.0.113.7", b"abc"))
        exchange.respond(200, [])

    lines = headers.replace(b"\n", b"\r\n")
    with speaking(lambda: Answering(answer)) as service:
        service.send(b"POST /a%20b/%2525/%C3%A9?x=%20 HTTP/1.1\r\n" + lines + b"\r\nabc")
        found[0]["port"] = service.port
    return found[0]


ENVIRON = environ_for(HEADERS)


def test_the_environment_is_that_of_the_standard() -> None:
    environ = environ_for(HEADERS)
    assert environ["REQUEST_METHOD"] == "POST"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/a b/%25/é"
    assert environ["QUERY_STRING"] == "x=%20"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert environ["CONTENT_LENGTH"] == "3"
    assert environ["HTTP_ACCEPT"] == "a/b,c/d"
    assert environ["REMOTE_ADDR"] == "203.0.113.7"
    assert environ["SERVER_NAME"] == "127.0.0.1"
    assert environ["SERVER_PORT"] == str(environ["port"])
    assert environ["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert environ["wsgi.input"].read() == b"abc"


def test_a_header_with_an_underscore_cannot_pass_for_another() -> None:
    environ = environ_for(b"Content_Length: 9\nX_Real_IP: 1\n" + HEADERS)
    assert environ["CONTENT_LENGTH"] == "3"
    assert "HTTP_X_REAL_IP" not in environ


class Closing:
    """An iterable of bytes that must be closed."""

    def __init__(self, *pieces: bytes, fails: bool = False) -> None:
        self.pieces = pieces
        self.fails = fails
        self.closed = False

    def __iter__(self) -> Any:
        yield from self.pieces
        if self.fails:
            raise RuntimeError("midway")

    def close(self) -> None:
        self.closed = True


def answering(
    body: Iterable[bytes], status: str = "200 OK"
) -> Callable[[Environ, Callable[..., Any]], Iterable[bytes]]:
    def application(_environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response(status, [("Content-Type", "text/plain")])
        return body

    return application


def test_the_pieces_of_a_body_are_one_response() -> None:
    body = Closing(b"a", b"", b"bc")
    response = call(answering(body, "404 Not Found"), ENVIRON)
    assert (response.status, response.body) == (404, b"abc")
    assert response.headers == [("content-type", "text/plain")]
    assert body.closed


def test_a_body_that_fails_midway_is_no_response() -> None:
    body = Closing(b"a", fails=True)
    with pytest.raises(RuntimeError, match="midway"):
        call(answering(body), ENVIRON)
    assert body.closed


def test_a_file_is_handed_over_as_it_is() -> None:
    file = io.BytesIO(b"abc")

    def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        headers: Headers = []
        start_response("200 OK", headers)
        wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](file)
        return wrapped

    assert call(application, ENVIRON).body is file
    assert not file.closed
