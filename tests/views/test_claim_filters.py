"""The filters of the table of claims: what is written in them, and what it is taken for."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from tests.views.test_pages_table import rows

from markup import parse, read


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("date", "yesterday", "'yesterday' is not a date."),
        ("date", "31 February 2023", "'31 February 2023' is not a date."),
        ("date", "01/02/2023", "'01/02/2023' is not a date."),
        ("about", "nothing like this", "Nothing in the graph is called 'nothing like this'."),
        ("by", "nobody", "Nothing in the graph is called 'nobody'."),
        ("status", "bogus", "'bogus' is none of the values of this filter."),
        ("policy", "zzz", "'zzz' is none of the values of this filter."),
        ("q", "???", "There is no word and no figure in '???'."),
        ("q", "\0", "There is no word and no figure in 'U+0000'."),
    ],
)
def test_a_value_that_means_nothing_is_told_at_its_field_and_the_rest_is_kept(
    site: FlaskClient, name: str, value: str, told: str
) -> None:
    query = {name: value, "act": "act-torture", "lang": "en"}
    response = site.get("/claims", query_string=query, headers={"Accept": "text/html"})
    assert response.status_code == 400
    page = parse(response.text)
    (field,) = [e for e in page.walk() if "aria-invalid" in e.attributes]
    assert field.attributes["name"] == name
    described = field.attributes["aria-describedby"].split()[0]
    (fault,) = [e for e in page.walk() if e.attributes.get("id") == described]
    assert told in fault.text
    assert "checked" in response.text
    assert "0 claims" not in page.text
    problem = site.get("/claims.json", query_string=query)
    assert (problem.status_code, problem.mimetype) == (400, "application/problem+json")
    assert (problem.get_json()["detail"], problem.get_json()["where"]) == (told, name)


@pytest.mark.parametrize("name", ["source", "predicate", "sort", "nothing"])
def test_what_has_no_field_and_means_nothing_is_told_above_the_claims(
    site: FlaskClient, name: str
) -> None:
    response = site.get(f"/claims?{name}=zzz&q=arrests", headers={"Accept": "text/html"})
    assert response.status_code == 400
    (alert,) = [e for e in parse(response.text).walk() if e.attributes.get("role") == "alert"]
    assert "zzz" in alert.text or "'nothing'" in alert.text
    assert 'value="arrests"' in response.text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CECOT", "cecot"),
        ('"CECOT"', "cecot"),
        ("Rios", "zury-rios"),
        ("MS-13", "ms-13"),
        ("hrw", "human-rights-watch"),
        ("Rene Merino", "rene-merino-monroy"),
        ("regimen de excepcion", "state-of-exception"),
    ],
)
def test_another_name_of_a_thing_comes_before_longer_names_that_hold_it(
    site: FlaskClient, written: str, meant: str
) -> None:
    for name in ("about", "by"):
        found = site.get("/claims.json", query_string={name: written}).get_json()
        assert found["filters"][name].endswith(f"/{meant}")


def test_a_guess_says_what_else_may_be_meant(site: FlaskClient) -> None:
    page = read(site, "/claims?about=gang&lang=en")
    (notice,) = [each for each in page.all("p") if "“gang” is taken for:" in each.text]
    others = [each.attributes["href"] for each in notice.all("a")][1:]
    assert "/claims?lang=en&about=gang-crackdown" in others
    assert "is taken for" not in read(site, "/claims?about=CECOT").text
    twin = site.get("/claims.json?about=gang").get_json()
    assert len(twin["mayMean"]["gang"]) == len(others) + 1


@pytest.mark.parametrize("written", ["late 2022", "Late  2022", "finales de 2022"])
def test_a_date_is_understood_as_the_texts_write_it(site: FlaskClient, written: str) -> None:
    (row,) = rows(read(site, f"/claims?date={quote(written)}"))
    assert row[3].startswith("line 5")


def test_the_text_itself_is_one_of_those_who_speak(site: FlaskClient) -> None:
    page = read(site, "/claims?lang=en")
    (by,) = [each for each in page.all("select") if each.attributes["name"] == "by"]
    (own,) = [e for e in by.all("option") if e.text.startswith("The text itself (")]
    assert own.attributes["value"] == "tcc"


def test_what_is_given_twice_is_shown_and_counted_together(site: FlaskClient) -> None:
    counts = [
        site.get(f"/claims.json?{query}").get_json()["total"]
        for query in ("status=alleged", "status=hedged", "status=alleged&status=hedged")
    ]
    assert counts[0] + counts[1] == counts[2]
    page = read(site, "/claims?status=alleged&status=hedged")
    assert len(rows(page)) == counts[2]
    (select,) = [each for each in page.all("select") if each.attributes["name"] == "status"]
    assert len([e for e in select.all("option") if "selected" in e.attributes]) == 2


def test_names_that_can_be_asked_for_are_offered(site: FlaskClient) -> None:
    (names,) = read(site, "/claims?lang=es").all("datalist")
    offered = [each.attributes["value"] for each in names.all("option")]
    assert "Régimen de excepción en El Salvador" in offered or "CECOT" in offered
    assert not any(each[:1].isdecimal() for each in offered)
