"""The same pages and questions by our own engine and over another's: ``python -m bench remote``.

Both services keep no answers, and are asked in turn. Ends with 1 if an answer differs: pages to the
letter, rows as they come, rows without an order as bags. 545,000 triples are 1,153,000 with what is
derived of them; that takes some ten minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench import engines
from bench.generate import add_options, material_of
from bench.queries import PREFIXES, classes, rows
from bench.servers import Server, running, settle
from bench.wire import Target, ask
from cecot.rooms import find_rooms

SERVING = ("--cache", "0", "--deadline", "60", "--public-url", "http://bench.example/")
PATIENCE = 90.0
KEPT = 1 << 28

PAGES = (
    "/",
    "/claims",
    "/claims?status=alleged",
    "/claims?status=alleged&q=towers",
    "/claims.json",
    "/search?q=towers",
    "/sources",
    "/network",
    "/timeline",
    "/disputes",
    "/ontology.html",
)
KINDS = ("Person", "Source", "Facility", "Policy")
BUSIEST = """SELECT ?x { ?x a cecot:%s . ?any ?p ?x }
GROUP BY ?x ORDER BY DESC(COUNT(*)) ?x LIMIT 1"""
"""The thing of a kind to which most leads: its page is the longest."""

SMALL = {
    "nothing": "ASK {}",
    "one label": "SELECT ?l { cecot:Claim rdfs:label ?l } ORDER BY ?l",
}
HEAVY = {
    "count": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "classes": "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c",
    "properties": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "speakers by status": "SELECT ?m (COUNT(DISTINCT ?by) AS ?n) "
    "{ ?c cecot:modality ?m ; cecot:statedBy ?by } GROUP BY ?m",
    "claims sorted": "SELECT ?c ?l { ?c cecot:modality ?m ; cecot:passage ?p . "
    "?p schema:position ?l } ORDER BY DESC(?l) ?c LIMIT 20",
}
EACH = 8
"""Queries of one class of ``bench compare`` that are asked, at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that both are asked; ``read`` makes an answer comparable."""

    kind: str
    name: str
    request: Callable[[Target], bytes]
    read: Callable[[bytes], object]


def main(arguments: list[str]) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench remote", description=__doc__)
    parser.add_argument("--engine", choices=list(engines.STARTS), default="virtuoso")
    add_options(parser, 545_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    os.environ["CECOT_DOWNLOADS"] = "no"  # over another engine there are none to link to
    with tempfile.TemporaryDirectory(prefix="bench-") as work, ExitStack() as stack:
        material, count = material_of(options, Path(work))
        print(f"{count} triples")
        engine = stack.enter_context(engines.STARTS[options.engine](Path(work), round(PATIENCE)))
        began = time.perf_counter()
        engine.load(material.rooms)
        print(f"cecot load: {time.perf_counter() - began:.1f} s, reading the rooms among them")
        ours = stack.enter_context(running("cecot", material, SERVING))
        theirs = stack.enter_context(running("cecot", material, (*SERVING, *engine.options)))
        for server in (ours, theirs):
            settle(server)
        print(f"ready: ours {ours.ready:.1f} s, over {options.engine} {theirs.ready:.1f} s\n")
        faults = compare(ours, theirs, list(things(ours.where)), options)
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{len(faults)} faults")
    return 1 if faults else 0


def things(where: Target) -> Iterator[Asked]:
    """All that both are asked: pages, the questions of this checkout, queries."""
    found = [rows(where, PREFIXES + BUSIEST % kind)[0]["x"] for kind in KINDS]
    things = [urlsplit(each["value"]).path.rpartition("/")[2] for each in found]  # type: ignore[index]
    paths = [f"/id/{thing}.html" for thing in things] + [f"/id/{things[0]}.ttl"]
    for path in (*PAGES, *paths):
        yield Asked("page", path, lambda where, path=path: _page(where, path), bytes)  # type: ignore[misc]
    for file in sorted(find_rooms().graph.glob("queries/*.rq")):
        text = file.read_text("utf-8")
        yield Asked("question", file.stem, lambda where, text=text: where.post(text), _rows)  # type: ignore[misc]
    more = {"small": SMALL, "medium": {}, "heavy": HEAVY}
    for each in classes(where):
        if each.name in more:
            texts = {name: PREFIXES + text for name, text in more[each.name].items()}
            texts |= {f"{each.name} {at}": text for at, text in enumerate(each.queries[:EACH], 1)}
            for name, text in texts.items():
                yield _query(each.name, name, text)


def compare(
    ours: Server, theirs: Server, asked: list[Asked], options: argparse.Namespace
) -> list[str]:
    """Ask both in turn and print the medians; return what differs."""
    faults = []
    print(f"| | | embedded ms | over {options.engine} ms | ratio |\n|---|---|---|---|---|")
    ratios: dict[str, list[float]] = {}
    for each in asked:
        times: tuple[list[float], list[float]] = ([], [])
        said: list[object] = [None, None]
        for _ in range(options.rounds):
            for at, server in enumerate((ours, theirs)):
                began = time.perf_counter()
                try:
                    reply = ask(
                        server.where, each.request(server.where), kept=KEPT, timeout=PATIENCE
                    )
                    status, body = reply.status, bytes(reply.body)
                except TimeoutError:
                    status, body = 0, b"no answer"
                times[at].append(1000 * (time.perf_counter() - began))
                said[at] = each.read(body) if status == 200 else (status, body[:300])
                if status != 200:
                    faults.append(f"{each.name}: {server.where.url}: {said[at]}")
        if said[0] != said[1]:
            faults.append(f"{each.name}: the answers differ: {_difference(said[0], said[1])}")
        first, second = map(statistics.median, times)
        ratios.setdefault(each.kind, []).append(second / first)
        print(
            f"| {each.kind} | {each.name} | {first:.1f} | {second:.1f} | {second / first:.1f} |",
            flush=True,
        )
    print(f"\n| | how many | over {options.engine}: median | least | most |\n|---|---|---|---|---|")
    for kind, found in ratios.items():
        told = f"{statistics.median(found):.1f} | {min(found):.1f} | {max(found):.1f}"
        print(f"| {kind} | {len(found)} | {told} |")
    return sorted(set(faults))


def _query(kind: str, name: str, text: str) -> Asked:
    # Ordered by every variable, or by a count in which many are equal.
    read = _rows if "ORDER BY" in text and "ORDER BY DESC(?claims)" not in text else _bag
    return Asked(kind, name, lambda where: where.post(text), read)


def _page(where: Target, path: str) -> bytes:
    kind = "text/turtle" if path.endswith(".ttl") else "text/html, */*;q=0.5"
    return where.request("GET", path, f"Accept: {kind}")


def _rows(body: bytes) -> object:
    found = json.loads(body)
    return found["boolean"] if "boolean" in found else found["results"]["bindings"]


def _bag(body: bytes) -> object:
    found = _rows(body)
    return sorted(map(json.dumps, found)) if isinstance(found, list) else found


def _difference(here: object, there: object) -> str:
    """The first of what differs, for a person."""
    if isinstance(here, bytes) and isinstance(there, bytes):
        here, there = here.splitlines(), there.splitlines()
    if isinstance(here, list) and isinstance(there, list):
        pairs = ((a, b) for a, b in zip(here, there, strict=False) if a != b)
        first = next(pairs, ("", ""))
        return f"{len(here)} and {len(there)}; {str(first[0])[:160]} and {str(first[1])[:160]}"
    return f"{str(here)[:200]} and {str(there)[:200]}"
