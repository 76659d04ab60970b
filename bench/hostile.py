"""Attack an endpoint while polite clients use it: ``python -m bench hostile``.

Ends with 1 if any attack met something else than a clear answer in time, if a polite client met an
error, if its p99 more than tripled, if the canary heard anything, or if memory did not come back.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench import engines
from bench.attack.attack import Attack, Outcome
from bench.attack.families import Family, families
from bench.attack.outside import Canary
from bench.attack.polite import Clients, Record, pages, pause, questions
from bench.attack.running import Besieged, attack, besiege
from bench.generate import add_options, material_of
from bench.queries import classes
from bench.servers import STARTS, Server, settle
from bench.wire import target

MEMORY_GROWTH = 192 << 20
"""Bytes that may stay: the answer cache (32 MiB of answers, as much again for what goes with them)
is empty before the attacks and full after, and allocators keep some."""

SETTLE = 20.0
"""Seconds in which memory has to come back."""


MOST_THREADS = 40
"""Fewer than these may one process of ours have, whatever comes."""

LOOK = 0.1
"""Seconds between two counts of threads."""


@dataclass(slots=True)
class Siege:
    """What happened, family by family."""

    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    windows: dict[str, tuple[float, float]] = field(default_factory=dict)
    polite: Record = field(default_factory=Record)
    rest: list[tuple[float, float]] = field(default_factory=list)
    memory: tuple[int, int] = (0, 0)
    peak: int = 0
    threads: int = 0

    def at_rest(self) -> Record:
        """What polite clients met while nobody attacked."""
        return Record([each for span in self.rest for each in self.polite.between(*span).answers])

    def beside(self) -> Record:
        """What they met beside the attacks."""
        spans = self.windows.values()
        return Record([each for span in spans for each in self.polite.between(*span).answers])


def main(arguments: list[str]) -> int:
    """Run the command line."""
    options = _options(arguments)
    canary = Canary()
    canary.check()
    with tempfile.TemporaryDirectory(prefix="bench-") as work, ExitStack() as running:
        besieged = _open(options, Path(work), running)
        try:
            siege = lay(besieged, _chosen(canary, options), options)
        finally:
            besieged.close()
    faults = report(besieged, siege, canary, options)
    for each in besieged.engine_deaths:
        print(f"{options.engine} behind it ended, and was started again, at {each}")
    return 1 if faults else 0


def lay(
    besieged: Besieged, chosen: list[tuple[Family, list[Attack]]], options: argparse.Namespace
) -> Siege:
    """Lay siege: rest, attack family by family, rest again; polite clients ask all the while."""
    siege = Siege()
    # What another engine is asked waits behind attackers there; what is kept here must not.
    polite = ("repeated",) if options.engine else ("small", "medium", "repeated")
    kinds = [kind for kind in classes(besieged.where) if kind.name in polite]
    asked = questions(besieged.where, kinds)
    asked += pages(besieged.where) if options.engine else []
    clients = Clients(besieged.where, asked)
    over = threading.Event()

    def count() -> None:
        while not over.wait(LOOK):
            siege.threads = max(siege.threads, besieged.threads())

    try:
        siege.rest.append(pause(options.rest))
        before = besieged.memory()
        threading.Thread(target=count, daemon=True).start()
        for family, steps in chosen:
            budget = options.budget + options.late + (options.patience if family.queues else 0.0)
            began = time.monotonic()
            until = began + 60 * options.minutes if family.name == "random" else None
            endless = steps if until is None else itertools.chain(steps, family.steps())
            siege.outcomes[family.name] = attack(besieged, family, endless, budget, until)
            siege.windows[family.name] = (began, time.monotonic())
            siege.peak = max(siege.peak, besieged.memory())
            print(f"{family.name}: {len(siege.outcomes[family.name])} attacks", flush=True)
        time.sleep(options.budget)  # what goes on by itself ends within its budget
        siege.rest.append(pause(options.rest))
    finally:
        over.set()
        siege.polite = clients.stop()
    give_up = time.monotonic() + SETTLE
    while besieged.memory() > before + MEMORY_GROWTH and time.monotonic() < give_up:
        time.sleep(0.5)
    siege.memory = (before, besieged.memory())
    return siege


def report(
    besieged: Besieged, siege: Siege, canary: Canary, options: argparse.Namespace
) -> list[str]:
    """Print what happened; return what must not."""
    faults: list[str] = []
    slowest: list[Outcome] = []
    rest = siege.at_rest()
    calm = rest.percentile(0.99)
    print(f"\n{besieged.server.name} at {besieged.where.url}\n")
    print("| family | attacks | answers | slowest s | faults | polite p50 ms | p99 ms | to rest |")
    print("|---|---|---|---|---|---|---|---|")
    print(f"| at rest | | | | | {rest.percentile(0.5):.2f} | {calm:.2f} | 1.0x |")
    for name, outcomes in siege.outcomes.items():
        polite = siege.polite.between(*siege.windows[name])
        wrong = [each for each in outcomes if each.faults]
        counts = sorted(Counter(each.status for each in outcomes).items())
        answers = " ".join(f"{count}x{status}" for status, count in counts)
        print(
            f"| {name} | {len(outcomes)} | {answers}"
            f" | {max((each.seconds for each in outcomes), default=0):.1f} | {len(wrong)}"
            f" | {polite.percentile(0.5):.2f} | {polite.percentile(0.99):.2f}"
            f" | {polite.percentile(0.99) / calm:.1f}x |"
        )
        faults += [f"{name}: {each.name}: {'; '.join(each.faults)}" for each in wrong]
        slowest += sorted(outcomes, key=lambda each: -each.seconds)[:3] if options.verbose else []
    for each in slowest:
        print(f"slow: {each.family}: {each.name}: {each.status} after {each.seconds:.2f} s")
    beside = siege.beside()
    times = beside.percentile(0.99) / calm
    print(
        f"\npolite clients: {len(beside.answers)} questions beside the attacks,"
        f" {len(beside.errors)} errors, p99 {beside.percentile(0.99):.2f} ms, {times:.2f}x of rest"
    )
    before, after = siege.memory
    print(
        f"memory: {before >> 20} MiB before, {siege.peak >> 20} MiB at the peak seen,"
        f" {after >> 20} MiB after"
    )
    print(f"threads: {siege.threads} at most in one process")
    print(f"canary: {len(canary.heard)} calls; server: {len(besieged.deaths)} deaths\n")
    faults += [f"polite: {error} ({n} times)" for error, n in Counter(beside.errors).most_common()]
    faults += [f"polite at rest: {error}" for error in sorted(set(rest.errors))]
    faults += [f"canary: {line}" for line in canary.heard] + besieged.deaths
    if times > options.times:
        faults.append(f"polite p99 is {times:.2f} times that of rest")
    if after > before + MEMORY_GROWTH:
        faults.append(f"memory grew from {before >> 20} to {after >> 20} MiB")
    if besieged.is_ours and siege.threads >= MOST_THREADS:
        faults.append(f"a process had {siege.threads} threads")
    for fault in faults if options.verbose else faults[:40]:
        print(f"FAULT {fault}"[:400])
    print(f"{len(faults)} faults")
    return faults


def _open(options: argparse.Namespace, work: Path, running: ExitStack) -> Besieged:
    if options.url:
        return Besieged(Server(options.url, target(options.url)))
    material, _ = material_of(options, work)
    engine = None
    if options.engine:
        started = engines.STARTS[options.engine](work, max(1, round(options.budget)))
        engine = running.enter_context(started)
        engine.load(material.rooms)
    besieged = besiege(options.server, material, options.budget, engine)
    settle(besieged.server)
    return besieged


def _chosen(canary: Canary, options: argparse.Namespace) -> list[tuple[Family, list[Attack]]]:
    wanted = options.families.split(",") if options.families else None
    chosen: list[tuple[Family, list[Attack]]] = []
    for family in families(canary.url, options.seed):
        if wanted is not None and family.name not in wanted:
            continue
        if family.name == "random":
            if options.minutes:
                chosen.append((family, []))
            continue
        steps = [each for each in family.steps() if options.only in each.name]
        if options.most and len(steps) > options.most:
            steps = steps[:: len(steps) // options.most][: options.most]
        chosen.append((family, steps))
    return chosen


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench hostile", description=__doc__)
    parser.add_argument("--url", help="attack this endpoint, which you run, and start none")
    parser.add_argument("--server", choices=list(STARTS), default="cecot", help="start this one")
    parser.add_argument("--engine", choices=list(engines.STARTS), help="behind ours: this one")
    add_options(parser, 10_000)
    parser.add_argument("--budget", type=float, default=10.0, help="seconds of one query")
    parser.add_argument("--patience", type=float, default=5.0, help="seconds one may wait before")
    parser.add_argument("--late", type=float, default=0.0, help="seconds more, on busy machines")
    parser.add_argument("--families", default="", help="separated by commas; all by default")
    parser.add_argument("--only", default="", help="only attacks whose name holds this")
    parser.add_argument("--most", type=int, default=0, help="attacks of one family; 0: all")
    parser.add_argument("--minutes", type=float, default=0.0, help="of random queries")
    parser.add_argument("--rest", type=float, default=5.0, help="seconds before and after")
    parser.add_argument("--times", type=float, default=3.0, help="what polite p99 may become")
    parser.add_argument("--verbose", action="store_true", help="print every fault")
    return parser.parse_args(arguments)
