"""Rooms as they would be: canonical, equal to what is written by hand, and back again."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cecot.editing.figures import FigureDraft
from cecot.editing.form import ClaimForm, form_of, slug
from cecot.editing.index import Index
from cecot.editing.passages import Passages
from cecot.editing.workspace import NewThing, Workspace
from cecot.rdf.writing import format_turtle
from cecot.rooms import Rooms, find_rooms, read_texts
from cecot.vocabulary import CECOT


@pytest.fixture
def workspace(rooms: Rooms) -> Workspace:
    return Workspace(rooms)


@pytest.fixture(scope="session")
def passages(index: Index, shared_dir: Path) -> Passages:
    text = shared_dir / "sources" / "terrorism-confinement-center.txt"
    return Passages(index, read_texts([text]))


def test_a_claim_that_is_saved_as_it_is_changes_nothing(
    workspace: Workspace, passages: Passages
) -> None:
    index = workspace.index
    for claim in index.claims:
        form = form_of(index, claim)
        candidate = workspace.with_claim(form, passages.one(form.passage))
        assert not candidate.after, candidate.differences()


def test_a_figure_that_is_corrected_takes_the_place_of_the_old_one(
    workspace: Workspace, passages: Passages
) -> None:
    form = form_of(workspace.index, workspace.material.namespace + "tcc-29-space-per-prisoner")
    assert isinstance(form.object, FigureDraft)
    form = replace(form, object=replace(form.object, value="0.7"))
    (content,) = workspace.with_claim(form, passages.one(form.passage)).after.values()
    assert content.decode().count("schema:value 0.7 ;") == 1
    assert "schema:value 0.6 ;" not in content.decode()


def test_a_figure_that_is_there_already_is_taken_and_not_written_again(
    workspace: Workspace, passages: Passages
) -> None:
    index = workspace.index
    namespace = index.material.namespace
    form = form_of(index, namespace + "tcc-29-space-per-prisoner")
    place = passages.one(form.passage)
    candidate = workspace.with_claim(replace(form, name="", predicate=str(CECOT["count"])), place)
    (content,) = candidate.after.values()
    assert content.decode().count("a schema:QuantitativeValue") == 2
    assert content.decode().count("rdf:object id:tcc-29-0-6-square-meters") == 2


def test_a_new_claim_is_canonical_and_equal_to_the_same_written_by_hand(
    workspace: Workspace, passages: Passages, tmp_path: Path
) -> None:
    index = workspace.index
    namespace = index.material.namespace
    place = passages.at(namespace + "tcc", 27)
    form = ClaimForm(
        passage=place.iri,
        start=place.start,
        end=place.start + 10,
        speakers=(namespace + "tcc",),
        subject=namespace + "cecot",
        predicate=str(CECOT.locatedIn),
        object=namespace + "elmford",
    )
    town = NewThing(namespace + "elmford", str(CECOT.Place), "Elmford", "Elmford")
    candidate = workspace.with_claim(form, place, [town])
    assert {path.name for path in candidate.after} == {"27.ttl", "places.ttl"}
    digest = hashlib.sha256(place.words[:10].encode()).hexdigest()
    by_hand = f"""
id:tcc-27-located-in a cecot:Claim ; rdf:subject id:cecot ;
  rdf:predicate cecot:locatedIn ; rdf:object id:elmford ; cecot:spanHash "{digest}" ;
  cecot:start {place.start} ; cecot:end {place.start + 10} ; cecot:statedBy id:tcc ;
  cecot:passage id:tcc-27 ; cecot:modality cecot:Asserted .
"""
    file = next(path for path in candidate.after if path.name == "27.ttl")
    hand = format_turtle(file.read_text("utf-8") + by_hand, index.material.prefixes)
    assert candidate.after[file].decode() == hand
    for content in candidate.after.values():
        assert format_turtle(content, index.material.prefixes) == content.decode()
    assert "+id:tcc-27-located-in" in candidate.differences()["graph/sources/tcc/27.ttl"]


def test_a_second_claim_of_one_name_gets_a_number(workspace: Workspace, passages: Passages) -> None:
    place = passages.at(workspace.material.namespace + "tcc", 29)
    form = ClaimForm(
        passage=place.iri, subject="x:y", predicate=str(CECOT.spacePerPrisoner), object="x:z"
    )
    (content,) = workspace.with_claim(form, place).after.values()
    assert b"\nid:tcc-29-space-per-prisoner-2\n" in content


def test_a_claim_goes_with_its_figure_and_what_converts_it(workspace: Workspace) -> None:
    namespace = workspace.material.namespace
    candidate = workspace.without_claim(namespace + "tcc-29-space-per-prisoner")
    (content,) = candidate.after.values()
    text = content.decode()
    assert "space-per-prisoner" not in text
    assert "6-5-sq-ft" not in text
    assert "id:tcc-29-shared-cells" in text


def test_what_others_use_stays(workspace: Workspace) -> None:
    namespace = workspace.material.namespace
    candidate = workspace.without_claim(namespace + "tcc-33-accusation")
    assert [path.name for path in candidate.after] == ["33.ttl"]
    assert b"id:human-rights-watch" not in b"".join(candidate.after.values())


def test_an_edited_claim_keeps_its_name_and_what_no_field_shows(
    workspace: Workspace, passages: Passages
) -> None:
    index = workspace.index
    claim = index.material.namespace + "tcc-29-space-per-prisoner"
    form = replace(form_of(index, claim), status="Hedged")
    candidate = workspace.with_claim(form, passages.one(form.passage))
    (content,) = candidate.after.values()
    before = (workspace.rooms.graph / "sources" / "tcc" / "29.ttl").read_text("utf-8")
    changed = [line for line in content.decode().splitlines() if line not in before.splitlines()]
    assert any("cecot:Hedged" in line for line in changed)
    assert f"{'id:tcc-29-space-per-prisoner'}\n    a cecot:Claim" in content.decode()


def test_the_header_of_a_file_stays(tmp_path: Path, rooms: Rooms, passages: Passages) -> None:
    folder = tmp_path / "rooms"
    for room in (rooms.ontology, rooms.graph, rooms.shapes):
        shutil.copytree(room, folder / room.name)
    path = folder / "graph" / "sources" / "tcc" / "29.ttl"
    path.write_text("# Read twice.\n" + path.read_text("utf-8"), "utf-8")
    workspace = Workspace(find_rooms(folder))
    candidate = workspace.without_claim(workspace.material.namespace + "tcc-29-shared-cells")
    assert candidate.after[path].startswith(b"# Read twice.\n")


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("0.6 square meters", "0-6-square-meters"),
        ("6.5\u00a0sq\u00a0ft", "6-5-sq-ft"),
        ("más de 12.000", "mas-de-12-000"),
        ("spacePerPrisoner", "space-per-prisoner"),
        ("\u4e2d", ""),
    ],
)
def test_names_end_in_small_letters_and_hyphens(words: str, end: str) -> None:
    assert slug(words) == end
