"""One running service for all tests of a module that change nothing in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from serving import Service, serving

from cecot.rooms import Rooms


@pytest.fixture(scope="module")
def service(foreign_rooms: Rooms) -> Iterator[Service]:
    """A service with a short deadline, whose log is JSON."""
    with serving(foreign_rooms.root, "--deadline", "2", "--log-format", "json") as started:
        yield started
