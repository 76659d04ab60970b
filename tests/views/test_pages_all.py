"""Every page of the site, in both languages: walked once, then asked what must hold on all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from zlib import crc32

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from cecot.claims.claim import Claim, read_claims
from cecot.dataset.store import load_store
from cecot.engine import Engine
from cecot.locale.catalogue import locale_of
from cecot.rooms import Rooms
from cecot.sparql.asking import select
from cecot.sparql.evaluation import InProcessEngine
from cecot.vocabulary import CECOT, LANGUAGES
from markup import Element, parse

LIGHT = 100_000
"""Bytes that a page may have."""

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
START = (
    "/",
    "/claims",
    "/claims?about=human-rights-watch",
    "/claims?act=act-arrest&act=act-torture",
    "/search?q=prison",
    "/search?q=capacity",
    "/search?q=CECOT+capacity",
    "/search?q=1+de+junio+de+2023",
    "/search",
    "/problems",
    "/limits",
)
BLOCKS = {"li", "tr", "article", "dd", "details", "blockquote", "pre", "p"}
BLOCK_CLASSES = {"claim", "card", "evidence", "fact", "same"}


WHOLE = bool(os.environ.get("CECOT_TEST_WHOLE"))
DATA = re.compile(r"\.(?:ttl|nt|rdf|jsonld|json|csv|xlsx|svg)(?:$|[?])")
"""Files without a language, which are asked for in one of the two walks alone."""
ALIKE = re.compile(r"/(?:cite|editor|corrections)\?|/id/.*\.(?:ttl|nt|rdf|jsonld|json)$")
"""Addresses of which there is one for each thing: a fifth of each kind is asked for, unless all."""
OF_THINGS = re.compile(r"/id/")
"""Pages of which the first language has all, and every other one a fifth, unless all."""


@dataclass(frozen=True)
class Page:
    """A page that was read: its address, its language, its HTML and the tree of it."""

    path: str
    language: str
    html: str
    tree: Element
    status: int = 200


def pages_of(site: FlaskClient, language: str) -> Iterator[Page]:
    """All pages that links lead to from the start; of addresses with parameters only one hop.

    Data are asked for by readers of the first language alone: they are the same for all. Of what
    each thing has alike, a sample is asked for; of the pages of things in another language too.
    """
    waiting = [(path, True) for path in START]
    seen: set[str] = set()
    while waiting:
        path, goes_on = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        if language != LANGUAGES[0] and DATA.search(path):
            continue
        sampled = ALIKE if language == LANGUAGES[0] else OF_THINGS
        if (ALIKE.match(path) or sampled.match(path)) and not WHOLE and crc32(path.encode()) % 5:
            continue
        headers = {"Accept": BROWSER, "Accept-Language": language}
        response = site.get(path, headers=headers, follow_redirects=True)
        if response.status_code != 200:
            yield Page(path, language, "", Element("", {}), response.status_code)
            continue
        if response.mimetype != "text/html":
            continue
        page = Page(path, language, response.text, parse(response.text))
        yield page
        if goes_on:
            # What is saved as a file is no page of the site: tests/views/test_evidence.py reads it.
            for link in (e for e in page.tree.all("a") if "download" not in e.attributes):
                target = urlsplit(urljoin(path, link.attributes.get("href", "")))
                if not target.netloc and "lang=" not in target.query:
                    plain = target._replace(fragment="").geturl()
                    waiting.append((plain, not target.query or target.path == "/resource.html"))


@pytest.fixture(scope="module", params=["en", "es"])
def pages(site: FlaskClient, request: pytest.FixtureRequest) -> list[Page]:
    """Every page of the site of this checkout in one language."""
    found = list(pages_of(site, request.param))
    assert {page.path: page.status for page in found if page.status != 200} == {}
    return found


@pytest.fixture(scope="module")
def every_claim(rooms: Rooms) -> list[Claim]:
    """Every claim of this checkout."""
    engine: Engine = InProcessEngine(load_store(rooms).store)
    rows = select(engine, f"SELECT ?claim {{ ?claim a <{CECOT.Claim}> }}")
    nodes = [node for row in rows if isinstance(node := row["claim"], NamedNode)]
    return read_claims(engine, nodes)


def test_the_walk_passes_every_kind_of_page(pages: list[Page]) -> None:
    paths = {page.path for page in pages}
    things = {path for path in paths if OF_THINGS.match(path)}
    assert {"/", "/claims", "/sources"} <= paths - things
    assert len(things) > 50
    if WHOLE or pages[0].language == LANGUAGES[0]:
        assert len(things) > 250
        named = ("cecot", "tcc", "tcc-33", "tcc-33-accusation")
        assert {f"/id/{each}.html" for each in named} <= things


def test_no_claim_is_shown_without_its_status_and_its_speaker(
    pages: list[Page], every_claim: list[Claim]
) -> None:
    shown = set()
    claims = [claim for claim in every_claim if not claim.is_asserted]
    # What somebody alleges may also be what a thing is called that the text states.
    parts = [part for claim in every_claim for part in (claim.subject, claim.object) if part]
    called = {text.value for part in parts for text in (*part.labels, *part.in_sentence)}
    told_of = {words for claim in claims for words in needles(claim) if words not in called}
    saying: dict[str, list[Claim]] = {words: [] for words in told_of}
    for words, by in saying.items():
        by += [claim for claim in claims if any(words in each for each in needles(claim))]
    for page in pages:
        body = page.tree.all("body")[0]
        whole = body.text
        for words, by in saying.items():
            if words in whole:
                for element in body.holding(words):
                    told = [claim for claim in by if is_told_whole(element, claim, page.language)]
                    assert told, (page.path, words)
                    shown.update(claim.iri for claim in told)
    assert shown == {claim.iri for claim in claims}


def needles(claim: Claim) -> list[str]:
    """The words by which a page shows a claim; spans of a few words stand elsewhere too."""
    texts = (*claim.description, *claim.quoted, *claim.exact)
    return [" ".join(text.value.split()) for text in texts if len(text.value.split()) > 3]


def is_told_whole(element: Element, claim: Claim, language: str) -> bool:
    """Whether the block that ``element`` stands in names the status and a speaker of ``claim``.

    A section under the name of one speaker ("What ... says") names the speaker for its blocks.
    """
    statuses = [text.value for text in claim.modality.labels] if claim.modality else []
    speakers = [text.value for node in claim.speakers for text in node.labels]
    speakers.append(locale_of(language).gettext("The text itself"))
    ancestors = list(element.ancestors())
    heads_the_page = any(each.tag == "h1" for each in ancestors)
    headings = [
        heading.text for each in ancestors if each.tag == "section" for heading in each.all("h2")
    ]
    called = [*speakers, *(text.value for node in claim.speakers for text in node.in_sentence)]
    whose = {locale_of(language).gettext("What {speaker} says", speaker=each) for each in called}
    is_of_the_speaker = any(heading in whose for heading in headings)
    for block in ancestors:
        of_one_claim = block.tag == "tbody" and any(each[:3] == "is-" for each in block.classes)
        is_block = block.tag in BLOCKS or block.classes & BLOCK_CLASSES or of_one_claim
        if is_block or (heads_the_page and block.tag == "main"):
            told = block.text.casefold()
            has_status = any(each.casefold() in told for each in statuses)
            if has_status and (
                is_of_the_speaker or any(each.casefold() in told for each in speakers)
            ):
                return True
    return False


def test_every_page_is_light(pages: list[Page]) -> None:
    heavy = {page.path: len(page.html.encode()) for page in pages}
    assert {path: size for path, size in heavy.items() if size >= LIGHT} == {}


def test_every_page_is_in_its_language_and_has_a_heading_and_a_title(pages: list[Page]) -> None:
    for page in pages:
        (html,) = page.tree.all("html")
        assert html.attributes["lang"] == page.language
        assert len(page.tree.all("h1")) == 1, page.path
        assert page.tree.all("title")[0].text, page.path
        assert page.tree.all("main"), page.path


def test_no_page_has_scripts_or_styles_of_its_own(pages: list[Page]) -> None:
    for page in pages:
        for element in page.tree.walk():
            assert element.tag != "style"
            assert not {name for name in element.attributes if name.startswith("on")}, page.path
            assert "style" not in element.attributes, page.path
            if element.tag == "script":
                is_data = element.attributes.get("type", "").startswith("application/")
                assert is_data or "src" in element.attributes


def test_no_name_is_given_twice_on_a_page(pages: list[Page]) -> None:
    for page in pages:
        names = [each.attributes["id"] for each in page.tree.walk() if "id" in each.attributes]
        assert len(names) == len(set(names)), page.path


def test_fragments_lead_to_places_that_there_are(pages: list[Page]) -> None:
    for page in pages:
        names = {each.attributes.get("id") for each in page.tree.walk()}
        for link in page.tree.all("a"):
            target = link.attributes.get("href", "")
            if target.startswith("#"):
                assert target[1:] in names, (page.path, target)


def test_nothing_is_loaded_from_another_host(pages: list[Page]) -> None:
    for page in pages:
        for element in page.tree.walk():
            loads = element.tag in {"img", "script", "iframe", "source", "use", "image"}
            if loads or element.attributes.get("rel") in {"stylesheet", "icon", "preload"}:
                target = element.attributes.get("src") or element.attributes.get("href", "")
                assert not re.match(r"(https?:)?//", target), (page.path, target)


def test_every_field_has_a_label(pages: list[Page]) -> None:
    for page in pages:
        labelled = {each.attributes.get("for") for each in page.tree.all("label")}
        for tag in ("input", "select", "textarea"):
            for field in page.tree.all(tag):
                told = field.attributes.get("id") in labelled or "aria-label" in field.attributes
                assert told or field.attributes.get("type") == "hidden", page.path
