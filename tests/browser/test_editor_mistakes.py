"""What the query editor says when something is wrong: where, in whose language, and the cure."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from visiting import DESK, opened, violations

from editing import query, write


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """The editor on a desk; a query that fails leaves its status in the console."""
    with opened(browser, DESK, site) as (shown, noted):
        shown.goto("/editor")
        shown.wait_for_load_state("networkidle")
        yield shown
        assert noted.foreign == []


def test_a_mistake_is_told_with_a_way_to_its_line(page: Page) -> None:
    write(page, "SELECT * {\n  ?prison nonsense ?x }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#results .wrong")).to_contain_text("nonsense")
    assert page.locator(".wrong-line").count() == 1
    assert not list(violations(page))
    page.get_by_role("button", name="Go to line 2").click()
    assert page.locator(".CodeMirror-focused").count() == 1
    expect(page.locator("#syntax")).to_contain_text("Line 2")


def test_a_mistake_is_told_in_the_language_of_the_page(page: Page) -> None:
    page.goto("/editor?lang=es")
    write(page, "SELECT * { ?prison nonsense ?x }")
    page.keyboard.press("Control+Enter")
    wrong = page.locator("#results .wrong")
    expect(wrong).to_contain_text("nonsense no es una palabra de SPARQL.")
    expect(wrong.locator("[lang=es] strong")).to_have_text("La consulta no se puede analizar")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (
            "SELECT * { ?x a cecot:Facilty }",
            "cecot:Facilty no aparece en ninguna parte de este grafo. ¿Quiso decir cecot:Facility?",
        ),
        ("SELECT * FROM <urn:g> { ?x ?y ?z }", "Aquí no hay ningún grafo urn:g."),
        (
            "SELECT * { ?x a sh:NodeShape }",
            "sh:NodeShape solo está en un grafo con nombre: pregunte allí, con GRAPH"
            " <https://w3id.org/cecot/shapes>.",
        ),
        (
            "SELECT (COUNT(*) AS ?n) { ?x rdfs:label|skos:prefLabel ?y }",
            "Donde dos alternativas del camino rdfs:label|skos:prefLabel",
        ),
    ],
)
def test_why_an_answer_is_empty_or_lacks_something_is_told(
    page: Page, query: str, words: str
) -> None:
    page.goto("/editor?lang=es")
    page.wait_for_load_state("networkidle")
    write(page, query)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#results .hint")).to_contain_text(words)
    assert not list(violations(page))


def test_an_empty_query_is_answered_by_what_to_do(page: Page) -> None:
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#results")).to_contain_text("There is no query yet")


def test_known_prefixes_of_a_pasted_query_are_declared(page: Page) -> None:
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+a")
    pasted = 'PREFIX id: <urn:x:> # foaf:\nSELECT * { id:a rdfs:label "skos:x" ; a cecot:Plan }'
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const pasting = { clipboardData: data, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", pasting));
        }""",
        pasted,
    )
    expect(page.locator("#query")).to_have_value(re.compile("PREFIX cecot:"))
    declared = set(re.findall(r"PREFIX (\w+):", query(page)))
    assert declared == {"id", "rdfs", "cecot"}
