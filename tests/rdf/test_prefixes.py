from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from cecot.errors import TurtleError
from cecot.rdf.terms import NAME_INNER, NAME_START, Prefixes, one_of, read_prefixes
from cecot.rooms import ROOMS, Rooms

E = Prefixes({"e": "http://e.org/", "deep": "http://e.org/deep/", "x": "urn:x:"})


@pytest.mark.parametrize(
    ("iri", "written"),
    [
        ("http://e.org/thing", "e:thing"),
        ("http://e.org/deep/thing", "deep:thing"),
        ("http://e.org/deep", "e:deep"),
        ("http://e.org/", "e:"),
        ("http://e.org/a.b-c_9", "e:a.b-c_9"),
        ("http://e.org/%20", "e:%20"),
        ("http://e.org/é", "e:é"),
        ("urn:x:a:b", "x:a:b"),
        ("http://e.org/a/b", "<http://e.org/a/b>"),
        ("http://e.org/a.", "<http://e.org/a.>"),
        ("http://e.org/-a", "<http://e.org/-a>"),
        ("http://e.org/%2", "<http://e.org/%2>"),
        ("http://e.org/a#b", "<http://e.org/a#b>"),
        ("http://other.org/a", "<http://other.org/a>"),
    ],
)
def test_an_iri_is_written_by_the_closest_prefix_that_needs_no_escape(
    iri: str, written: str
) -> None:
    assert E.compact(iri) == written


def test_the_table_is_the_one_in_the_ontology(rooms: Rooms) -> None:
    prefixes = read_prefixes(rooms)
    assert list(prefixes) == sorted(prefixes)
    assert prefixes["cecot"] == "https://w3id.org/cecot/ontology#"
    assert len(prefixes) == (rooms.ontology / "prefixes.ttl").read_text().count("sh:prefix ")


def test_rooms_without_a_table_have_the_prefixes_that_their_files_declare(
    foreign_rooms: Rooms,
) -> None:
    assert set(read_prefixes(foreign_rooms)) == {"owl", "plants", "rdfs", "sh"}


def test_a_prefix_with_two_namespaces_is_refused(tmp_path: Path) -> None:
    for name in ROOMS:
        (tmp_path / name).mkdir()
    (tmp_path / "ontology" / "prefixes.ttl").write_text(
        """PREFIX sh: <http://www.w3.org/ns/shacl#>
        <urn:a> sh:prefix "p" ; sh:namespace "http://a.org/" .
        <urn:b> sh:prefix "p" ; sh:namespace "http://b.org/" ."""
    )
    with pytest.raises(TurtleError, match="prefix p: has no namespace, or two") as caught:
        read_prefixes(Rooms(tmp_path))
    assert caught.value.where.endswith("prefixes.ttl")


@pytest.mark.parametrize("characters", [NAME_START, NAME_INNER + ".-", "a", "\0b-d\U0010ffff"])
def test_a_class_by_what_it_leaves_out_takes_the_same_characters(characters: str) -> None:
    plain, other = re.compile(f"[{characters}]"), re.compile(one_of(characters))
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert other.findall(every) == plain.findall(every)
