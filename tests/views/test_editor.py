"""The query editor: its page with and without the script, its policy, what it completes."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from cecot.claims.names import Completer, Completion, completions
from cecot.dataset.content import Material
from cecot.dataset.description import describe
from cecot.dataset.store import Loaded, load_store
from cecot.rooms import Rooms
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine
from cecot.views.context import FOLDER, Context, read_assets
from cecot.views.sparql import SCRIPT, STYLE, blueprint
from sites import site_of

ADDRESS = re.compile(r"https?://[^\s\"'`<>)\\]+")
NAMES_OF_STANDARDS = re.compile(r"http://www\.w3\.org/(1998|1999|2000|2001)/")


def client_of(loaded: Loaded, folder: Path, *, has_script: bool) -> FlaskClient:
    """A client of an application that has the editor alone, with its script or without."""
    files = folder / "static"
    shutil.copytree(FOLDER, files, ignore=shutil.ignore_patterns("built*"))
    for name in (SCRIPT, STYLE) if has_script else ():
        (files / name).parent.mkdir(exist_ok=True)
        (files / name).write_text("/* built */")
    engine = InProcessEngine(loaded.store)
    context = Context(engine, describe(loaded), Settings(), assets=read_assets(files))
    app = Flask("cecot.views", static_folder=None)
    app.register_blueprint(blueprint(context))
    app.testing = True
    return app.test_client()


@pytest.fixture
def with_script(loaded: Loaded, tmp_path: Path) -> FlaskClient:
    """The editor of an installation that has its script."""
    return client_of(loaded, tmp_path, has_script=True)


@pytest.fixture
def without_script(loaded: Loaded, tmp_path: Path) -> FlaskClient:
    """The editor of an installation that was built without npm."""
    return client_of(loaded, tmp_path, has_script=False)


def test_the_editor_allows_itself_scripts_and_requests_of_this_host_alone(
    with_script: FlaskClient,
) -> None:
    page = with_script.get("/editor")
    policy = dict(
        part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";")
    )
    allowed = {name: policy[name] for name in ("default-src", "script-src", "style-src")}
    assert allowed == {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'"}
    assert policy["connect-src"] == "'self'"


def test_the_page_has_no_script_or_style_in_its_text(with_script: FlaskClient) -> None:
    page = with_script.get("/editor").text
    scripts = re.findall(r"<script ([^>]*)>", page)
    assert all("src=" in each or 'type="application/json"' in each for each in scripts)
    assert "<style" not in page
    assert " style=" not in page


def test_an_installation_without_the_script_has_a_plain_form_and_says_so(
    without_script: FlaskClient,
) -> None:
    page = without_script.get("/editor")
    assert page.status_code == 200
    assert "The editor was not built into this installation" in unescape(page.text)
    assert "editor.js" not in page.text
    assert 'action="/sparql"' in page.text
    assert "connect-src" not in page.headers.get("Content-Security-Policy", "")


@pytest.mark.parametrize("client", ["with_script", "without_script"])
def test_the_address_brings_a_query_or_names_a_question(
    client: str, request: pytest.FixtureRequest
) -> None:
    pages: FlaskClient = request.getfixturevalue(client)
    asked = {"query": 'ASK { ?s ?p "</textarea>" }'}
    assert asked["query"] in unescape(pages.get("/editor", query_string=asked).text)
    assert "</textarea>&#34;" not in pages.get("/editor", query_string=asked).text
    assert "SELECT ?height" in pages.get("/editor?question=how-tall").text
    assert "SELECT ?class" in pages.get("/editor?question=no-such-question").text


def test_the_questions_are_links_in_the_language_of_the_reader(with_script: FlaskClient) -> None:
    page = with_script.get("/editor?lang=es").text
    assert 'href="/editor?question=how-tall&amp;lang=es"' in page
    assert "¿Cuánto miden las plantas?" in page


def test_the_data_of_the_page_cannot_end_its_own_element(with_script: FlaskClient) -> None:
    page = with_script.get("/editor").text
    (data,) = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert "<" not in data
    told = json.loads(data)
    assert told["endpoint"] == "/sparql"
    assert told["questions"][0]["query"].startswith("SELECT ?height")


def test_the_terms_are_those_that_the_graph_uses_or_defines(with_script: FlaskClient) -> None:
    answer = with_script.get("/editor/terms.json")
    told = {each["iri"]: (each["kind"], each["uses"]) for each in answer.json["terms"]}
    assert told["http://garden.example/ontology#Plant"] == ("class", 2)
    assert told["http://garden.example/ontology#height"] == ("property", 2)
    tag = answer.headers["ETag"]
    again = with_script.get("/editor/terms.json", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert with_script.get("/editor/terms.json?lang=es").headers["ETag"] != tag


def found_by(rooms: Rooms, typed: str, property_: str = "") -> list[str]:
    """The ends of the IRIs of the things that are offered over ``rooms``."""
    term = NamedNode(property_) if property_ else None
    found = Completer(InProcessEngine(load_store(rooms).store)).find(typed, term)
    return [each.node.iri.rpartition("/")[2].rpartition("#")[2] for each in found]


def test_a_thing_is_found_by_any_word_of_any_of_its_names(rooms: Rooms) -> None:
    assert found_by(rooms, "watch")[0] == "human-rights-watch"
    assert found_by(rooms, "RIGHTS hum")[0] == "human-rights-watch"
    assert found_by(rooms, "hrw") == ["human-rights-watch"]
    assert "salvadoran-government" in found_by(rooms, "salvadoreno")
    assert not found_by(rooms, "zzzz")


def test_the_values_of_a_property_are_offered_alone_where_some_fit(
    rooms: Rooms, material: Material
) -> None:
    modality, accuser = (
        material.names.ontology_iri + f"#{each}" for each in ("modality", "accuser")
    )
    assert set(found_by(rooms, "", modality)) <= {
        "Asserted", "Hedged", "Attributed", "Alleged", "Planned", "Evaluative",
    }  # fmt: skip
    assert found_by(rooms, "alle", modality) == ["Alleged"]
    assert len(found_by(rooms, "human")) > 1
    assert found_by(rooms, "human", accuser) == ["human-rights-watch"]
    assert "tecoluca" in found_by(rooms, "tecol", accuser)


def test_names_of_iris_are_told_in_the_language_of_the_reader(rooms: Rooms) -> None:
    site, id_ = site_of(rooms), "https://w3id.org/cecot/id/"
    asked = {"iri": [f"{id_}salvadoran-government", f"{id_}tcc-25", f"{id_}nothing", "no iri <>"]}
    told = site.post("/editor/labels.json?lang=es", data=asked).get_json()["labels"]
    assert told == {
        f"{id_}salvadoran-government": "Gobierno salvadoreño",
        f"{id_}tcc-25": "línea 25",
    }
    names = site.get("/editor/names.json?typed=tortur").get_json()["names"]
    assert {each["kind"] for each in names} == {"alleged act"}


def offered(rooms: Rooms, language: str) -> dict[str, Completion]:
    """What is completed over ``rooms``, by IRI."""
    loaded = load_store(rooms)
    found = completions(InProcessEngine(loaded.store), describe(loaded), language)
    return {each.iri: each for each in found}


def test_terms_have_labels_in_the_language_of_the_reader(rooms: Rooms, material: Material) -> None:
    capacity = material.names.ontology_iri + "#capacity"
    assert offered(rooms, "en")[capacity].label == "capacity"
    assert offered(rooms, "es")[capacity].label == "capacidad"


def test_a_term_that_is_defined_and_never_used_is_offered_too(
    rooms: Rooms, material: Material
) -> None:
    assert offered(rooms, "en")[material.names.ontology_iri + "#capacity"].uses == 0


def test_rooms_of_another_world_have_an_editor_without_questions(foreign_rooms: Rooms) -> None:
    page = site_of(foreign_rooms).get("/editor")
    assert page.status_code == 200
    assert 'id="examples"' not in page.text


def test_rooms_of_another_world_have_their_own_terms(foreign_rooms: Rooms) -> None:
    found = offered(foreign_rooms, "en")
    assert found
    assert not [iri for iri in found if "cecot" in iri]


@pytest.mark.skipif(
    not (FOLDER / SCRIPT).is_file(), reason="the editor is not built here: make setup, with npm"
)
def test_the_built_script_knows_no_address_of_anybody_else() -> None:
    text = (FOLDER / SCRIPT).read_text(encoding="utf-8")
    found = set(ADDRESS.findall(text))
    assert not {each for each in found if not NAMES_OF_STANDARDS.match(each)}
    assert "prefix.cc" not in text
    assert "eval(" not in text
