from __future__ import annotations

import pytest

from cecot.dataset.content import Material
from cecot.editing.index import Index
from cecot.editing.lexicon import Lexicon, read_lexicon
from cecot.rooms import Rooms


@pytest.fixture(scope="session")
def english(rooms: Rooms) -> Lexicon:
    return read_lexicon(rooms, "en")


@pytest.fixture(scope="session")
def spanish(rooms: Rooms) -> Lexicon:
    return read_lexicon(rooms, "es")


@pytest.fixture(scope="session")
def index(material: Material) -> Index:
    return Index(material)
