"""Pictures over HTTP: in pages with the same in words beside them, and alone."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from cecot.rooms import Rooms
from markup import read
from sites import site_of

LINK = re.compile(r'<a [^>]*?href="([^"]+)"')
PAGES = ["/network", "/network?about=cecot", "/network?about=tcc", "/timeline"]


def links(text: str) -> set[str]:
    return {unescape(each) for each in LINK.findall(text)}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_with_pictures_is_light_and_names_everything_once(
    site: FlaskClient, path: str, language: str
) -> None:
    page = (
        site.get(path, query_string={"lang": language})
        if "?" not in path
        else site.get(f"{path}&lang={language}")
    )
    assert page.status_code == 200
    assert len(page.data) < 100_000
    ids = re.findall(r' id="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))
    assert " style=" not in page.text


@pytest.mark.parametrize("path", PAGES)
def test_whatever_a_picture_leads_to_the_list_beside_it_leads_to(
    site: FlaskClient, path: str
) -> None:
    text = site.get(path).text
    picture, list_ = text.split("<section>", 1)[0], text.split("<section>", 1)[1]
    drawn = {link for link in links(picture) if link.startswith("/id/")}
    assert drawn
    assert drawn <= links(list_)
    anchors = {link.partition("#")[2] for link in links(picture) if "#s" in link}
    assert all(f'id="{anchor}"' in list_ for anchor in anchors)


def test_every_link_of_a_picture_leads_somewhere(site: FlaskClient) -> None:
    found = {link for path in PAGES for link in links(site.get(path).text)}
    ours = {link.partition("#")[0] for link in found if link.startswith("/")}
    assert len(ours) > 60
    assert not {link for link in ours if site.head(link).status_code not in (200, 303)}


@pytest.mark.parametrize(
    "path", ["/network.svg", "/timeline.svg?lang=es", "/network.svg?about=cecot"]
)
def test_a_picture_stands_alone_with_whole_addresses(site: FlaskClient, path: str) -> None:
    picture = site.get(path)
    assert picture.mimetype == "image/svg+xml"
    assert picture.headers["ETag"]
    root = ET.fromstring(picture.data)
    targets = {each.get("href", "") for each in root.iter("{http://www.w3.org/2000/svg}a")}
    assert targets
    assert all(each.startswith("http://127.0.0.1:8000/") for each in targets)


def test_a_picture_has_the_width_that_is_asked_for(site: FlaskClient) -> None:
    assert 'width="320"' in site.get("/timeline.svg?width=320").text[:400]
    for width in ("10", "x", "99999", "9" * 4301):
        assert site.get(f"/timeline.svg?width={width}").status_code == 400


def test_a_thing_shows_its_pictures_and_leads_to_the_whole_ones(site: FlaskClient) -> None:
    page = site.get("/id/cecot.html?lang=en").text
    assert "/network?about=cecot&lang=en" in links(page)
    assert "/timeline?about=cecot&lang=en" in links(page)
    assert page.count('class="picture"') == 1, "who says what about whom has a page of its own"
    small = site.get("/id/act-torture.html").text
    assert 'class="picture"' not in small, "one line is no picture"


def test_unknown_things_have_no_picture(site: FlaskClient) -> None:
    for path in ("/network?about=nobody", "/timeline?about=nobody", "/network.svg?about=nobody"):
        assert site.get(path).status_code == 404


@pytest.mark.parametrize("rooms_of", ["garden", "foreign_rooms"])
def test_rooms_without_claims_say_that_there_is_nothing_to_draw(
    request: pytest.FixtureRequest, rooms_of: str
) -> None:
    rooms: Rooms = request.getfixturevalue(rooms_of)
    site = site_of(rooms)
    for kind in ("network", "timeline"):
        page = site.get(f"/{kind}?lang=en")
        assert page.status_code == 200
        assert "There is nothing to draw" in page.text
        assert 'class="picture"' not in page.text
        assert site.get(f"/{kind}.svg").status_code == 404


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_said_of_something_else_names_it_in_the_box_of_a_picture(
    site: FlaskClient, language: str
) -> None:
    drawn = read(site, f"/network?about=state-of-exception&lang={language}").text
    whole = {
        "en": "hedged: The arrests may not have been",
        "es": "con reserva: Las detenciones quizá no habrían",
    }[language]
    of_itself = {"en": "hedged: may not have been", "es": "con reserva: quizá no habría"}[language]
    assert drawn.count(whole) == 1  # where the strand leads to the policy
    assert drawn.count(of_itself) == 1  # where it leads to the arrests


def test_a_row_of_a_thing_names_the_subject_where_it_is_another(site: FlaskClient) -> None:
    page = read(site, "/id/nayib-bukele.html?lang=en")
    heads = [each.text for each in page.all("th") if each.attributes.get("scope") == "row"]
    assert "Zury Ríos: admires" in heads
    assert any(each.endswith(": does the same as") for each in heads)
    assert not any(each in ("admires", "does the same as") for each in heads)


def test_acts_stand_in_the_order_of_the_words_and_how_many_stands_apart(
    site: FlaskClient,
) -> None:
    page = read(site, "/id/tcc-33-accusation.html?lang=en")
    (acts,) = [each.text for each in page.all("dd") if each.text.startswith("Arbitrary arrests")]
    named = ("Arbitrary", "Enforced", "Torture", "Other ill-treatment", "Significant due process")
    places = [acts.index(each) for each in named]
    assert places == sorted(places)
    page = read(site, "/id/tcc-37-accusation.html?lang=en")
    terms = [each.text for each in page.all("dt")]
    assert "How many, as alleged" in terms
    assert "some" in [each.text for each in page.all("dd")]
    assert "(some)" not in page.text
