"""Errors as clients read them: RFC 9457, text or a page, each with its cure."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cecot.rooms import Rooms
from markup import parse, read
from sites import site_of

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_an_error_is_problem_details_unless_something_else_is_asked(client: FlaskClient) -> None:
    for accept in (
        None,
        "*/*",
        "text/csv",
        "application/sparql-results+json",
    ):
        response = client.get("/sparql?query=SELECT", headers={"Accept": accept} if accept else {})
        problem = response.get_json()
        assert response.content_type == "application/problem+json"
        assert problem["status"] == response.status_code == 400
        assert problem["type"] == "https://garden.example/graph/problems#query-syntax-error"
        assert problem["title"]
        assert problem["detail"]
        assert problem["hint"]


def test_an_error_is_json_or_text_as_asked(client: FlaskClient) -> None:
    assert (
        client.get("/nowhere", headers={"Accept": "application/json"}).content_type
        == "application/json"
    )
    text = client.get("/sparql?query=SELECT{", headers={"Accept": "text/plain"})
    assert text.content_type == "text/plain; charset=utf-8"
    assert "Line 1, column" in text.text


def test_an_error_is_a_page_for_a_browser_and_repeats_nothing_raw(client: FlaskClient) -> None:
    response = client.get(
        "/sparql?<script>alert(1)</script>=",
        headers={"Accept": BROWSER, "Accept-Language": "es"},
    )
    assert response.status_code == 400
    assert response.content_type == "text/html; charset=utf-8"
    assert "<script>" not in response.text
    assert 'lang="es"' in response.text


def test_an_unknown_address_leads_home_and_to_a_near_one(client: FlaskClient, rooms: Rooms) -> None:
    page = site_of(rooms).get("/question/arests?lang=en", headers={"Accept": BROWSER})
    assert page.status_code == 404
    (main,) = parse(page.text).all("main")
    found = {link.attributes["href"]: link.text for link in main.all("a")}
    assert found["/questions/arrests?lang=en"].startswith("How many people were arrested")
    assert "/?lang=en" in found
    assert "/search?q=arests&lang=en" in found
    for asked, thing in (("cecott", "cecot"), ("human-right-watch", "human-rights-watch")):
        page = site_of(rooms).get(f"/id/{asked}.html?lang=es", headers={"Accept": BROWSER})
        (main,) = parse(page.text).all("main")
        found = {link.attributes["href"]: link.text for link in main.all("a")}
        assert f"/id/{thing}.html?lang=es" in found
    for path in ("/id/nobody", "/" + "x" * 3000, "/%FF%FE"):
        assert client.get(path, headers={"Accept": BROWSER}).status_code in (404, 400, 414)


def test_an_unknown_address_is_404_in_the_form_asked(client: FlaskClient) -> None:
    assert client.get("/nowhere").get_json()["where"] == "/nowhere"
    assert "/nowhere" in client.get("/nowhere", headers={"Accept": BROWSER}).text


def test_a_defect_is_500_without_its_details_which_the_log_has_under_its_number(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/defect")
    def defect() -> str:
        raise RuntimeError("a secret")

    with caplog.at_level(logging.ERROR):
        response = app.test_client().get("/defect")
    assert response.status_code == 500
    assert "secret" not in response.text
    number = response.get_json()["hint"].rstrip(".").split()[-1]
    (record,) = caplog.records
    assert record.getMessage() == f"request {number}: GET /defect failed"
    assert "a secret" in caplog.text


@pytest.mark.parametrize(
    "path", ["/sparql?query=x", "/sparql", "/", "/health", "/nowhere", "/static/site.css"]
)
def test_every_response_may_be_read_from_anywhere_and_trusts_nothing(
    client: FlaskClient, path: str
) -> None:
    headers = client.get(path, headers={"Accept": BROWSER}).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_a_preflight_allows_the_methods_and_the_headers_asked(client: FlaskClient) -> None:
    response = client.options(
        "/sparql",
        headers={
            "Origin": "https://elsewhere.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type, x-mine",
        },
    )
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == "content-type, x-mine"
    assert int(response.headers["Access-Control-Max-Age"]) > 0
    assert "Access-Control-Request-Headers" in response.headers["Vary"]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:99", ""])
def test_no_address_comes_from_the_host_header(client: FlaskClient, host: str) -> None:
    for path in ("/", "/sparql", "/nowhere", "/problems", "/sparql?query=x"):
        for accept in (BROWSER, "*/*"):
            response = client.get(path, headers={"Host": host, "Accept": accept})
            assert "evil" not in response.text
            assert "evil" not in str(response.headers)


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("/claims/?by=tcc&q=a%26b", "/claims?by=tcc&q=a%26b"),
        ("/questions/", "/questions"),
        ("/questions/arrests/", "/questions/arrests"),
        ("/id/cecot/", "/id/cecot"),
        ("/id/cecot.html/", ""),
        ("/id/nothing/", ""),
        ("/questions/nothing/", ""),
        ("/nothing/", ""),
        ("/claims.json/", "/claims.json"),
    ],
)
def test_a_slash_too_many_leads_to_the_address_without_it_where_that_is_there(
    site: FlaskClient, address: str, there: str
) -> None:
    response = site.get(address)
    assert response.status_code == (308 if there else 404)
    if there:
        assert response.headers["Location"] == there
        assert site.get(there).status_code in (200, 303)


def test_a_question_of_the_editor_that_there_is_not_is_told(site: FlaskClient) -> None:
    told = "No question is called 'zzz'."
    assert told in read(site, "/editor?question=zzz&lang=en").text
    assert "No question is called" not in read(site, "/editor?question=arrests&lang=en").text


def test_a_kind_that_there_is_not_is_told(site: FlaskClient) -> None:
    response = site.get("/search?type=zzz", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert "Nothing in the graph is of the kind" in response.text
