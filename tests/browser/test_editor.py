"""The query editor as people use it: type, complete, run, follow, share, switch, leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from visiting import DESK, PHONE, PLAIN, Noted, opened, violations

from editing import query, write

QUERY = "SELECT ?passage { ?passage a <https://w3id.org/cecot/ontology#Passage> } ORDER BY ?passage"
Opened = tuple[Page, Noted]


@pytest.fixture
def desk(browser: Browser, site: str) -> Iterator[Opened]:
    """The editor on a desk, ready to type in; nothing may go wrong on the way."""
    with opened(browser, DESK, site) as (page, noted):
        page.goto("/editor")
        page.wait_for_load_state("networkidle")
        yield page, noted
        assert (noted.errors, noted.foreign) == ([], [])


def hints(page: Page) -> list[str]:
    """The names that the editor offers, once it does."""
    expect(page.locator(".CodeMirror-hint").first).to_be_visible()
    return page.locator(".CodeMirror-hint").all_inner_texts()


def pick(page: Page, name: str) -> None:
    """Take the one name that is offered."""
    offered = page.locator(".CodeMirror-hint")
    expect(offered).to_have_count(1)
    expect(offered).to_contain_text(name)
    take(page)


def take(page: Page) -> None:
    """Press Enter, and wait until it has taken a name: they may still be on their way."""
    page.keyboard.press("Enter")
    expect(page.locator(".CodeMirror-hint")).to_have_count(0)


def test_classes_and_properties_of_the_graph_are_completed_and_declared(desk: Opened) -> None:
    page, _ = desk
    write(page, "SELECT * { ?prison a Facil")
    pick(page, "cecot:Facility")
    page.keyboard.type(" ; openedB")
    pick(page, "cecot:openedBy")
    page.keyboard.press("Enter")
    page.keyboard.type("?who }")
    assert query(page).splitlines() == [
        "PREFIX cecot: <https://w3id.org/cecot/ontology#>",
        "SELECT * { ?prison a cecot:Facility ; cecot:openedBy",
        "      ?who }",
    ]


def test_a_thing_is_completed_by_a_word_of_its_label_and_its_prefix_declared(desk: Opened) -> None:
    page, _ = desk
    write(page, "SELECT * { ?claim cecot:accuser huma")
    for each in ("Human Rights Watch", "organization", "id:human-rights"):
        expect(page.locator(".CodeMirror-hint").first).to_contain_text(each)
    take(page)
    page.keyboard.type(" }")
    assert query(page).splitlines() == [
        "PREFIX id: <https://w3id.org/cecot/id/>",
        "PREFIX cecot: <https://w3id.org/cecot/ontology#>",
        "SELECT * { ?claim cecot:accuser id:human-rights-watch }",
    ]
    page.keyboard.press("Control+Enter")
    expect(page.locator("#results tbody tr").first).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "first"),
    [("huma", "human-rights-watch"), ("repo", "tcc-35-unidentified-report")],
    ids=["one name", "several names"],
)
def test_enter_before_the_names_have_come_takes_the_first_that_comes(
    desk: Opened, typed: str, first: str
) -> None:
    page, _ = desk
    names = re.compile(f"typed={typed}(&|$)")
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route(names, hold)
    with page.expect_request(names):
        write(page, f"SELECT * {{ ?claim cecot:accuser {typed[:-1]}")
        hints(page)
        page.keyboard.type(typed[-1])
    page.keyboard.press("Enter")
    late[0].continue_()
    expect(page.locator("#query")).to_have_value(re.compile(f"cecot:accuser id:{first}$"))


@pytest.mark.parametrize(
    ("language", "typed", "name"),
    [("en", "hrw", "Human Rights Watch"), ("es", "gob", "Gobierno salvadoreño")],
)
def test_things_are_found_by_initials_and_in_the_other_language(
    desk: Opened, language: str, typed: str, name: str
) -> None:
    page, _ = desk
    page.goto(f"/editor?lang={language}")
    page.wait_for_load_state("networkidle")
    write(page, f"SELECT * {{ ?claim cecot:accused {typed}")
    expect(page.locator(".CodeMirror-hint").first).to_contain_text(name)


def test_the_values_of_a_property_are_offered_before_anything_is_typed(desk: Opened) -> None:
    page, _ = desk
    write(page, "SELECT * { ?claim cecot:modality ")
    page.keyboard.press("Control+Space")
    offered = hints(page)
    assert len(offered) == 6
    assert "asserted" in offered[0]
    page.keyboard.type("alle")
    pick(page, "alleged")
    page.keyboard.type(" }")
    assert "?claim cecot:modality cecot:Alleged }" in query(page)


def test_a_keyword_is_never_taken_for_the_name_of_a_thing(desk: Opened) -> None:
    page, _ = desk
    write(page, "SELECT * { ?s ?p ?o . filter")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".CodeMirror-hint")).to_have_count(0)


def test_what_is_offered_has_a_name_in_the_language_of_the_page(desk: Opened) -> None:
    page, _ = desk
    page.goto("/editor?lang=es")
    page.wait_for_load_state("networkidle")
    write(page, "SELECT * { ?x cecot:capac")
    expect(page.locator(".CodeMirror-hint").first).to_contain_text("capacidad")


def test_ctrl_space_offers_all_classes_and_axe_finds_nothing_then(desk: Opened) -> None:
    page, _ = desk
    write(page, "SELECT * { ?x a ")
    page.keyboard.press("Control+Space")
    assert len(hints(page)) > 10
    assert not list(violations(page))


def test_on_a_phone_the_names_offered_stay_on_the_screen_beside_what_is_typed(
    browser: Browser, site: str
) -> None:
    with opened(browser, PHONE, site) as (page, _):
        page.goto("/editor")
        page.wait_for_load_state("networkidle")
        write(page, "SELECT * { ?x a ?y ; cecot:c")
        assert hints(page)
        offered = page.locator(".CodeMirror-hints").bounding_box()
        typed = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")
        assert offered
        assert offered["x"] >= 0
        assert offered["x"] + offered["width"] <= 320
        below = offered["y"] >= typed["y"] + typed["height"] - 1
        assert below or offered["y"] + offered["height"] <= typed["y"] + 1
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_prefix_that_is_typed_is_declared_from_the_table_of_the_graph(desk: Opened) -> None:
    page, _ = desk
    write(page, "SELECT * { ?x skos:broader ?y }")
    expect(page.locator("#query")).to_have_value(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nSELECT * { ?x skos:broader ?y }"
    )


def test_prefixes_of_others_are_not_offered(desk: Opened) -> None:
    page, _ = desk
    write(page, "PREFIX c")
    assert all("cecot" in each or "cito" in each for each in hints(page))


def test_a_query_is_run_by_keyboard_and_a_row_leads_to_its_page(desk: Opened) -> None:
    page, _ = desk
    write(page, QUERY)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#status")).to_contain_text("30 rows")
    cell = page.locator("#results tbody tr").first.locator("td")
    row = cell.locator("a")
    expect(row).to_have_text("line 1")
    expect(cell.locator("code")).to_have_text("id:tcc-01")
    assert row.get_attribute("href") == "/id/tcc-01"
    row.click()
    expect(page.locator("h1")).to_be_visible()
    assert urlsplit(page.url).path == "/id/tcc-01.html"


def test_the_permalink_brings_the_query_and_its_answer(desk: Opened) -> None:
    page, _ = desk
    write(page, QUERY)
    link = page.locator("#permalink").get_attribute("href") or ""
    assert parse_qs(urlsplit(link).query) == {"query": [QUERY]}
    page.goto(link)
    expect(page.locator("#status")).to_contain_text("30 rows")
    assert query(page) == QUERY


def test_a_query_too_long_for_an_address_is_run_and_shared_all_the_same(desk: Opened) -> None:
    page, _ = desk
    long = urlencode({"query": f"{QUERY}\n# {'x' * 9000}"})
    page.goto(f"/editor#{long}")
    expect(page.locator("#status")).to_contain_text("30 rows")
    expect(page.locator("#results")).to_contain_text("id:tcc-01")
    link = page.locator("#permalink").get_attribute("href") or ""
    assert (urlsplit(link).query, urlsplit(link).fragment) == ("", long)
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator("#status")).to_contain_text("30 rows")
    with page.expect_download() as download:
        page.locator("#results a", has_text="csv").click()
    assert download.value.suggested_filename == "answer.csv"


def test_a_question_of_the_list_is_answered_in_one_click(desk: Opened) -> None:
    page, _ = desk
    page.locator("#examples summary").click()
    page.locator("#examples a[data-question=capacity]").click()
    expect(page.locator("#results")).to_contain_text("No row")
    page.locator("#examples summary").click()
    page.locator("#examples a[data-question=barriers]").click()
    way = page.locator("#results .links a")
    expect(way).to_have_attribute("href", re.compile("^/questions/barriers"))
    title = page.locator("#results h2 a")
    expect(title).to_have_attribute("href", re.compile("^/questions/barriers"))
    expect(page.locator("#results table")).to_be_visible()
    assert urlsplit(page.url).query == "question=barriers"


def test_the_other_language_has_the_same_question_in_its_own_words(desk: Opened) -> None:
    page, _ = desk
    page.goto("/editor?question=barriers")
    expect(page.locator("#results table")).to_be_visible()
    page.locator(".tongues a[hreflang=es]").click()
    expect(page.locator("#results table")).to_contain_text("Muros que rodean el CECOT")
    assert 'BIND ("es" AS ?language)' in query(page)


def test_what_is_typed_survives_the_change_of_language(desk: Opened) -> None:
    page, _ = desk
    write(page, QUERY)
    page.locator(".tongues a[hreflang=es]").click()
    expect(page.locator("#status")).to_contain_text("30 filas")
    assert query(page) == QUERY


def test_an_answer_is_downloaded_as_csv(desk: Opened) -> None:
    page, _ = desk
    page.goto("/editor?question=barriers")
    with page.expect_download() as download:
        page.locator("#results a", has_text="csv").click()
    assert download.value.suggested_filename == "barriers.csv"
    with open(download.value.path(), encoding="utf-8") as file:
        assert file.readline().startswith("barrierLabel,propertyLabel,value")


def test_rows_are_sorted_and_filtered(desk: Opened) -> None:
    page, _ = desk
    page.goto("/editor?question=barriers")
    numbers = page.locator("#results tbody td:nth-child(4)")
    expect(numbers.first).to_be_visible()
    page.get_by_role("button", name="number").click()
    page.get_by_role("button", name="number").click()
    assert [each for each in numbers.all_inner_texts() if each][:2] == ["15000", "23.6"]
    assert page.locator("#results th[aria-sort=descending]").count() == 1
    page.locator("#filter").fill("fence volt")
    assert page.locator("#results tbody tr").count() == 1


def test_yes_no_and_triples_are_answers_too(desk: Opened) -> None:
    page, _ = desk
    write(page, "ASK { ?s ?p ?o }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#results .verdict")).to_have_text("Yes")
    write(page, "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#results pre")).to_be_visible()
    assert page.locator("#results .files a").all_inner_texts()[0] == "turtle"
    assert not list(violations(page))


def test_tab_leaves_the_editor_in_both_directions(desk: Opened) -> None:
    page, _ = desk
    write(page, "SELECT * {")
    before = query(page)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Run"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert page.locator(":focus").evaluate("each => each.tagName") == "SUMMARY"
    assert query(page) == before


def test_things_and_statuses_have_their_names_and_the_iri_beneath(desk: Opened) -> None:
    page, _ = desk
    write(page, "SELECT * { ?claim cecot:accuser ?who ; cecot:modality ?how }")
    page.keyboard.press("Control+Enter")
    row = page.locator("#results tbody tr", has_text="Human Rights Watch").first
    expect(row.locator("td").nth(1)).to_have_text("Human Rights Watchid:human-rights-watch")
    expect(row.locator(".status.is-alleged")).to_have_text("alleged")
    # The columns stand as the query names them, which SELECT * leaves open.
    assert page.locator("#results th").all_inner_texts() == ["claim", "who", "how"]
    page.goto("/editor?question=human-rights-watch")
    expect(page.locator("#results .status.is-alleged").first).to_have_text("alleged")
    assert not list(violations(page))


def test_only_what_was_run_is_kept_in_this_browser_until_it_is_forgotten(desk: Opened) -> None:
    page, _ = desk
    page.goto("/editor?question=barriers")
    expect(page.locator("#results table")).to_be_visible()
    count = "[localStorage.length, sessionStorage.length, document.cookie]"
    assert page.evaluate(count) == [0, 0, ""]
    page.goto("/editor")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#own")).to_be_hidden()
    write(page, QUERY)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#status")).to_contain_text("30 rows")
    page.goto("/editor")
    page.locator("#own summary").click()
    assert not list(violations(page))
    page.locator("#own li button").click()
    expect(page.locator("#status")).to_contain_text("30 rows")
    assert query(page) == QUERY
    page.get_by_role("button", name="Forget them").click()
    expect(page.locator("#own")).to_be_hidden()
    assert page.evaluate(count) == [0, 0, ""]


def test_the_address_of_a_query_opens_in_the_editor_with_its_answer(desk: Opened) -> None:
    page, _ = desk
    page.goto(f"/sparql?{urlencode({'query': QUERY})}")
    assert urlsplit(page.url).path == "/editor"
    expect(page.locator("#status")).to_contain_text("30 rows")
    assert query(page) == QUERY


def test_without_scripts_the_form_asks_and_the_questions_are_links(
    browser: Browser, site: str
) -> None:
    with opened(browser, PLAIN, site) as (page, _):
        page.goto("/editor?question=barriers")
        expect(page.locator("#query")).to_be_visible()
        assert page.locator("#examples a").count() == 20
        page.locator("#format").select_option("tsv")
        with page.expect_response(lambda answer: "/sparql" in answer.url) as answer:
            page.locator("#ask button").first.click()
        assert answer.value.status == 200
        assert answer.value.headers["content-type"].startswith("text/tab-separated-values")


def test_on_a_phone_the_answer_scrolls_and_the_page_does_not(browser: Browser, site: str) -> None:
    with opened(browser, PHONE, site) as (page, _):
        page.goto("/editor?question=barriers")
        table = page.locator("#results .scroll")
        expect(table).to_be_visible()
        assert table.evaluate("each => each.scrollWidth > each.clientWidth")
        assert page.evaluate("document.documentElement.scrollWidth") == 320
