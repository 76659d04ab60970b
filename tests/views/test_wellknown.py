"""What machines look for at fixed addresses leads to what is there, and only there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from cecot.dataset.description import describe
from cecot.dataset.store import load_store
from cecot.render.catalogue import dataset_record, embedded
from cecot.render.dumps import read_dumps
from cecot.render.urls import Urls
from cecot.rooms import Rooms
from sites import site_of

HOST = "https://garden.example/graph"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def whole(rooms: Rooms, folder: Path) -> FlaskClient:
    """The site of the rooms of this checkout, with its downloads, at a public address."""
    return site_of(rooms, folder, public_url=HOST)


def addresses(site: FlaskClient, path: str) -> list[str]:
    response = site.get(path)
    assert response.status_code == 200
    assert response.mimetype == "application/xml"
    return [each.text or "" for each in ET.fromstring(response.data).iter(LOC)]


def test_the_sitemaps_list_pages_that_are_there(whole: FlaskClient) -> None:
    maps = addresses(whole, "/sitemap.xml")
    assert maps == [f"{HOST}/sitemap-pages.xml", f"{HOST}/sitemap-1.xml"]
    pages = [page for each in maps for page in addresses(whole, each.removeprefix(HOST))]
    assert f"{HOST}/" in pages
    assert f"{HOST}/id/cecot.html" in pages
    assert len(pages) == len(set(pages)) > 200
    for page in pages[:40] + pages[::20]:
        response = whole.get(page.removeprefix(HOST), headers=HTML)
        assert response.status_code == 200, page
        assert response.mimetype == "text/html", page


def test_robots_may_read_pages_and_need_not_get_lost(whole: FlaskClient) -> None:
    robots = RobotFileParser()
    robots.parse(whole.get("/robots.txt").text.splitlines())
    assert robots.site_maps() == [f"{HOST}/sitemap.xml"]
    for path in ("/", "/id/cecot.html", "/dumps/claims.csv", "/llms.txt"):
        assert robots.can_fetch("any", HOST + path)
    assert not robots.can_fetch("any", f"{HOST}/sparql?query=ASK%7B%7D")


def test_models_are_told_what_a_claim_is_and_where_things_are(whole: FlaskClient) -> None:
    text = whole.get("/llms.txt").text
    assert text.startswith("# ")
    assert "Only claims whose status is Asserted are facts" in text
    for link in re.findall(r"\]\(([^)]*)\)", text):
        path = link.removeprefix(HOST).replace("{name}", "cecot")
        assert whole.get(path, follow_redirects=True).status_code == 200, link


def test_a_world_without_claims_is_not_told_of_them(foreign_rooms: Rooms, tmp_path: Path) -> None:
    site = site_of(foreign_rooms, tmp_path)
    text = site.get("/llms.txt").text
    assert "claim" not in text.lower()
    assert "https://example.org/garden/id/" in text
    assert site.get("/sitemap.xml").status_code == 200


def test_search_engines_are_told_of_the_dataset_and_its_files(rooms: Rooms, folder: Path) -> None:
    description = describe(load_store(rooms))
    words = {"en": "Who says what.", "es": "Quién dice qué. </script>"}
    record = dataset_record(
        description, Urls(description.names, HOST), read_dumps(folder), words, "es"
    )
    assert record["@type"] == "Dataset"
    assert record["name"] == description.titles["es"]
    assert record["version"] == description.version
    assert str(record["license"]).startswith("https://creativecommons.org/")
    files = record["distribution"]
    assert isinstance(files, list)
    assert f"{HOST}/dumps/claims.csv" in {each["contentUrl"] for each in files}
    text = embedded(record)
    assert "<" not in text
    assert json.loads(text) == record


def test_no_address_comes_from_the_host_header(whole: FlaskClient) -> None:
    for path in ("/robots.txt", "/sitemap.xml", "/sitemap-pages.xml", "/llms.txt", "/dcat"):
        response = whole.get(path, headers={"Host": "evil.example"})
        assert "evil" not in response.text + str(response.headers)
