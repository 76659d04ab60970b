"""The Flask application: routes and rendering, over an engine that answers (WSGI, PEP 3333).

The files of the pages are here, which clients keep for good: a changed file has another address;
and every failure becomes a response, in one place (RFC 9457; RFC 9110, 15).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, Response, current_app, g, request
from flask import Request as FlaskRequest
from jinja2.bccache import Bucket, FileSystemBytecodeCache
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.exceptions import NotFound as NoRoute

from cecot import errors, views
from cecot.claims.names import near_things
from cecot.claims.subgraph import is_known
from cecot.dataset.description import Description
from cecot.engine import Engine, current_caller
from cecot.errors import CecotError, NotFound
from cecot.messages import say
from cecot.protocol import problem
from cecot.protocol.answers import PUBLIC
from cecot.protocol.negotiation import HTML
from cecot.protocol.requests import escaped
from cecot.render.urls import SAFE
from cecot.rooms import read_texts, text_paths
from cecot.settings import Settings
from cecot.views.context import (
    Asset,
    Context,
    conditional,
    dressed,
    gzip_asked,
    nothing_here,
    respond,
)
from cecot.views.pages import (
    PAGE_NAMES,
    labels_in,
    page,
    page_links,
    page_names,
    reachable,
    reader_locale,
)
from cecot.views.sparql import flask_response


class _Request(FlaskRequest):
    """A request whose parameters can be read, whatever bytes the client sent.

    Nobody asks for another protocol in vain: a server may ignore Upgrade (RFC 9110, 7.8), and
    Werkzeug, which would look for an address of WebSocket, does not see it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query_string = escaped(self.query_string)
        self.environ.pop("HTTP_UPGRADE", None)


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
    prepare_templates(app)
    texts = read_texts(text_paths(settings.source_text))
    context = Context(engine, description, settings, downloads, texts, state)
    for each in blueprints(context):
        app.register_blueprint(each)
    handle_errors(app, context)
    app.after_request(dressed)
    return app


def prepare_templates(app: Flask) -> None:
    """Have templates speak the language of the reader, and what they are compiled to kept.

    It is kept where Python keeps what modules are compiled to: a service starts in half the time,
    and has no memory that a compiler once needed (decision 101).
    """
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.bytecode_cache = _Compiled(str(Path(app.root_path, "__pycache__")))


class _Compiled(FileSystemBytecodeCache):
    """Templates that have been compiled; they are written where modules are."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            if not sys.dont_write_bytecode:
                super().dump_bytecode(bucket)


def blueprints(context: Context) -> Iterator[Blueprint]:
    """What the modules of this package offer as ``blueprint``."""
    for found in iter_modules(views.__path__):
        module = import_module(f"{views.__name__}.{found.name}")
        if offered := getattr(module, "blueprint", None):
            yield offered(context)


IMMUTABLE = "public, max-age=31536000, immutable"


def blueprint(context: Context) -> Blueprint:
    """``/static/``: each file at its own address."""
    views = Blueprint("static_files", __name__)
    by_path = {asset.path: asset for asset in context.assets.values()}

    @views.get("/static/<path:path>")
    def asset(path: str) -> Response:
        if path not in by_path:
            raise NotFound(
                say("No file of the pages has this address."),
                hint=say(
                    "Addresses of style sheets change with their content: load the page again."
                ),
                where=request.path,
            )
        return _sent(by_path[path])

    return views


def _sent(asset: Asset) -> Response:
    packed = bool(asset.packed) and gzip_asked()
    response = Response(asset.packed if packed else asset.body)
    response.headers["Content-Type"] = asset.media_type
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = IMMUTABLE
    response.vary.add("Accept-Encoding")
    response.set_etag(asset.tag + ("-gzip" if packed else ""))
    return conditional(response)


ERROR = "cecot.error"
"""Where, in the environment of a request, an error stands that is all there is to answer."""


MOST_NEAR = 3
"""Addresses that are offered in the place of one that is not there."""


def handle_errors(app: Flask, context: Context) -> None:
    """Let ``app`` answer every error in the form that the client asks for."""

    @app.errorhandler(CecotError)
    def known(error: CecotError) -> Response:
        return _without_slash(error, context) or render(error, context)

    @app.before_request
    def failed() -> None:
        """Tell what went wrong before the application was asked."""
        if error := request.environ.get(ERROR):
            raise error
        if request.environ["PATH_INFO"].startswith("//"):
            # Werkzeug reads it as if it began with one: a query would pass for a page of ours.
            raise nothing_here()

    @app.errorhandler(HTTPException)
    def routing(error: HTTPException) -> Response:
        told = _translated(error)
        return _without_slash(told, context) or render(told, context)

    @app.errorhandler(500)
    def fault(_: HTTPException) -> Response:
        return render(problem.defect(g.request_id), context)


def _without_slash(error: CecotError, context: Context) -> Response | None:
    """The way to the address without the slash at its end (308), where something is there.

    None if the error is another one, or nothing is there either.
    """
    path = request.path.rstrip("/")
    # What begins with two slashes would be read as the name of a host.
    if error.status != 404 or not path or path == request.path or path.startswith("//"):
        return None
    try:
        endpoint, values = current_app.url_map.bind("").match(path, request.method)
    except HTTPException:
        return None
    urls = context.urls
    # These take whatever stands in their place: whether something does is for the graph to say.
    if endpoint in _TAKES_ANY:
        iris = (urls.iris_of_slug if path.startswith("/id/") else urls.iris_of_path)(values["name"])
        if not any(is_known(context.engine, iri) for iri in iris):
            return None
    if "slug" in values and values["slug"] not in {e.slug for e in context.description.questions}:
        return None
    query = request.query_string.decode(errors="replace")
    address = urls.root + quote(path, safe=SAFE) + (f"?{query}" if query else "")
    headers = {"Location": address, "Cache-Control": PUBLIC}
    return respond(f"See {address}\n".encode(), "text/plain", status=308, headers=headers)


_TAKES_ANY = ("documents.entity", "documents.below_the_base")


def render(error: CecotError, context: Context) -> Response:
    """``error`` as problem details, text or a page, in the language of the reader."""
    locale, accept = reader_locale(), request.headers.get("Accept")
    if problem.media_type_of(accept) != HTML:
        return flask_response(problem.told(error, accept, locale, context.site.to("/problems")))
    headers = dict(problem.headers_of(error))
    place = locale.gettext(problem.place(error))
    error = problem.in_words_of(error, locale)
    near = _near(context) if error.status == 404 else ()
    return page(context, "problem.html", error.status, headers, error=error, place=place, near=near)


def _near(context: Context) -> list[tuple[str, str]]:
    """Pages, questions and things whose addresses are written much as the one that was asked for.

    Each by its address and its name. Where the engine cannot tell of things, they are left out.
    """
    locale, there = reader_locale(), reachable(context.description)
    name = page_names(context, locale)
    links = page_links(context)
    known = {each: (links.to(f"/{each}"), name(each)) for each in PAGE_NAMES if there.get(each)}
    for question in context.description.questions:
        known[question.slug] = (links.question(question.slug), question.title(locale.code))
    asked = request.path.rstrip("/").rpartition("/")[2].partition(".")[0].casefold()
    found = [known[each] for each in get_close_matches(asked[:100], known, MOST_NEAR)]
    with suppress(CecotError):
        label = labels_in(locale.code, context.description.names)
        things = near_things(context.engine, asked)[:MOST_NEAR]
        found += [(links.page_of(node), str(label(node))) for node in things]
    return found


def _translated(error: HTTPException) -> CecotError:
    """A routing error of the framework as one of ours."""
    if isinstance(error, NoRoute):
        return nothing_here()
    if isinstance(error, MethodNotAllowed):
        return errors.MethodNotAllowed.of(request.method, error.valid_methods or (), request.path)
    if isinstance(error, RequestEntityTooLarge):
        return errors.TooLarge(
            say("The body passes its limit."), hint=say("Send less."), where="body"
        )
    current_app.logger.info("%s %s", error.code, error.name)
    return errors.BadRequest(
        say("The request cannot be read: {why}", why=error.description or error.name),
        hint=say("Check how the request is written."),
    )
