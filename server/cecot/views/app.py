"""The Flask application: routes and rendering, over an engine that answers (WSGI, PEP 3333)."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from flask import Blueprint, Flask, g, request
from flask import Request as FlaskRequest

from cecot import views
from cecot.caller import current_caller
from cecot.dataset.description import Description
from cecot.dataset.source_texts import read_source_texts
from cecot.engine import Engine
from cecot.protocol.parameters import escaped
from cecot.settings import Settings
from cecot.views.context import Context
from cecot.views.problems import handle_errors
from cecot.views.responses import dressed


class _Request(FlaskRequest):
    """A request whose parameters can be read, whatever bytes the client sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query_string = escaped(self.query_string)


class _Application(Flask):
    """Flask, which logs a defect with the id that the client is told."""

    request_class = _Request

    def log_exception(self, exc_info: Any) -> None:
        """Log a defect of ours."""
        g.request_id = current_caller().id
        told = "request %s: %s %s failed"
        self.logger.error(told, g.request_id, request.method, request.path, exc_info=exc_info)


def create_app(
    engine: Engine,
    description: Description,
    settings: Settings,
    downloads: Path | None = None,
    state: Path | None = None,
) -> Flask:
    """The service as a WSGI application; ``engine`` answers for the dataset of ``description``.

    ``downloads`` is the folder into which the files to download are written, if they are; ``state``
    the file that tells what is wrong with the rooms, if they are watched.
    """
    app = _Application("cecot.views", static_folder=None)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    texts = read_source_texts(settings.source_text)
    context = Context(engine, description, settings, downloads, texts, state)
    for each in blueprints(context):
        app.register_blueprint(each)
    handle_errors(app, context)
    app.after_request(dressed)
    return app


def blueprints(context: Context) -> Iterator[Blueprint]:
    """What the modules of this package offer as ``blueprint``."""
    for found in iter_modules(views.__path__):
        module = import_module(f"{views.__name__}.{found.name}")
        if offered := getattr(module, "blueprint", None):
            yield offered(context)
