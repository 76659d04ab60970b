"""The same site over every engine: pages, tables, documents and answers, compared to the letter.

What differs is named below with its reason; a difference that has gone must leave the table too.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from zlib import crc32

import pyoxigraph as ox
import pytest
from bench.attack import outside
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cecot.dataset.description import describe
from cecot.dataset.store import Loaded, load_store
from cecot.engine import Query
from cecot.errors import CecotError
from cecot.remote import loading
from cecot.remote.connecting import Verdict, check, connect, find_cap, reader_of
from cecot.remote.engine import RemoteEngine
from cecot.remote.loading import load, read_version
from cecot.rooms import Rooms
from cecot.settings import Settings
from cecot.sparql.asking import select
from cecot.sparql.evaluation import InProcessEngine
from cecot.views.app import create_app
from engines import oxigraph, virtuoso
from sites import WholeAnswers

PUBLIC = "https://site.example/"
WHOLE = bool(os.environ.get("CECOT_TEST_WHOLE"))
EACH = 4 if WHOLE else 1
"""Addresses of one kind that are compared, at most: path begins alike, ends alike."""

SEARCHES = ("/search?q=prison", "/search?q=torture", "/search?q=MS-13")
"""No link leads to these."""

PATIENCE = 60.0
"""Seconds of one query: a machine that does much else is no difference between engines."""

JSON = "application/sparql-results+json"
RDF = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
}
EXPECTED: dict[str, dict[str, str]] = {
    "oxigraph": {},
    "virtuoso": {
        "VALUES in a branch": "rows of other branches vanish (Virtuoso 7.2); ours avoid it",
        "OPTIONAL reads outside": "what is bound outside is not read (Virtuoso 7.2)",
        "an error leaves unbound": "a type error ends the whole query (Virtuoso 7.2)",
        "/search?q=prison": "REGEX finds no letter beyond ASCII (7.2), so not “cárcel” in a name",
        "/search.json?q=prison": "the same",
    },
}
"""For each engine what is otherwise there: an address, or a check, and why."""


@pytest.fixture(scope="module")
def loaded(rooms: Rooms) -> Loaded:
    """The rooms in a store."""
    return load_store(rooms)


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def kind(request: pytest.FixtureRequest) -> str:
    """The engine that is compared with ours."""
    return str(request.param)


@pytest.fixture(scope="module")
def engine(
    kind: str, loaded: Loaded, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RemoteEngine]:
    """A real engine with the rooms loaded into it, as ``cecot load`` does."""
    started = oxigraph() if kind == "oxigraph" else virtuoso(tmp_path_factory.mktemp("virtuoso"))
    with started as given:
        settings = replace(given, deadline=PATIENCE)
        first = connect(settings, loaded.names, reader_of(loaded.names))
        load(loaded, first, lambda _: None)
        first.close()
        found = connect(settings, loaded.names, reader_of(loaded.names))
        yield found
        found.close()


def site(engine: RemoteEngine | InProcessEngine, loaded: Loaded) -> FlaskClient:
    app = create_app(engine, describe(loaded), Settings(public_url=PUBLIC))
    app.testing = True
    app.test_client_class = WholeAnswers
    return app.test_client()


def walk(client: FlaskClient) -> Iterator[tuple[str, TestResponse]]:
    """SEARCHES, and what links lead to from the home page, at most EACH of a kind."""
    waiting, kinds = deque(["/", *SEARCHES]), Counter[str]()
    seen = set(waiting)
    while waiting:
        here = waiting.popleft()
        answer = client.get(here)
        yield here, answer
        if answer.mimetype != "text/html":
            continue
        for link in re.findall(r'href="([^"#]+)', answer.text):
            path = link.replace("&amp;", "&").removeprefix(PUBLIC.rstrip("/"))
            if not path.startswith("/") or path in seen or path.startswith("/static/"):
                continue
            parts = urlsplit(path)
            first, last = parts.path.split("/")[1], parts.path.rpartition(".")[2][:8]
            kind = f"{first} {last if '.' in parts.path else ''} {bool(parts.query)}"
            kinds[kind] += 1
            if kinds[kind] <= EACH:
                seen.add(path)
                waiting.append(path)


def lines(answer: TestResponse) -> list[str]:
    """What an answer says, so that two of the same are equal."""
    kind = answer.mimetype
    said = [f"{answer.status_code} {kind}"]
    if kind in RDF:
        graph = ox.Dataset(ox.parse(answer.data, RDF[kind]))
        graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        return said + sorted(map(str, graph))
    return said + answer.data.decode("utf-8", "backslashreplace").splitlines()


def test_every_address_says_the_same(kind: str, engine: RemoteEngine, loaded: Loaded) -> None:
    ours = site(
        InProcessEngine(loaded.store, prefixes=loaded.names.prefixes, base=loaded.names.base),
        loaded,
    )
    theirs = site(engine, loaded)
    differ: dict[str, list[str]] = {}
    walked = [(address, lines(answer)) for address, answer in walk(ours)]
    assert len(walked) > (139 if WHOLE else 69)
    expected = {each for each in EXPECTED[kind] if each.startswith("/")}
    if kind == "virtuoso" and not WHOLE:  # which takes twice as long for a page
        walked = [
            each for each in walked if each[0] in expected or crc32(each[0].encode()) % 3 == 0
        ]
    for address, here in walked:
        there = lines(theirs.get(address))
        if here != there:
            differ[address] = list(unified_diff(here, there, "ours", kind, lineterm="", n=0))[:20]
    assert set(differ) == expected, {at: differ[at] for at in set(differ) - expected}


def test_every_question_has_the_same_answer(
    kind: str, engine: RemoteEngine, loaded: Loaded, rooms: Rooms
) -> None:
    ours = site(
        InProcessEngine(loaded.store, prefixes=loaded.names.prefixes, base=loaded.names.base),
        loaded,
    )
    theirs = site(engine, loaded)
    questions = sorted(rooms.graph.glob("queries/*.rq"))
    assert len(questions) >= 20
    for path in questions:
        asked = "/sparql?" + urlencode({"query": path.read_text("utf-8"), "format": "json"})
        here, there = ours.get(asked), theirs.get(asked)
        assert here.status_code == there.status_code == 200, path.name
        assert here.json == there.json, path.name


def test_the_checks_find_what_is_known_of_the_engine(
    kind: str, engine: RemoteEngine, loaded: Loaded
) -> None:
    found = {each.what: each for each in check(engine, loaded.names, loaded)}
    assert not [each for each in found.values() if each.verdict is Verdict.FAILED]
    about_rights = {"updates are refused", "SERVICE is refused"}
    warned = {what for what, each in found.items() if each.verdict is Verdict.WARNING}
    assert warned - about_rights == {each for each in EXPECTED[kind] if not each.startswith("/")}


def test_other_rooms_are_not_served_by_mistake(
    engine: RemoteEngine, loaded: Loaded, foreign_rooms: Rooms
) -> None:
    foreign = load_store(foreign_rooms)
    found = {each.what: each for each in check(engine, foreign.names, foreign)}
    assert found["version"].verdict is Verdict.FAILED
    assert "cecot load" in found["version"].cure


def test_no_text_of_a_client_has_the_engine_call_anybody(kind: str, engine: RemoteEngine) -> None:
    canary = outside.Canary()
    canary.check()
    texts = [*outside.functions(canary.url), *outside.services(canary.url)]
    texts += outside.loads(canary.url)
    answered = 0
    for _, text in texts:
        with contextlib.suppress(CecotError):
            asked = Query(text, JSON, JSON, "application/n-triples")
            engine.answer(asked)
            answered += 1
    assert canary.heard == []
    assert answered < len(texts) / 10
    # Asked by somebody who does not read first, it calls: these texts are no idle ones.
    plain = {
        "oxigraph": f"SELECT * {{ SERVICE <{canary.url}> {{ ?s ?p ?o }} }}",
        "virtuoso": f"SELECT (<bif:http_get>('{canary.url}') AS ?x) {{ ?s ?p ?o }} LIMIT 1",
    }
    sent = [("query", plain[kind])]
    engine.client.exchange(engine.remote.query, sent, JSON, PATIENCE).result().body.close()
    assert canary.heard


def test_loading_again_leaves_one_graph_of_each_version(
    engine: RemoteEngine, loaded: Loaded
) -> None:
    load(loaded, engine, lambda _: None)
    stated = read_version(engine, loaded.names)
    assert stated is not None
    assert engine.remote.graph == stated.graph


def test_a_cap_is_found_before_it_cuts(tmp_path: Path, loaded: Loaded) -> None:
    with virtuoso(tmp_path, rows=10_000) as settings:
        engine = connect(settings, loaded.names, reader_of(loaded.names))
        try:
            load(loaded, engine, lambda _: None)
            assert find_cap(engine) == 10_000
        finally:
            engine.close()


def test_a_graph_too_large_for_one_request_comes_whole_in_parts(
    engine: RemoteEngine, loaded: Loaded, foreign_rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "PART", 1000)
    more = ox.Store()
    more.extend(loaded.store)
    more.add(ox.Quad(*(ox.NamedNode(f"urn:x-{name}") for name in "spo")))
    foreign = load_store(foreign_rooms)  # it has blank nodes, which must stay whole
    for each in (replace(loaded, store=more), foreign):
        stated = load(each, engine, lambda _: None)
        count = "SELECT (COUNT(*) AS ?n) FROM $graph { ?s ?p ?o }"
        [row] = select(engine, count, graph=ox.NamedNode(stated.graph))
        assert int(row["n"].value) == sum(  # type: ignore[union-attr]
            1 for _ in each.store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        )
