"""A graph process over a small store, for tests: ``python graph_server.py ADDRESS SETTINGS_JSON``.

It is a process of its own, started from nothing, because a graph process forks and must have one
thread.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyoxigraph as ox

from cecot.service import processes
from cecot.service.graph_process import GraphProcess
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine

VERSION = "test"
THINGS = 300


def small_store() -> ox.Store:
    """Things with a number each and a link to the next."""
    store = ox.Store()
    number, after = ox.NamedNode("urn:number"), ox.NamedNode("urn:next")
    for n in range(THINGS):
        thing = ox.NamedNode(f"urn:thing:{n}")
        store.add(ox.Quad(thing, number, ox.Literal(n)))
        store.add(ox.Quad(thing, after, ox.NamedNode(f"urn:thing:{(n + 1) % THINGS}")))
    return store


def main() -> None:
    settings = Settings(**json.loads(sys.argv[2]))
    processes.DESCRIPTORS = 1  # SERVICE is not looked for, and yet nothing can be opened
    engine = InProcessEngine(
        small_store(),
        federation=settings.federation,
        prefixes={"ex": "http://example.org/"},
        base="http://example.org/",
    )
    process = GraphProcess(engine, VERSION, settings, Path(sys.argv[1]))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    process.serve()


if __name__ == "__main__":
    main()
