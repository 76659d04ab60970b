"""Both engines tell the same: queries over the store, and pySHACL, which judges them.

Where they differ, pySHACL is wrong in a way that is named here, result by result.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

import pytest
from rdflib.namespace import SH
from rdflib.term import Literal, URIRef

from cecot.dataset.content import Material
from cecot.validation.data import Data, Files, of_material, read_files
from cecot.validation.judge import judge, run_shapes
from worlds import world

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.agreement import agreement, broken, told

WHOLE = bool(os.environ.get("CECOT_TEST_WHOLE"))
FOLDER = Path(__file__).parents[1] / "shapes"
FIXTURES = sorted(path.parent for path in FOLDER.glob("*/fail-*.ttl"))
EX = "http://example.org/"
NOBODYS = "https://example.org/nothing"
"""A datatype that nobody knows: rdflib, and so pySHACL, then compares the IRIs of the datatypes."""


@pytest.mark.parametrize("folder", sorted(set(FIXTURES)), ids=lambda folder: folder.name)
def test_both_engines_tell_the_same_of_every_fixture(folder: Path, material: Material) -> None:
    # pySHACL takes most of a second for each: a sixth of them, all by `make test-whole`.
    for path in sorted(folder.glob("*.ttl"))[:: 1 if WHOLE else 6]:
        data = of_material(world(material, FOLDER / "base.ttl", path))
        queries = Counter(map(told, run_shapes(data)))
        assert queries == Counter(map(told, judge(data, data.shapes.graph))), path.name


@pytest.mark.parametrize("seed", [1, 2, 3] if WHOLE else [1])
def test_both_engines_tell_the_same_of_a_broken_graph(seed: int, material: Material) -> None:
    # `make test-whole` does the same at 100,000 triples.
    found = agreement(broken(material, 10_000, seed))
    assert found.same > 250
    assert found.explained.total() > 0
    assert found.unexplained == []


def compared(folder: Path, parameter: str, begin: str, end: str) -> Data:
    """One thing with ``ex:begin`` and ``ex:end``, and a shape that compares the first."""
    bound = "ex:end" if parameter.startswith("sh:less") else end
    (folder / "data.ttl").write_text(
        f"PREFIX ex: <{EX}>\nex:it a ex:Thing ; ex:begin {begin} ; ex:end {end} .\n"
    )
    (folder / "shapes.ttl").write_text(
        f"PREFIX ex: <{EX}>\nPREFIX sh: <{SH}>\n"
        "ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property ex:Begin .\n"
        f"ex:Begin a sh:PropertyShape ; sh:path ex:begin ; {parameter} {bound} .\n"
    )
    return read_files(Files((), (folder / "data.ttl",), (folder / "shapes.ttl",)))


@pytest.mark.parametrize(
    ("parameter", "begin", "end"),
    [
        # "... or where the two values cannot be compared" (SHACL 4.5.3, 4.5.4).
        ("sh:lessThan", "704", f'"9"^^<{NOBODYS}>'),
        ("sh:lessThan", "ex:a", "ex:b"),
        ("sh:lessThanOrEquals", "704", f'"9"^^<{NOBODYS}>'),
        # "... for which v < $maxExclusive does not return true" (SHACL 4.3.1 to 4.3.4).
        ("sh:minInclusive", f'"63"^^<{NOBODYS}>', "0"),
        ("sh:minExclusive", f'"63"^^<{NOBODYS}>', "0"),
    ],
)
def test_pyshacl_lets_pass_what_cannot_be_compared(
    parameter: str, begin: str, end: str, tmp_path: Path
) -> None:
    data = compared(tmp_path, parameter, begin, end)
    assert list(judge(data, data.shapes.graph)) == []
    (found,) = run_shapes(data)
    assert (found.focus, found.shape) == (URIRef(EX + "it"), URIRef(EX + "Begin"))
    assert (agreement(data).explained.total(), agreement(data).unexplained) == (1, [])


@pytest.mark.parametrize(
    "path",
    [
        "[ sh:inversePath [ sh:inversePath ex:p ] ]",
        "[ sh:zeroOrMorePath [ sh:inversePath [ sh:inversePath ex:p ] ] ]",
        "( [ sh:alternativePath ( ex:p [ sh:inversePath ex:q ] ) ] ex:q )",
        "[ sh:oneOrMorePath [ sh:zeroOrOnePath ( ex:p ex:p ) ] ]",
    ],
)
def test_paths_inside_paths_lead_both_to_the_same(path: str, tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(
        f"PREFIX ex: <{EX}>\nex:a ex:p ex:b ; ex:q ex:c . ex:b ex:p ex:a ; ex:q ex:b .\n"
    )
    (tmp_path / "shapes.ttl").write_text(
        f"PREFIX ex: <{EX}>\nPREFIX sh: <{SH}>\nex:Shape sh:targetNode ex:a, ex:b ;\n"
        f"    sh:property [ sh:path {path} ; sh:nodeKind sh:Literal ; sh:maxCount 0 ] .\n"
    )
    data = read_files(Files((), (tmp_path / "data.ttl",), (tmp_path / "shapes.ttl",)))
    found = agreement(data)
    assert found.same > 1
    assert found.unexplained == []


def test_the_inverse_of_a_sequence_leads_back_all_the_way(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(f"PREFIX ex: <{EX}>\nex:a ex:p ex:b . ex:b ex:q ex:c .\n")
    (tmp_path / "shapes.ttl").write_text(
        f"PREFIX ex: <{EX}>\nPREFIX sh: <{SH}>\nex:Shape sh:targetNode ex:a, ex:b, ex:c ;\n"
        "    sh:property [ sh:path [ sh:inversePath ( ex:p ex:q ) ] ; sh:nodeKind sh:Literal ] .\n"
    )
    data = read_files(Files((), (tmp_path / "data.ttl",), (tmp_path / "shapes.ttl",)))
    (found,) = run_shapes(data)
    assert (found.focus, found.value) == (URIRef(EX + "c"), URIRef(EX + "a"))


def test_pyshacl_merges_solutions_that_are_alike(tmp_path: Path) -> None:
    # "... for each solution" (SHACL 5.3): two numbers are wrong.
    (tmp_path / "data.ttl").write_text(f"PREFIX ex: <{EX}>\nex:it a ex:Thing ; ex:n 55, 30 .\n")
    (tmp_path / "shapes.ttl").write_text(
        f"PREFIX ex: <{EX}>\nPREFIX sh: <{SH}>\n"
        "ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:sparql [\n"
        f'    sh:select "SELECT $this WHERE {{ $this <{EX}n> ?n . FILTER (?n > 1) }}" ] .\n'
    )
    data = read_files(Files((), (tmp_path / "data.ttl",), (tmp_path / "shapes.ttl",)))
    assert len(list(judge(data, data.shapes.graph))) == 1
    assert len(list(run_shapes(data))) == 2
    assert (agreement(data).explained.total(), agreement(data).unexplained) == (1, [])


@pytest.mark.parametrize(("begin", "end", "wrong"), [("1", "2.5", 0), ("2", "1e0", 1)])
def test_both_compare_what_can_be_compared(
    begin: str, end: str, wrong: int, tmp_path: Path
) -> None:
    data = compared(tmp_path, "sh:lessThan", begin, end)
    found = list(run_shapes(data))
    assert [told(each) for each in found] == [told(each) for each in judge(data, data.shapes.graph)]
    assert len(found) == wrong
    assert all(isinstance(each.value, Literal) for each in found)


@pytest.mark.parametrize(
    ("more", "judged"),
    [
        ("", False),
        ("sh:closed true ; sh:ignoredProperties ( ex:code ) ;", True),
        ("sh:property [ sh:path ex:begin ; sh:node ex:Shape ] ;", True),
    ],
)
def test_pyshacl_is_left_what_needs_it_alone(more: str, judged: bool, tmp_path: Path) -> None:
    """It lets pass what cannot be compared; beside a pattern with look-ahead that is told too."""
    (tmp_path / "data.ttl").write_text(f'PREFIX ex: <{EX}>\nex:it ex:begin 2021 ; ex:code "b" .\n')
    (tmp_path / "shapes.ttl").write_text(
        f"PREFIX ex: <{EX}>\nPREFIX sh: <{SH}>\nPREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
        f"ex:Shape sh:targetNode ex:it ; {more}\n"
        'sh:property [ sh:path ex:begin ; sh:minInclusive "2020-01-01"^^xsd:date ] ,'
        ' [ sh:path ex:code ; sh:pattern "^(?=a)" ] .\n'
    )
    data = read_files(Files((), (tmp_path / "data.ttl",), (tmp_path / "shapes.ttl",)))
    components = Counter(str(f.component).removeprefix(str(SH)) for f in run_shapes(data))
    assert components["PatternConstraintComponent"] == 1
    assert components["MinInclusiveConstraintComponent"] == (0 if judged else 1)
