"""Both engines tell the same: queries over the store, and pySHACL, which judges them.

Where they differ, pySHACL is wrong in a way that is named here, and so is the number of cases.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib.namespace import SH, XSD
from rdflib.term import Literal

from cecot.dataset.content import Material
from cecot.validation.data import Data, of_material
from cecot.validation.judge import judge, run_shapes
from cecot.validation.report import Found
from worlds import world

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.generation.graph import generate
from bench.generation.spoiling import spoilt
from bench.generation.terms import line

FOLDER = Path(__file__).parents[1] / "shapes"
FIXTURES = sorted(path.parent for path in FOLDER.glob("*/fail-*.ttl"))
PAIRS = {SH.LessThanConstraintComponent, SH.LessThanOrEqualsConstraintComponent}
BOUNDS = {
    SH.MinInclusiveConstraintComponent,
    SH.MinExclusiveConstraintComponent,
    SH.MaxInclusiveConstraintComponent,
    SH.MaxExclusiveConstraintComponent,
}


def told(found: Found) -> tuple[object, ...]:
    """All that a report says of one result."""
    return (
        found.focus,
        str(found.path),
        found.value,
        found.shape,
        found.component,
        found.severity,
        frozenset(found.messages),
    )


def both(data: Data) -> tuple[Counter[tuple[object, ...]], Counter[tuple[object, ...]]]:
    """What the queries tell, and what pySHACL tells."""
    return Counter(map(told, run_shapes(data))), Counter(map(told, judge(data, data.shapes.graph)))


@pytest.mark.parametrize("folder", sorted(set(FIXTURES)), ids=lambda folder: folder.name)
def test_both_engines_tell_the_same_of_every_fixture(folder: Path, material: Material) -> None:
    for path in sorted(folder.glob("*.ttl")):
        queries, pyshacl = both(of_material(world(material, FOLDER / "base.ttl", path)))
        assert queries == pyshacl, path.name


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_engines_tell_the_same_of_a_broken_graph(seed: int, material: Material) -> None:
    lines = "".join(map(line, spoilt(generate(10_000, seed), seed)))
    triples = [quad.triple for quad in parse(lines, RdfFormat.N_TRIPLES)]
    queries, pyshacl = both(of_material(material.saying(triples)))
    assert len(queries) > 250
    assert pyshacl - queries == Counter()
    # SHACL 4.3 and 4.5: what cannot be compared is a violation. pySHACL lets it pass.
    for _, _, value, _, component, _, _ in queries - pyshacl:
        assert component in BOUNDS | PAIRS
        assert isinstance(value, Literal)
        assert component in PAIRS or not str(value.datatype).startswith(str(XSD))
