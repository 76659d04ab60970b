"""The documentation is true: its commands run, its answers are the answers, its links lead on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from walkthrough import Block, Reader, read_blocks, reader, says

HOUSE = Path(__file__).parents[1]
PAGES = sorted(
    path.relative_to(HOUSE).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "ontology/*.md", "graph/*.md", "shapes/*.md")
    for path in HOUSE.glob(pattern)
)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")


def heading_names(page: Path) -> set[str]:
    """The names under which GitHub links to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [page for page in PAGES if read_blocks(HOUSE / page)])
def test_what_a_page_shows_is_what_happens(page: str, tmp_path: Path) -> None:
    with reader(HOUSE, tmp_path) as somebody:
        for block in read_blocks(HOUSE / page):
            somebody.follow(block)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    lost = []
    for path, heading in LINK.findall((HOUSE / page).read_text(encoding="utf-8")):
        target = (HOUSE / page).parent / path if path else HOUSE / page
        if not target.exists() or (heading and heading not in heading_names(target)):
            lost.append(f"{path}#{heading}")
    assert not lost


PLACES = [HOUSE / each for each in (".", "server", "server/cecot", "server/cecot/views")]
FILE = re.compile(r"`([\w-]+(?:/[\w.-]+)+\.(?:py|rq|ttl|html|po|css|js|toml))`")


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("docs/decisions/")])
def test_a_decision_that_holds_names_files_that_are_there(page: str) -> None:
    text = (HOUSE / page).read_text(encoding="utf-8")
    if "Superseded" in text[:300]:
        return
    named = FILE.findall(text)
    assert not [file for file in named if not any((each / file).exists() for each in PLACES)]


def test_the_readme_leads_to_every_page_of_the_documentation() -> None:
    readme = (HOUSE / "README.md").read_text(encoding="utf-8")
    pages = [page for page in PAGES if Path(page).parent == Path("docs")]
    assert not [page for page in pages if f"({page})" not in readme]


def test_a_command_that_fails_fails_its_page(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="ended with 3"):
        Reader(tmp_path).follow(Block("page:1", "sh", (), "exit 3"))


def test_an_output_that_differs_fails_its_page(tmp_path: Path) -> None:
    somebody = Reader(tmp_path)
    somebody.follow(Block("page:1", "sh", (), "echo two"))
    somebody.follow(Block("page:2", "text", ("output",), "two\n"))
    with pytest.raises(AssertionError, match="shows"):
        somebody.follow(Block("page:3", "text", ("output",), "three\n"))


def test_a_word_that_means_nothing_fails_its_page(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="skip"):
        Reader(tmp_path).follow(Block("page:1", "sh", ("skip",), "exit 0"))


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a\n...\nc", "a\nb\nb\nc\n", True),
        ("a ... c", "a b c", True),
        ("a\n...", "b\na\n", False),
        ("a", "a b", False),
    ],
)
def test_three_dots_stand_for_any_text(expected: str, printed: str, same: bool) -> None:
    assert says(expected, printed) is same
