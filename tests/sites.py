"""The application over any rooms, evaluating in this process, and a client of it."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cecot.description import describe
from cecot.evaluation import InProcessEngine
from cecot.rooms import Rooms
from cecot.settings import Settings
from cecot.store import load_store
from cecot.views.app import create_app


class WholeAnswers(FlaskClient):
    """Reads each answer to its end and closes it, as a client over the network does."""

    def open(self, *args: Any, buffered: bool = True, **options: Any) -> TestResponse:
        """Send a request and return the answer, whole."""
        return super().open(*args, buffered=buffered, **options)


def site_of(rooms: Rooms, **settings: Any) -> FlaskClient:
    """A client of the application over ``rooms``; an exception inside reaches the test."""
    loaded = load_store(rooms)
    engine = InProcessEngine(loaded.store, prefixes=loaded.names.prefixes)
    app = create_app(engine, describe(loaded), Settings(**settings))
    app.testing = True
    app.test_client_class = WholeAnswers
    return app.test_client()
