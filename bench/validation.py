"""Validation by queries against pySHACL: ``python -m bench validation``.

Each runs the whole command in a process of its own, in turn, with the same rules, on graphs that
break none and on broken ones. Processor seconds, how many times those of the queries that is, the
most memory, and what was found.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.generate import write_rooms
from bench.generation.graph import spoilt
from bench.generation.terms import line

SIZES = (10_000, 100_000, 1_000_000)
LONGEST = 150_000
"""Triples beyond which pySHACL is not asked: it takes minutes."""


def main(arguments: list[str]) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench validation", description=__doc__)
    parser.add_argument("--triples", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    print("| triples | broken | engine | CPU s | times | MB | findings |")
    print("|---|---|---|---|---|---|---|")
    for triples in options.triples:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            rooms = Path(folder)
            write_rooms(rooms, triples=triples, seed=options.seed)
            for broken in (False, True):
                if broken:
                    _spoil(rooms, triples, options.seed)
                least = 0.0
                for engine in ("queries", "pyshacl"):
                    if engine == "queries" or triples <= LONGEST:
                        seconds, megabytes, found = _measured(rooms, engine)
                        least = least or seconds
                        times = f"{seconds / least:.1f}" if engine == "pyshacl" else ""
                        told = f"{triples:,} | {'yes' if broken else 'no'} | {engine}"
                        figures = f"{seconds:.2f} | {times} | {megabytes} | {found:,}"
                        print(f"| {told} | {figures} |", flush=True)


def _spoil(rooms: Path, triples: int, seed: int) -> None:
    with (rooms / "graph" / "graph.nt").open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(map(line, spoilt(triples, seed)))


def _measured(rooms: Path, engine: str) -> tuple[float, int, int]:
    """Processor seconds, megabytes and findings of one run."""
    command = ["-m", "cecot", "validate", "--rooms", str(rooms), "--engine", engine]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([sys.executable, *command, "--format", "json"], stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            sys.exit(f"cecot {' '.join(command[2:])} ended with {process.returncode}")
        output.seek(0)
        found = len(json.load(output)["findings"])
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss >> 10, found
