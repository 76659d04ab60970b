"""A real service over the graph of this checkout, for the clients that people use."""

from __future__ import annotations

import os
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest

from running import running

HOUSE = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """The address of the endpoint of a service that runs for all tests of this folder."""
    command = [sys.executable, "-m", "cecot", "serve", "--port", "0", "--rooms", str(HOUSE)]
    with running(command, HOUSE, {**os.environ, "PYTHONUNBUFFERED": "1"}) as address:
        until_it_answers(f"{address}/health")
        yield f"{address}/sparql"


def until_it_answers(address: str, patience: float = 30.0) -> None:
    """Wait until a service that has told its address listens there."""
    end = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(address, timeout=patience):
                return
        except URLError:
            if time.monotonic() > end:
                raise
            threading.Event().wait(0.02)
