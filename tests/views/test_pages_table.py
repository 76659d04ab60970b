"""The table of claims with its twins, and the search, as readers and programs use them."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from urllib.parse import parse_qs, quote, urlsplit

import openpyxl
import pytest
from flask.testing import FlaskClient

from cecot.claims.table import Filters
from cecot.claims.words import words_of
from cecot.locale.catalogue import locale_of
from cecot.render.table import FOR_PROGRAMS
from cecot.views.filters import MOST_ACTS
from markup import Element, links, read

OPEN_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"

NOBODY_SAYS = "Not said: not in the text's own voice, and not in anybody else's."


def rows(page: Element) -> list[list[str]]:
    return [[cell.text for cell in row.all("td")] for row in page.all("tbody")[0].all("tr")]


# The table of claims


@pytest.mark.parametrize("written", ["55000", "55,000", "55.000", "55 000", "over 55,000 people"])
def test_a_figure_is_found_however_it_is_written(site: FlaskClient, written: str) -> None:
    (row,) = rows(read(site, f"/claims?q={quote(written)}"))
    assert "55,000" in row[2]
    assert row[3].startswith("line 9")


def test_words_are_looked_for_in_what_is_said_and_in_the_names_of_its_parts(
    site: FlaskClient,
) -> None:
    found = rows(read(site, "/claims?q=human+rights+watch+torture"))
    assert [row[3][:7] for row in found] == ["line 33"]
    (accented, plain) = (rows(read(site, f"/claims?q={q}")) for q in ("c%C3%A1rcel", "carcel"))
    assert accented == plain != []


@pytest.mark.parametrize(
    "words", ["b c", "de la en el que", "prison gang", "torture torture rights"]
)
def test_more_words_find_no_more_claims_and_each_once(site: FlaskClient, words: str) -> None:
    every = [site.get(f"/claims.json?q={quote(word)}").get_json() for word in words.split()]
    sets = [{each["iri"] for each in found["claims"]} for found in every]
    both = site.get(f"/claims.json?q={quote(words)}").get_json()["claims"]
    assert {each["iri"] for each in both} == set.intersection(*sets)
    assert len({each["iri"] for each in both}) == len(both)


def test_many_short_words_multiply_nothing() -> None:
    pattern = Filters(words=words_of("b c d")).pattern
    assert pattern.count("SELECT DISTINCT ?claim") == 3


def test_so_many_acts_may_be_chosen(site: FlaskClient) -> None:
    claims = site.get("/claims.json").get_json()["claims"]
    acts = [("act", each["iri"].rpartition("/")[2]) for each in claims[: MOST_ACTS + 1]]
    assert site.get("/claims", query_string=acts[1:]).status_code == 200
    for path in ("/claims", "/claims.csv"):
        refused = site.get(path, query_string=acts)
        assert refused.status_code == 400
        assert f"{MOST_ACTS + 1} acts are chosen" in refused.text


@pytest.mark.parametrize(
    ("date", "lines"),
    [("2023-02-01", {"line 41"}), ("1 de febrero de 2023", {"line 41"}), ("198X", {"line 11"})],
)
def test_claims_are_chosen_by_the_date_that_they_tell(
    site: FlaskClient, date: str, lines: set[str]
) -> None:
    found = {row[3].partition(",")[0] for row in rows(read(site, f"/claims?date={quote(date)}"))}
    assert found == lines


@pytest.mark.parametrize("query", ["", "&q=arrests", "&act=act-torture", "&by=human-rights-watch"])
def test_each_choice_says_how_many_claims_it_leaves(site: FlaskClient, query: str) -> None:
    page = read(site, f"/claims?lang=en{query}")
    choices = [
        (select.attributes["name"], option.attributes["value"], option.text)
        for select in page.all("select")
        for option in select.all("option")
        if option.attributes["value"]
    ]
    labels = {
        label.attributes["for"]: label.text
        for label in page.all("label")
        if "for" in label.attributes
    }
    choices += [
        ("act", box.attributes["value"], labels[box.attributes["id"]])
        for box in page.all("input")
        if box.attributes.get("type") == "checkbox" and "&act" not in query
    ]
    assert {name for name, _, _ in choices} >= {"status", "by"}
    for name, value, told in choices:
        if f"&{name}=" in query:
            continue  # a parameter of that name stands in the address already
        count = told.rpartition("(")[2].rstrip(")")
        found = site.get(f"/claims.json?{query.lstrip('&')}&{name}={value}").get_json()
        assert found["total"] == int(count), (name, value)


def test_the_table_for_people_opens_right_in_a_spreadsheet(site: FlaskClient) -> None:
    response = site.get("/claims.csv?for=people&lang=es&status=alleged")
    assert response.data.startswith(b"\xef\xbb\xbf")
    head, *body = csv.reader(io.StringIO(response.data.decode("utf-8-sig")))
    assert head[0].startswith("La afirmación como frase")
    assert all(row[0].startswith("Alegado por") for row in body)
    addresses = [each.endswith("(IRI)") for each in head]
    assert addresses == sorted(addresses)
    book = openpyxl.load_workbook(
        io.BytesIO(site.get("/claims.xlsx?lang=es&status=alleged").data), read_only=True
    )
    sheet = [[cell or "" for cell in row] for row in book.active.iter_rows(values_only=True)]
    assert sheet[0] == head
    assert [[str(cell) for cell in row] for row in sheet[1:]] == body
    book.close()


def test_a_file_for_people_holds_all_claims_and_has_figures_as_numbers(site: FlaskClient) -> None:
    total = site.get("/claims.json").get_json()["total"]
    book = openpyxl.load_workbook(io.BytesIO(site.get("/claims.xlsx").data))
    sheet = book.active
    assert sheet.max_row == total + 1
    heads = [cell.value for cell in sheet[1]]
    figures = [row[heads.index("The figure, if exact")].value for row in sheet.iter_rows(min_row=2)]
    assert 0.6 in figures
    book.close()


def test_a_part_of_a_name_is_enough(site: FlaskClient) -> None:
    whole = rows(read(site, "/claims?about=Nayib+Bukele"))
    assert whole
    assert rows(read(site, "/claims?about=bukele")) == whole


def test_the_table_shows_the_speaker_first_then_the_status(site: FlaskClient) -> None:
    (row,) = rows(read(site, "/claims?by=human-rights-watch"))
    speaker, status, said, place = row
    assert (speaker, status, place[:7]) == ("Human Rights Watch", "alleged", "line 33")
    assert said.startswith("Human Rights Watch accuses the Salvadoran government")
    assert "arbitrary arrests, enforced disappearances" in said


def test_filters_can_be_taken_away_and_are_kept_in_the_form(site: FlaskClient) -> None:
    page = read(site, "/claims?status=planned&by=daniel-noboa&predicate=cecot:capacity")
    assert len(rows(page)) == 1
    without = [each for each in links(page) if parse_qs(urlsplit(each).query).keys() >= {"by"}]
    assert any("status" not in parse_qs(urlsplit(each).query) for each in without)
    chosen = [each for each in page.all("option") if "selected" in each.attributes]
    assert sorted(each.attributes["value"] for each in chosen) == ["daniel-noboa", "planned"]
    hidden = {
        each.attributes["name"]: each.attributes["value"]
        for each in page.all("input")
        if each.attributes.get("type") == "hidden"
    }
    assert hidden == {"predicate": "cecot:capacity"}


def test_the_pages_of_the_table_follow_each_other_to_the_end(site: FlaskClient) -> None:
    path, seen = "/claims?sort=status", []
    while path:
        page = read(site, path)
        seen += [tuple(row) for row in rows(page)]
        path = next(
            (e.attributes["href"] for e in page.all("a") if e.attributes.get("rel") == "next"), ""
        )
    (total,) = re.findall(r"(\d+) claims", read(site, "/claims").text)[:1]
    assert len(seen) == int(total)


def test_a_heading_sorts_and_says_how_it_is_sorted(site: FlaskClient) -> None:
    page = read(site, "/claims?sort=-speaker")
    sorted_by = {
        e.text: e.attributes["aria-sort"] for e in page.all("th") if "aria-sort" in e.attributes
    }
    assert sorted_by == {"Said by ▼": "descending"}
    assert any("sort=speaker" in link for link in links(page))


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "sort=size",
        "about=no%3Eiri",
        "status=%3C",
        "after=%22",
        "after=nothing",
        "after=cecot",
    ],
)
def test_what_the_table_cannot_read_is_said(site: FlaskClient, query: str) -> None:
    response = site.get(f"/claims?{query}", headers={"Accept": "application/problem+json"})
    assert response.status_code == 400
    assert response.get_json()["hint"]


@pytest.mark.parametrize(
    "text", ["salvadoran-government", "Salvadoran government", "GOBIERNO salvadoreño"]
)
def test_what_claims_are_about_can_be_typed_as_a_name(site: FlaskClient, text: str) -> None:
    page = read(site, f"/claims?status=alleged&about={quote(text)}")
    assert [row[3] for row in rows(page)] == ["line 33", "line 35"]
    (field,) = [each for each in page.all("input") if each.attributes.get("name") == "about"]
    assert field.attributes["value"] == "Salvadoran government"


def test_several_acts_can_be_chosen_and_stay_in_pages_twins_and_links(site: FlaskClient) -> None:
    query = "act=act-torture&act=act-human-rights-violation"
    page = read(site, f"/claims?{query}&lang=es")
    checked = [e.attributes["value"] for e in page.all("input") if "checked" in e.attributes]
    assert sorted(checked) == ["act-human-rights-violation", "act-torture"]
    assert {row[3][:8] for row in rows(page)} == {"línea 7", "línea 33"}
    kept = [urlsplit(each) for each in links(page)]
    for path in ("/claims.csv", "/claims.json"):
        twin, *_ = [each for each in kept if each.path == path]
        assert parse_qs(twin.query)["act"] == ["act-torture", "act-human-rights-violation"]
    without = [parse_qs(each.query)["act"] for each in kept if "act=" in each.query]
    assert ["act-torture"] in without
    assert ["act-human-rights-violation"] in without
    assert any("sort" in parse_qs(e.query) and e.query.count("act=") == 2 for e in kept)
    found = site.get(f"/claims.json?{query}").get_json()
    assert found["total"] == len(rows(page))
    assert [each.rpartition("/")[2] for each in found["filters"]["act"]] == [
        "act-torture",
        "act-human-rights-violation",
    ]
    table = list(csv.DictReader(io.StringIO(site.get(f"/claims.csv?{query}").text)))
    assert len(table) == found["total"]


def test_all_arrests_are_one_choice_above_their_kinds(site: FlaskClient) -> None:
    page = read(site, "/claims?act=act-arrest")
    (group,) = [e for e in page.all("input") if "checked" in e.attributes]
    assert group.attributes["value"] == "act-arrest"
    assert group.parent
    below = [e.attributes["value"] for e in group.parent.all("ul")[0].all("input")]
    assert sorted(each.removeprefix("act-")[:8] for each in below) == [
        "arbitrar", "arrest-b", "arrest-b", "arrest-w",
    ]  # fmt: skip
    assert len(rows(page)) > len(rows(read(site, "/claims?act=act-arbitrary-arrest")))


@pytest.mark.parametrize(
    ("query", "offered", "words"),
    [
        (
            "about=human-rights-watch",
            "by=human-rights-watch",
            "Said by Human Rights Watch: 1 claim",
        ),
        ("by=guatemala", "about=guatemala", "About Guatemala: 2 claims"),
    ],
)
def test_who_is_asked_for_the_wrong_way_round_is_offered(
    site: FlaskClient, query: str, offered: str, words: str
) -> None:
    page = read(site, f"/claims?{query}")
    assert words in page.text
    assert f"/claims?{offered}" in links(page)
    assert rows(read(site, f"/claims?{offered}"))
    assert words not in read(site, f"/claims?{query}&status=evaluative").text


def test_no_claim_leads_to_the_search(site: FlaskClient) -> None:
    page = read(site, "/claims?about=nayib-bukele&status=evaluative&q=zebra")
    assert "No claim is like this." in page.text
    assert any("/search?q=nayib-bukele" in link for link in links(page))


def test_the_twins_hold_the_same_claims_as_the_table(site: FlaskClient) -> None:
    query = "status=alleged&sort=-place"
    shown = [row[3].partition(",")[0] for row in rows(read(site, f"/claims?{query}"))]
    found = site.get(f"/claims.json?{query}").get_json()
    assert [f"line {each['places'][0]['line']}" for each in found["claims"]] == shown
    assert (found["total"], found["next"]) == (6, None)
    assert all(each["status"] and each["speakers"] for each in found["claims"])
    table = list(csv.DictReader(io.StringIO(site.get(f"/claims.csv?{query}").text)))
    assert [f"line {row['line']}" for row in table] == shown
    assert list(table[0]) == [column.name for column in FOR_PROGRAMS]
    assert site.get("/claims.xls").status_code == 404


# Search


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
        ("HRW", "Human Rights Watch", "en"),
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


def test_a_table_is_for_people_or_for_programs(site: FlaskClient) -> None:
    assert site.get("/claims.csv?for=people").status_code == 200
    answer = site.get("/claims.csv?for=robots")
    assert (answer.status_code, answer.json["where"]) == (400, "for")


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
