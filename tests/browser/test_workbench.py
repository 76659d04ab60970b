"""The practice text in the workbench, by keyboard alone; what it looks like to everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from cecot.cli import run
from cecot.dataset.content import read_material
from cecot.rdf.prefixes import read_prefixes
from cecot.rdf.writing import format_turtle
from cecot.rooms import Rooms
from cecot.validation import validate
from workbenches import graph_files, practice_rooms, workbench

MOST_ACTIONS = 15
CECOT = "https://w3id.org/cecot/ontology#"
RULE = "https://w3id.org/cecot/id/article-13-accusation"
ACCUSATION = (
    "The Readers' Circle accuses the council of closing the library"
    ' "without a word of notice" and of turning away pupils of the evening school'
)
CLAIMS: list[tuple[str, int, str, Mapping[str, str]]] = [
    # Of each claim: its name, its line, the words that are selected, what is not proposed right.
    ("article-07-capacity", 7, "40 readers",
     {"subject": "Alder Street Library", "predicate": "capacity", "as_written": "40 readers"}),
    ("article-07-windows-height", 7, "9.8 feet (3.0 m)",
     {"subject": "Windows of the Alder Street Library", "predicate": "height",
      "qualifier": "each"}),
    ("article-09-when", 9, "In March 2024, the council closed the library",
     {"subject": "Closure of the Alder Street Library", "predicate": "when"}),
    ("article-11-capacity", 11, "",
     {"predicate": "capacity", "as_written": "over 80,000 books",
      "description_en": "The shelves of the library hold over 80,000 books.",
      "description_es": "Los estantes de la biblioteca contienen más de 80,000 libros."}),
    ("article-13-accusation", 13, ACCUSATION,
     {"accused": "Town council of Norwick", "victims": "Pupils of the evening school",
      "description_en": "The Readers' Circle accuses the council of closing the library without"
      " notice and of turning away pupils of the evening school.",
      "description_es": "El Círculo de Lectores acusa al ayuntamiento de cerrar la biblioteca sin"
      " aviso y de no dejar entrar a alumnos de la escuela nocturna.",
      "about": "Alder Street Library"}),
    ("article-15-denial", 15, "denies that anyone was turned away",
     {"speakers": "Town council of Norwick", "responds_to": RULE, "unresolved_en": "",
      "unresolved_es": "",
      "description_en": "The council denies that anyone was turned away.",
      "description_es": "El ayuntamiento niega que no se dejara entrar a nadie."}),
    ("article-21-capacity", 21, "for 120 readers",
     {"speech_act": "announced that she would build",
      "subject": "Announced: second library (Brandt)", "predicate": "capacity",
      "as_written": "120 readers",
      "description_en": "Brandt announced a library for 120 readers.",
      "description_es": "Brandt anunció una biblioteca para 120 personas.",
      "said_in": "Brandt's announcement of a second library"}),
    ("article-23-praise", 23, 'calls the library "the quietest place in the county"',
     {"saying": "Praise", "speech_act": "calls",
      "description_en": "Reuel praises the quiet of the library.",
      "description_es": "Reuel elogia la tranquilidad de la biblioteca.",
      "about": "Alder Street Library"}),
    ("article-27-signatures-led-to", 27, "which led to longer opening hours",
     {"subject": "Collection of signatures by the Readers' Circle", "predicate": "ledTo",
      "object_thing": "Longer opening hours",
      "readings_en": "“Which” may refer to the signatures, to the invitation, or to both.",
      "readings_es": "«Which» puede referirse a las firmas, a la invitación o a ambas."}),
]  # fmt: skip
# A name says which of two it is where its author thought so; the workbench numbers them.
NAMED_OTHERWISE = {
    "article-07-windows-height": "article-07-height",
    "article-27-signatures-led-to": "article-27-led-to",
}
LISTS = {"predicate", "saying", "responds_to", "object_kind"}


class Keyboard:
    """Somebody without a mouse: goes from field to field by Tab, and what they do is counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def reach(self, name: str) -> None:
        """Go by Tab to the field or button called ``name``."""
        for _ in range(120):
            here = self.page.evaluate(
                "() => { const e = document.activeElement;"
                " return [e.id, e.name, e.value, e.textContent.trim()] }"
            )
            if name in here:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{name} is not reached by Tab")

    def press(self, name: str) -> None:
        """Press the button, or follow the link."""
        self.reach(name)
        self.actions += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, name: str, words: str) -> None:
        """Write into a field, in the place of what it holds."""
        self.reach(name)
        self.actions += 1
        self.page.keyboard.press("Control+a")
        if words:
            self.page.keyboard.insert_text(words)
        else:
            self.page.keyboard.press("Delete")

    def press_summary(self, name: str) -> None:
        """Open what is folded around a field."""
        words = self.page.locator(f"details:has(#{name}) > summary").last.inner_text()
        self.reach(words)
        self.actions += 1
        self.page.keyboard.press("Enter")

    def choose(self, name: str, value: str) -> None:
        """Choose from a list by the arrow keys."""
        self.reach(name)
        self.actions += 1
        self.page.keyboard.press("Home")
        for _ in range(400):
            if self.page.evaluate("() => document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not on the list {name}")


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


def make(keys: Keyboard, line: int, words: str, wanted: Mapping[str, str]) -> None:
    """Make the claim of ``words`` on ``line``, as ``wanted`` says."""
    page = keys.page
    if words:
        # The words are selected in the passage, with Shift and the arrow keys.
        keys.reach("sentence")
        text = page.evaluate("() => document.activeElement.value")
        keys.actions += 1
        page.keyboard.press("Control+Home")
        for _ in range(text.index(words)):
            page.keyboard.press("ArrowRight")
        for _ in words:
            page.keyboard.press("Shift+ArrowRight")
        assert page.input_value("#words") == words
    keys.press("New claim")
    for name, value in wanted.items():
        if page.locator(f"details:not([open]) #{name}").count():
            keys.press_summary(name)
        if name in LISTS:
            iri = f"{CECOT}{value}" if name == "predicate" else value
            keys.choose(name, iri)
        else:
            keys.write(name, value)
    keys.press("Look at it")
    assert page.locator(".findings").count() == 0, page.locator(".findings").all_inner_texts()
    keys.press("Save")
    assert page.get_by_role("status").is_visible()


def test_the_practice_text_is_made_by_keyboard_alone_in_few_actions_and_is_what_was_by_hand(
    page: Page, tmp_path: Path, original: Rooms
) -> None:
    rooms = practice_rooms(tmp_path / "rooms", without=reversed([name for name, *_ in CLAIMS]))
    assert graph_files(rooms) != graph_files(original)
    counted: dict[str, int] = {}
    with workbench(rooms) as address:
        base = enter(page, address)
        for name, line, words, wanted in CLAIMS:
            page.goto(f"{base}/passage/article/{line}")
            keys = Keyboard(page)
            make(keys, line, words, wanted)
            counted[name] = keys.actions
    assert max(counted.values()) <= MOST_ACTIONS, counted
    prefixes = read_prefixes(rooms)
    for file, content in graph_files(original).items():
        expected = content
        for by_hand, made in NAMED_OTHERWISE.items():
            expected = expected.replace(f"id:{by_hand}\n", f"id:{made}\n")
        assert graph_files(rooms)[file] == format_turtle(expected, prefixes)
    assert not validate(read_material(rooms)).findings
    assert run(["format", "--check", str(rooms.graph), "--rooms", str(rooms.root)]) == 0


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
        page.click("text=Look at it")
        page.click("button[value=save]")
        assert page.get_by_role("status").is_visible()
    context.close()
    assert graph_files(rooms) == graph_files(original)
