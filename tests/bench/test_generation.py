"""The invented graph: of the size asked for, always the same, and valid by the rules."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from bench.generate import whole, write_rooms
from bench.generation.graph import generate
from bench.generation.names import name

from cecot.cli import run
from cecot.dataset.store import load_store
from cecot.rooms import find_rooms


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for place in ("a", "b"):
        write_rooms(tmp_path / place, triples=3000, seed=7)
    first, second = ((tmp_path / each / "graph" / "graph.nt").read_bytes() for each in "ab")
    assert first == second


def test_another_seed_gives_another_graph(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_rooms(tmp_path / str(seed), triples=1000, seed=seed)
    first, second = ((tmp_path / each / "graph" / "graph.nt").read_bytes() for each in "12")
    assert first != second


def test_a_larger_graph_begins_with_the_sources_of_a_smaller_one() -> None:
    small, large = (list(generate(count, 1)) for count in (5000, 10_000))
    assert large[: len(small) - 1] == small[:-1]


@pytest.mark.parametrize("triples", [500, 5000, 20_000])
def test_a_graph_has_about_as_many_triples_as_asked_for(triples: int) -> None:
    count = sum(len(block) for block in generate(triples, 1))
    assert 0 <= count - triples < 200


def test_no_triple_is_written_twice() -> None:
    triples = list(itertools.chain.from_iterable(generate(20_000, 1)))
    assert len(set(triples)) == len(triples)


def test_names_are_of_one_number_each() -> None:
    assert len({name(number) for number in range(20_000)}) == 20_000


def test_invented_rooms_conform_to_every_rule(tmp_path: Path) -> None:
    write_rooms(tmp_path, triples=6000)
    assert run(["validate", "--rooms", str(tmp_path)]) == 0


def test_other_servers_get_what_ours_derives(tmp_path: Path) -> None:
    write_rooms(tmp_path, triples=1000)
    count = whole(tmp_path, tmp_path / "whole.nt")
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    (row,) = load_store(find_rooms(tmp_path)).store.query(query)  # type: ignore[union-attr]
    assert count == int(row["n"].value) > 1000
