"""Whether an answer is one: its status, and a body that is whole and of the type that it names."""

from __future__ import annotations

import csv
import gzip
import io
import json
from xml.etree import ElementTree

import pyoxigraph as ox

from bench.wire import Reply

CLEAR = frozenset((200, 204, 206, 301, 302, 303, 304, 307, 308))
REFUSED = frozenset(
    (400, 401, 403, 404, 405, 406, 408, 411, 412, 413, 414, 415, 416, 417, 422, 429, 431)
)
BUSY = frozenset((503, 504))
OTHER_HTTP = frozenset((501, 505))
"""What an HTTP server may say of a method or a version of HTTP that it does not know."""

MARK = "\"'><script>bench()</script>"
"""A parameter that must never come back as it is in a page."""

csv.field_size_limit(1 << 30)

_TAILS = {
    "application/sparql-results+json": b"}",
    "application/sparql-results+xml": b"</sparql>",
    "text/csv": b"\n",
    "text/tab-separated-values": b"\n",
    "application/n-triples": b".",
}
_GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


def faults_of(reply: Reply) -> list[str]:
    """Say what is wrong with ``reply``; an empty list if nothing is."""
    status = reply.status
    if status not in CLEAR | REFUSED | BUSY | OTHER_HTTP:
        return [f"status {status}: {bytes(reply.body[:200])!r}"]
    if status in BUSY and status == 503 and not reply.header("Retry-After"):
        return ["503 without Retry-After"]
    kind = reply.header("Content-Type").split(";")[0].strip().lower()
    if kind in ("text/html", "image/svg+xml") and b"<script>bench()" in reply.body:
        return [f"a parameter came back as markup ({kind})"]
    try:
        if kind == "application/problem+json":
            return [] if reply.bodiless else _problem(reply)
        return _body(reply, kind) if status == 200 and reply.length else []
    except (ValueError, SyntaxError, OSError, EOFError, csv.Error) as error:
        return [f"200 with a broken body ({kind}): {error!r}"[:300]]


def _problem(reply: Reply) -> list[str]:
    try:
        problem = json.loads(_unpacked(reply))
    except ValueError:
        return ["a problem that is no JSON"]
    if problem.get("status", reply.status) != reply.status:
        return [f"status {reply.status} with a problem of status {problem['status']}"]
    if not problem.get("title"):
        return ["a problem without a title"]
    return []


def _unpacked(reply: Reply) -> bytes:
    body = bytes(reply.body)
    return gzip.decompress(body) if reply.header("Content-Encoding") == "gzip" else body


def _body(reply: Reply, kind: str) -> list[str]:
    if reply.length > len(reply.body):
        return []  # too long to keep: Reply has checked that it came to its end
    body = _unpacked(reply)
    if body in (b"true", b"false"):
        return []  # an ASK in CSV or TSV, for which there is no standard
    tail = _TAILS.get(kind)
    if tail and not body.rstrip(b" " if tail == b"\n" else None).endswith(tail):
        return [f"200 with a cut body ({kind}): ...{body[-40:]!r}"]
    if kind in ("application/sparql-results+json", "application/json"):
        found = json.loads(body)
        if kind != "application/json" and not {"results", "boolean"} & set(found):
            return ["200 with neither results nor boolean"]
    elif kind in ("application/sparql-results+xml", "application/xml"):
        ElementTree.fromstring(body)
    elif kind in ("text/csv", "text/tab-separated-values"):
        lines = io.StringIO(body.decode(), newline="")
        if kind == "text/csv":
            rows = csv.reader(lines)
        else:
            rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if len({len(row) for row in rows if row}) > 1:
            return [f"200 with rows of different lengths ({kind})"]
    elif kind in _GRAPHS:
        for _ in ox.parse(body, _GRAPHS[kind]):
            pass
    return []
