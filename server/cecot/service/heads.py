"""The heads of HTTP/1.1 messages (RFC 9112): of requests as they are read, of responses as written.

Header fields are read by httptools (llhttp), which refuses what two readers could understand in two
ways. What many requests say alike is read once.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from cecot.errors import BadRequest, HeadTooLarge, UriTooLong
from cecot.messages import say
from cecot.protocol.answers import Headers
from cecot.protocol.requests import HEADERS_READ
from cecot.service.cache import KEY_HEADERS

LONGEST_HEAD = 64 * 1024
"""Bytes that the head of a request may have."""

MOST_FIELDS = 100
"""Header fields that a request may have; browsers send some twenty."""

KEPT_HEADS, LONGEST_KEPT = 128, 4096
"""Heads of requests that are remembered, and the bytes that each of these may have."""

_REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~\w-]{1,32}) ([^\x00-\x20\x7f]+) HTTP/1\.([0-9])")
_BEGINNING = re.compile(rb"[!#$%&'*+.^_`|~\w-]{1,32}(?: |\Z)")
_LONGEST_METHOD = 32
_MOST_DIGITS = 18
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_HOST = re.compile(r"(?:[\w.~%!$&'()*+;=-]*+|\[[\w.:~!$&'()*+;=-]+\])(?::[0-9]*+)?", re.ASCII)
"""One host, with or without its port (RFC 9110, 7.2; RFC 3986, 3.2.2): two have a comma between."""

_UNKEPT = frozenset(
    (
        "authorization",
        "range",
        "cookie",
        "if-match",
        "if-unmodified-since",
        "transfer-encoding",
    )
)
WITHOUT_LENGTH = frozenset((HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED))
_STATUS_LINES = {int(each): f"HTTP/1.1 {each.value} {each.phrase}\r\n" for each in HTTPStatus}


class RequestHead(NamedTuple):
    """What a request says in its header fields: read once for all that say the same.

    ``pairs`` are the fields as they came, ``headers`` with the values of one name joined, both by
    names in lower case. ``varying`` is what a kept response depends on beside the address
    (KEY_HEADERS), None if the request must not be answered from what is kept; ``said`` are the last
    fields of a Request. Its body has ``length`` bytes, or comes in chunks; if it ``waits``, only
    once the client is told to go on. ``connection`` is what that is to be after it.
    """

    pairs: Headers
    headers: Mapping[str, str]
    has_host: bool
    varying: tuple[str | None, ...] | None
    said: tuple[str | None, ...]
    length: int
    is_chunked: bool
    waits: bool
    connection: frozenset[str]


class _Fields:
    """Takes the header fields that the parser finds."""

    def __init__(self) -> None:
        self.pairs: Headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        self.pairs.append((name.decode("latin-1").lower(), value.decode("latin-1").strip(" \t")))


def read_head(fields: bytes) -> RequestHead:
    """Read header fields, with the empty line after them.

    Raises BadRequest (RFC 9112, 5), and HeadTooLarge if they are many.
    """
    if fields.count(b"\n") > MOST_FIELDS:
        raise HeadTooLarge(
            say("The head of the request has more than {limit:,} fields.", limit=MOST_FIELDS),
            hint=say("Send fewer or shorter headers."),
        )
    return _read_short(fields) if len(fields) <= LONGEST_KEPT else _read(fields)


def _read(fields: bytes) -> RequestHead:
    found = _Fields()
    parser = HttpRequestParser(found)
    try:
        parser.feed_data(b"POST / HTTP/1.1\r\n" + fields)
    except HttpParserUpgrade:
        pass  # nobody has to speak another protocol (RFC 9110, 7.8)
    except HttpParserError as error:
        raise malformed(str(error)) from None
    headers: dict[str, str] = {}
    for name, value in found.pairs:  # values of one name are joined (RFC 9110, 5.2)
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    options = headers.get("connection", "").lower().split(",")
    length = headers.get("content-length", "").lstrip("0")
    if len(length) > _MOST_DIGITS:
        raise malformed("Content-Length overflow")
    return RequestHead(
        found.pairs,
        headers,
        _HOST.fullmatch(headers.get("host", "?")) is not None,
        tuple(map(headers.get, KEY_HEADERS)) if _UNKEPT.isdisjoint(headers) else None,
        tuple(map(headers.get, HEADERS_READ)),
        int(length or "0"),
        "transfer-encoding" in headers,
        headers.get("expect", "").lower() == "100-continue",
        frozenset(each.strip() for each in options),
    )


_read_short = lru_cache(maxsize=KEPT_HEADS)(_read)


def read_line(line: bytes) -> tuple[str, str, str]:
    """Read a request line: method, target, version (RFC 9112, 3)."""
    found = _REQUEST_LINE.fullmatch(line)
    if found is None:
        raise malformed("Invalid request line")
    method, target, minor = found.groups()
    if method != method.upper():  # they are told apart by case (RFC 9110, 9.1)
        raise malformed("Invalid method")
    text = target.decode("utf-8", "replace")
    if not text.startswith("/") and text != "*":
        form = _ABSOLUTE.match(text)
        if form is None:
            raise malformed("Invalid target")
        rest = text[form.end() :]
        text = rest if rest.startswith("/") else f"/{rest}"
    return method.decode(), text, "1.0" if minor == b"0" else "1.1"


def look_at_part(unread: bytearray, seen: int) -> None:
    """Raise what the beginning of a request deserves already; ``seen`` bytes are known."""
    if unread and seen < _LONGEST_METHOD and not _BEGINNING.match(unread):
        raise malformed("Invalid method")
    if unread.find(b"\n\n", max(seen - 1, 0)) >= 0:
        raise malformed("Lines end with CR and LF")
    if len(unread) >= LONGEST_HEAD:
        if unread.find(b"\r\n", 0, LONGEST_HEAD) < 0:
            raise UriTooLong(
                say("The address has more than {limit:,} bytes.", limit=LONGEST_HEAD),
                hint=say("Send the query by POST."),
            )
        raise HeadTooLarge(
            say("The head of the request has more than {limit:,} bytes.", limit=LONGEST_HEAD),
            hint=say("Send fewer or shorter headers."),
        )


def malformed(what: str) -> BadRequest:
    """The error of what is no request; ``what`` is wrong, in the words of the parser."""
    return BadRequest(
        say("This is not an HTTP/1.1 request: {what}.", what=what),
        hint=say("Send a request as RFC 9112 has it."),
        where="request",
    )


def write_head(status: int, headers: Headers, length: int, connection: str = "") -> bytes:
    """Write the head of a response; ``length`` is that of its body, if no header tells one.

    Raises ValueError for a field that would be two.
    """
    lines = [_STATUS_LINES[status]]
    is_measured = status in WITHOUT_LENGTH
    for name, value in headers:
        is_measured |= name == "content-length"
        lines.append(f"{name}: {value}\r\n")
    if not is_measured:
        lines.append(f"content-length: {length}\r\n")
    if connection:
        lines.append(f"connection: {connection}\r\n")
    text = "".join(lines)
    if text.count("\n") != len(lines):
        raise ValueError("a header has a line end in it")
    return f"{text}{_date(int(time.time()))}".encode("latin-1")


@lru_cache(maxsize=1)
def _date(now: int) -> str:
    """The last field of each head, and the empty line after it (RFC 9110, 6.6.1)."""
    return f"date: {formatdate(now, usegmt=True)}\r\n\r\n"
