from __future__ import annotations

from pathlib import Path

import pytest

from cecot.errors import UsageError
from cecot.rooms import ROOMS, Rooms, files_of_rooms, find_rooms


@pytest.fixture
def empty_rooms(tmp_path: Path) -> Rooms:
    for name in ROOMS:
        (tmp_path / name).mkdir()
    return Rooms(tmp_path)


def test_an_explicit_folder_comes_before_the_environment(
    empty_rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CECOT_ROOMS", "/nowhere")
    assert find_rooms(empty_rooms.root) == empty_rooms


def test_the_environment_comes_before_the_checkout(
    empty_rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CECOT_ROOMS", str(empty_rooms.root))
    assert find_rooms() == empty_rooms


def test_without_a_word_the_rooms_are_those_of_the_checkout(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CECOT_ROOMS", raising=False)
    assert find_rooms() == rooms


def test_whoever_stands_in_a_checkout_means_that_one(
    empty_rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CECOT_ROOMS", raising=False)
    monkeypatch.chdir(empty_rooms.graph)
    assert find_rooms() == empty_rooms


def test_elsewhere_the_rooms_are_those_that_the_package_stands_in(
    rooms: Rooms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CECOT_ROOMS", raising=False)
    monkeypatch.chdir(tmp_path)
    assert find_rooms() == rooms


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a folder"):
        find_rooms(tmp_path / "nowhere")


def test_missing_rooms_are_named(tmp_path: Path) -> None:
    (tmp_path / "graph").mkdir()
    with pytest.raises(UsageError, match="no folder ontology and no shapes"):
        find_rooms(tmp_path)


def test_files_are_sorted_and_those_that_editors_leave_behind_are_not_read(
    empty_rooms: Rooms,
) -> None:
    for name in ("b.ttl", "a/z.ttl", "a.nt", "notes.md", ".#b.ttl", ".git/x.ttl", "queries/q.rq"):
        path = empty_rooms.graph / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    found = [path.relative_to(empty_rooms.graph).as_posix() for path in empty_rooms.graph_files()]
    assert found == ["a/z.ttl", "a.nt", "b.ttl"]
    assert [path.name for path in empty_rooms.question_files()] == ["q.rq"]


def test_a_path_is_shown_from_the_rooms(empty_rooms: Rooms) -> None:
    assert empty_rooms.short(empty_rooms.graph / "a.ttl") == "graph/a.ttl"
    assert empty_rooms.short(Path("/elsewhere/a.ttl")) == "/elsewhere/a.ttl"


def test_what_is_hidden_is_not_looked_at(empty_rooms: Rooms) -> None:
    names = ("a.ttl", ".b.ttl", "sub/c.rq", ".git/d.ttl", "sub/.ipynb_checkpoints/e.ttl")
    for name in names:
        path = empty_rooms.graph / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("")
    found = [path.relative_to(empty_rooms.graph) for path in files_of_rooms(empty_rooms)]
    assert found == [Path("a.ttl"), Path("sub/c.rq")]
