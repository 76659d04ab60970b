"""Every page, for every reader: at a desk, at night, on a phone, without scripts, on paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Browser, expect
from visiting import DESK, NIGHT, PAPER, PHONE, PLAIN, READERS, Visit, opened

Visits = dict[str, tuple[Visit, ...]]

MISTAKES = {"/nowhere/at-all": 404, "/sparql?qeury=SELECT": 400}
EVERYBODY = pytest.mark.parametrize("reader", [each.name for each in READERS])


def told(visits: Sequence[Visit], wrong: Callable[[Visit], object]) -> dict[str, object]:
    """What is wrong with each page that something is wrong with."""
    return {visit.path: found for visit in visits if (found := wrong(visit))}


def test_the_pages_are_found(paths: Sequence[str]) -> None:
    sections = {path.split("?")[0].strip("/").split("/")[0] for path in paths}
    assert sections >= {"", "claims", "editor", "id", "ontology.html", "shapes.html", "sparql"}


@EVERYBODY
def test_every_page_answers(visits: Visits, reader: str) -> None:
    def status(visit: Visit) -> int | None:
        return visit.status if visit.status != MISTAKES.get(visit.path, 200) else None

    found = told(visits[reader], status)
    assert not found


@EVERYBODY
def test_every_page_has_a_title_and_one_heading(visits: Visits, reader: str) -> None:
    found = told(visits[reader], lambda visit: not visit.title or len(visit.headings) != 1)
    assert not found


@EVERYBODY
def test_no_page_breaks_its_policy_or_reports_an_error(visits: Visits, reader: str) -> None:
    def errors(visit: Visit) -> list[str]:
        # To Chromium, the answer to a mistake is an error of the page.
        expected = "Failed to load resource" if visit.path in MISTAKES else "\0"
        return [each for each in visit.noted.errors if expected not in each]

    found = told(visits[reader], errors)
    assert not found


@EVERYBODY
def test_no_page_asks_anything_of_another_host(visits: Visits, reader: str) -> None:
    found = told(visits[reader], lambda visit: visit.noted.foreign)
    assert not found


@EVERYBODY
def test_whatever_a_page_asks_for_is_there(visits: Visits, reader: str) -> None:
    pages = [visit for visit in visits[reader] if visit.path not in MISTAKES]
    found = told(pages, lambda visit: visit.noted.failed)
    assert not found


@pytest.mark.parametrize("reader", [DESK.name, NIGHT.name, PHONE.name])
def test_axe_finds_nothing(visits: Visits, reader: str) -> None:
    found = told(visits[reader], lambda visit: visit.violations)
    assert not found


@pytest.mark.parametrize("reader", [PHONE.name, PAPER.name, DESK.name])
def test_no_page_is_wider_than_what_it_is_read_on(visits: Visits, reader: str) -> None:
    found = told(visits[reader], lambda visit: visit.width > visit.room and visit.width)
    assert not found


def test_every_page_speaks_spanish_to_who_prefers_it(visits: Visits) -> None:
    found = told(visits[PHONE.name], lambda visit: visit.language != "es" and visit.language)
    assert not found
    english = {visit.path: visit.headings for visit in visits[DESK.name]}
    spanish = {visit.path: visit.headings for visit in visits[PHONE.name]}
    assert all(english[path] != spanish[path] for path in ("/editor", "/claims", "/limits"))


def test_without_scripts_every_page_says_the_same(visits: Visits) -> None:
    with_scripts = {visit.path: visit for visit in visits[DESK.name]}

    def lost(visit: Visit) -> bool:
        other = with_scripts[visit.path]
        same = (visit.title, visit.headings) == (other.title, other.headings)
        is_editor = visit.path.startswith(("/editor", "/sparql"))  # the second leads to the first
        return not same or not (is_editor or words(visit) == words(other))

    def words(visit: Visit) -> list[str]:
        # Buttons that copy come with the script; what they copy stands there without it.
        return [each for each in visit.text.split() if each != "Copy"]

    found = told(visits[PLAIN.name], lost)
    assert not found


def test_what_is_cited_is_copied_by_a_button_and_selected_by_a_click_without_scripts(
    browser: Browser, site: str
) -> None:
    path = "/id/tcc-33-accusation.html"
    with opened(browser, DESK, site) as (page, noted):
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(path)
        citation = page.locator("#cite ~ .copied").first
        citation.get_by_role("button", name="Copy").click()
        expect(citation.get_by_role("button")).to_have_text("Copied")
        taken = page.evaluate("navigator.clipboard.readText()")
        assert taken == citation.locator(".copy").inner_text()
        assert "Human Rights Watch" in taken
        assert noted.errors == []
    with opened(browser, PLAIN, site) as (page, _):
        page.goto(path)
        assert page.get_by_role("button", name="Copy").count() == 0
        page.locator("#cite ~ .copy").first.click()
        assert (
            page.locator("#cite ~ .copy").first.evaluate("e => getComputedStyle(e).userSelect")
            == "all"
        )


def test_on_paper_there_is_no_navigation(visits: Visits) -> None:
    def navigates(visit: Visit) -> bool:
        return "Español" in visit.text.partition(visit.headings[0])[0]

    found = told(visits[PAPER.name], navigates)
    assert not found
    assert navigates(visits[DESK.name][0])
