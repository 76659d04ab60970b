"""Servers side by side, on the same data and queries, in turn: ``python -m bench compare``.

The machine is never quiet. So the servers take turns within each round, ratios are taken within
the round, and only medians over rounds are printed.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from bench.drive import Load, Measured, drive
from bench.generate import add_options, material_of
from bench.processes import computed, memory
from bench.queries import QueryClass, classes, rows
from bench.servers import STARTS, Server, installed, running, settle

OURS = "cecot"


@dataclass(slots=True)
class Series:
    """What one server did on one class with one number of connections, round after round."""

    rates: list[float] = field(default_factory=list)
    medians: list[float] = field(default_factory=list)
    tails: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def add(self, found: Measured, seconds: float) -> None:
        """Take one round, in which the server computed for ``seconds``."""
        self.rates.append(found.rate)
        self.medians.append(found.median)
        self.tails.append(found.percentile(0.99))
        self.costs.append(1000 * seconds / max(1, found.replies))
        self.errors += found.errors

    def figures(self) -> str:
        """The medians over all rounds, as cells of a table."""
        each = (self.rates, self.medians, self.tails, self.costs)
        rate, *others = map(statistics.median, each)
        return " | ".join([f"{rate:.4g}", *(f"{other:.3g}" for other in others)])


Results = dict[tuple[str, int], dict[str, Series]]


def compare(
    servers: list[Server],
    kinds: list[QueryClass],
    connections: list[int],
    rounds: int,
    seconds: float,
) -> Results:
    """Measure every class with every number of connections, the servers in turn."""
    results: Results = {}
    start = 0
    for turn in range(rounds):
        order = servers if turn % 2 == 0 else servers[::-1]
        for kind in kinds:
            for count in connections:
                for server in order:
                    series = results.setdefault((kind.name, count), {})
                    before = computed(server.pid)
                    load = Load(
                        server.where, kind.requests(server.where), count, seconds, start=start
                    )
                    found = drive(load)
                    start += found.replies + 2
                    spent = computed(server.pid) - before
                    series.setdefault(server.name, Series()).add(found, spent)
    return results


def check_same(servers: list[Server], kinds: list[QueryClass]) -> None:
    """Raise RuntimeError unless all give as many rows to the first queries of each class."""
    for kind in kinds:
        for query in kind.queries[:4]:
            counts = {server.name: len(rows(server.where, query)) for server in servers}
            if len(set(counts.values())) > 1:
                raise RuntimeError(f"not the same answers to {kind.name}: {counts}\n{query}")


def ratio(series: dict[str, Series], other: str) -> float:
    """How many times the rate of ``other`` ours is: the median over rounds."""
    pairs = zip(series[OURS].rates, series[other].rates, strict=True)
    return statistics.median(ours / max(theirs, 1e-9) for ours, theirs in pairs)


def table(results: Results, servers: list[Server]) -> list[str]:
    """The figures as lines of Markdown."""
    others = [server.name for server in servers if server.name != OURS]
    lines = [
        "| class | connections | server | requests/s | median ms | p99 ms | CPU ms | ours : it |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (kind, count), series in results.items():
        for name, each in series.items():
            times = f"{ratio(series, name):.2f}x" if name in others and OURS in series else ""
            fault = f" ({len(each.errors)} errors: {each.errors[0]})" if each.errors else ""
            lines.append(f"| {kind} | {count} | {name}{fault} | {each.figures()} | {times} |")
    return lines


def main(arguments: list[str]) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench compare", description=__doc__)
    add_options(parser, 10_000)
    parser.add_argument("--servers", default=",".join(STARTS), help="separated by commas")
    parser.add_argument("--classes", default="", help="separated by commas; all by default")
    parser.add_argument("--connections", default="1,8")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each measurement")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the large answer")
    options = parser.parse_args(arguments)
    names = options.servers.split(",")
    for name in [each for each in names if not installed(each)]:
        names.remove(name)
        print(f"{name} is not installed and left out (bench/README.md says how to install it)")
    with tempfile.TemporaryDirectory(prefix="bench-") as work, contextlib.ExitStack() as stack:
        material, count = material_of(options, Path(work))
        print(f"{count} triples in the default graph\n")
        servers = [stack.enter_context(running(name, material)) for name in names]
        for server in servers:
            server.calm = settle(server)
        wanted = options.classes.split(",") if options.classes else None
        kinds = [
            kind
            for kind in classes(servers[0].where, options.rows)
            if wanted is None or kind.name in wanted
        ]
        check_same(servers, kinds)
        counts = [int(count) for count in options.connections.split(",")]
        results = compare(servers, kinds, counts, options.rounds, options.seconds)
        lines = table(results, servers)
        lines += ["", *_starts(servers)]
        print("\n".join(lines))


def _starts(servers: list[Server]) -> list[str]:
    lines = [
        "| server | answers after s | has all after s | rests after s | MB then | MB at the end |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {server.name} | {server.ready:.2f} | {server.loaded:.2f} | {server.calm:.0f}"
        f" | {server.memory / 2**20:.0f} | {memory(server.pid) / 2**20:.0f} |"
        for server in servers
    ]
    return lines
