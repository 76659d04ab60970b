"""Whoever has only a keyboard reaches everything, sees where they are, and gets away again."""

from __future__ import annotations

from collections.abc import Sequence

from finding import one_of_each_shape
from playwright.sync_api import Browser, Page
from visiting import DESK, come_to_rest, opened

MOST = 150
_REACHABLE = """
() => {
  const fields = "a[href], button, input, select, textarea, summary, [contenteditable=true]";
  let count = 0;
  for (const each of document.querySelectorAll(fields)) {
    if (each.disabled || each.type === "hidden" || !each.checkVisibility()) continue;
    each.dataset.reachable = count++;
  }
  return count;
}
"""
_WHERE = """
() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const box = here.closest(".CodeMirror") ?? here;
  const { outlineStyle, outlineWidth } = getComputedStyle(box);
  // The parts of a date show by themselves which of them is meant.
  const inside = here.type === "date";
  const { width, height } = here.getBoundingClientRect();
  return {
    place: here.dataset.reachable ?? null,
    name: `${here.tagName} ${here.textContent.trim().slice(0, 40)}`,
    seen: outlineStyle !== "none" && outlineWidth !== "0px" && width * height > 0 || inside,
  };
}
"""


def walk(page: Page) -> tuple[int, set[str], set[str]]:
    """Go through a page by Tab: fields that there are, those reached, those without an outline."""
    fields = min(page.evaluate(_REACHABLE), MOST)
    reached: set[str] = set()
    unseen: set[str] = set()
    for _ in range(fields + 40):
        page.keyboard.press("Tab")
        here = page.evaluate(_WHERE)
        if here is None:
            break
        if here["place"] is not None:
            reached.add(here["place"])
        if not here["seen"]:
            unseen.add(here["name"])
    return fields, reached, unseen


def test_tab_reaches_all_that_can_be_used_and_shows_where_it_is(
    browser: Browser, site: str, paths: Sequence[str]
) -> None:
    missed, unseen = {}, {}
    with opened(browser, DESK, site) as (page, _):
        for path in one_of_each_shape(paths):
            page.goto(path)
            come_to_rest(page)
            fields, reached, hidden = walk(page)
            if len(reached) < fields:
                missed[path] = f"{len(reached)} of {fields}"
            if hidden:
                unseen[path] = hidden
    assert not missed
    assert not unseen


def test_the_first_tab_leads_past_the_navigation(browser: Browser, site: str) -> None:
    with opened(browser, DESK, site) as (page, _):
        page.goto("/claims")
        page.keyboard.press("Tab")
        assert page.locator(":focus").get_attribute("href") == "#content"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.locator("main :focus").count() == 1
