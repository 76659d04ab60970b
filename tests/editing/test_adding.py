from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecot.dataset.content import Material, read_material
from cecot.editing.adding import Record, Span, passages, source_files
from cecot.errors import TurtleError, UsageError
from cecot.rdf.reading import parse_text
from cecot.rooms import find_rooms

RECORD = Record(key="new", title="A text", received=date(2026, 11, 23))


def spans(text: str) -> list[tuple[int, str]]:
    """Line and words of each passage of ``text``."""
    return [(passage.line, text[passage.start : passage.end]) for passage in passages(text)]


def markers(text: str) -> list[tuple[str, str, str]]:
    """The place, notation and pages of each citation in ``text``."""
    return [
        (text[each.start : each.end], each.notation, each.pages)
        for passage in passages(text)
        for each in passage.citations
    ]


def test_the_passages_of_the_source_text_are_those_worked_out_by_hand(shared_dir: Path) -> None:
    text = (shared_dir / "sources" / "terrorism-confinement-center.txt").read_bytes().decode()
    rows = (shared_dir / "sources" / "tcc-passages.tsv").read_text().splitlines()[1:]
    found = [
        "\t".join(
            [
                *map(str, (each.line, each.start, each.end, each.digest)),
                "".join(text[one.start : one.end] for one in each.citations),
            ]
        )
        for each in passages(text)
    ]
    assert found == rows


def test_the_files_written_say_what_the_graph_says_of_its_text(
    shared_dir: Path, tmp_path: Path, material: Material
) -> None:
    content = (shared_dir / "sources" / "terrorism-confinement-center.txt").read_bytes()
    empty = rooms_beside(tmp_path, material)
    record = Record("tcc", "Terrorism Confinement Center", date(2026, 11, 23))
    files = source_files(empty, record, content, where="x.txt")
    said = {str(triple) for triple in material.graph}
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    for path, turtle in files.items():
        assert (material.rooms.graph / path.relative_to(empty.rooms.graph)).is_file()
        new = [t for t in parse_text(turtle).triples if t.predicate.value != label]
        assert {str(triple) for triple in new} <= said
    assert len(files) == 31


def rooms_beside(folder: Path, material: Material) -> Material:
    """Rooms with the ontology of ``material`` and nothing in the graph."""
    for name in ("graph", "shapes"):
        (folder / name).mkdir()
    (folder / "ontology").symlink_to(material.rooms.ontology)
    return read_material(find_rooms(folder))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One.\n\nTwo.\n", [(1, "One."), (3, "Two.")]),
        ("One.\r\n\r\nTwo.\r\n", [(1, "One."), (3, "Two.")]),
        ("  One. \t\n\u00a0\n Two.", [(1, "One."), (3, "Two.")]),
        ("\ufeffOne.", [(1, "One.")]),
        ("[7] One.", [(1, "One.")]),
        ("[7][8]\u00a0[9] One [10].", [(1, "One [10].")]),
        ("[11]:\u200a61\u201362\u200a One.", [(1, "One.")]),
        ("[5]: 61 people came.", [(1, ": 61 people came.")]),
        ("[sic] One.", [(1, "[sic] One.")]),
        ("One\u2028Two\x0cThree\x85Four", [(1, "One\u2028Two\x0cThree\x85Four")]),
        ("\U0001f600 e\u0301 é", [(1, "\U0001f600 e\u0301 é")]),
        ("\n \n[3]\n", []),
    ],
)
def test_a_passage_is_the_words_of_a_line(text: str, found: list[tuple[int, str]]) -> None:
    assert spans(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[7] One.", [("[7]", "[7]", "")]),
        ("[44][45] One.", [("[44]", "[44]", ""), ("[45]", "[45]", "")]),
        (
            "[11]:\u200a61\u201362\u200a One.",
            [("[11]:\u200a61\u201362", "[11]", "61\u201362")],
        ),
        ("[11]:63, 70-71 One.", [("[11]:63, 70-71", "[11]", "63, 70-71")]),
        ("One.[7]", []),
        ("[7]\n\n[8] One.", [("[7]", "[7]", ""), ("[8]", "[8]", "")]),
    ],
)
def test_the_markers_before_a_passage_are_its_citations(
    text: str, found: list[tuple[str, str, str]]
) -> None:
    assert markers(text) == found


@given(st.text(alphabet="ab [1]:\u200a\u2013\u00a0\r\n\U0001f600é", max_size=40))
def test_offsets_and_digests_fit_the_text_as_it_is(text: str) -> None:
    lines = text.split("\n")
    end = 0
    for passage in passages(text):
        span = text[passage.start : passage.end]
        assert span
        assert span == span.strip()
        assert span in lines[passage.line - 1]
        assert passage.digest == hashlib.sha256(span.encode()).hexdigest()
        starts = [end, *(each.end for each in passage.citations), passage.start]
        assert starts == sorted(starts)
        end = passage.end


def written(material: Material, content: bytes, record: Record = RECORD) -> dict[str, str]:
    files = source_files(material, record, content, where="new.txt")
    return {path.relative_to(material.rooms.graph).as_posix(): text for path, text in files.items()}


def test_each_line_with_words_has_a_file(material: Material) -> None:
    files = written(material, b"One.\n\n[1] Two.\n")
    assert list(files) == ["sources/new.ttl", "sources/new/01.ttl", "sources/new/03.ttl"]
    assert "id:new-03-citation\n    a cecot:Citation ;" in files["sources/new/03.ttl"]
    assert "cecot:passageCount 2 ;" in files["sources/new.ttl"]


def test_numbers_of_a_long_text_have_one_width(material: Material) -> None:
    files = written(material, b"One.\n" * 100)
    assert list(files)[1] == "sources/new/001.ttl"
    assert "id:new-100\n" in files["sources/new/100.ttl"]


def test_the_record_says_what_is_known_and_nothing_else(material: Material) -> None:
    bare = written(material, b"One.")["sources/new.ttl"]
    assert "schema:url" not in bare
    assert "dcterms:license" not in bare
    whole = Record(
        "new", "Un texto", date(2026, 1, 2), "es", "https://e.org/a", "https://e.org/b", "carta"
    )
    full = written(material, b"Uno.", whole)["sources/new.ttl"]
    for line in (
        'dcterms:dateAccepted "2026-01-02"^^xsd:date ;',
        'dcterms:title "Un texto"@es ;',
        'dcterms:language "es" ;',
        "schema:url <https://e.org/a> ;",
        "dcterms:license <https://e.org/b> ;",
        'schema:genre "carta"@es ;',
    ):
        assert f"    {line}\n" in full


def test_the_text_itself_is_not_written(material: Material) -> None:
    files = written(material, b"A sentence that belongs to somebody else.\n")
    assert not [text for text in files.values() if "belongs" in text]


def test_a_passage_carries_its_first_and_last_words_that_stand_once(material: Material) -> None:
    text = b"The bridge was built.\n\nThe bridge fell down in the end.\n\nIt was built again.\n"
    files = written(material, text)
    one, two, three = (files[name] for name in sorted(files) if name.count("/") > 1)
    assert 'cecot:opensWith "The bridge was"@en' in one
    assert "cecot:endsWith" not in one  # it would be the whole passage
    assert 'cecot:opensWith "The bridge fell"@en' in two
    assert 'cecot:endsWith "the end."@en' in two
    assert 'cecot:opensWith "It was"@en' in three
    assert 'cecot:endsWith "built again."@en' in three


@pytest.mark.parametrize(
    ("content", "record", "words"),
    [
        (b"\n\n", RECORD, "no line with words"),
        (b"One.", Record("New", "t", date.min), "small letters"),
        (b"One.", Record("new-1", "t", date.min), "small letters"),
        (b"One.", Record("tcc", "t", date.min), "stands here already"),
        (b"One.", Record("cecot", "t", date.min), "id:cecot already names something else"),
    ],
)
def test_what_cannot_become_a_source_is_refused(
    material: Material, content: bytes, record: Record, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        source_files(material, record, content, where="new.txt")


def test_a_byte_that_is_not_utf8_is_named_with_its_place(material: Material) -> None:
    with pytest.raises(TurtleError, match=r"Byte 6 \(0xFF\) is not UTF-8") as caught:
        source_files(material, RECORD, b"One.\n-\xff", where="new.txt")
    assert caught.value.location == "new.txt:2:2"


def test_a_passage_knows_its_place() -> None:
    (passage,) = passages("\n[7] Né.\n")
    digest = hashlib.sha256("Né.".encode()).hexdigest()
    assert passage == Span(2, 5, 8, digest, passage.citations)
