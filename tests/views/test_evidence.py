"""Evidence to take away: whole without the site, and the same for programs."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from markup import parse, read
from sites import site_of
from workbenches import practice_rooms


@pytest.mark.parametrize("path", ["questions/arrests", "claims/tcc-33-accusation"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_file_opens_without_the_site(site: FlaskClient, path: str, language: str) -> None:
    response = site.get(f"/evidence/{path}.html?lang={language}")
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    page = parse(response.text)
    for each in (
        e for name in ("link", "img", "iframe", "script", "style") for e in page.all(name)
    ):
        assert "src" not in each.attributes
        assert each.attributes.get("rel") != "stylesheet"
    assert all(e.attributes["href"].startswith("http") for e in page.all("a"))
    (style,) = re.findall("<style>(.*?)</style>", response.text, re.DOTALL)
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in response.headers["Content-Security-Policy"]


def test_it_holds_the_same_record_as_the_file_for_programs(site: FlaskClient) -> None:
    page = site.get("/evidence/questions/arrests.html").text
    (inside,) = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert json.loads(inside) == site.get("/evidence/questions/arrests.json").get_json()


def test_an_answer_comes_with_query_rows_words_places_hashes_version_and_caveats(
    site: FlaskClient,
) -> None:
    found = site.get("/evidence/questions/arrests.json").get_json()
    assert found["answer"][0].startswith("The text states that Bukele's government")
    assert "SELECT" in found["query"]
    assert found["rows"]["results"]["bindings"]
    assert len(found["version"]) == 64
    assert any("revision of the article is not known" in each for each in found["caveats"])
    (source,) = found["sources"]
    assert source["sha256"].startswith("0966728221a7")
    for claim in found["claims"]:
        assert claim["status"] in found["statuses"]
        assert claim["speakers"]
        assert claim["places"][0]["line"]
        assert len(claim["spanHash"]) == 64
        assert claim["start"] < claim["end"]


def test_no_claim_in_it_is_without_its_status_and_its_speaker(site: FlaskClient) -> None:
    slugs = [each["slug"] for each in site.get("/questions.json").get_json()["questions"]]
    assert len(slugs) == 20
    for slug in slugs:
        told = site.get(f"/evidence/questions/{slug}.json").get_json()["claims"]
        articles = read(site, f"/evidence/questions/{slug}.html").all("article")
        assert len(articles) == len(told)
        for article, claim in zip(articles, told, strict=True):
            who = article.all("p")[0].text
            assert all(each["labels"]["en"][0] in who for each in claim["speakers"])
            assert re.search(f"\u00b7 {claim['status'].lower()} ", who)
            asserted = claim["status"] == "Asserted"
            assert article.attributes["class"] == ("asserted" if asserted else "not-asserted")


def test_an_answer_that_is_a_silence_comes_with_its_source(site: FlaskClient) -> None:
    found = site.get("/evidence/questions/capacity.json").get_json()
    assert found["claims"] == []
    assert found["answer"][0].startswith("No figure")
    assert len(found["sources"]) == 1


@pytest.mark.parametrize(
    "path",
    ["questions/none.html", "claims/cecot.html", "claims/none.json", "questions/arrests.pdf"],
)
def test_what_there_is_no_evidence_of_is_not_found(site: FlaskClient, path: str) -> None:
    response = site.get(f"/evidence/{path}", headers={"Accept": "application/problem+json"})
    assert response.status_code == 404
    assert response.get_json()["hint"]


def test_a_question_and_a_claim_lead_to_it(site: FlaskClient) -> None:
    for page, path in (
        ("/questions/arrests", "/evidence/questions/arrests.html"),
        ("/id/tcc-33-accusation.html", "/evidence/claims/tcc-33-accusation.html"),
    ):
        assert path in [e.attributes.get("href") for e in read(site, page).all("a")]


def test_all_questions_come_with_their_answers_in_one_file(site: FlaskClient) -> None:
    found = site.get("/questions.json").get_json()
    (arrests,) = [each for each in found["questions"] if each["slug"] == "arrests"]
    assert arrests["answer"]["en"][0].endswith("line 9]")
    assert arrests["answer"]["es"]
    assert "SELECT" in arrests["query"]


@pytest.mark.parametrize(
    ("query", "has_rows"),
    [
        ("DESCRIBE <https://w3id.org/cecot/id/library>", False),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3", False),
        ("ASK { ?s ?p ?o }", True),
        ("SELECT ?s { ?s ?p ?o } LIMIT 3", True),
    ],
)
def test_a_question_of_any_form_has_evidence(tmp_path: Path, query: str, has_rows: bool) -> None:
    rooms = practice_rooms(tmp_path / "rooms")
    head = "#+ number: 99\n#+ title.en: What?\n#+ title.es: ¿Qué?\n"
    (rooms.graph / "queries" / "any.rq").write_text(f"{head}{query}\n")
    site = site_of(rooms)
    assert site.get("/questions/any", follow_redirects=True).status_code == 200
    for suffix in ("json", "html"):
        response = site.get(f"/evidence/questions/any.{suffix}")
        assert response.status_code == 200, response.text
    found = site.get("/evidence/questions/any.json").get_json()
    assert bool(found.get("rows")) is has_rows
