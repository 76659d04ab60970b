"""The front page: what it is, from which text, how much and how old, told in ten seconds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cecot.dataset.questions import read_questions
from cecot.rooms import Rooms
from markup import Element, read
from sites import site_of


@pytest.fixture(scope="module")
def site(rooms: Rooms) -> FlaskClient:
    return site_of(rooms)


def part(page: Element, name: str) -> Element:
    """The one element of the class ``name``."""
    (found,) = [each for each in page.walk() if name in each.classes]
    return found


def test_the_heading_does_not_repeat_the_masthead(site: FlaskClient) -> None:
    for language in ("en", "es"):
        page = read(site, f"/?lang={language}")
        (heading,) = page.all("h1")
        assert heading.text not in part(page, "masthead").text
        assert "CECOT" in heading.text


def test_the_scope_says_which_text_how_much_how_old(site: FlaskClient) -> None:
    told = part(read(site, "/?lang=en"), "scope").text
    for words in (
        "1 text",
        "Excerpt of the English Wikipedia article “Terrorism Confinement Center”",
        "The revision of the article is not known.",
        "30",
        "23 November 2026",
        "none of them checked against reality",
    ):
        assert words in told
    total = site.get("/claims.json?lang=en").get_json()["total"]
    assert re.search(rf"Claims ?{total}\D", told)


def test_a_real_line_is_taken_apart(site: FlaskClient) -> None:
    apart = part(read(site, "/?lang=en"), "apart")
    assert "Line 9, taken apart" in apart.text
    rows = apart.all("li")
    assert len(rows) >= 3
    for row in rows:
        assert "words" in {name for each in row.walk() for name in each.classes}
        assert "status" in {name for each in row.walk() for name in each.classes}
        assert any(f"is-{name}" in row.classes for name in ("asserted", "hedged", "alleged"))


def test_three_answers_stand_in_sentences_with_their_status(site: FlaskClient) -> None:
    cards = part(read(site, "/?lang=en"), "answers").all("li")
    assert [next(c for c in card.classes if c.startswith("is-")) for card in cards] == [
        "is-asserted",
        "is-attributed",
        "is-unsaid",
    ]
    assert "over 55,000 people" in cards[0].text
    assert "asserted, line 9" in cards[0].text
    assert "Financial Times attributed, line 29" in cards[1].text
    assert "not said" in cards[2].text


def test_every_question_stands_there_with_its_first_line(site: FlaskClient, rooms: Rooms) -> None:
    for path in ("/", "/questions"):
        page = read(site, f"{path}?lang=es")
        themes = [each for each in page.walk() if "theme" in each.classes]
        items = [item for theme in themes for item in theme.all("li")]
        assert len(items) == len(read_questions(rooms))
        for item in items:
            (line,) = item.all("p")
            assert "sign" in {name for each in line.walk() for name in each.classes}


def test_a_shared_link_says_what_the_page_says_with_its_status(site: FlaskClient) -> None:
    page = site.get("/questions/arrests?lang=en").text
    described = re.findall(
        r'<meta (?:name|property)="(?:og:)?description" content="([^"]*)">', page
    )
    assert len(described) == 2
    for each in described:
        assert "over 55,000 people" in each
        assert "[asserted;" in each
    (title,) = re.findall(r'<meta property="og:title" content="([^"]*)">', page)
    assert title == "How many people were arrested, in what time, and who says so?"
    claim = site.get("/id/tcc-33-accusation.html?lang=en").text
    (shared,) = re.findall(r'<meta property="og:title" content="([^"]*)">', claim)
    assert shared.startswith("Alleged by Human Rights Watch: ")


def test_the_card_of_a_shared_link_is_a_picture_from_here(site: FlaskClient) -> None:
    page = site.get("/questions/arrests").text
    (address,) = re.findall(r'<meta property="og:image" content="([^"]*)">', page)
    assert address.startswith("http://127.0.0.1:8000/static/card.")
    picture = site.get(address.removeprefix("http://127.0.0.1:8000"))
    assert picture.mimetype == "image/png"
    assert picture.data[16:24] == bytes.fromhex("000004b000000276"), "1200 by 630"


def test_an_address_that_is_not_there_is_the_canonical_one_of_nothing(site: FlaskClient) -> None:
    page = site.get("/nowhere", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "canonical" not in page.text
    assert "alternate" not in page.text


def test_the_canonical_address_leaves_out_the_language_alone(site: FlaskClient) -> None:
    page = site.get("/claims?about=human-rights-watch&lang=es").text
    (address,) = re.findall(r'<link rel="canonical" href="([^"]*)">', page)
    assert address == "http://127.0.0.1:8000/claims?about=human-rights-watch"


def test_rooms_without_sentences_list_their_questions_all_the_same(
    client: FlaskClient, tmp_path: Path
) -> None:
    del tmp_path
    page = read(client, "/")
    assert [each.text for each in page.all("h1")] == ["A garden"]
    assert "How tall are the plants?" in page.text
    assert not [each for each in page.walk() if {"apart", "scope", "answers"} & each.classes]


@pytest.mark.parametrize("path", ["/", "/questions"])
def test_a_line_names_its_speaker_once_and_keeps_statuses_apart(
    site: FlaskClient, path: str
) -> None:
    lines = [each.text for each in read(site, f"{path}?lang=en").all("p")]
    (accused,) = [each for each in lines if "accuses the Salvadoran government" in each]
    assert accused.startswith("alleged Human Rights Watch accuses")
    (announced,) = [each for each in lines if "Five announcements of prisons" in each]
    assert announced.count("Xiomara Castro") == 1
    (quoted,) = [each for each in lines if "Six quotations" in each]
    assert quoted.startswith("attributed Nayib Bukele · alleged Human Rights Watch · planned ")
    (unnamed,) = [each for each in lines if "Two allegations concern" in each]
    assert unnamed.startswith("alleged, Unidentified accuser (line 7)")
