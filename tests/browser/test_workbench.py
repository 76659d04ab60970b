"""The practice text in the workbench, by keyboard alone; what it looks like to everybody."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from keyboard import Editor
from playwright.sync_api import Browser, Page, expect
from pyoxigraph import Triple

from cecot.cli import run
from cecot.dataset.content import read_material
from cecot.editing.index import Index
from cecot.rdf.reading import parse_text
from cecot.rdf.writing import format_turtle
from cecot.rooms import Rooms, find_rooms
from cecot.validation import validate
from cecot.vocabulary import SKOS
from workbenches import (
    PRACTICE,
    empty_rooms,
    graph_files,
    practice_index,
    practice_rooms,
    workbench,
)

WHOLE = bool(os.environ.get("CECOT_TEST_WHOLE"))
SAMPLE = (1, 7, 9, 13)
"""Lines of the article that are made by keyboard; all of both texts by `make test-whole`."""

MOST_ACTIONS = 15
CECOT = "https://w3id.org/cecot/ontology#"
GUIDE = PRACTICE.parents[1] / "docs" / "add-a-source.md"
TOLD = re.compile(
    r"(?P<claims>\d+) claims took at most (?P<most>\d+) actions each, "
    r"(?P<average>[\d.]+) on average"
)
OUTSIDE = {"dataset.ttl", "silences.ttl"}
# What no form has, and is written by hand: a second name of the council, a note on a date.
BY_HAND = re.compile(
    r'^    skos:(?:hiddenLabel "Town Council"|editorialNote ["“«]+Late[”»]).*\n', re.MULTILINE
)


def names_by_label(index: Index) -> dict[str, str]:
    """The things that have a class or a scheme of their own, by their names in English."""
    return {
        label: iri
        for iri in index.material.lines
        for label in index.texts(iri, str(SKOS.prefLabel), "en")
    }


def renamed(turtle: str, names: Mapping[str, str]) -> str:
    """What was written by hand, with the names that the workbench gave."""
    turtle = BY_HAND.sub("", turtle)
    return re.sub(r"\bid:[\w-]+", lambda match: names.get(match[0], match[0]), turtle)


def statements(files: Iterable[str]) -> set[Triple]:
    return {triple for turtle in files for triple in parse_text(turtle, where="a file").triples}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Rooms:
    return practice_rooms(tmp_path_factory.mktemp("original") / "rooms")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def enter(page: Page, address: str) -> str:
    """Open the workbench; the address without its token."""
    page.goto(address)
    assert "token" not in page.url
    return page.url.rstrip("/")


class Edited(NamedTuple):
    """What was made: in which rooms, by how many actions each claim, what each claim by hand is
    called there, and which files of passages are whole."""

    rooms: Rooms
    actions: dict[str, int]
    made: dict[str, str]
    files: list[str]


@pytest.fixture(scope="module")
def edited(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Edited:
    """The practice texts, made from nothing by keyboard alone."""
    rooms = empty_rooms(tmp_path_factory.mktemp("edited") / "rooms")
    index, passages = practice_index()
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(60_000)
    page = context.new_page()
    actions: dict[str, int] = {}
    files: list[str] = []
    with workbench(rooms) as address:
        editor = Editor(page, enter(page, address), index, passages)
        for source in passages.sources:
            for place in passages.of(source):
                if not (WHOLE or (source.endswith("article") and place.line in SAMPLE)):
                    continue
                files.append(f"sources/{source.rpartition('/')[2]}/{place.line:02}.ttl")
                claims = index.claims_of(place.iri)
                if not claims:
                    editor.note(place)
                for claim in claims:
                    actions[claim] = editor.make(claim)
    context.close()
    return Edited(rooms, actions, editor.made, files)


def test_the_practice_text_is_made_from_nothing_by_keyboard_alone(edited: Edited) -> None:
    assert len(edited.actions) > (50 if WHOLE else 9)
    assert max(edited.actions.values()) <= MOST_ACTIONS, edited.actions
    graph = str(edited.rooms.graph)
    assert run(["format", "--check", graph, "--rooms", str(edited.rooms.root)]) == 0
    findings = validate(read_material(edited.rooms)).findings
    unsettled = {each.rule.iri.rpartition("#")[2] for each in findings}
    assert unsettled <= (set() if WHOLE else {"PassageUsed"}), findings


def test_what_the_keyboard_made_is_what_was_written_by_hand(edited: Edited) -> None:
    by_hand, _ = practice_index()
    there = names_by_label(Index(read_material(edited.rooms)))
    names = edited.made | {
        iri: there[label] for label, iri in names_by_label(by_hand).items() if label in there
    }
    prefixes = by_hand.material.prefixes
    compact = {prefixes.compact(old): prefixes.compact(new) for old, new in names.items()}
    expected, found = (graph_files(each) for each in (find_rooms(PRACTICE), edited.rooms))
    assert len(edited.files) == (22 if WHOLE else 4)
    for file in edited.files:
        assert found[file] == format_turtle(renamed(expected[file], compact), prefixes), file
    things = statements(
        renamed(expected[each], compact)
        for each in expected
        if "/" not in each and each not in OUTSIDE
    )
    told = statements(found[each] for each in found if "/" not in each)
    assert told == things if WHOLE else set() < told < things


def test_the_guide_tells_the_actions_that_were_counted(edited: Edited) -> None:
    counts = edited.actions.values()
    told = TOLD.search(GUIDE.read_text("utf-8"))
    assert told is not None
    assert int(told["claims"]) == len(practice_index()[0].claims)
    assert max(counts) <= int(told["most"]) <= MOST_ACTIONS
    # A proposal more or less moves the average a little, and so does a sample.
    assert abs(float(told["average"]) - sum(counts) / len(counts)) < (0.5 if WHOLE else 2)


def test_one_key_leads_to_the_next_passage_without_a_claim(page: Page, tmp_path: Path) -> None:
    rooms = practice_rooms(tmp_path / "rooms", without=["article-13-accusation"])
    with workbench(rooms) as address:
        base = enter(page, address)
        page.goto(f"{base}/source/article")
        with page.expect_navigation():
            page.keyboard.press("n")
        assert page.url.endswith("/passage/article/13")


def test_what_the_rules_say_comes_while_one_types(page: Page, original: Rooms) -> None:
    with workbench(original) as address:
        base = enter(page, address)
        page.goto(f"{base}/claim/article-13-accusation")
        page.fill("#description_es", "")
        page.press("#description_es", "Tab")
        page.wait_for_selector("#say-description")
        page.fill("#description_es", "El Círculo acusa al ayuntamiento.")
        page.press("#description_es", "Tab")
        page.wait_for_selector("#say-description", state="detached")


PAGES = (
    "/", "/source/article", "/passage/article/7", "/passage/article/13/claim",
    "/claim/article-13-accusation", "/claim/article-07-windows-height",
    "/claim/article-07-capacity/delete", "/nothing",
)  # fmt: skip


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("language", ["en", "es"])
def test_everybody_can_use_every_page(
    browser: Browser, original: Rooms, width: int, language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=language)
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    with workbench(original) as address:
        base = enter(page, address)
        for path in PAGES:
            page.goto(f"{base}{path}")
            assert page.get_attribute("html", "lang") == language
            found = Axe().run(page).response["violations"]
            assert not found, (path, [(each["id"], each["nodes"][0]["html"]) for each in found])
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width, path
    context.close()
    # The page that is not there is told of as a resource that failed.
    assert not [each for each in told if "404" not in each]


def test_without_a_script_words_are_pasted_and_the_claim_is_made(
    browser: Browser, tmp_path: Path, original: Rooms
) -> None:
    rooms = practice_rooms(tmp_path / "rooms", without=["article-07-capacity"])
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    with workbench(rooms) as address:
        base = enter(page, address)
        page.goto(f"{base}/passage/article/7")
        page.fill("#words", "40 readers")
        page.click("text=New claim")
        page.fill("#subject", "Alder Street Library")
        page.select_option("#predicate", f"{CECOT}capacity")
        page.fill("#as_written", "40 readers")
        page.fill("#gloss_es", "40 lectores")
        page.click("text=Look at it")
        page.click("button[value=save]")
        expect(page.get_by_role("status")).to_be_visible()  # the page may still be on its way
    context.close()
    assert graph_files(rooms) == graph_files(original)


def test_what_was_typed_is_there_when_one_goes_back(page: Page, tmp_path: Path) -> None:
    with workbench(practice_rooms(tmp_path / "rooms")) as address:
        page.goto(address)
        path = f"{page.url.rstrip('/')}/claim/article-13-accusation"
        page.goto(path)
        page.fill("#words", "no such words")
        page.get_by_role("button", name="Look at it").click()
        expect(page.get_by_role("alert")).to_be_focused()
        page.go_back()
        expect(page.locator("#words")).to_have_value("no such words")
