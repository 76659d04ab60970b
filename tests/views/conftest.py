"""The application over a small graph of its own, so that each test shows all that it depends on."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cecot.dataset.description import describe
from cecot.dataset.store import Loaded, load_store
from cecot.rooms import Rooms, find_rooms
from cecot.settings import Settings
from cecot.views.app import create_app
from sites import WholeAnswers, engine_over, site_of

PUBLIC = "https://garden.example/graph"


@pytest.fixture(scope="session")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Rooms:
    """Rooms of two plants, an ontology and one rule."""
    folder = tmp_path_factory.mktemp("garden")
    for room in ("ontology", "graph", "shapes"):
        (folder / room).mkdir()
    write(
        folder / "ontology" / "garden.ttl",
        """
        PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        <http://garden.example/ontology> a owl:Ontology ;
            dcterms:title "A garden"@en, "Un jardín"@es ;
            dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
            dcterms:modified "2026-11-20"^^xsd:date .
        """,
    )
    write(
        folder / "graph" / "plants.ttl",
        """
        PREFIX : <http://garden.example/ontology#>
        PREFIX id: <http://garden.example/id/>
        id:fern a :Plant ; :height 40 .
        id:moss a :Plant ; :height 2 .
        """,
    )
    write(
        folder / "shapes" / "Plant.ttl",
        """
        PREFIX sh: <http://www.w3.org/ns/shacl#>
        <http://garden.example/shapes#Plant> a sh:NodeShape .
        """,
    )
    (folder / "graph" / "queries").mkdir()
    write(
        folder / "graph" / "queries" / "how-tall.rq",
        """#+ number: 1
        #+ title.en: How tall are the plants?
        #+ title.es: ¿Cuánto miden las plantas?
        SELECT ?height { ?plant <http://garden.example/ontology#height> ?height }
        """,
    )
    return find_rooms(folder)


@pytest.fixture(scope="session")
def loaded(garden: Rooms) -> Loaded:
    """The garden in a store."""
    return load_store(garden)


@pytest.fixture
def app(loaded: Loaded) -> Flask:
    """The application over the garden, evaluating in this process."""
    return create_app(engine_over(loaded), describe(loaded), Settings(public_url=PUBLIC))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application; an exception inside reaches the test."""
    app.testing = True
    app.test_client_class = WholeAnswers
    return app.test_client()


def write(path: Path, text: str) -> None:
    """Write ``text`` without the indentation of the test that holds it."""
    path.write_text("\n".join(line.strip() for line in text.splitlines()), encoding="utf-8")


@pytest.fixture(scope="session")
def site(rooms: Rooms) -> FlaskClient:
    """A client of the application over the rooms of this checkout."""
    return site_of(rooms)
