"""The texts about the graph: complete in both languages, true of each installation."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from cecot.locale.catalogue import locales
from cecot.locale.extraction import COMPLETE
from cecot.rooms import Rooms
from sites import site_of

NAMES = ("about", "corrections", "method")
LINK = re.compile(r'<a [^>]*?href="([^"]+)"')
MAIN = re.compile(r'<article class="prose">.*</article>', re.DOTALL)


def links(text: str) -> set[str]:
    return {unescape(each) for each in LINK.findall(text)}


@pytest.mark.parametrize("name", NAMES)
def test_each_text_stands_in_every_complete_language_with_the_same_parts(
    site: FlaskClient, name: str
) -> None:
    pages = {language: site.get(f"/{name}?lang={language}").text for language in COMPLETE}
    parts = {code: re.findall(r'<h2 id="(\w+)"', page) for code, page in pages.items()}
    assert parts["en"]
    assert all(each == parts["en"] for each in parts.values())
    said = {code: set(re.findall(r"<p>(.{40,}?)</p>", page)) for code, page in pages.items()}
    assert said["en"]
    assert not any(said["en"] & told for code, told in said.items() if code != "en")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", locales())
def test_every_page_leads_to_the_text_and_all_its_links_lead_on(
    site: FlaskClient, name: str, language: str
) -> None:
    assert f"/{name}?lang={language}" in links(site.get(f"/?lang={language}").text)
    page = site.get(f"/{name}?lang={language}")
    assert page.headers["Content-Language"] == language
    found = MAIN.search(page.text)
    assert found
    for link in links(found[0]):
        if link.startswith("/"):
            assert site.get(link.partition("#")[0]).status_code in (200, 303)


@pytest.mark.parametrize("name", NAMES)
def test_the_texts_name_no_thing_of_the_graph(
    site: FlaskClient, client: FlaskClient, name: str
) -> None:
    # Only a graph with claims has a method; of another graph even the title names nothing here.
    asked = site if name == "method" else client
    for language in locales():
        found = MAIN.search(asked.get(f"/{name}?lang={language}").text)
        assert found
        assert not re.search("CECOT|Bukele|Salvador|Wikipedia", found[0])


def test_the_method_explains_each_status_with_its_claims(site: FlaskClient) -> None:
    page = site.get("/method?lang=en").text
    for status in ("asserted", "hedged", "attributed", "alleged", "planned", "evaluative"):
        assert f"/claims?status={status}&lang=en" in links(page)
    assert (
        "Somebody, named or not, accuses; whether it is so, the text does not say in its own voice."
        in page
    )


def test_a_graph_without_claims_has_no_method(client: FlaskClient) -> None:
    assert client.get("/method").status_code == 404
    home = links(client.get("/").text)
    assert "/graph/method" not in home
    assert {"/graph/about", "/graph/corrections"} <= home
    for name in ("about", "corrections"):
        assert client.get(f"/{name}").status_code == 200


def test_corrections_lead_to_the_page_of_the_source_itself(site: FlaskClient) -> None:
    found = links(site.get("/corrections").text)
    assert "https://en.wikipedia.org/wiki/Terrorism_Confinement_Center" in found


def test_a_page_that_is_wrong_is_named_in_the_report(site: FlaskClient) -> None:
    page = site.get("/corrections?about=/id/tcc-33-accusation.html&lang=en").text
    assert "/id/tcc-33-accusation.html?lang=en" in links(page)
    for foreign in ("//evil.example/", "https://evil.example/", "javascript:alert(1)", "x" * 9):
        page = site.get("/corrections", query_string={"about": foreign, "lang": "en"}).text
        assert "You come from this page" not in page
        assert not {link for link in links(page) if not link.startswith(("/", "#", "http"))}
        assert not {link for link in links(page) if link.startswith(("//", "https://evil"))}


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("desk@paper.example", "mailto:desk@paper.example"),
        ("mailto:desk@paper.example", "mailto:desk@paper.example"),
        ("https://paper.example/issues", "https://paper.example/issues"),
    ],
)
def test_whoever_runs_the_service_says_where_to_write(
    rooms: Rooms, contact: str, link: str
) -> None:
    site = site_of(rooms, contact=contact)
    for name in ("about", "corrections"):
        assert link in links(site.get(f"/{name}").text)
    page = site.get("/corrections?about=/id/cecot.html&lang=en").text
    subject = "?subject=Correction%3A%20http%3A//127.0.0.1%3A8000/id/cecot.html"
    assert (link + subject if link.startswith("mailto:") else link) in links(page)


def test_what_is_logged_is_said(rooms: Rooms) -> None:
    plain = site_of(rooms).get("/about?lang=en").text
    assert "It does not hold who sent them" in plain
    logging = site_of(rooms, log_addresses=True).get("/about?lang=en").text
    assert "and the address of the sender of each" in logging
    assert "not hold who" not in logging
