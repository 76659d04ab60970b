from __future__ import annotations

from pathlib import Path

import pytest

from cecot.dataset.content import Material, base_of, read_material, read_names
from cecot.errors import TurtleError, UsageError
from cecot.rooms import ROOMS, Rooms


def rooms_with(folder: Path, files: dict[str, str]) -> Rooms:
    for name in ROOMS:
        (folder / name).mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return Rooms(folder)


def ontology(*iris: str) -> str:
    return "".join(f"<{iri}> a <http://www.w3.org/2002/07/owl#Ontology> .\n" for iri in iris)


def test_the_real_rooms_give_their_names(material: Material) -> None:
    assert material.names.ontology_iri == "https://w3id.org/cecot/ontology"
    assert material.names.base == "https://w3id.org/cecot/"
    assert material.namespace == "https://w3id.org/cecot/id/"
    assert material.names.shapes_iri == "https://w3id.org/cecot/shapes"
    assert read_names(material.rooms) == material.names


def test_each_room_has_its_triples(material: Material) -> None:
    assert len(material.ontology) > 500
    assert len(material.graph) > 1_000
    assert len(material.facts) == (
        len(material.ontology) + len(material.graph) + len(material.derived)
    )


def test_rooms_without_claims_are_read(foreign_rooms: Rooms) -> None:
    material = read_material(foreign_rooms)
    assert material.names.base == "https://example.org/garden/"
    assert material.namespace == "https://example.org/garden/id/"
    (triple,) = material.derived
    assert triple.predicate.value == "https://example.org/garden/plants#tallerThan"
    path, line = material.lines["https://example.org/garden/id/moss"]
    assert (path.name, line) == ("moss.nt", 1)


@pytest.mark.parametrize(
    ("iri", "base"),
    [
        ("https://w3id.org/cecot/ontology", "https://w3id.org/cecot/"),
        ("http://www.w3.org/ns/org#", "http://www.w3.org/ns/"),
        ("http://xmlns.com/foaf/0.1/", "http://xmlns.com/foaf/"),
        ("http://example.org", "http://example.org/"),
        ("http://example.org/", "http://example.org/"),
        ("urn:garden:plants", "urn:garden:"),
    ],
)
def test_the_base_is_the_ontology_without_its_last_segment(iri: str, base: str) -> None:
    assert base_of(iri) == base


def test_rooms_without_an_ontology_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No ontology stands here"):
        read_material(rooms_with(tmp_path, {}))


def test_of_two_ontologies_neither_is_chosen_by_chance(tmp_path: Path) -> None:
    rooms = rooms_with(tmp_path, {"ontology/x.ttl": ontology("urn:x:a", "urn:x:b")})
    with pytest.raises(UsageError, match=r"2 ontologies .* urn:x:a, urn:x:b"):
        read_names(rooms)


def test_an_imported_ontology_is_not_the_one(tmp_path: Path) -> None:
    imports = "<urn:x:a> <http://www.w3.org/2002/07/owl#imports> <urn:x:b> ."
    rooms = rooms_with(tmp_path, {"ontology/x.ttl": ontology("urn:x:a", "urn:x:b") + imports})
    assert read_names(rooms).ontology_iri == "urn:x:a"


@pytest.mark.parametrize("room", ROOMS)
def test_bad_turtle_in_any_room_is_named_with_its_place(tmp_path: Path, room: str) -> None:
    rooms = rooms_with(
        tmp_path, {"ontology/o.ttl": ontology("urn:x:a"), f"{room}/bad.ttl": "<a:b>\n  oops ."}
    )
    with pytest.raises(TurtleError) as caught:
        read_material(rooms)
    assert caught.value.location == f"{tmp_path / room / 'bad.ttl'}:2:3"


def test_a_thing_described_twice_has_the_place_of_the_first_block(tmp_path: Path) -> None:
    block = "\n<urn:t> a <urn:T> .\n"
    rooms = rooms_with(
        tmp_path,
        {"ontology/o.ttl": ontology("urn:x:a"), "graph/a.ttl": block * 2, "graph/b.ttl": block},
    )
    path, line = read_material(rooms).lines["urn:t"]
    assert (path.name, line) == ("a.ttl", 2)
