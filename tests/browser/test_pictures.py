"""The words of a picture stand below it, side by side where there is room, and on paper too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from visiting import DESK, PAPER, PHONE, Reader, opened

_PLACES = """
() => {
  const box = (each) => each.getBoundingClientRect();
  const list = document.querySelector(".strands, .dates");
  return {
    under: box(document.querySelector(".whole-picture")).bottom <= box(list).top,
    columns: new Set([...list.children].map((each) => Math.round(box(each).left))).size,
    empty: Math.round(box(list).bottom - Math.max(...[...list.children].map((e) => box(e).bottom))),
  };
}
"""


@pytest.mark.parametrize("path", ["/network", "/timeline"])
@pytest.mark.parametrize(("reader", "columns"), [(DESK, 2), (PHONE, 1), (PAPER, 1)])
def test_the_list_stands_below_the_picture(
    browser: Browser, site: str, path: str, reader: Reader, columns: int
) -> None:
    with opened(browser, reader, site) as (page, _):
        page.goto(path)
        places = page.evaluate(_PLACES)
    assert places["under"]
    assert places["columns"] == columns
    assert places["empty"] < 40
