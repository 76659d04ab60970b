"""One reader opening one page: everything that a test may want to know of it, noted at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from finding import one_of_each_shape
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

_REPORT = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
_OVERFLOWS = """
() => [document.documentElement.scrollWidth, window.innerWidth]
"""
_OWN = ("data:", "blob:", "about:")


@dataclass(frozen=True, slots=True)
class Reader:
    """How somebody reads.

    ``options`` are those of the browser; ``paper``: what is printed; ``sees_all``: every page, not
    only one of each shape. ``rules`` are those of axe-core that are tried on one page of each
    shape, or on all that this reader sees if ``judges_all``; "all" stands for every rule.
    """

    name: str
    options: Mapping[str, Any]
    paper: bool = False
    sees_all: bool = False
    rules: tuple[str, ...] = ()
    judges_all: bool = False


_WIDE = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"}
_SMALL = {"viewport": {"width": 320, "height": 640}, "locale": "es-SV"}
_SHEET = {"viewport": {"width": 794, "height": 1123}, "locale": "en-GB"}
DESK = Reader("desk", _WIDE, sees_all=True, rules=("all",), judges_all=True)
NIGHT = Reader("night", {**_WIDE, "color_scheme": "dark"}, rules=("color-contrast",))
PHONE = Reader("phone", _SMALL, sees_all=True, rules=("all",))
PLAIN = Reader("plain", {**_WIDE, "java_script_enabled": False})
PAPER = Reader("paper", _SHEET, paper=True)
READERS = (DESK, NIGHT, PHONE, PLAIN, PAPER)


@dataclass(slots=True)
class Noted:
    """What a page did while somebody looked: errors and requests to other hosts."""

    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def taken(self) -> Noted:
        """What was noted until now; what comes after is noted anew."""
        now = Noted(self.errors, self.foreign, self.failed)
        self.errors, self.foreign, self.failed = [], [], []
        return now


@dataclass(frozen=True, slots=True)
class Visit:
    """A page as one reader found it; ``width`` and ``room`` are in CSS pixels."""

    path: str
    status: int
    language: str
    title: str
    headings: tuple[str, ...]
    text: str
    width: int
    room: int
    violations: tuple[str, ...]
    noted: Noted


@contextmanager
def opened(browser: Browser, reader: Reader, site: str) -> Iterator[tuple[Page, Noted]]:
    """A page of a fresh browser of ``reader``, and what it does from now on."""
    context = browser.new_context(base_url=site, **reader.options)
    context.add_init_script(_REPORT)
    page = context.new_page()
    page.set_default_timeout(30_000)
    noted = Noted()

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            noted.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def asked(request: Request) -> None:
        if not request.url.startswith((site, *_OWN)):
            noted.foreign.append(request.url)

    def answered(response: Response) -> None:
        if response.status >= 400:
            noted.failed.append(f"{response.status} {response.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: noted.errors.append(str(error)))
    page.on("request", asked)
    page.on("response", answered)
    if reader.paper:
        page.emulate_media(media="print")
    try:
        yield page, noted
    finally:
        context.close()


def visit_all(
    browser: Browser, reader: Reader, site: str, paths: Sequence[str], pictures: Path
) -> Iterator[Visit]:
    """Open those of ``paths`` that ``reader`` sees, in their order, with a picture of each."""
    samples = one_of_each_shape(paths)
    folder = pictures / reader.name
    folder.mkdir(parents=True, exist_ok=True)
    with opened(browser, reader, site) as (page, noted):
        for path in paths if reader.sees_all else samples:
            rules = reader.rules if reader.judges_all or path in samples else ()
            yield _visit(page, noted, path, folder / f"{_name(path)}.jpeg", rules)


def come_to_rest(page: Page) -> None:
    """Wait until the page has what its scripts ask for; that which copies asks for nothing."""
    if page.locator("script[src]:not([data-copy])").count():
        page.wait_for_load_state("networkidle")


def _visit(page: Page, noted: Noted, path: str, picture: Path, rules: Sequence[str]) -> Visit:
    response = page.goto(path)
    assert response is not None
    come_to_rest(page)
    page.screenshot(path=picture, full_page=True, type="jpeg", quality=60)
    width, room = page.evaluate(_OVERFLOWS)
    return Visit(
        path=path,
        status=response.status,
        language=page.locator("html").get_attribute("lang") or "",
        title=page.title(),
        headings=tuple(page.locator("main h1").all_inner_texts()),
        text=page.locator("body").inner_text(),
        width=width,
        room=room,
        violations=tuple(violations(page, rules)) if rules else (),
        noted=noted.taken(),
    )


def violations(page: Page, rules: Sequence[str] = ("all",)) -> Iterator[str]:
    """What axe-core finds on the page as it stands: each of ``rules`` that is broken, and where."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if "all" not in rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    for each in Axe().run(page, options=options).response["violations"]:
        places = [" ".join(map(str, node["target"])) for node in each["nodes"]]
        yield f"{each['id']} ({each['impact']}): {', '.join(places[:5])}"


def _name(path: str) -> str:
    """A file name for ``path``, short enough for any disk."""
    return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-")[:80] or "home"
