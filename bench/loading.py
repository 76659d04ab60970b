"""Loading the rooms against Oxigraph's own bulk loader: ``python -m bench loading``.

Each load runs in a process of its own, in turn. ``files`` reads the rooms without their
derivations, which is what the bulk loader does; ``rooms`` derives as well; ``serve`` is the time
until the service answers. Rooms that are named hold ``graph/graph.nt``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from bench.generate import add_options, rooms_of
from bench.servers import Material, running
from cecot.dataset.store import load_store
from cecot.rooms import find_rooms

Work = Callable[[], object]


def main(arguments: list[str]) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench loading", description=__doc__)
    add_options(parser, 1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        rooms = rooms_of(options, Path(work)).resolve()
        bare = _without_derivations(rooms, Path(work) / "bare")
        loads: dict[str, Work] = {
            "bulk_load": partial(_bulk_load, rooms / "graph" / "graph.nt"),
            "files": lambda: load_store(find_rooms(bare)),
            "rooms": lambda: load_store(find_rooms(rooms)),
        }
        times: dict[str, list[float]] = {name: [] for name in (*loads, "serve")}
        sizes: dict[str, int] = {}
        for _ in range(options.rounds):
            for name, load in loads.items():
                seconds, sizes[name] = _alone(load)
                times[name].append(seconds)
            with running("cecot", Material(rooms, rooms)) as server:
                times["serve"].append(server.ready)
                sizes["serve"] = server.memory
    print("| load | median s | to bulk_load | MB |\n|---|---|---|---|")
    for name, each in times.items():
        pairs = zip(each, times["bulk_load"], strict=True)
        ratio = statistics.median(ours / theirs for ours, theirs in pairs)
        size = sizes[name] >> 20
        print(f"| {name} | {statistics.median(each):.2f} | {ratio:.2f}x | {size} |")


def _bulk_load(path: Path) -> Store:
    store = Store()
    store.bulk_load(path=path, format=RdfFormat.N_TRIPLES)
    return store


def _without_derivations(rooms: Path, target: Path) -> Path:
    shutil.copytree(rooms / "ontology", target / "ontology")
    shutil.rmtree(target / "ontology" / "derive", ignore_errors=True)
    for room in ("graph", "shapes"):
        (target / room).mkdir()
        for path in (rooms / room).iterdir():
            (target / room / path.name).symlink_to(path)
    return target


def _alone(work: Work) -> tuple[float, int]:
    """Seconds that ``work`` takes in a process of its own, and the most memory of that process."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(work, there))
    process.start()
    seconds, size = here.recv()
    process.join()
    return float(seconds), int(size)


def _run(work: Work, pipe: Connection) -> None:
    began = time.perf_counter()
    kept = work()
    seconds = time.perf_counter() - began
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    pipe.send((seconds, size))
    del kept
