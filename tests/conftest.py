"""What many tests share: the rooms of this checkout, what they say, and the texts beside it."""

from __future__ import annotations

import os
import shutil
import signal
from importlib.util import find_spec
from pathlib import Path

import hypothesis
import pytest

from cecot.dataset.content import Material, read_material
from cecot.rooms import Rooms, find_rooms

REPOSITORY = Path(__file__).resolve().parent.parent

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# A shell has what it starts in the background ignore Ctrl-C, and so would what the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# `make test-browser` installs what drives a browser, and runs these tests by themselves.
collect_ignore = [] if find_spec("axe_playwright_python") else ["browser"]


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of the source texts, which no repository may hold."""
    folder = Path(os.environ.get("CECOT_SHARED", REPOSITORY.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"the source texts are absent: no folder {folder} (set CECOT_SHARED)")
    return folder


@pytest.fixture(scope="session")
def rooms() -> Rooms:
    """The rooms of this checkout."""
    return find_rooms(REPOSITORY)


@pytest.fixture(scope="session")
def material(rooms: Rooms) -> Material:
    """What the rooms of this checkout say."""
    return read_material(rooms)


@pytest.fixture(scope="session")
def foreign_rooms() -> Rooms:
    """Rooms of another world: plants, no claims, no table of prefixes, blank nodes."""
    return find_rooms(REPOSITORY / "tests" / "data" / "foreign")


@pytest.fixture
def scratch(tmp_path: Path, rooms: Rooms) -> Path:
    """Rooms to write in: the ontology and the rules of this checkout, and an empty graph."""
    folder = tmp_path / "rooms"
    (folder / "graph").mkdir(parents=True)
    for room in (rooms.ontology, rooms.shapes):
        shutil.copytree(room, folder / room.name)
    return folder
