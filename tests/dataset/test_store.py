from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store, parse

from cecot.dataset.content import Material, read_material
from cecot.dataset.store import canonical_nquads, load_store, store_version
from cecot.errors import TurtleError
from cecot.rooms import ROOMS, Rooms
from cecot.vocabulary import CECOT
from worlds import build_store


def graph_of(store: Store, name: str | None) -> list[str]:
    graph = NamedNode(name) if name else DefaultGraph()
    return sorted(str(quad.triple) for quad in store.quads_for_pattern(None, None, None, graph))


def test_queries_see_ontology_graph_and_what_follows(material: Material) -> None:
    store = build_store(material)
    told = store.quads_for_pattern(None, NamedNode(CECOT.statement), None)
    assert len(graph_of(store, None)) == len(set(material.facts)) + len(list(told))
    assert store.query("ASK { ?f a <https://w3id.org/cecot/ontology#Facility> }")


def test_the_ontology_and_the_rules_have_graphs_of_their_own(material: Material) -> None:
    store = build_store(material)
    names = {getattr(name, "value", None) for name in store.named_graphs()}
    assert names == {material.names.ontology_iri, material.names.base + "shapes"}
    assert len(graph_of(store, material.names.ontology_iri)) == len(set(material.ontology))
    assert len(graph_of(store, material.names.base + "shapes")) == len(set(material.shapes))


def test_the_rules_are_not_in_the_default_graph(material: Material) -> None:
    shapes = "ASK { ?s a <http://www.w3.org/ns/shacl#NodeShape> }"
    assert not build_store(material).query(shapes)


@pytest.mark.parametrize("which", ["rooms", "foreign_rooms"])
def test_both_ways_in_lead_to_the_same_dataset(which: str, request: pytest.FixtureRequest) -> None:
    rooms: Rooms = request.getfixturevalue(which)
    loaded = load_store(rooms)
    assert canonical_nquads(loaded.store) == canonical_nquads(build_store(read_material(rooms)))
    assert loaded.names.prefixes


def test_a_blank_node_of_the_ontology_is_one_node_in_both_graphs(foreign_rooms: Rooms) -> None:
    store = load_store(foreign_rooms).store
    nodes = {quad.subject for quad in store if isinstance(quad.subject, BlankNode)}
    in_ontology = {
        quad.subject
        for quad in store.quads_for_pattern(
            None, None, None, NamedNode("https://example.org/garden/plants")
        )
        if isinstance(quad.subject, BlankNode)
    }
    assert len(in_ontology) == 1
    assert len(nodes) == 2  # and one in the rules


def test_the_version_is_the_digest_of_the_canonical_quads(material: Material) -> None:
    store = build_store(material)
    content = canonical_nquads(store)
    assert store_version(store) == hashlib.sha256(content).hexdigest()
    assert list(content.splitlines()) == sorted(content.splitlines())
    assert len(list(parse(content, RdfFormat.N_QUADS))) == len(store)


def test_the_version_does_not_depend_on_the_names_of_blank_nodes(foreign_rooms: Rooms) -> None:
    versions = {store_version(load_store(foreign_rooms).store) for _ in range(3)}
    assert versions == {store_version(build_store(read_material(foreign_rooms)))}


def test_loading_names_file_line_and_column_of_bad_turtle(tmp_path: Path) -> None:
    for name in ROOMS:
        (tmp_path / name).mkdir()
    (tmp_path / "ontology" / "o.ttl").write_text(
        "<urn:x:o> a <http://www.w3.org/2002/07/owl#Ontology> ."
    )
    bad = tmp_path / "graph" / "bad.nt"
    bad.write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> b <urn:c> .\n")
    with pytest.raises(TurtleError) as caught:
        load_store(Rooms(tmp_path))
    assert caught.value.location == f"{bad}:2:9"


def test_blank_nodes_have_the_same_names_after_each_loading(rooms: Rooms) -> None:
    """So the entity tag of an answer that shows them, which is of the version, says the truth."""
    first, second = load_store(rooms).store, load_store(rooms).store
    assert sum(isinstance(quad.subject, BlankNode) for quad in first) > 100
    assert set(first) == set(second)
    query = "SELECT * { GRAPH ?g { ?s ?p ?o FILTER(isBLANK(?s)) } }"
    assert [[*map(str, row)] for row in first.query(query)] == [
        [*map(str, row)] for row in second.query(query)
    ]
