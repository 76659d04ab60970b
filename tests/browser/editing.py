"""How tests type into the query editor, and read what it holds."""

from __future__ import annotations

from playwright.sync_api import Page


def write(page: Page, text: str) -> None:
    """Put ``text`` in the place of the query, key by key."""
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def query(page: Page) -> str:
    """What the form would send, which is what the editor holds."""
    return page.locator("#query").input_value()
