"""Requests that are wrong or strange: parameters, headers, bodies, bombs, methods, addresses."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import quote

from bench.wire import Target

Build = Callable[[Target], bytes]
Named = tuple[str, Build, frozenset[int] | None]

WRONG = frozenset((400, 404, 405, 406, 411, 412, 413, 414, 415, 417, 422, 431, 501, 505))
ASK = quote("ASK {}")
QUERY = "Content-Type: application/sparql-query"
FORM = "Content-Type: application/x-www-form-urlencoded"

_GARBAGE = (
    "", " ", "%", "%00", "%ff%fe", "%ED%A0%80", "a" * 7000, "%0d%0aX:1", "../../etc/passwd",
    "http://%5B::1", "urn:x", "relative", "<a:b>", "json", "JSON", "application/json", "*/*",
    "%F0%9F%98%80", "1e999", "-1", "null", "{}", "[]", "';--", "%22%3E%3Cscript%3E", "http://[",
    "%u0041", "a%20b", "text/html;q=nan",
)  # fmt: skip
_PARAMETERS = (
    "query", "default-graph-uri", "named-graph-uri", "format", "output", "results", "update",
    "using-graph-uri", "graph", "default", "timeout", "callback", "lang", "version", "debug",
    "%00", "", "query%00", "Query",
)  # fmt: skip
_HEADERS = (
    "Accept", "Accept-Encoding", "Accept-Language", "Accept-Charset", "Content-Encoding", "Range",
    "If-None-Match", "If-Modified-Since", "If-Match", "If-Range", "Origin", "Referer", "Cookie",
    "Authorization", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded",
    "X-HTTP-Method-Override", "Upgrade", "TE", "Expect", "Via", "Access-Control-Request-Method",
)  # fmt: skip
_HEADER_VALUES = (
    "", ",", ";", "=", "q", "*;q=nan", "*/*;q=-1", "*/*;q=1e9", "text/csv;q=0", "*/*;q=0",
    "\x80\xff", '"', '"unclosed', "W/", "*", "bytes=0-", "bytes=-1", "bytes=9-1", "gzip;q=2",
    "a" * 4000, "a/b/c", "text/turtle;charset=", "text/html" + ",text/html" * 400,
    "Mon, 99 Foo 2023 99:99:99 GMT",
    "1.2.3.4, unknown, ::1", "100-continue", "identity;q=0, *;q=0", "application/json;" * 200,
)  # fmt: skip


def parameters() -> Iterator[Named]:
    """Garbage in every parameter, by GET and in a form."""
    for name in _PARAMETERS:
        for value in _GARBAGE:
            pair = f"{name}={value}"
            text = f"{pair}" if name == "query" else f"query={ASK}&{pair}"
            yield f"GET {pair[:40]}", _get(text), None
            yield f"form {pair[:40]}", _post(FORM, text.encode()), None
    yield "two queries", _get(f"query={ASK}&query={ASK}"), frozenset((400,))
    yield "no query", _get("quer=1"), None
    yield "10,000 parameters", _get(f"query={ASK}" + "&a=" * 5_000), None
    yield "10,000 in a form", _post(FORM, f"query={ASK}".encode() + b"&a=" * 10_000), None
    yield "300,000 in a form", _post(FORM, f"query={ASK}".encode() + b"&a" * 300_000), None
    yield (
        "10,000 graphs",
        _post(FORM, (f"query={ASK}" + "&named-graph-uri=a:b" * 10_000).encode()),
        None,
    )


def headers() -> Iterator[Named]:
    """Garbage in every header, long headers, many headers."""
    for name in _HEADERS:
        for value in _HEADER_VALUES:
            yield f"{name}: {value[:30]!r}", _get(f"query={ASK}", f"{name}: {value}"), None
    for size in (4_000, 16_000, 64_000, 256_000, 4_000_000):
        yield f"a header of {size}", _get(f"query={ASK}", f"X-Long: {'x' * size}"), None
    for count in (50, 90, 200, 5_000):
        many = [f"X-{i}: 1" for i in range(count)]
        yield f"{count} headers", _get(f"query={ASK}", *many), None
    accept = ",".join(f"a/b{i};q=0.{i % 10}" for i in range(5_000))
    yield "5,000 media ranges", _get(f"query={ASK}", f"Accept: {accept}"), None
    for size in (8_000, 12_000, 20_000, 70_000, 1_000_000):
        padded = f"query={ASK}" + quote("#" + "x" * (size - 20))
        expected = frozenset((200,)) if size <= 8_000 else frozenset((200, 400, 414, 431))
        yield f"an address of {size}", _get(padded), expected


def bodies() -> Iterator[Named]:
    """Compressed bombs, bodies cut short, types and codings that nobody has."""
    bomb = _bomb(b"ASK {}", 400)
    yield "gzip", _post(QUERY, gzip.compress(b"ASK {}"), "gzip"), frozenset((200,))
    yield "gzip bomb", _post(QUERY, bomb, "gzip"), frozenset((413,))
    yield (
        "gzip bomb in a form",
        _post(FORM, _bomb(b"query=", 90), "gzip"),
        frozenset((413,)),
    )
    yield "gzip of gzip", _post(QUERY, gzip.compress(bomb), "gzip, gzip"), WRONG
    yield "gzip of gzip, once said", _post(QUERY, gzip.compress(bomb), "gzip"), WRONG
    yield "many gzip members", _post(QUERY, gzip.compress(b" ") * 40_000, "gzip"), None
    yield "empty gzip members", _post(QUERY, gzip.compress(b"") * 50_000, "gzip"), None
    yield "cut gzip", _post(QUERY, gzip.compress(b"ASK {}")[:-9], "gzip"), WRONG
    yield "no gzip", _post(QUERY, b"ASK {}", "gzip"), WRONG
    yield "gzip and more", _post(QUERY, gzip.compress(b"ASK {}") + b"tail", "gzip"), None
    yield "deflate", _post(QUERY, zlib.compress(b"ASK {}"), "deflate"), None
    for coding in (
        "br",
        "zstd",
        "compress",
        "x",
        "gzip;q=1",
        "",
        "identity",
        "\xff",
        "gzip," * 500,
    ):
        yield f"coding {coding[:20]!r}", _post(QUERY, b"ASK {}", coding), None
    for kind in (
        "", "x", "/", "application/sparql-update", "text/plain", "multipart/form-data",
        "multipart/form-data; boundary=x", "application/sparql-query; charset=utf-16",
        "application/sparql-query; charset=x", "application/x-www-form-urlencoded; charset=utf-7",
        "application/json", "application/sparql-query;;;;==", "a" * 4000, "\xff",
    ):  # fmt: skip
        yield f"type {kind[:45]!r}", _post(f"Content-Type: {kind}", b"ASK {}"), None
    for name, body in (
        ("no UTF-8", b"ASK { <a:\xff> ?p ?o }"), ("a surrogate", b"ASK { ?s ?p '\xed\xa0\x80' }"),
        ("zeros", b"\0" * 1000), ("ASK and a zero", b"ASK {}\0"), ("empty", b""),
        ("UTF-16", "ASK {}".encode("utf-16")), ("noise", bytes(range(256)) * 100),
        ("spaces", b" " * 1_000_000),
        ("a megabyte and more", b"ASK {}" + b" " * 1_100_000), ("20 MB", b" " * 20_000_000),
    ):  # fmt: skip
        yield f"body: {name}", _post(QUERY, body), None
        yield f"form: {name}", _post(FORM, b"query=" + body), None


def methods() -> Iterator[Named]:
    """Methods, versions, addresses and request lines that nobody serves."""
    for method in (
        "PUT",
        "DELETE",
        "PATCH",
        "TRACE",
        "CONNECT",
        "OPTIONS",
        "HEAD",
        "PROPFIND",
        "x",
        "GET" * 99,
    ):
        yield f"method {method[:9]}", _raw(method, f"?query={ASK}", body=method != "HEAD"), None
    for path in (
        "/", "//", "/%00", "/..%2f..%2fetc/passwd", "/%", "/%zz", "/sparql/", "/sparql%3fquery=1",
        "/\xff", "/health", "/metrics", "/limits", "/graph-store?graph=%ff", "/graph-store?default",
        "/graph-store?graph=relative", "/update?update=DROP%20ALL", "/id/%00", "/id/" + "x" * 7000,
        "/ontology", "/.well-known/void", "/static/../../../etc/passwd", "/id/../../etc/passwd",
        "/id/%2e%2e/%2e%2e/etc/passwd", "*", "http://example.org/", "/" + "a/" * 3000,
        "/?" + "&" * 5000,
    ):  # fmt: skip
        yield f"path {path[:30]!r}", _at(path), None


def _bomb(start: bytes, megabytes: int) -> bytes:
    """``start`` and very many spaces, compressed to a thousandth."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    spaces = b" " * 1_000_000
    return b"".join(
        [
            packer.compress(start),
            *(packer.compress(spaces) for _ in range(megabytes)),
            packer.flush(),
        ]
    )


def _get(text: str, *more: str) -> Build:
    return lambda where: where.request("GET", f"{where.path}?{text}", *more)


def _post(kind: str, body: bytes, coding: str | None = None) -> Build:
    more = () if coding is None else (f"Content-Encoding: {coding}",)
    return lambda where: where.request("POST", where.path, kind, *more, body=body)


def _raw(method: str, tail: str, *, body: bool) -> Build:
    return lambda where: where.request(
        method, where.path + tail, "Connection: close", body=b"" if body else None
    )


def _at(path: str) -> Build:
    return lambda where: where.request("GET", path)
