"""The application over any rooms, evaluating in this process, and a client of it."""

from __future__ import annotations

import os
import weakref
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cecot.dataset.description import describe
from cecot.dataset.store import Loaded, load_store, store_version
from cecot.engine import Engine
from cecot.remote.connecting import connect, reader_of
from cecot.remote.loading import load
from cecot.render.dumps import write_dumps
from cecot.rooms import Rooms
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine
from cecot.views.app import create_app
from engines import oxigraph

ENGINE = os.environ.get("CECOT_TEST_ENGINE", "")
"""``oxigraph`` has the pages of all tests made from a real Oxigraph server (make test-engines)."""

_ENGINES: WeakValueDictionary[tuple[str, ...], Engine] = WeakValueDictionary()
"""The servers that are in use: one for each graph, for as long as a test holds on to it."""


class WholeAnswers(FlaskClient):
    """Reads each answer to its end and closes it, as a client over the network does."""

    def open(self, *args: Any, buffered: bool = True, **options: Any) -> TestResponse:
        """Send a request and return the answer, whole."""
        return super().open(*args, buffered=buffered, **options)


def site_of(
    rooms: Rooms, downloads: Path | None = None, *, write: bool = True, **settings: Any
) -> FlaskClient:
    """A client of the application over ``rooms``; an exception inside reaches the test.

    The files to download are in the folder ``downloads``, if one is given; ``write`` writes them.
    """
    loaded = load_store(rooms)
    description = describe(loaded)
    given = Settings(**settings)
    if downloads and write:
        write_dumps(loaded, description, downloads, given.public_url.rstrip("/"))
    app = create_app(engine_over(loaded), description, given, downloads)
    app.testing = True
    app.test_client_class = WholeAnswers
    return app.test_client()


def engine_over(loaded: Loaded) -> Engine:
    """What answers from ``loaded``: an engine in this process, or a server of its own."""
    names = loaded.names
    if ENGINE != "oxigraph":
        assert not ENGINE, f"no tests know the engine {ENGINE}"
        return InProcessEngine(loaded.store, prefixes=names.prefixes, base=names.base)
    graph = (store_version(loaded.store), names.base, *map(str, names.prefixes.items()))
    if found := _ENGINES.get(graph):
        return found
    server = ExitStack()
    settings = server.enter_context(oxigraph())
    first = connect(settings, names, reader_of(names))
    load(loaded, first, lambda _: None)
    first.close()
    engine = _ENGINES[graph] = connect(settings, names, reader_of(names))
    server.callback(engine.client.close)
    weakref.finalize(engine, server.close)
    return engine
