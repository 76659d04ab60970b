"""A graph process and engines that ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from graph_processes import graph_at

from cecot.service.forked_engine import ForkedEngine
from cecot.settings import Settings

Start = Callable[..., ForkedEngine]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts engines, each with a graph process of its own and the settings that are given."""
    with ExitStack() as running:

        def begin(**settings: Any) -> ForkedEngine:
            address = tmp_path / f"graph-{len(list(tmp_path.iterdir()))}"
            running.enter_context(graph_at(address, **settings))
            engine = ForkedEngine(address, Settings(**settings))
            running.callback(engine.close)
            return engine

        yield begin


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkedEngine]:
    """One engine with small budgets, for all tests of a module."""
    settings: dict[str, Any] = {
        "deadline": 4.0,
        "memory": 64 << 20,
        "result": 8 << 20,
        "queries": 3,
    }
    address = tmp_path_factory.mktemp("graph") / "graph"
    with graph_at(address, **settings):
        engine = ForkedEngine(address, Settings(**settings))
        yield engine
        engine.close()
