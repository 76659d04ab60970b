"""Every rule fires on the files that break it, on nothing else, and has something to look at.

``tests/shapes/base.ttl`` is a small world that conforms. Each ``fail-*.ttl`` beside it names in its
first line the shapes that must fire, and exactly those must; each ``pass-*.ttl`` must conform.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyshacl
import pytest
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph
from rdflib.namespace import SH
from rdflib.term import URIRef

from cecot.dataset.content import Material
from cecot.rdf.reading import read_file
from cecot.validation.data import Data, of_material
from cecot.validation.shapes import Rule
from cecot.vocabulary import LANGUAGES
from worlds import fired, world

FOLDER = Path(__file__).parent / "shapes"
BASE = FOLDER / "base.ttl"
FAILING = sorted(FOLDER.glob("*/fail-*.ttl"))
PASSING = sorted(FOLDER.glob("*/pass-*.ttl"))
NEEDS_FILES = {"PrefixTable", "QuotationShare", "SourceText"}
"""Checks that read files or the text of a source; tests/validation/ holds theirs."""


def expected(path: Path) -> set[str]:
    """The shapes that the first line of ``path`` names."""
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    found = set(re.findall(r"shapes:(\w+)", first))
    assert found, f"{path} does not name in its first line the shape that must fire"
    return found


def title(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.fixture(scope="session")
def data(material: Material) -> Data:
    return of_material(material)


@pytest.fixture(scope="session")
def shapes(data: Data) -> Graph:
    return data.shapes.graph


@pytest.fixture(scope="session")
def rules(data: Data) -> dict[str, Rule]:
    return {str(shape): rule for shape, rule in data.shapes.rules.items() if rule.iri}


def test_the_small_world_breaks_no_rule(material: Material) -> None:
    assert not fired(material.saying(read_file(BASE).triples))


@pytest.mark.parametrize("path", PASSING, ids=title)
def test_a_pass_file_breaks_no_rule(path: Path, material: Material) -> None:
    assert fired(world(material, BASE, path)) == set()


@pytest.mark.parametrize("path", FAILING, ids=title)
def test_a_fail_file_breaks_the_rules_that_it_names(path: Path, material: Material) -> None:
    assert fired(world(material, BASE, path)) == expected(path)


def test_every_rule_has_a_file_that_breaks_it(rules: dict[str, Rule], shapes: Graph) -> None:
    broken = {name for path in FAILING for name in expected(path)} | NEEDS_FILES
    # A node shape that only gathers property shapes is broken by breaking one of them.
    gathering = {
        iri
        for iri in rules
        if shapes.value(URIRef(iri), SH.property) and not shapes.value(URIRef(iri), SH.closed)
    }
    assert not {iri for iri in rules if iri not in gathering and local(iri) not in broken}


def test_every_rule_looks_at_something_in_the_real_graph(
    rules: dict[str, Rule], shapes: Graph, data: Data
) -> None:
    graph = data.graph()
    known = ShapesGraph(shapes)
    assert known.shapes
    idle = []
    for iri in (iri for iri, rule in rules.items() if rule.owner == rule.name):
        shape = known.lookup_shape_from_node(URIRef(iri))
        shape.set_advanced(True)
        focus = shape.focus_nodes(graph)
        if not focus or not any((node, None, None) in graph for node in focus):
            idle.append(local(iri))
    assert not idle


def test_every_property_shape_belongs_to_a_rule(rules: dict[str, Rule], shapes: Graph) -> None:
    alone = [
        local(iri)
        for iri, rule in rules.items()
        if rule.owner == rule.name and (URIRef(iri), SH.path, None) in shapes
    ]
    assert not alone


@pytest.mark.parametrize("words", ["names", "messages"])
def test_every_rule_speaks_the_languages_of_the_graph(rules: dict[str, Rule], words: str) -> None:
    assert not [
        local(iri) for iri, rule in rules.items() if not {*LANGUAGES} <= set(getattr(rule, words))
    ]


def test_the_languages_of_the_graph_are_those_that_the_shapes_allow(shapes: Graph) -> None:
    allowed = [tuple(map(str, shapes.items(each))) for each in shapes.objects(None, SH.languageIn)]
    assert allowed
    assert {*allowed} == {LANGUAGES}


def test_every_rule_states_how_grave_it_is(rules: dict[str, Rule], shapes: Graph) -> None:
    assert not [iri for iri in rules if (URIRef(iri), SH.severity, None) not in shapes]


def test_no_two_rules_have_one_name(rules: dict[str, Rule]) -> None:
    names = [rule.title for rule in rules.values()]
    assert len(names) == len(set(names))


def test_the_shapes_are_shapes(shapes: Graph) -> None:
    conforms, _, words = pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, words


def test_a_shape_is_named_for_what_it_says(shapes: Graph, material: Material) -> None:
    namespace = material.names.shapes_iri + "#"
    named = {s for kind in (SH.NodeShape, SH.PropertyShape) for s in shapes.subjects(None, kind)}
    assert all(re.fullmatch(re.escape(namespace) + "[A-Z][A-Za-z]+", str(s)) for s in named)


def local(iri: str) -> str:
    return iri.rpartition("#")[2]
