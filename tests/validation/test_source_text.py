"""The proof against a text that is made up here, so that it can be spoilt in every way."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cecot.dataset.content import read_material
from cecot.errors import UsageError
from cecot.rooms import find_rooms
from cecot.validation import Report, validate

LINES = (
    '[1] The Paper says "cramped" of 0.6\u00a0m and of 0.6\u00a0m again, twice.',
    "",
    "Somebody accuses the governor of “one deed; the rest of this line says nothing else.",
    "",
)
TEXT = "\n".join(LINES)

HEAD = """PREFIX cecot: <https://w3id.org/cecot/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX id: <https://w3id.org/cecot/id/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX spdx: <http://spdx.org/rdf/terms#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

id:paper a cecot:Organization ; skos:prefLabel "Paper"@en .
id:prison a cecot:Facility ; skos:prefLabel "Prison"@en .
"""


def world(
    *,
    quotation: str,
    third: str = 'cecot:exact "accuses"@en',
    marker: str = "[1]",
    lines: tuple[str, ...] = LINES,
) -> str:
    """A graph of ``lines``: ``quotation`` in a claim of line 1, ``third`` in one of line 3."""
    text = "\n".join(lines)
    start, end = 4, len(lines[0])
    begin = text.index("Somebody")
    spans = ((1, start, end), (3, begin, begin + len(lines[2])))
    passages = "".join(
        f"""id:text-{line:02} a cecot:Passage ; schema:position {line} ; cecot:start {first} ;
            cecot:end {last} ; dcterms:isPartOf id:text ; cecot:spanHash "{sha(text[first:last])}" .
        """
        for line, first, last in spans
    )
    claims = "".join(
        f"""id:text-{line:02}-claim a cecot:Claim ; cecot:modality cecot:Attributed ;
            cecot:passage id:text-{line:02} ; cecot:statedBy id:paper ; cecot:about id:prison ;
            dcterms:description "a"@en ; dcterms:description "a"@es ; rdf:subject id:prison ;
            rdf:predicate cecot:name ; rdf:object "{said}"@en ; {words} ; cecot:start {first} ;
            cecot:end {last} ; cecot:spanHash "{sha(text[first:last])}" .
        """
        for line, said, words, (first, last) in (
            (1, "Paper", quotation, span_of(quotation, text, start, end)),
            (3, "governor", third, span_of(third, text, begin, begin + len(lines[2]))),
        )
    )
    return f"""{HEAD}{passages}{claims}
    id:text-01 cecot:hasCitation id:text-01-citation .
    id:text-01-citation a cecot:Citation ; cecot:supports cecot:Undetermined ; cecot:start 0 ;
        cecot:end 3 ; skos:notation "{marker}" .
    id:text a cecot:Source ; cecot:passageCount 2 ; dcterms:language "en" ;
        dcterms:dateAccepted "2026-01-01"^^xsd:date ; skos:prefLabel "A text"@en ;
        spdx:checksum id:text-checksum .
    id:text-checksum a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_sha256 ;
        spdx:checksumValue "{sha(text)}"^^xsd:hexBinary .
    """


def span_of(words: str, text: str, first: int, last: int) -> tuple[int, int]:
    """Where the words of ``cecot:exact`` stand in the passage; the whole of it without them."""
    found = re.search(r'cecot:exact "((?:[^"\\]|\\.)*)"', words)
    if found is None:
        return first, last
    said = found[1].replace('\\"', '"').replace("\\u00A0", "\u00a0")
    at = text.find(said, first, last)
    return (at, at + len(said)) if at >= 0 else (first, last)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def prove(scratch: Path, tmp_path: Path, check: Callable[..., Report]) -> Callable[..., list[str]]:
    """Write a graph and a text, and give what the proof says against it."""

    def run(graph: str, text: str = TEXT) -> list[str]:
        (scratch / "graph" / "base.ttl").write_text(graph, encoding="utf-8")
        path = tmp_path / "text.txt"
        path.write_bytes(text.encode())
        found = check(path).findings
        return [f"{f.rule.iri.rpartition('#')[2]}: {f.detail}" for f in found]

    return run


Prove = Callable[..., list[str]]


def test_a_graph_that_agrees_with_its_text_is_proved(prove: Prove) -> None:
    assert not prove(world(quotation='cecot:quotedText "cramped"@en'))


def test_a_span_that_is_none_proves_nothing(prove: Prove) -> None:
    graph = world(quotation='cecot:exact "says"@en').replace("cecot:start 0", "cecot:start 0.5")
    told = prove(graph)
    assert told
    assert not any(each.startswith("SourceText") for each in told)


def test_a_quotation_may_be_left_open_by_the_text(prove: Prove) -> None:
    graph = world(quotation='cecot:exact "says"@en', third='cecot:quotedText "one deed"@en')
    assert not prove(graph)


@pytest.mark.parametrize(
    "line",
    [
        "Somebody accuses the governor of “one deed” and of no other.",
        'Somebody accuses the governor of "one deed" and of no other.',
        "Somebody accuses the governor of “one” and of “another deed” and of no other.",
        'Somebody accuses the governor of "one" and of "another deed" and of no other.',
        "Somebody accuses the governor of no other deed than “one.”",
    ],
)
def test_a_quotation_that_is_closed_before_the_words_does_not_hold_them(
    prove: Prove, line: str
) -> None:
    lines = (*LINES[:2], line, "")
    third = 'cecot:quotedText "no other"@en'
    graph = world(quotation='cecot:exact "says"@en', third=third, lines=lines)
    told = prove(graph, "\n".join(lines))
    assert any("does not put it in quotation marks" in each for each in told)


@pytest.mark.parametrize(
    ("quotation", "told"),
    [
        ('cecot:exact "roomy"@en', "it does not stand in the passage"),
        ('cecot:exact "of 0.6 m and"@en', "its spaces are not those of the passage"),
        ('cecot:exact "0.6\\u00A0m"@en', "more than once"),
        ('cecot:exact "somebody"@en', "it does not stand in the passage"),
        (f'cecot:exact """{LINES[0][4:]}"""@en', "the whole passage"),
        ('cecot:quotedText "says"@en', "does not put it in quotation marks"),
        ('cecot:exact "says"@en ; cecot:speechAct "claims"@en', 'cecot:speechAct "claims"@en'),
    ],
)  # fmt: skip
def test_words_that_do_not_stand_there_are_told(prove: Prove, quotation: str, told: str) -> None:
    found = prove(world(quotation=quotation))
    assert any(told in line for line in found if line.startswith("SourceText"))


def test_a_name_that_the_text_does_not_give_is_told(prove: Prove) -> None:
    graph = world(quotation='cecot:exact "says"@en')
    graph = graph.replace('rdf:object "Paper"', 'rdf:object "Post"')
    assert any('rdf:object "Post"@en' in line for line in prove(graph))


def test_quotations_that_cover_most_of_a_passage_are_told(prove: Prove) -> None:
    graph = world(quotation='cecot:exact "The Paper says \\"cramped\\" of 0.6\\u00A0m and of"@en')
    assert prove(graph) == ["QuotationShare: id:text-01: 67 % of it is quoted"]


def test_a_marker_that_is_not_there_is_told(prove: Prove) -> None:
    found = prove(world(quotation='cecot:exact "says"@en', marker="[2]"))
    assert found == ["SourceText: id:text-01-citation cecot:start: the span holds “[1]”, not “[2]”"]


def test_offsets_that_are_off_are_told_with_the_hash(prove: Prove) -> None:
    graph = world(quotation='cecot:exact "says"@en').replace("cecot:start 4 ", "cecot:start 5 ")
    assert any("are cecot:start and cecot:end right?" in line for line in prove(graph))


def test_a_line_that_is_off_is_told(prove: Prove) -> None:
    graph = world(quotation='cecot:exact "says"@en').replace(
        "schema:position 3 ", "schema:position 4 "
    )
    assert any("begins in line 3, not 4" in line for line in prove(graph))


def test_another_text_is_told_at_the_record_of_the_source(prove: Prove) -> None:
    found = prove(world(quotation='cecot:exact "roomy"@en'), TEXT + " ")
    assert len(found) == 1
    assert "text.txt has the SHA-256" in found[0]


def test_without_a_text_nothing_is_proved(scratch: Path, check: Callable[..., Report]) -> None:
    graph = world(quotation='cecot:exact "roomy"@en')
    (scratch / "graph" / "base.ttl").write_text(graph, encoding="utf-8")
    assert check().conforms()


def test_a_text_that_is_not_utf_8_cannot_be_read(
    small: Path, tmp_path: Path, check: Callable[..., Report]
) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes(b"Zury R\xedos")
    with pytest.raises(UsageError, match="Byte 6 is not UTF-8"):
        check(path)


def test_a_text_of_no_source_is_told_at_the_text_itself(scratch: Path, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("a")
    (found,) = validate(read_material(find_rooms(scratch)), texts=[path]).findings
    assert (found.file, found.line) == (path, 1)
