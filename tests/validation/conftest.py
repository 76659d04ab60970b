"""A small world on disk, for tests that look at files and lines."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cecot.dataset.content import read_material
from cecot.rooms import find_rooms
from cecot.validation import Report, validate

BASE = Path(__file__).parents[1] / "shapes" / "base.ttl"


@pytest.fixture
def small(scratch: Path) -> Path:
    """Rooms whose graph is the small world of ``tests/shapes/base.ttl``."""
    shutil.copy(BASE, scratch / "graph" / "base.ttl")
    return scratch


@pytest.fixture
def spoil(small: Path) -> Callable[[str, str], int]:
    """Replace a text in the small world, once; gives the line (from 1) where it stands."""

    def replace(old: str, new: str) -> int:
        path = small / "graph" / "base.ttl"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    return replace


@pytest.fixture
def check(small: Path) -> Callable[..., Report]:
    """Validate the small world as it stands now."""

    def run(*texts: Path) -> Report:
        return validate(read_material(find_rooms(small)), texts=texts)

    return run
