"""The questions over HTTP: one click from an answer, a file of each, a frame of each."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cecot.dataset.questions import read_questions
from cecot.rooms import Rooms, find_rooms
from markup import read
from sites import site_of

SLUGS = [each.slug for each in read_questions(find_rooms(Path(__file__).parents[2]))]
LINK = re.compile(r'<a [^>]*?href="([^"]+)"')
TAG = re.compile(r"<[^>]+>")


def links(text: str) -> set[str]:
    return {unescape(each) for each in LINK.findall(text)}


def words(text: str) -> str:
    return " ".join(unescape(TAG.sub(" ", text)).split())


def test_the_list_leads_to_every_question(site: FlaskClient) -> None:
    page = site.get("/questions")
    assert {f"/questions/{slug}" for slug in SLUGS} <= links(page.text)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_is_light(site: FlaskClient, slug: str, language: str) -> None:
    page = site.get(f"/questions/{slug}?lang={language}")
    assert page.status_code == 200
    assert len(page.data) < 100_000


def test_no_link_of_any_question_leads_nowhere(site: FlaskClient) -> None:
    found = {link for slug in SLUGS for link in links(site.get(f"/questions/{slug}").text)}
    ours = {link.partition("#")[0] for link in found if link.startswith("/")}
    assert len(ours) > 100
    assert not {link for link in ours if site.head(link).status_code not in (200, 303)}


def test_an_answer_without_rows_says_plainly_that_nothing_is_told(site: FlaskClient) -> None:
    for page in ("capacity", "capacity/embed"):
        english = words(site.get(f"/questions/{page}?lang=en").text)
        assert "No figure: the text gives no capacity for CECOT" in english
        assert english.index("gives no capacity for") < english.index("12,000 inmates")
        assert "There is no row" not in english
        spanish = words(site.get(f"/questions/{page}?lang=es").text)
        assert "Ninguna cifra: el texto no da la capacidad del CECOT" in spanish


def test_figures_of_other_things_stand_apart_with_status_and_speaker(site: FlaskClient) -> None:
    page = read(site, "/questions/capacity?lang=en")
    cards = [each.text for each in page.all("div") if "claim" in each.classes]
    assert len(cards) == 2
    for card, told in zip(cards, ("Daniel Noboa", "Xiomara Castro"), strict=True):
        assert card.startswith(f"{told} planned")
    found = links(site.get("/questions/capacity?lang=en").text)
    assert "/questions/announced-prisons?lang=en" in found


def test_a_question_that_no_silence_explains_has_no_row(garden: Rooms, tmp_path: Path) -> None:
    folder = shutil.copytree(garden.graph.parent, tmp_path / "rooms")
    (folder / "graph" / "queries" / "how-tall.rq").write_text(
        "#+ number: 1\n#+ title.en: How wide are they?\nSELECT ?w { ?plant <urn:width> ?w }\n"
    )
    page = site_of(find_rooms(folder)).get("/questions/how-tall?lang=en").text
    assert "There is no row" in words(page)


def test_every_row_leads_to_its_line_its_speaker_and_its_words(site: FlaskClient) -> None:
    page = site.get("/questions/space-per-prisoner?lang=en").text
    assert {"/id/tcc-29.html?lang=en", "/id/financial-times.html?lang=en"} <= links(page)
    assert "attributed" in page
    assert "each prisoner is given an average of 0.6 square meters" in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_file_is_the_answer_of_the_endpoint(site: FlaskClient, language: str) -> None:
    query = next(
        each for each in read_questions(find_rooms(Path(__file__).parents[2])) if each.number == 17
    ).query_in(language)
    for name, media_type in [("csv", "text/csv"), ("json", "application/sparql-results+json")]:
        file = site.get(f"/questions/candidates.{name}?lang={language}")
        asked = site.get("/sparql", query_string={"query": query, "format": name})
        assert file.data == asked.data
        assert file.mimetype == media_type


def test_a_file_speaks_the_language_of_its_reader(site: FlaskClient) -> None:
    file = site.get("/questions/arrests.csv", headers={"Accept-Language": "es"})
    statuses = {row["status"] for row in csv.DictReader(io.StringIO(file.text))}
    assert statuses == {"aseverada", "con reserva", "alegada"}
    assert "accept-language" in file.vary


def test_what_is_not_there_is_404(site: FlaskClient) -> None:
    for path in ("/questions/none", "/questions/none.csv", "/questions/capacity.xlsx"):
        response = site.get(path)
        assert response.status_code == 404
        assert response.get_json()["hint"]


def test_only_the_frame_may_be_framed(site: FlaskClient) -> None:
    framed = site.get("/questions/arrests/embed")
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" not in framed.headers["Content-Security-Policy"]
    for path in ("/questions/arrests", "/questions", "/"):
        policy = site.get(path).headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy


def test_the_frame_holds_the_answer_its_source_and_its_citation(site: FlaskClient) -> None:
    frame = site.get("/questions/arrests/embed?lang=en")
    text = words(frame.text)
    assert "tens of thousands" in text
    assert "alleged" in text
    assert "How many people were arrested" in text
    assert "version " in text
    assert "/questions/arrests?lang=en" in links(frame.text)
    assert '<base target="_top">' in frame.text


def test_no_page_has_a_style_or_a_script_of_its_own(site: FlaskClient) -> None:
    for path in ("/questions", "/questions/arrests", "/questions/arrests/embed", "/cite"):
        text = site.get(path).text
        assert " style=" not in text
        assert "<style" not in text
        scripts = re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL)
        assert all(' src="/static/' in head and not body for head, body in scripts)
        assert len(scripts) == ("embed" not in path), "only what copies, and none in a frame"


def test_foreign_questions_are_answered_too(client: FlaskClient) -> None:
    page = client.get("/questions/how-tall?lang=es")
    assert "¿Cuánto miden las plantas?" in page.text
    assert "/graph/questions/how-tall.csv?lang=es" in links(page.text)
    assert "https://garden.example/graph/sparql" in page.text
    file = client.get("/questions/how-tall.csv").text.split()
    assert (file[0], set(file[1:])) == ("height", {"40", "2"})


def test_rooms_without_questions_say_so(foreign_rooms: Rooms) -> None:
    site = site_of(foreign_rooms)
    assert "No questions come with this graph" in site.get("/questions?lang=en").text
    assert "/questions" not in links(site.get("/").text)


def test_a_question_links_back_and_forth(site: FlaskClient) -> None:
    page = site.get(f"/questions/{SLUGS[1]}").text
    assert f'rel="prev" href="/questions/{SLUGS[0]}"' in page
    assert f'rel="next" href="/questions/{SLUGS[2]}"' in page


def test_pages_are_kept_and_asked_again(site: FlaskClient) -> None:
    page = site.get("/questions/arrests?lang=en")
    again = site.get("/questions/arrests?lang=en", headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304
    file = site.get("/questions/arrests.json")
    assert json.loads(file.text)["head"]["vars"][0] == "status"
    assert file.headers["ETag"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("arrests", ["siete meses «seven months»", "más de 55 000 «over 55,000»"]),
        ("arrests", ["decenas de miles «tens of thousands»", "algunas «some»"]),
        ("announced-prisons", ["dos «two»", "al menos tres «at least three»"]),
        ("announced-prisons", ["en cada una «12,000 inmates»", "1 de junio de 2023 «1 June 2023»"]),
    ],
)
def test_a_figure_of_a_table_is_translated_with_the_words_of_the_text_beside_it(
    site: FlaskClient, question: str, told: list[str]
) -> None:
    page = read(site, f"/questions/{question}?lang=es")
    tables = [each for each in page.all("table") if "results" in each.classes]
    cells = [" ".join(e.text.split()) for table in tables for e in table.all("td")]
    for words in told:
        assert any(words in each.replace("\N{NO-BREAK SPACE}", " ") for each in cells), words
    english = read(site, f"/questions/{question}?lang=en")
    assert not any("“" in each.text for each in english.all("td") if "reading" in each.classes)
