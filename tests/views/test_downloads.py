"""Downloads over HTTP: listed, checked, sent packed or plain, and told of in the catalogues."""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store, parse

from cecot.dataset.store import EXPORTS
from cecot.rooms import Rooms
from sites import site_of

HOST = "https://garden.example/graph"
FILES = len(EXPORTS) + len(("claims.csv", "claims.csv-metadata.json"))
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture(scope="module")
def downloads(rooms: Rooms, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of the application over the rooms of this checkout, with all files ready."""
    return site_of(rooms, tmp_path_factory.mktemp("downloads"), public_url=HOST)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_every_file_is_listed_and_comes_as_listed(downloads: FlaskClient) -> None:
    told = downloads.get("/dumps").get_json()
    assert told["complete"]
    assert {each["kind"] for each in told["files"]} == {"graph", "claims"}
    assert told["version"] in {each["sha256"] for each in told["files"]}
    for each in told["files"]:
        for part in (each, each["gzip"]):
            response = downloads.get(part["url"].removeprefix("/graph"))
            assert response.status_code == 200
            assert len(response.data) == part["length"] == response.content_length
            assert sha256(response.data) == part["sha256"]
            assert "Content-Encoding" not in response.headers
        assert response.mimetype == "application/gzip"


def test_the_checksums_are_those_that_sha256sum_checks(downloads: FlaskClient) -> None:
    lines = downloads.get("/dumps/SHA256SUMS").text.splitlines()
    assert len(lines) == 2 * FILES
    for line in lines:
        digest, name = line.split("  ")
        assert sha256(downloads.get(f"/dumps/{name}").data) == digest


def test_a_plain_file_travels_packed_if_that_is_asked(downloads: FlaskClient) -> None:
    plain = downloads.get("/dumps/cecot.ttl")
    packed = downloads.get("/dumps/cecot.ttl", headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.mimetype == plain.mimetype == "text/turtle"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for response in (plain, packed):
        digest = base64.b64encode(hashlib.sha256(response.data).digest()).decode()
        assert response.headers["Repr-Digest"] == f"sha-256=:{digest}:"
        tag = {"If-None-Match": response.headers["ETag"]}
        again = downloads.get(
            "/dumps/cecot.ttl", headers=tag | (GZIP if response is packed else {})
        )
        assert again.status_code == 304


def test_the_table_of_claims_leads_to_what_explains_it(downloads: FlaskClient) -> None:
    link = downloads.get("/dumps/claims.csv").headers["Link"]
    assert link == (
        '</graph/dumps/claims.csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
    )
    assert downloads.get("/dumps/claims.csv-metadata.json").mimetype == "application/csvm+json"


def test_the_page_of_downloads_links_to_all_of_them(downloads: FlaskClient) -> None:
    page = downloads.get("/dumps", headers={"Accept": "text/html"})
    links = set(re.findall(r'href="/graph(/dumps/[^"]+)"', page.text))
    assert len(links) == 2 * FILES + 1
    assert all(downloads.get(link).status_code == 200 for link in links)


@pytest.mark.parametrize(
    "name", ["cecot.exe", "index.json", "..", "%2e%2e%2fgraph-1", "cecot.ttl.gz.gz"]
)
def test_no_other_file_can_be_had(downloads: FlaskClient, name: str) -> None:
    assert downloads.get(f"/dumps/{name}").status_code == 404
    assert downloads.get("/sitemap-99.xml").status_code == 404


def test_a_file_that_is_not_ready_is_503_with_retry_after(rooms: Rooms, tmp_path: Path) -> None:
    site = site_of(rooms, tmp_path, write=False)
    response = site.get("/dumps/cecot.ttl")
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["Cache-Control"] == "no-store"
    assert site.get("/dumps").get_json()["files"] == []
    for path in ("/dumps", "/dumps/SHA256SUMS", "/sitemap.xml", "/dcat", "/.well-known/void"):
        assert site.get(path).headers["Cache-Control"] == "no-store", path
    assert site.get("/dumps", headers={"Accept": "text/html"}).status_code == 200
    assert site.get("/sitemap.xml").status_code == 200


def test_the_catalogues_lead_to_every_file_with_its_checksum(downloads: FlaskClient) -> None:
    store = Store()
    for path in ("/dcat", "/.well-known/void"):
        response = downloads.get(path, headers={"Accept": "application/n-triples"})
        store.extend(parse(response.data, RdfFormat.N_TRIPLES))
    rows = store.query(
        """
        PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX spdx: <http://spdx.org/rdf/terms#>
        SELECT ?url ?size ?sum {
          ?d dcat:downloadURL ?url ; dcat:byteSize ?size ; spdx:checksum/spdx:checksumValue ?sum }
        """
    )
    found = {row["url"].value: (int(row["size"].value), row["sum"].value) for row in rows}
    assert len(found) == FILES
    for url, (size, checksum) in found.items():
        data = downloads.get(url.removeprefix(HOST)).data
        assert (len(data), sha256(data)) == (size, checksum)
    dumped = store.query("SELECT ?f { ?d <http://rdfs.org/ns/void#dataDump> ?f }")
    assert {row["f"].value for row in dumped} <= found.keys()


def test_a_service_without_downloads_does_not_speak_of_them(site: FlaskClient) -> None:
    assert site.get("/dumps").status_code == 404
    assert "dumps" not in site.get("/llms.txt").text
    assert "/dumps" not in site.get("/", headers={"Accept": "text/html"}).text
    assert "dataDump" not in site.get("/.well-known/void").text


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {"If-Match": '"other"'}, 412),
        ("GET", {"If-None-Match": "*"}, 304),
        ("HEAD", {}, 200),
        ("GET", {}, 200),
    ],
)
def test_no_file_stays_open_whatever_is_answered(
    downloads: FlaskClient, method: str, headers: dict[str, str], status: int
) -> None:
    def opened() -> list[str]:
        held = (f"/proc/self/fd/{each}" for each in os.listdir("/proc/self/fd"))
        return [name for each in held if "cecot.nt" in (name := os.path.realpath(each))]

    response = downloads.open("/dumps/cecot.nt.gz", method=method, headers=headers)
    assert response.status_code == status
    assert not opened()
    if status == 200:
        assert response.content_length == int(response.headers["Content-Length"]) > 0
