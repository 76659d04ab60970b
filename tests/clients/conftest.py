"""A real service over the graph of this checkout, for the clients that people use."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from running import running

HOUSE = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """The address of the endpoint of a service that runs for all tests of this folder."""
    command = [sys.executable, "-m", "cecot", "serve", "--port", "0", "--rooms", str(HOUSE)]
    with running(command, HOUSE, {**os.environ, "PYTHONUNBUFFERED": "1"}) as address:
        yield f"{address}/sparql"
