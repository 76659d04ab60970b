"""The tools over the graph of this checkout, and over rooms that know no claims."""

from __future__ import annotations

import pytest

from cecot.mcp.library import Library
from cecot.rooms import Rooms
from tool_users import Use, library_of, user_of


@pytest.fixture(scope="package")
def library(rooms: Rooms) -> Library:
    return library_of(rooms)


@pytest.fixture(scope="package")
def use(library: Library) -> Use:
    return user_of(library)


@pytest.fixture(scope="package")
def use_plants(foreign_rooms: Rooms) -> Use:
    return user_of(library_of(foreign_rooms))
