"""Write rooms of a chosen size in the shape of the real graph: ``python -m bench generate``."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from pyoxigraph import DefaultGraph, RdfFormat, serialize

from bench.generation.graph import generate
from bench.generation.terms import line
from bench.servers import Material
from cecot.dataset.store import load_store
from cecot.rooms import find_rooms


def write_rooms(root: Path, *, triples: int, seed: int = 1) -> int:
    """Write ``ontology/``, ``graph/`` and ``shapes/`` under ``root``; return the triples written.

    Ontology and rules are those of this checkout; the graph is invented, the same for each seed.
    """
    own = find_rooms()
    for room, source in (("ontology", own.ontology), ("shapes", own.shapes)):
        shutil.copytree(source, root / room, dirs_exist_ok=True)
    shutil.rmtree(root / "graph", ignore_errors=True)
    (root / "graph").mkdir(parents=True)
    count = 0
    with (root / "graph" / "graph.nt").open("w", encoding="utf-8", newline="\n") as file:
        for block in generate(triples, seed):
            file.writelines(map(line, block))
            count += len(block)
    return count


def add_options(parser: argparse.ArgumentParser, triples: int) -> None:
    """Have a command line say what to measure with: which rooms, or how large invented ones are."""
    parser.add_argument("--rooms", type=Path, help="serve these rooms instead of invented ones")
    parser.add_argument("--triples", type=int, default=triples)
    parser.add_argument("--seed", type=int, default=1)


def rooms_of(options: argparse.Namespace, work: Path) -> Path:
    """The rooms that ``options`` name, or freshly written ones in the folder ``work``."""
    if options.rooms is None:
        write_rooms(work / "rooms", triples=options.triples, seed=options.seed)
    return options.rooms or work / "rooms"


def material_of(options: argparse.Namespace, work: Path) -> tuple[Material, int]:
    """The same rooms, and all their triples as a file for other servers; how many these are."""
    material = Material(rooms_of(options, work), work / "whole.nt")
    return material, whole(material.rooms, material.triples)


def whole(rooms: Path, target: Path) -> int:
    """Write all that the default graph of ``rooms`` holds, derived triples too, as N-Triples.

    This is what other servers are given, so that all answer from the same triples.
    """
    loaded = load_store(find_rooms(rooms))
    serialize(
        (quad.triple for quad in loaded.store.quads_for_pattern(None, None, None, DefaultGraph())),
        target,
        RdfFormat.N_TRIPLES,
    )
    with target.open("rb") as lines:
        return sum(1 for _ in lines)


def main(arguments: list[str]) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench generate", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the rooms go; its graph/ is replaced")
    parser.add_argument("--triples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    count = write_rooms(options.folder, triples=options.triples, seed=options.seed)
    print(f"{count} triples in {options.folder}")
