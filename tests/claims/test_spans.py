"""The words of a claim in their sentence: only where the text is at hand, and is the right one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from cecot.claims.claim import Claim, read_claims
from cecot.claims.passage import marked_sentence, read_digests
from cecot.dataset.content import Material
from cecot.rooms import SourceTexts, read_texts
from cecot.sparql.evaluation import InProcessEngine
from worlds import build_store

ID = "https://w3id.org/cecot/id/"


@pytest.fixture(scope="module")
def engine(material: Material) -> InProcessEngine:
    return InProcessEngine(build_store(material))


@pytest.fixture(scope="module")
def claim(engine: InProcessEngine) -> Claim:
    (found,) = read_claims(engine, [NamedNode(ID + "tcc-09-persons-arrested")])
    return found


@pytest.fixture(scope="module")
def texts(shared_dir: Path) -> SourceTexts:
    return read_texts([shared_dir / "sources" / "terrorism-confinement-center.txt"])


def spanning(claim: Claim, texts: SourceTexts, words: str) -> Claim:
    """``claim`` with the span of ``words`` in its source."""
    (text,) = texts.by_digest.values()
    start = text.index(words)
    return replace(claim, start=start, end=start + len(words))


def test_the_words_are_marked_in_their_sentence(
    engine: InProcessEngine, claim: Claim, texts: SourceTexts
) -> None:
    marked = marked_sentence(
        texts, read_digests(engine), spanning(claim, texts, "over 55,000 people")
    )
    assert marked is not None
    assert marked.words == "over 55,000 people"
    assert marked.before.startswith("In the following seven months, Bukele's government arrested ")
    assert marked.after.startswith(" in a swift roundup")
    assert marked.language == "en"


def test_a_span_outside_of_its_passage_marks_nothing(
    engine: InProcessEngine, claim: Claim, texts: SourceTexts
) -> None:
    elsewhere = spanning(claim, texts, "19 guard towers")
    marked = marked_sentence(texts, read_digests(engine), elsewhere)
    assert marked is not None
    assert (marked.words, marked.after) == ("", "")
    assert marked.before.startswith("In the following seven months")


def test_without_the_text_there_is_no_sentence(claim: Claim) -> None:
    assert marked_sentence(SourceTexts(), {}, claim) is None


def test_another_text_shows_no_sentence(
    engine: InProcessEngine, claim: Claim, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Another text altogether.\n" * 200)
    texts = read_texts([other])
    assert marked_sentence(texts, read_digests(engine), claim) is None
