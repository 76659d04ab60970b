"""Voices side by side: on a page of all of them, and on the page of a thing."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cecot.rooms import find_rooms
from markup import Element, read
from sites import site_of

PRACTICE = Path(__file__).parents[1] / "practice"


@pytest.fixture(scope="module")
def practice() -> FlaskClient:
    """The practice texts, which have everything."""
    return site_of(find_rooms(PRACTICE))


def told(page: Element) -> dict[str, dict[str, str]]:
    """What stands in each column, by the topic and the head of the column."""
    (table,) = [e for e in page.all("table") if "sides" in e.attributes.get("class", "").split()]
    heads = [each.text for head in table.all("thead") for each in head.all("th")][1:]
    rows = [row for body in table.all("tbody") for row in body.all("tr")]
    return {
        row.all("th")[0].text: dict(zip(heads, [cell.text for cell in row.all("td")], strict=True))
        for row in rows
    }


ARTICLE = "Article \u201cThe Alder Street Library\u201d"
LEAFLET = "Leaflet \u201cNews from the Town Council\u201d"


def test_two_texts_that_differ_stand_in_columns_of_their_own(practice: FlaskClient) -> None:
    row = told(read(practice, "/disputes"))["Alder Street Library: capacity"]
    assert "40 readers" in row[ARTICLE]
    assert "48 readers" not in row[ARTICLE]
    assert f"{ARTICLE} asserted" in row[ARTICLE]
    assert "48 readers" in row[LEAFLET]
    assert "a source by a party to the matter (Town council of Norwick)" in row[LEAFLET]
    assert row["Somebody else, as a text reports it"] == (
        "Nothing here in the voice of somebody else."
    )


def test_what_a_text_of_a_party_says_is_never_listed_as_what_the_texts_state(
    practice: FlaskClient,
) -> None:
    page = read(practice, "/id/library.html")
    (stated,) = [e for e in page.all("section") if e.attributes.get("aria-labelledby") == "stated"]
    assert f"in its own voice: {ARTICLE}" in stated.text
    assert LEAFLET not in stated.text
    capacity = told_of(page, "capacity")
    assert "a source by a party to the matter (Town council of Norwick)" in capacity
    (also,) = [e for e in page.all("section") if e.attributes.get("aria-labelledby") == "also"]
    for claim in also.all("li"):
        assert (LEAFLET in claim.text) == ("a source by a party" in claim.text)


def test_an_accusation_stands_with_its_denial_and_its_repetition(practice: FlaskClient) -> None:
    page = read(practice, "/disputes")
    (row,) = [e for e in page.all("tr") if "Readers' Circle alleged" in e.text]
    assert "act of saying: deny" in row.text
    assert "tells it again: no voice of its own" in row.text
    assert "Town council of Norwick attributed" in row.text


def test_every_claim_there_has_its_status_and_its_speaker(practice: FlaskClient) -> None:
    page = read(practice, "/disputes")
    sides = [e for e in page.all("div") if "side" in e.attributes.get("class", "").split()]
    assert len(sides) > 8
    for side in sides:
        who = side.all("p")[0]
        marks = [each.attributes.get("class", "") for each in who.all("span")]
        assert "speaker" in marks
        assert any(mark.startswith("status is-") for mark in marks)


def test_no_word_of_the_page_says_who_is_right(practice: FlaskClient) -> None:
    text = read(practice, "/disputes").text.lower()
    for word in ("contradict", "false", "wrong claim", "correct", "true claim", "lie", "debunk"):
        assert word not in text.replace("corrections", "").replace("believe", ""), word


def test_a_thing_shows_where_voices_differ_about_it(practice: FlaskClient) -> None:
    path = "/id/library.html"
    assert "48 readers" in told_of(read(practice, path), "capacity")


def told_of(page: Element, topic: str) -> str:
    """The row of ``topic`` in any table of sides."""
    rows = [row for row in page.all("tr") if row.all("th") and row.all("th")[0].text == topic]
    return " ".join(row.text for row in rows)


def test_where_no_voices_differ_the_page_says_so(site: FlaskClient) -> None:
    page = read(site, "/disputes")
    assert "no claim here answers, denies or repeats another" in page.text
    assert "a statement about these claims, not about the matter" in page.text
