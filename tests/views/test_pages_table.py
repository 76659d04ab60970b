"""The table of claims with its twins, as readers and programs use it."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import parse_qs, quote, urlsplit

import openpyxl
import pytest
from flask.testing import FlaskClient

from cecot.claims.table import Filters
from cecot.claims.words import words_of
from cecot.render.table import FOR_PROGRAMS
from cecot.views.filters import MOST_ACTS
from markup import Element, links, read


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


def test_a_table_is_for_people_or_for_programs(site: FlaskClient) -> None:
    assert site.get("/claims.csv?for=people").status_code == 200
    answer = site.get("/claims.csv?for=robots")
    assert (answer.status_code, answer.json["where"]) == (400, "for")
