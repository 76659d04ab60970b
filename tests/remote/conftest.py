"""Real engines, and one whose replies a test writes byte by byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest
from scripted import Scripted

from cecot.remote.address import read_remote
from cecot.remote.engine import RemoteEngine
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine

BASE = "http://engine.example/"


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    """An engine that answers what it is told to."""
    with Scripted() as server:
        yield server


@pytest.fixture
def remote(scripted: Scripted) -> Iterator[Callable[..., RemoteEngine]]:
    """Makes the engine that asks ``scripted``, with other settings where they are named."""
    made = []

    def make(*, whole_up_to: int = 0, holds_graph: bool = False, **given: object) -> RemoteEngine:
        given = {"deadline": 1.0, "engine_connections": 2, **given}
        settings = Settings(engine=scripted.address, **given)  # type: ignore[arg-type]
        remote = read_remote(settings, {})
        engine = RemoteEngine(
            remote,
            InProcessEngine(ox.Store(), base=BASE),
            settings,
            base=BASE,
            whole_up_to=whole_up_to,
            holds_graph=holds_graph,
        )
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.close()
