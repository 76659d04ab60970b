"""A real service and Debian's chromium, for the tests that look at pages as people do."""

from __future__ import annotations

import json
import os
import shutil
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from finding import find_pages
from playwright.sync_api import Browser, expect, sync_playwright
from visiting import READERS, Visit, visit_all

from cecot.dataset.content import Material
from running import running

expect.set_options(timeout=20_000)

HOUSE = Path(__file__).parents[2]
PICTURES = HOUSE / "artifacts"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ONE_OF_EACH_CLASS = """
SELECT (MIN(STR(?each)) AS ?thing) { ?each a ?class FILTER (ISIRI(?each)) } GROUP BY ?class
"""
ASKED = (
    "/search?q=CECOT+capacity",
    "/search?q=1+de+junio+de+2023",
    "/questions/capacity",
    "/claims?about=human-rights-watch",
    "/claims?act=act-arrest&act=act-torture",
)
"""Pages that no link of another page leads to as it stands: what a reader asks for."""

LONGEST = ("test_workbench.py", "test_pages.py")
"""Begun first, each in a process, so that none of them goes on alone at the end."""

Visits = dict[str, tuple[Visit, ...]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest before the others."""
    items.sort(key=lambda item: (*LONGEST, item.path.name).index(item.path.name))


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a service that runs for all tests of this folder."""
    command = [sys.executable, "-m", "cecot", "serve", "--port", "0", "--rooms", str(HOUSE)]
    with running(command, HOUSE, {**os.environ, "PYTHONUNBUFFERED": "1"}) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as the system has it. In CI its absence is a failure, elsewhere it is said."""
    wanted = os.environ.get("CECOT_CHROMIUM", "")
    found = next(filter(None, map(shutil.which, [wanted] if wanted else NAMES)), None)
    if found is None:
        told = (
            "chromium is absent: apt-get install chromium, or name it with CECOT_CHROMIUM. "
            "The pages are not looked at."
        )
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def paths(site: str, material: Material) -> list[str]:
    """Pages that stand for all: a thing of each class, and what can be reached from there."""
    asked = urllib.parse.urlencode({"query": ONE_OF_EACH_CLASS, "format": "json"})
    with urllib.request.urlopen(f"{site}/sparql?{asked}", timeout=30) as response:
        rows = json.load(response)["results"]["bindings"]
    namespace = material.namespace
    things = {row["thing"]["value"] for row in rows}
    slugs = sorted(iri.removeprefix(namespace) for iri in things if iri.startswith(namespace))
    things_of_each = [f"/id/{urllib.parse.quote(slug)}.html" for slug in slugs]
    return find_pages(site, [*things_of_each, *ASKED])


@pytest.fixture(scope="session")
def visits(site: str, browser: Browser, paths: Sequence[str]) -> Visits:
    """Each page as each reader finds it, with a picture of it in ``artifacts/``."""
    shutil.rmtree(PICTURES, ignore_errors=True)
    return {
        reader.name: tuple(visit_all(browser, reader, site, paths, PICTURES)) for reader in READERS
    }
