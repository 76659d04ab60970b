"""How a request is read: the same by the cache, in the event loop and by the application."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote_from_bytes

import pytest
from serving import Service, target_of

SOME = "SELECT ?x { VALUES ?x { " + " ".join(f"'row {n}'" for n in range(60)) + " } }"


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("Accept-Encoding", "identity", "gzip"),
        ("Accept", "text/csv;q=0.1", "application/sparql-results+xml"),
    ],
)
def test_a_header_that_is_sent_twice_says_what_both_say(
    service: Service, name: str, first: str, second: str
) -> None:
    text = f"{SOME} # {name}"
    both = asked_with(service, f"{text} 1", name, first, second)
    assert both == asked_with(service, f"{text} 2", name, f"{first},{second}")
    # What was kept then is no answer to who sent the first alone.
    alone = asked_with(service, f"{text} 1", name, first)
    assert alone == asked_with(service, f"{text} 3", name, first)
    assert alone != both


def asked_with(service: Service, text: str, name: str, *values: str) -> tuple[str | None, ...]:
    """Coding, type and body of the answer to a request with a header for each of the values."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port)
    connection.putrequest("GET", target_of(text), skip_accept_encoding=True)
    for value in values:
        connection.putheader(name, value)
    connection.endheaders()
    with closing(connection):
        response = connection.getresponse()
        body = response.read().hex()
        return response.getheader("content-encoding"), response.getheader("content-type"), body


def test_a_path_is_decoded_once(service: Service) -> None:
    query = target_of("ASK {}").removeprefix("/sparql")
    assert service.send("GET", "/%73parql" + query).status == 200
    assert service.send("GET", "/%2573parql" + query).status == 404


@pytest.mark.parametrize(
    "path", ["//sparql", "/%2Fsparql", "///sparql", "//graph-store?default", "//about"]
)
def test_no_second_spelling_of_an_address_goes_around_the_scheduler(
    service: Service, path: str
) -> None:
    form = "application/x-www-form-urlencoded"
    assert service.send("GET", path).status == 404
    assert service.send("POST", path, b"query=ASK+{}", Content_Type=form).status == 404


HOSTS = {
    b"": 400,
    b"Host: a\r\nHost: a\r\n": 400,
    b"Host: a\r\nHost: b\r\n": 400,
    b"Host: a b/<x>\r\n": 400,
    b"Host: a:b\r\n": 400,
    b"Host: [::1\r\n": 400,
    b"Host: a\xa0\r\n": 400,
    b"Host: \x85a\r\n": 400,
    "Host: café\r\n".encode(): 400,
    b"Host:\r\n": 200,
    b"Host: a.example:80\r\n": 200,
    b"Host: [::1]:8000\r\n": 200,
    b"Host: xn--caf-dma.example\r\n": 200,
}


@pytest.mark.parametrize("host", HOSTS, ids=quote_from_bytes)
@pytest.mark.parametrize("path", [b"/", b"/sparql?query=ASK%7B%7D"])
def test_a_request_names_one_host(service: Service, path: bytes, host: bytes) -> None:
    for _ in range(2):  # what is kept is for nobody else either
        head = b"GET %b HTTP/1.1\r\n%b\r\n" % (path, host)
        assert answer(service, head)[0] == HOSTS[host]
    assert answer(service, b"GET %b HTTP/1.0\r\n\r\n" % path)[0] == 200


CODINGS = {
    b"chunked": 200,
    b"Chunked ": 200,
    b"gzip, chunked": 400,
    b"gzip\r\nTransfer-Encoding: chunked": 400,
    b"identity, chunked": 400,
    b"chunked, chunked": 400,
    b"chunked;q=1, chunked": 400,
    b"gzip": 400,
}


@pytest.mark.parametrize("coding", CODINGS, ids=quote_from_bytes)
def test_a_body_is_read_in_the_coding_that_it_has(service: Service, coding: bytes) -> None:
    framing = b"Host: a\r\nTransfer-Encoding: %b\r\n" % coding
    post = b"POST /sparql HTTP/1.1\r\n" + QUERY + framing + b"\r\n6\r\nASK {}\r\n0\r\n\r\n"
    get = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n" + framing + b"\r\n0\r\n\r\n"
    for sent in (post, get, get):  # what is kept is for nobody else either
        assert answer(service, sent)[0] == CODINGS[coding]


TYPED = ["Tonalá".encode(), "😀".encode(), b"\xe1", b"\xff\xfe", b"\xed\xa0\x80", b"\x80", b"\x7f"]
ESCAPED = [b"%E1", b"%FF", b"%ED%A0%80", b"%00", b"%", b"%zz", b"%C3", b"\\", b'"', b"<>", b"^`{|}"]
PATHS = [b"/", b"/search", b"/sparql", b"/graph-store", b"/metrics", b"/health", b"/id/x"]
HEADERS = [
    *(b"Accept", b"Accept-Language", b"Accept-Encoding", b"Authorization", b"Content-Type"),
    *(
        b"Cookie",
        b"Forwarded",
        b"If-Modified-Since",
        b"If-None-Match",
        b"If-Match",
        b"Origin",
        b"Range",
    ),
    b"X-Forwarded-For",
]
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
QUERY = b"Content-Type: application/sparql-query\r\n"


def heads(odd: bytes) -> Iterator[tuple[bytes, bytes, bytes, bytes]]:
    """Method, target, header and body of requests that have ``odd`` bytes somewhere."""
    for path in PATHS:
        yield b"GET", path + b"?q=" + odd + b"&query=" + odd, b"", b""
        yield b"GET", path + b"?" + odd, b"", b""
        yield b"GET", path + b"/" + odd + b"?" + odd, b"", b""
    for name in HEADERS:
        yield b"GET", b"/sparql?query=ASK%7B%7D", name + b": en;q=" + odd + b"\r\n", b""
    yield b"POST", b"/sparql?format=" + odd, QUERY, b"ASK {}"
    yield b"POST", b"/sparql", FORM, b"query=ASK%7B%7D&" + odd + b"=" + odd
    yield b"POST", b"/sparql", FORM, b"query=" + odd
    yield b"POST", b"/sparql", QUERY, b"SELECT * { ?s ?p '" + odd + b"' }"
    yield b"POST", b"/sparql", QUERY + b"Content-Encoding: " + odd + b"\r\n", b"ASK {}"
    yield b"POST", b"/sparql", QUERY[:-2] + b";charset=" + odd + b"\r\n", b"ASK {}"
    yield b"G" + odd, b"/", b"", b""


@pytest.mark.parametrize("odd", [*TYPED, *ESCAPED], ids=quote_from_bytes)
def test_no_byte_of_a_request_is_a_defect_of_the_service(service: Service, odd: bytes) -> None:
    for sent in heads(odd):
        assert 200 <= status(service, *sent)[0] < 500, sent


DATES = (
    b"Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
    b"Sat, 21 Nov 2026 00:00:00 +9%b" % (b"9" * 20),
)


@pytest.mark.parametrize("name", [b"If-Modified-Since", b"If-Unmodified-Since"])
@pytest.mark.parametrize("path", [b"/", b"/sparql?query=ASK%7B%7D", b"/claims.csv", b"/health"])
def test_a_date_that_is_none_counts_for_nothing(service: Service, path: bytes, name: bytes) -> None:
    for date in DATES * 2:
        assert status(service, b"GET", path, b"%b: %b\r\n" % (name, date))[0] == 200


def test_what_was_asked_in_another_way_is_not_sent_again(service: Service) -> None:
    text = "ASK { FILTER('kept by tag' != '') }"
    asked = "query=" + quote_from_bytes(text.encode())
    form = "application/x-www-form-urlencoded"
    assert service.send("POST", "/sparql", asked.encode(), Content_Type=form).status == 200
    for _ in range(2):
        assert service.send("GET", target_of(text), If_None_Match="*").status == 304
        assert service.send("GET", target_of(text), If_Match='"other"').status == 412
        assert service.send("GET", target_of(text)).status == 200


@pytest.mark.parametrize("path", [b"/search?q=", b"/sparql?query=ASK{?s%20?p%20'", b"/sparql?"])
def test_a_letter_counts_as_much_when_it_was_not_encoded(service: Service, path: bytes) -> None:
    typed = status(service, b"GET", path + "Tonalá'}".encode())
    assert typed == status(service, b"GET", path + b"Tonal%C3%A1'}")
    assert typed[0] == (400 if path.endswith(b"?") else 200)


def status(
    service: Service, method: bytes, target: bytes, header: bytes = b"", body: bytes = b""
) -> tuple[int, bytes]:
    """Send the bytes of a request as they are; give status and body of what comes back."""
    length = b"Content-Length: %d\r\n" % len(body)
    head = b"%b %b HTTP/1.1\r\nHost: a\r\n%b%b\r\n" % (method, target, header, length)
    return answer(service, head + body)


def answer(service: Service, sent: bytes) -> tuple[int, bytes]:
    with closing(service.connect()) as connection:
        connection.sendall(sent)
        response = http.client.HTTPResponse(connection)
        response.begin()
        return response.status, response.read()


@pytest.mark.parametrize("protocol", [b"websocket", b"WebSocket", b"h2c", b"x/1, websocket"])
@pytest.mark.parametrize("path", [b"/health", b"/", b"/sparql?query=ASK%7B%7D", b"/metrics"])
def test_nobody_has_to_speak_another_protocol(
    service: Service, path: bytes, protocol: bytes
) -> None:
    upgrade = b"Connection: Upgrade\r\nUpgrade: %b\r\nSec-WebSocket-Version: 13\r\n" % protocol
    assert status(service, b"GET", path, upgrade)[0] == 200
