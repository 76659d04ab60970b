"""The search, as readers and programs use it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient

from cecot.locale.catalogue import locale_of
from markup import links, read

OPEN_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"

NOBODY_SAYS = "Not said: not in the text's own voice, and not in anybody else's."


def test_a_figure_is_never_found_without_who_says_it(site: FlaskClient) -> None:
    page = read(site, "/search?q=20%2C000")
    (card,) = [each for each in page.all("div") if "claim" in each.classes]
    assert "Xiomara Castro planned" in card.text


def test_a_reader_who_searches_for_the_capacity_is_told(site: FlaskClient) -> None:
    for text, told in (("capacity", "gives no capacity"), ("capacidad", "no da la capacidad")):
        language = "es" if text.endswith("dad") else "en"
        page = read(site, f"/search?q={text}&lang={language}")
        assert told in page.text


def test_a_search_says_plainly_what_no_text_gives(site: FlaskClient) -> None:
    for language, words in (("en", "CECOT capacity"), ("es", "capacidad del CECOT")):
        page = read(site, f"/search?q={quote(words)}&lang={language}")
        (heading,) = [each for each in page.all("h2") if each.attributes.get("id") == "unsaid"]
        section = heading.parent
        assert section
        assert locale_of(language).gettext(NOBODY_SAYS) in section.text
        cards = [each.text for each in section.all("div") if "claim" in each.classes]
        assert [("12,000" in each, "20,000" in each) for each in cards] == [(1, 0), (0, 1)]
        planned = {"en": "planned", "es": "planeada"}[language]
        assert all(planned in each for each in cards)
    (silence,) = site.get("/search.json?q=CECOT+capacity").get_json()["silences"]
    assert all(each["status"] == "Planned" and each["speakers"] for each in silence["elsewhere"])


def test_a_date_reads_in_the_language_of_the_page(site: FlaskClient) -> None:
    for language, written in (("en", "1 June 2023"), ("es", "1 de junio de 2023")):
        page = read(site, f"/search?q=2023-06-01&lang={language}")
        cards = [each.text for each in page.all("div") if "claim" in each.classes]
        assert written in cards[0]
        assert len(cards) == 7
    # What the words of the text say and a date does not ("late") is never lost.
    for asked in ("late+2022", "finales+de+2022"):
        page = read(site, f"/search?q={asked}&lang=es")
        cards = [each.text for each in page.all("div") if "claim" in each.classes]
        assert "finales de 2022" in cards[0]


@pytest.mark.parametrize(
    ("asked", "meant", "language"),
    [
        ("buekle", "Bukele", "en"),
        ("carcel capaicdad", "cárcel capacidad", "es"),
    ],
)
def test_a_search_that_finds_nothing_offers_what_may_have_been_meant(
    site: FlaskClient, asked: str, meant: str, language: str
) -> None:
    page = read(site, f"/search?q={quote(asked)}&lang={language}")
    begun = {"en": "Did you mean:", "es": "¿Quiso decir:"}[language]
    (notice,) = [each for each in page.all("p") if begun in each.text]
    assert meant in [each.text for each in notice.all("a")]


@pytest.mark.parametrize("asked", ["HRW", "hrw torture"])
def test_initials_are_read_as_the_name_that_has_them(site: FlaskClient, asked: str) -> None:
    page = read(site, f"/search?q={quote(asked)}&lang=en")
    (notice,) = [each for each in page.all("p") if "Initials are read as a name:" in each.text]
    assert [each.text for each in notice.all("a")] == ["Human Rights Watch"]
    found = site.get(f"/search.json?q={quote(asked)}").get_json()
    assert found["readAs"].lower() == asked.lower().replace("hrw", "human rights watch")
    assert [each["iri"].rpartition("/")[2] for each in found["claims"]] == ["tcc-33-accusation"]


def test_a_search_says_which_words_stand_nowhere(site: FlaskClient) -> None:
    page = read(site, "/search?q=how+many+people+Died+at+CECOT&lang=en")
    (notice,) = [each for each in page.all("p") if "In no claim and no name here" in each.text]
    assert "name here: Died. The texts may have it" in notice.text
    assert site.get("/search.json?q=died+cecot").get_json()["missing"] == ["died"]
    assert "In no claim and no name" not in read(site, "/search?q=prison+CECOT&lang=en").text


@pytest.mark.parametrize(
    ("asked", "slug", "begun"),
    [
        ("how high are the walls", "barriers", "CECOT is surrounded by four walls"),
        ("0.6 square meters", "space-per-prisoner", "According to the Financial Times"),
        ("what did Noboa announce", "announced-prisons", "Daniel Noboa announced"),
        ("HRW", "allegations-by-policy", "Human Rights Watch accuses"),
    ],
)
def test_a_question_is_found_by_the_claims_that_it_tells_and_shown_by_what_was_asked(
    site: FlaskClient, asked: str, slug: str, begun: str
) -> None:
    page = read(site, f"/search?q={quote(asked)}&lang=en")
    rows = [each for each in page.all("p") if f"/questions/{slug}?lang=en" in links(each)]
    assert rows, asked
    assert begun in rows[0].text


def test_a_search_that_finds_nothing_says_what_was_looked_through_and_what_that_means(
    site: FlaskClient,
) -> None:
    told = read(site, "/search?q=zzz").text
    assert "Nothing was found." in told
    total = site.get("/claims.json").get_json()["total"]
    assert f"figures and dates of {total} claims and of all that they name" in told
    assert "Excerpt of the English Wikipedia article" in told
    assert "No claim here tells it; the texts may." in told


@pytest.mark.parametrize("asked", ["tcc-29", "cecot:Alleged", "https://w3id.org/cecot/id/tcc-29"])
def test_a_search_for_an_iri_leads_to_what_has_it(site: FlaskClient, asked: str) -> None:
    page = read(site, f"/search?q={quote(asked)}&lang=en")
    (notice,) = [each for each in page.all("p") if "Called so here:" in each.text]
    assert notice.all("a")
    assert "Nothing was found." not in page.text
    assert "Claims: 0" not in page.text
    assert site.get(f"/search.json?q={quote(asked)}").json["called"]


def test_a_search_tells_all_claims_and_what_was_left_out(site: FlaskClient) -> None:
    page = read(site, "/search?q=CECOT&lang=en")
    (more,) = [e for e in page.all("a") if e.text == "All of them as a table"]
    assert more.attributes["href"] == "/claims?q=CECOT&lang=en"
    total = site.get("/claims.json?q=CECOT").json["total"]
    assert f"Claims: {total}." in page.text
    assert "What editors note of a passage" in read(site, "/search?q=soldiers&lang=en").text


def test_caches_know_that_a_search_is_told_in_a_language(site: FlaskClient) -> None:
    answers = [
        site.get("/search.json?q=roundup", headers={"Accept-Language": each})
        for each in ("en", "es")
    ]
    assert all("Accept-Language" in each.vary for each in answers)
    told = [each.json["notes"][0]["found"]["language"] for each in answers]
    assert told == ["en", "es"]


def test_a_search_offers_questions_that_come_near_with_their_answers(site: FlaskClient) -> None:
    page = read(site, "/search?q=capacity+of+the+moon")
    assert "Questions that come near" in page.text
    assert "How many inmates can CECOT hold?" in page.text
    assert "the text gives no capacity for CECOT" in page.text


def test_what_a_search_can_be_narrowed_to_is_named_in_plain_words(site: FlaskClient) -> None:
    page = read(site, "/search?q=arrests")
    (facets,) = [e for e in page.all("ul") if e.attributes.get("aria-label") == "Show only"]
    assert not re.search("propert|www|Class", facets.text)


def test_search_is_offered_to_browsers(site: FlaskClient) -> None:
    (link,) = [e for e in read(site, "/").all("link") if e.attributes.get("rel") == "search"]
    response = site.get(link.attributes["href"])
    assert response.mimetype == "application/opensearchdescription+xml"
    root = ET.fromstring(response.text)
    assert len(root.findtext(f"{OPEN_SEARCH}ShortName") or "") <= 16
    templates = {e.get("type"): e.get("template", "") for e in root.iter(f"{OPEN_SEARCH}Url")}
    html = urlsplit(templates["text/html"].replace("{searchTerms}", "torture"))
    assert "Torture of detainees" in read(site, f"{html.path}?{html.query}").text
    twin = urlsplit(templates["application/json"].replace("{searchTerms}", "torture"))
    found = site.get(f"{twin.path}?{twin.query}").get_json()
    assert [each["status"] for each in found["claims"]] == ["Alleged"]


def test_what_was_asked_is_shown_as_words_and_never_as_markup(site: FlaskClient) -> None:
    for path in ("/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/claims?about=%22%3E%3Cb%3E"):
        text = site.get(path, headers={"Accept": "text/html"}).text
        assert "<script>alert" not in text
        assert "<b>" not in text


def test_a_class_is_listed_by_name(site: FlaskClient) -> None:
    page = read(site, "/search?type=cecot:Person")
    assert page.all("h1")[0].text == "person"
    assert "/id/nayib-bukele.html" in links(page)


def test_a_question_that_is_found_shows_the_sentence_that_has_the_words(site: FlaskClient) -> None:
    page = read(site, "/search?q=de+d%C3%B3nde+viene+el+nombre&lang=es")
    (questions,) = [
        each for each in page.all("section") if "Preguntas que tienen respuesta" in each.text
    ]
    assert "Su nombre en español es Centro de Confinamiento del Terrorismo" in questions.text


def test_words_of_an_allegation_stand_with_the_line_of_an_allegation(site: FlaskClient) -> None:
    page = read(site, "/search?q=Human+Rights+Watch")
    inside = [each for each in page.walk() if "is-alleged" in each.classes]
    assert any("arbitrary arrests" in each.text for each in inside if each.tag == "span")


@pytest.mark.parametrize("words", ["prison", "a"])
def test_the_counts_of_a_search_agree_and_words_of_the_ontology_come_last(
    site: FlaskClient, words: str
) -> None:
    page = read(site, f"/search?q={words}&lang=en")
    status = next(e.text for e in page.all("p") if e.attributes.get("role") == "status")
    things, claims, terms = (
        int(re.findall(rf"{name}: ([0-9]+)", status)[0])
        for name in ("Things", "Claims", "Words of the ontology")
    )
    (facets,) = [e for e in page.all("ul") if e.attributes.get("aria-label") == "Show only"]
    counted = (each.text.removesuffix(")").rpartition(" (") for each in facets.all("li"))
    kinds = {name: int(count) for name, _, count in counted if name}
    assert kinds.pop("Words of the ontology") == terms
    assert kinds.pop("claim") == claims
    kinds.pop("allegation", 0)
    assert sum(kinds.values()) == things
    headings = [each.attributes.get("id") for each in page.all("h2")]
    assert [each for each in headings if each in ("things", "claims", "terms")] == [
        "things", "claims", "terms",
    ]  # fmt: skip
    assert "www." not in facets.text
