"""Uses the tools for language models as a client does, without a client between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cecot.dataset.description import describe
from cecot.dataset.store import load_store
from cecot.mcp.library import Library
from cecot.mcp.schemas import read_arguments, record
from cecot.mcp.tools import TOOLS
from cecot.rooms import Rooms
from cecot.sparql.evaluation import InProcessEngine

Use = Callable[..., tuple[dict[str, Any], str]]


def library_of(rooms: Rooms) -> Library:
    """The library of ``rooms``, evaluated in this process."""
    loaded = load_store(rooms)
    prefixes, base = loaded.names.prefixes, loaded.names.base
    engine = InProcessEngine(loaded.store, prefixes=prefixes, base=base)
    return Library(engine, describe(loaded, "of no account"))


def user_of(library: Library) -> Use:
    """Uses a tool by its name: gives its record and its text."""
    tools = {each.name: each for each in TOOLS}

    def use(name: str, **given: object) -> tuple[dict[str, Any], str]:
        tool = tools[name]
        told, text = tool.work(library, **read_arguments(tool.parameters, given))
        found = record(told)
        assert isinstance(found, dict)
        return found, text

    return use
