"""Real engines of other people for a test, and the settings that name them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bench.servers import free_port

from bench import engines
from cecot.settings import Settings

__all__ = ["free_port", "oxigraph", "virtuoso"]


@contextmanager
def oxigraph(port: int = 0) -> Iterator[Settings]:
    """An Oxigraph server in memory, at a port that is free if none is named."""
    with engines.oxigraph(port) as started:
        yield _settings(started)


@contextmanager
def virtuoso(folder: Path, rows: int = 1_000_000) -> Iterator[Settings]:
    """A Virtuoso in ``folder``, of Debian's package; skips where that is not installed."""
    if not engines.has_virtuoso():
        pytest.skip("Virtuoso is absent: apt-get install virtuoso-opensource-7-bin")
    with engines.virtuoso(folder, rows=rows) as started:
        yield _settings(started)


def _settings(started: engines.EngineProcess) -> Settings:
    return Settings(engine=started.address, engine_kind=started.kind, engine_user=started.user)
