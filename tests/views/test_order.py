"""What has no order of its own gets one: a page is the same from every store of the same graph."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from cecot.dataset.description import describe
from cecot.dataset.store import Loaded, load_store
from cecot.rooms import Rooms
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine
from cecot.views.app import create_app

WORDS = ["tonala", "prison", "human rights", "bukele", "2023", "inmates", "capacity", "gang"]
PAGES = [
    "/",
    "/claims",
    "/claims.csv",
    "/claims.json",
    "/sources",
    "/network",
    "/timeline",
    "/dcat",
]


@pytest.fixture(scope="module")
def sites(rooms: Rooms) -> tuple[FlaskClient, FlaskClient]:
    """The same graph from two stores, into which it came in another order."""
    loaded = load_store(rooms)
    quads = sorted(loaded.store, key=str)
    random.Random(7).shuffle(quads)
    other = Store()
    other.extend(quads)
    return client_of(loaded), client_of(Loaded(loaded.rooms, loaded.names, other))


def client_of(loaded: Loaded) -> FlaskClient:
    engine = InProcessEngine(loaded.store, prefixes=loaded.names.prefixes)
    app = create_app(engine, describe(loaded), Settings())
    app.testing = True
    return app.test_client()


def addresses(rooms: Rooms) -> Iterator[str]:
    yield from PAGES
    for words in WORDS:
        yield f"/search?q={words}"
        yield f"/search.json?q={words}"
    passages = sorted((rooms.graph / "sources" / "tcc").glob("[0-9]*.ttl"))
    yield from (f"/id/tcc-{path.stem}.html" for path in passages)
    yield from (f"/id/{name}.html" for name in ("tcc", "cecot", "nayib-bukele", "barrio-18"))


def test_a_page_is_the_same_from_every_store_of_the_graph(
    rooms: Rooms, sites: tuple[FlaskClient, FlaskClient]
) -> None:
    found = 0
    differ = []
    for address in addresses(rooms):
        one, other = (site.get(address) for site in sites)
        found += one.status_code == 200
        if one.data != other.data:
            differ.append(address)
    assert differ == []
    assert found > 30
