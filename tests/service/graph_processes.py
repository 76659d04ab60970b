"""Real graph processes to ask, and the means to wait for what they do."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cecot.engine import Query

SERVER = Path(__file__).with_name("graph_server.py")
PATIENCE = 30.0

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SOME_TIME = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d <urn:next> ?f FILTER(STR(?c) < STR(?f)) }"

BUSY = 4.0
"""Seconds by which a machine that runs other tests as well may be late."""


def query(text: str, media_type: str = "text/csv") -> Query:
    return Query(text, media_type, media_type, "application/n-triples")


def until(condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait until ``condition`` holds; AssertionError if it does not within ``patience`` seconds."""
    give_up = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < give_up, "the condition never held"
        time.sleep(0.005)


@contextmanager
def graph_at(address: Path, **settings: Any) -> Iterator[subprocess.Popen[str]]:
    """A graph process of its own."""
    command = [sys.executable, str(SERVER), str(address), json.dumps(settings)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        process.stdout.close()
