"""The few pages: what they say, in two languages, and that every link leads somewhere."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"
LINK = re.compile(r'(?:href|action)="([^"#]+)"')


def test_the_root_says_what_this_is_and_how_to_ask(client: FlaskClient) -> None:
    page = client.get("/")
    assert "<h1>A garden</h1>" in page.text
    assert "curl &#39;https://garden.example/graph/sparql&#39;" in page.text or (
        "curl 'https://garden.example/graph/sparql'" in page.text
    )


@pytest.mark.parametrize(
    ("wanted", "lang", "title"), [("es-SV", "es", "Un jardín"), ("xx", "en", "A garden")]
)
def test_pages_speak_the_language_of_the_reader(
    client: FlaskClient, wanted: str, lang: str, title: str
) -> None:
    page = client.get("/", headers={"Accept-Language": wanted})
    assert page.headers["Content-Language"] == lang
    assert f'<html lang="{lang}">' in page.text
    assert title in page.text
    assert "accept-language" in page.vary


@pytest.mark.parametrize("path", ["/", "/editor", "/problems"])
def test_every_link_of_a_page_leads_somewhere(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"})
    found = {unescape(link) for link in LINK.findall(page.text)} - {LICENSE}
    canonical = re.findall(
        r'<link rel="canonical" href="(https://garden.example/[^"]*)">', page.text
    )
    assert len(canonical) == 1
    links = {link.removeprefix("https://garden.example") for link in found}
    assert links
    for link in links:
        assert link.startswith("/graph/"), "links keep the path of the public address"
        assert client.get(link.removeprefix("/graph")).status_code == 200


def test_a_browser_is_led_from_the_endpoint_to_the_editor_and_others_get_rdf(
    client: FlaskClient,
) -> None:
    led = client.get("/sparql?lang=es", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (led.status_code, led.headers["Location"]) == (303, "/graph/editor?lang=es")
    assert {"Accept"} <= {each.strip() for each in led.headers["Vary"].split(",")}
    asked = "/sparql?query=ASK%20%7B%7D&lang=es"
    led = client.get(asked, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert led.status_code == 303
    assert led.headers["Location"] == "/graph/editor?query=ASK+%7B%7D&lang=es"
    assert {"Accept"} <= {each.strip() for each in led.headers["Vary"].split(",")}
    form = client.get("/editor").text
    assert 'action="/graph/sparql" method="get"' in form
    assert client.get("/sparql").mimetype == "text/turtle"


def test_every_kind_of_error_is_explained(client: FlaskClient) -> None:
    page = client.get("/problems").text
    for name in ("query-syntax-error", "over-budget", "not-acceptable"):
        assert f'id="{name}"' in page or name == "over-budget"
    assert 'id="budget-exceeded"' in page


def test_health_says_ready_and_which_graph(client: FlaskClient) -> None:
    response = client.get("/health")
    assert response.status_code == 200
    assert response.get_json()["status"] == "ready"
    assert len(response.get_json()["version"]) == 64
    assert response.headers["Cache-Control"] == "no-store"
