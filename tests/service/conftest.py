"""A graph process and engines that ask it; a running service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from graph_processes import graph_at
from running_engines import Running, engine_at
from serving import Service, serving

from cecot.rooms import Rooms
from cecot.settings import Settings

Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts engines, each with a graph process of its own and the settings that are given."""
    with ExitStack() as running:

        def begin(**settings: Any) -> Running:
            address = tmp_path / f"graph-{len(list(tmp_path.iterdir()))}"
            running.enter_context(graph_at(address, **settings))
            return running.enter_context(engine_at(address, Settings(**settings)))

        yield begin


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One engine with small budgets, for all tests of a module."""
    settings: dict[str, Any] = {
        "deadline": 4.0,
        "memory": 64 << 20,
        "result": 8 << 20,
        "queries": 3,
    }
    address = tmp_path_factory.mktemp("graph") / "graph"
    with graph_at(address, **settings), engine_at(address, Settings(**settings)) as running:
        yield running


@pytest.fixture(scope="module")
def service(foreign_rooms: Rooms) -> Iterator[Service]:
    """A service with a short deadline, whose log is JSON."""
    with serving(foreign_rooms.root, "--deadline", "2", "--log-format", "json") as started:
        yield started
