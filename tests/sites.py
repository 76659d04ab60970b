"""The application over any rooms, evaluating in this process, and a client of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cecot.dataset.description import describe
from cecot.dataset.store import load_store
from cecot.render.dumps import write_dumps
from cecot.rooms import Rooms
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine
from cecot.views.app import create_app


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
        root = given.public_url.rstrip("/")
        write_dumps(loaded, description, downloads, lambda path: root + path)
    engine = InProcessEngine(loaded.store, prefixes=loaded.names.prefixes)
    app = create_app(engine, description, given, downloads)
    app.testing = True
    app.test_client_class = WholeAnswers
    return app.test_client()
