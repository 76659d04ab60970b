"""An engine by URL, put together from the settings."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace

from pyoxigraph import Store

from cecot.dataset.content import Names, read_names
from cecot.dataset.description import Description, describe_by
from cecot.dataset.store import load_store
from cecot.engine import Engine
from cecot.errors import DeadlineExceeded, Unavailable, UsageError
from cecot.remote.address import read_remote
from cecot.remote.checking import COUNTING, Verdict, check, find_cap
from cecot.remote.client import Client
from cecot.remote.engine import RemoteEngine
from cecot.remote.loading import read_version
from cecot.rooms import Rooms
from cecot.settings import Settings, flag
from cecot.sparql.evaluation import InProcessEngine


def open_engine(rooms: Rooms, settings: Settings) -> tuple[Engine, Names]:
    """The engine of one program on its own: over ``rooms``, or the one that ``settings`` name.

    Raises what reading the rooms raises, and what ``connect`` raises.
    """
    if settings.engine:
        names = read_names(rooms)
        return connect(settings, names, reader_of(names)), names
    loaded = load_store(rooms)
    names = loaded.names
    return InProcessEngine(loaded.store, prefixes=names.prefixes, base=names.base), names


def reader_of(names: Names) -> InProcessEngine:
    """An engine over an empty graph, to parse with; it has no budget, so for texts of one's own."""
    return InProcessEngine(Store(), prefixes=names.prefixes, base=names.base)


def connect(settings: Settings, names: Names, reader: Engine) -> RemoteEngine:
    """The engine that ``settings`` name, asked for the graph that it says counts.

    Raises UsageError with its cure where the engine gives no answer, and what else asking raises.
    """
    engine = _engine(settings, names, settings.engine_graph, settings.engine_rows, reader)
    if settings.engine_graph:
        return engine
    try:
        with _told_to_operators():
            stated = read_version(engine, names)
    except UsageError:
        engine.close()
        raise
    if stated is None:
        return engine
    engine.client.close()
    return _engine(settings, names, stated.graph, settings.engine_rows, reader, holds_graph=True)


def engine_of(
    settings: Settings, description: Description, reader: Engine | None = None
) -> RemoteEngine:
    """The engine of which ``description`` tells.

    Without a ``reader`` it answers clients whose texts others have read. Asks nothing yet. Raises
    UsageError.
    """
    return _engine(
        settings,
        description.names,
        description.graph,
        description.whole_up_to,
        reader,
        holds_graph=description.triples > 0,
    )


def survey(rooms: Rooms, settings: Settings, tell: Callable[[str], None]) -> Description:
    """Check the engine that ``settings`` name, and describe what it holds.

    ``tell`` gets the warnings. Raises UsageError for what must not be served, and what asking and
    reading the rooms raise.
    """
    names = read_names(rooms)
    engine = connect(patient(settings), names, reader_of(names))
    try:
        expected = None if settings.engine_any_version else load_store(rooms)
        for each in check(engine, names, expected):
            if each.verdict is Verdict.FAILED:
                raise UsageError(
                    f"{each.what}: {each.found}.", where=flag("engine"), hint=each.cure
                )
            if each.verdict is Verdict.WARNING:
                tell(f"The engine, {each.what}: {each.found}. {each.cure}")
        stated = read_version(engine, names)
        whole = settings.engine_rows
        if not whole and engine.remote.dialect.may_cut:
            with _told_to_operators():
                whole = find_cap(engine)
        # What others change has no version: what is kept of it lasts no longer than this reading.
        version = stated.version if stated else f"unversioned-{secrets.token_hex(8)}"
        with _told_to_operators():
            description = describe_by(engine, rooms, names, version)
        return replace(description, graph=engine.remote.graph, whole_up_to=whole)
    finally:
        engine.close()


def patient(settings: Settings) -> Settings:
    """``settings`` for an operator, who waits for counts of all of a graph."""
    return replace(settings, deadline=max(settings.deadline, COUNTING))


@contextlib.contextmanager
def _told_to_operators() -> Iterator[None]:
    """Raise UsageError, with what an operator does, where the engine gives no answer."""
    try:
        yield
    except Unavailable as error:
        cure = error.cure or error.hint
        raise UsageError(error.message, where=flag("engine"), hint=cure) from None
    except DeadlineExceeded as error:
        cure = "If it is busy, wait; if it ends its queries early, let them take longer there."
        raise UsageError(error.message, where=flag("engine"), hint=cure) from None


def _engine(
    settings: Settings,
    names: Names,
    graph: str,
    whole_up_to: int,
    reader: Engine | None,
    *,
    holds_graph: bool = False,
) -> RemoteEngine:
    remote = replace(read_remote(settings), graph=graph)
    return RemoteEngine(
        remote,
        reader,
        Client(
            remote,
            longest=settings.result,
            connections=settings.engine_connections,
            spool=settings.spool,
        ),
        base=names.base,
        graphs=(names.ontology_iri, names.shapes_iri),
        deadline=settings.deadline,
        whole_up_to=whole_up_to,
        holds_graph=holds_graph,
    )
