"""The Flask application: routes and rendering, over an engine that answers (WSGI, PEP 3333)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, g, request
from flask import Request as FlaskRequest

from cecot.dataset.description import Description
from cecot.dataset.source_texts import read_source_texts
from cecot.engine import Engine
from cecot.protocol.parameters import escaped
from cecot.service.caller import current_caller
from cecot.settings import Settings
from cecot.views.cite import cite
from cecot.views.claims import claims
from cecot.views.context import Context
from cecot.views.description import description as descriptions
from cecot.views.documents import documents
from cecot.views.dumps import dumps
from cecot.views.editor import editor
from cecot.views.health import health
from cecot.views.home import home
from cecot.views.method import method
from cecot.views.pictures import pictures
from cecot.views.problems import handle_errors
from cecot.views.questions import questions
from cecot.views.responses import dressed
from cecot.views.searching import searching
from cecot.views.sources import sources
from cecot.views.sparql import sparql
from cecot.views.static_files import static_files
from cecot.views.wellknown import wellknown


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
    engine: Engine, description: Description, settings: Settings, downloads: Path | None = None
) -> Flask:
    """The service as a WSGI application; ``engine`` answers for the dataset of ``description``.

    ``downloads`` is the folder into which the files to download are written, if they are.
    """
    app = _Application("cecot.views", static_folder=None)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    texts = read_source_texts(settings.source_text)
    context = Context(engine, description, settings, downloads, texts)
    for views in (
        sparql,
        descriptions,
        health,
        home,
        claims,
        sources,
        searching,
        editor,
        questions,
        cite,
        pictures,
        method,
        static_files,
        documents,
        wellknown,
    ):
        app.register_blueprint(views(context))
    if downloads:
        app.register_blueprint(dumps(context, downloads))
    handle_errors(app, context)
    app.after_request(dressed)
    return app
