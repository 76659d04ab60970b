"""The application is a whole SPARQL endpoint under any WSGI server, word for word the service."""

from __future__ import annotations

import gzip
import http.client
import re
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from flask import Flask

from cecot.dataset.description import describe
from cecot.dataset.store import load_store
from cecot.rooms import Rooms
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine
from cecot.views.app import create_app
from running import running_service

OF_ONE_RESPONSE = {
    "connection", "date", "etag", "last-modified", "server", "server-timing", "x-query-id",
}  # fmt: skip
BLANK = re.compile(rb"_:[0-9a-f]+")
CSV, JSON = "text/csv", "application/sparql-results+json"
FORM = "application/x-www-form-urlencoded"
ROWS = "SELECT ?x { VALUES ?x { " + " ".join(f"'row {n}'" for n in range(60)) + " } }"
MISSPELT = "ASK { ?x <https://example.org/garden/plants#heigth> 1 }"
NUL = r"SELECT ('\u0000' AS ?x) {}"
REQUESTS: dict[str, tuple[str, bytes | None, dict[str, str]]] = {
    "rows": (f"/sparql?{urlencode({'query': ROWS})}", None, {"Accept": JSON}),
    "packed": (f"/sparql?{urlencode({'query': ROWS})}", None, {"Accept-Encoding": "gzip"}),
    "yes or no": ("/sparql?query=ASK%7B%7D&format=csv", None, {}),
    "triples": ("/sparql?query=DESCRIBE%20%3Curn:x%3E", None, {"Accept": "text/turtle"}),
    "form": ("/sparql", urlencode({"query": ROWS}).encode(), {"Content-Type": FORM}),
    "direct": ("/sparql/", b"ASK {}", {"Content-Type": "application/sparql-query"}),
    "volatile": ("/sparql?query=SELECT(RAND()*0%20AS%20?x)%7B%7D", None, {"Accept": CSV}),
    "empty, with a hint": (f"/sparql?{urlencode({'query': MISSPELT})}", None, {"Accept": JSON}),
    "description": ("/sparql", None, {"Accept": "text/turtle"}),
    "named graph": ("/graph-store?graph=https://example.org/garden/plants", None, {}),
    "no such graph": ("/graph-store/none", None, {}),
    "syntax": ("/sparql?query=SELECT%20*%20%7B&lang=es", None, {}),
    "syntax, as text": ("/sparql?query=SELEC", None, {"Accept": "text/plain"}),
    "syntax, as a page": ("/sparql?query=ASK%7B", None, {"Accept": "text/html, */*;q=0.1"}),
    "refused": ("/sparql?query=ASK%7BSERVICE%3Curn:x%3E%7B%7D%7D", None, {}),
    "not acceptable": ("/sparql?query=ASK%7B%7D", None, {"Accept": "image/png"}),
    "not this form": ("/sparql?query=ASK%7B%7D", None, {"Accept": "text/turtle"}),
    "not in this format": (f"/sparql?{urlencode({'query': NUL})}&format=xml", None, {}),
    "no graph in this format": ("/graph-store?default", None, {"Accept": CSV}),
    "update": ("/sparql", b"update=x", {"Content-Type": FORM}),
    "coding": ("/sparql", b"x", {"Content-Type": FORM, "Content-Encoding": "br"}),
    "two queries": ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, {}),
}


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def service(foreign_rooms: Rooms) -> Iterator[str]:
    """The address of ``cecot serve``."""
    with running_service(foreign_rooms.root, CECOT_DOWNLOADS="no") as address:
        yield address


@pytest.fixture(scope="module")
def application(foreign_rooms: Rooms, service: str) -> Flask:
    """The application over the same rooms, which calls itself as the service does."""
    loaded = load_store(foreign_rooms)
    engine = InProcessEngine(loaded.store, prefixes=loaded.names.prefixes, base=loaded.names.base)
    settings = Settings(public_url=f"{service}/")
    return create_app(engine, describe(loaded), settings)


@pytest.fixture(scope="module")
def elsewhere(application: Flask) -> Iterator[str]:
    """The address of the application under the server of the standard library."""
    with make_server("127.0.0.1", 0, application, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def ask(address: str, name: str) -> tuple[int, dict[str, str], bytes]:
    path, body, headers = REQUESTS[name]
    request = urllib.request.Request(address + path, body, headers)
    try:
        response = urllib.request.urlopen(request, timeout=60)
    except HTTPError as error:
        response = error  # type: ignore[assignment]
    with response:
        said = {key.lower(): value for key, value in response.headers.items()}
        body = response.read()
    assert int(said.get("content-length", len(body))) == len(body)
    if said.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    # Names of blank nodes differ, and with them the order of triples and the length.
    lines = sorted(BLANK.sub(b"_:", body).splitlines())
    if "content-length" in said:
        said["content-length"] = str(sum(map(len, lines)))
    return response.status, said, b"\n".join(lines)


@pytest.mark.parametrize("name", REQUESTS)
def test_both_say_the_same_in_every_header(service: str, elsewhere: str, name: str) -> None:
    status, said, body = ask(service, name)
    other_status, other_said, other_body = ask(elsewhere, name)
    assert (status, body) == (other_status, other_body)
    assert _plain(said) == _plain(other_said)
    for each in ("etag", "last-modified"):
        assert (each in said) == (each in other_said)


def _plain(headers: dict[str, str]) -> dict[str, str]:
    plain = {name: value for name, value in headers.items() if name not in OF_ONE_RESPONSE}
    if "vary" in plain:
        plain["vary"] = ", ".join(sorted(each.strip() for each in plain["vary"].split(",")))
    return plain


def test_who_has_the_answer_is_told_so_by_both(service: str, elsewhere: str) -> None:
    path = REQUESTS["rows"][0]
    for address in (service, elsewhere):
        tag = ask(address, "rows")[1]["etag"]
        request = urllib.request.Request(
            address + path, headers={"Accept": JSON, "If-None-Match": tag}
        )
        with pytest.raises(HTTPError) as caught:
            urllib.request.urlopen(request, timeout=60)
        caught.value.close()
        assert (caught.value.code, caught.value.headers["etag"]) == (304, tag)


METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY")
SLASHES = ("/sparql/", "/sparql//", "/graph-store/", "/graph-store//", "/graph-store//ontology")
ASKED = ("?default", "?query=ASK%7B%7D")


def test_each_address_takes_the_same_methods_from_both(
    service: str, elsewhere: str, application: Flask
) -> None:
    rules = {re.sub("<[^>]+>", "x", each.rule) for each in application.url_map.iter_rules()}
    paths = sorted({*rules, *SLASHES})
    assert "/graph-store/x" in paths
    pairs = product(METHODS, [path + asked for path in paths for asked in ("", *ASKED)])
    at_both = {each: (taken(service, *each), taken(elsewhere, *each)) for each in pairs}
    assert {each: both for each, both in at_both.items() if len({*both}) > 1} == {}


def taken(address: str, method: str, path: str) -> tuple[int, frozenset[str]]:
    """How a method does at an address, and those that are named in its place."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    with closing(connection):
        connection.request(method, path)
        response = connection.getresponse()
        response.read()
        return response.status, frozenset((response.getheader("allow") or "").split(", "))
