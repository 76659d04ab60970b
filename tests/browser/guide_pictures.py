"""Makes the pictures of docs/add-a-source.md: ``python tests/browser/guide_pictures.py``."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from keyboard import Editor
from playwright.sync_api import Page, sync_playwright

from workbenches import PRACTICE, empty_rooms, practice_index, workbench

IMAGES = PRACTICE.parents[1] / "docs" / "images"
WIDTH, HEIGHT = 900, 860


def picture(name: str, part: str, height: int = HEIGHT) -> Callable[[Page], None]:
    """Takes a picture of one part of a page, no higher than ``height``."""

    def look(page: Page) -> None:
        page.evaluate("() => document.querySelector('.actions')?.classList.remove('actions')")
        page.locator(part).scroll_into_view_if_needed()
        box = page.locator(part).bounding_box()
        assert box is not None
        top = page.evaluate("() => window.scrollY")
        clip = {
            "x": 0,
            "y": top + box["y"] - 12,
            "width": WIDTH,
            "height": min(box["height"] + 24, height),
        }
        page.screenshot(path=IMAGES / f"workbench-{name}.png", clip=clip, full_page=True)

    return look


def take_pictures(page: Page, editor: Editor) -> None:
    """Make the first claims of the article, and look at what the guide shows."""
    namespace = editor.index.material.namespace
    editor.make(f"{namespace}article-03-name", picture("new-name", "#new-names"))
    page.goto(f"{editor.base}/passage/article/7")
    picture("passage", "main")(page)
    editor.make(f"{namespace}article-07-capacity", picture("form", "#claim"))
    editor.make(f"{namespace}article-11-capacity", picture("preview", "#preview", 600))


def main() -> None:
    """Make the practice rooms anew, and take the pictures in them."""
    index, passages = practice_index()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        rooms = empty_rooms(Path(folder) / "rooms")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB")
        with workbench(rooms) as address:
            page.goto(address)
            take_pictures(page, Editor(page, page.url.rstrip("/"), index, passages))
        browser.close()


if __name__ == "__main__":
    main()
