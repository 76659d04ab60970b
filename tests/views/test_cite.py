"""Everything that has an address can be cited: the dataset, things, claims, answers."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from cecot.rooms import Rooms, find_rooms
from sites import site_of

DAY = "2026-11-25"
LINK = re.compile(r'<(?:a|link) [^>]*?href="([^"]+)"')


def csl(site: FlaskClient, of: str, language: str = "en") -> dict[str, object]:
    response = site.get("/cite.json", query_string={"of": of, "date": DAY, "lang": language})
    assert response.status_code == 200, response.text
    (item,) = json.loads(response.text)
    return dict(item)


def test_the_dataset_is_cited_by_its_version_and_the_day(site: FlaskClient) -> None:
    item = csl(site, "")
    version = site.get("/health").get_json()["version"]
    assert item["type"] == "dataset"
    assert item["title"] == "The CECOT knowledge graph: who says what, where"
    assert item["version"] == version[:12]
    assert version in str(item["note"])
    assert item["accessed"] == {"date-parts": [[2026, 11, 25]]}
    assert item["URL"] == "https://w3id.org/cecot/id/dataset"


def test_a_claim_is_cited_as_what_its_speaker_says(site: FlaskClient) -> None:
    note = str(csl(site, "tcc-33-accusation")["note"])
    assert "Status: alleged; said by: Human Rights Watch." in note
    assert "Place: line 33" in note
    assert "Unresolved: No policy, report or date is named." in note
    spanish = str(csl(site, "tcc-33-accusation", "es")["note"])
    assert "Estado: alegada; lo dice: Human Rights Watch." in spanish


def test_a_figure_is_cited_with_the_claim_that_gives_it(site: FlaskClient) -> None:
    note = str(csl(site, "tcc-49-12-000-inmates")["note"])
    assert "Status: planned; said by: Daniel Noboa." in note


@pytest.mark.parametrize(
    ("of", "title", "permalink"),
    [
        ("/id/cecot.html", "Terrorism Confinement Center (CECOT)", "id/cecot"),
        ("cecot", "Terrorism Confinement Center (CECOT)", "id/cecot"),
        ("https://w3id.org/cecot/id/cecot", "Terrorism Confinement Center (CECOT)", "id/cecot"),
        ("/questions/capacity", "How many inmates can CECOT hold?", "questions/capacity"),
        ("/questions/capacity/embed", "How many inmates can CECOT hold?", "questions/capacity"),
        (
            "https://w3id.org/cecot/questions/capacity",
            "How many inmates can CECOT hold?",
            "questions/capacity",
        ),
        ("https://w3id.org/cecot/ontology#Claim", "claim", "ontology#Claim"),
        ("/claims", "The CECOT knowledge graph: who says what, where", "id/dataset"),
    ],
)
def test_a_path_or_an_iri_names_what_is_cited(
    site: FlaskClient, of: str, title: str, permalink: str
) -> None:
    item = csl(site, of)
    assert item["title"] == title
    assert item["URL"] == f"https://w3id.org/cecot/{permalink}"


def test_keys_tell_what_is_cited_and_stay_the_same(site: FlaskClient) -> None:
    version = str(site.get("/health").get_json()["version"])
    for of, key in (
        ("", f"cecot-dataset-{version[:8]}"),
        ("tcc-33-accusation", "cecot-tcc-33-accusation"),
        ("/questions/arrests", "cecot-questions-arrests"),
        ("https://w3id.org/cecot/ontology#Claim", "cecot-ontology-Claim"),
    ):
        assert csl(site, of)["id"] == csl(site, of, "es")["id"] == key
        written = site.get("/cite.bib", query_string={"of": of, "date": DAY}).text
        assert written.startswith(f"@misc{{{key},\n")
        ris = site.get("/cite.ris", query_string={"of": of, "date": DAY}).text
        assert f"ID  - {key}\r\n" in ris


def test_no_author_is_made_up(site: FlaskClient) -> None:
    item = csl(site, "")
    assert not {"author", "editor", "publisher"} & item.keys()


@pytest.mark.parametrize(
    ("said", "author", "publisher"),
    [
        ('dcterms:creator "The editors"@en, "Las editoras"@es', "The editors", None),
        ('dcterms:publisher "A house"', "A house", "A house"),
        ('dcterms:creator "Ana" ; dcterms:publisher "A house"', "Ana", "A house"),
    ],
)
def test_who_made_the_rooms_is_named_as_they_say(
    rooms: Rooms, tmp_path: Path, said: str, author: str, publisher: str | None
) -> None:
    for room in ("ontology", "graph", "shapes"):
        shutil.copytree(rooms.graph.parent / room, tmp_path / room)
    record = tmp_path / "graph" / "dataset.ttl"
    record.write_text(f"{record.read_text('utf-8')}\nid:dataset {said} .\n", "utf-8")
    item = csl(site_of(find_rooms(tmp_path)), "cecot")
    assert item["author"] == [{"literal": author}]
    assert item.get("publisher") == publisher


@pytest.mark.parametrize(
    "of",
    [
        "nothing-of-the-kind", "/id/nothing", "/questions/nothing", "/nothing", "//evil.example/x",
        "/\\evil.example/x", "/%5Cevil.example/x", "//claims", "https://evil.example/claims",
    ],
)  # fmt: skip
def test_what_is_not_here_cannot_be_cited(site: FlaskClient, of: str) -> None:
    assert site.get("/cite", query_string={"of": of}).status_code == 404


def test_what_is_unknown_cannot_be_cited(site: FlaskClient) -> None:
    assert site.get("/cite.doc").status_code == 404
    assert site.get("/cite?date=tomorrow").status_code == 400


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        ("bib", "application/x-bibtex"),
        ("ris", "application/x-research-info-systems"),
        ("json", "application/vnd.citationstyles.csl+json"),
        ("txt", "text/plain"),
    ],
)
def test_each_format_comes_under_its_own_type_and_name(
    site: FlaskClient, suffix: str, media_type: str
) -> None:
    response = site.get(f"/cite.{suffix}?of=cecot&date={DAY}")
    assert response.mimetype == media_type
    assert f'filename="cecot-cecot.{suffix}"' in response.headers["Content-Disposition"]
    assert site.get(f"/cite.{suffix}?of=cecot&date={DAY}").data == response.data


def test_a_reference_of_today_is_kept_by_nobody(site: FlaskClient) -> None:
    for path in ("/cite", "/cite.bib"):
        assert site.get(path).headers["Cache-Control"] == "no-store"
        dated = site.get(f"{path}?date={DAY}")
        assert "max-age" in dated.headers["Cache-Control"]
        assert dated.headers["ETag"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_shows_all_formats_and_the_permanent_address(
    site: FlaskClient, language: str
) -> None:
    page = site.get(f"/cite?of=/questions/capacity&date={DAY}&lang={language}").text
    for text in ("@misc{cecot-questions-capacity,", "TY  - DATA", "&#34;container-title&#34;"):
        assert text in page
    assert "https://w3id.org/cecot/questions/capacity" in page


@pytest.mark.parametrize("of", ["", "cecot", "/questions/capacity", "/claims", "tcc-33-accusation"])
def test_every_link_of_the_page_leads_somewhere(site: FlaskClient, of: str) -> None:
    page = site.get("/cite", query_string={"of": of, "date": DAY, "lang": "es"}).text
    found = {unescape(each).partition("#")[0] for each in LINK.findall(page)}
    ours = {each for each in found if each.startswith("/")}
    asked = {"of": of} if of else {}
    assert f"/cite.bib?{urlencode({**asked, 'date': DAY, 'lang': 'es'})}" in ours
    assert not {link for link in ours if site.get(link, follow_redirects=True).status_code != 200}


def test_foreign_rooms_are_cited_by_what_they_say_of_themselves(
    client: FlaskClient, foreign_rooms: Rooms
) -> None:
    garden = client.get(f"/cite.txt?date={DAY}&lang=es").text
    assert garden.startswith("Un jardín, versión ")
    assert "https://garden.example/graph/" in garden
    foreign = site_of(foreign_rooms)
    assert foreign.get(f"/cite.bib?date={DAY}").text.startswith("@misc{")
