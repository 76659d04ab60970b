"""Our endpoint over a graph that a test may fill: for suites that load data before they ask.

The service is read only. What loads here is this file's, never the product's: one address that
takes updates into the store behind the endpoint. What answers a query is the product's own.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask, Response, request
from pyoxigraph import Store
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from cecot.dataset.description import describe
from cecot.dataset.store import load_store
from cecot.errors import MethodNotAllowed
from cecot.rooms import find_rooms
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine
from cecot.views.app import create_app

LOADING = re.compile(r"DROP ALL$|CREATE SILENT GRAPH |INSERT DATA \{\n")
"""How the runner empties and fills a graph. Any other update is the product's to refuse."""


class Quiet(WSGIRequestHandler):
    """Keeps connections open, and says nothing of what it answers."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def scratch_service(rooms: Path, *, federation: bool = False) -> Iterator[str]:
    """Yield the root address of a service over an empty graph; ``/scratch`` takes updates."""
    store = Store()
    loaded = replace(load_store(find_rooms(rooms)), store=store)
    engine = InProcessEngine(store, federation=federation, base=loaded.names.base)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
        settings = Settings(public_url=f"http://{host}:{port}", federation=federation)
        app = with_updates(create_app(engine, describe(loaded), settings), store)
        server = make_server(
            host, port, app, threaded=True, request_handler=Quiet, fd=listener.fileno()
        )
        with served(server):
            yield settings.public_url


def with_updates(app: Flask, store: Store) -> Flask:
    """``app`` with the address that a suite loads its data through."""

    @app.post("/scratch")
    def scratch() -> Response:
        text = request.get_data(as_text=True)
        if not LOADING.match(text):
            raise MethodNotAllowed("This service takes no updates.")
        store.update(text)
        return Response(status=204)

    return app


@contextmanager
def served(server: BaseWSGIServer) -> Iterator[None]:
    """Let ``server`` answer in a thread for as long as it is needed."""
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
