"""Every failure as a response, in one place (RFC 9457; RFC 9110, 15)."""

from __future__ import annotations

from contextlib import suppress
from difflib import get_close_matches

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.exceptions import NotFound as NoRoute

from cecot import errors
from cecot.claims.names import near_things
from cecot.errors import CecotError
from cecot.messages import say
from cecot.protocol import problem
from cecot.protocol.negotiation import HTML
from cecot.views.context import Context
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

ERROR = "cecot.error"
"""Where, in the environment of a request, an error stands that is all there is to answer."""


MOST_NEAR = 3
"""Addresses that are offered in the place of one that is not there."""


def handle_errors(app: Flask, context: Context) -> None:
    """Let ``app`` answer every error in the form that the client asks for."""

    @app.errorhandler(CecotError)
    def known(error: CecotError) -> Response:
        return render(error, context)

    @app.before_request
    def failed() -> None:
        """Tell what went wrong before the application was asked."""
        if error := request.environ.get(ERROR):
            raise error

    @app.errorhandler(HTTPException)
    def routing(error: HTTPException) -> Response:
        response = render(_translated(error), context)
        if isinstance(error, MethodNotAllowed):
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return response

    @app.errorhandler(500)
    def fault(_: HTTPException) -> Response:
        return render(problem.defect(g.request_id), context)


def render(error: CecotError, context: Context) -> Response:
    """``error`` as problem details, text or a page, in the language of the reader."""
    locale, accept = reader_locale(), request.headers.get("Accept")
    if problem.media_type_of(accept) != HTML:
        return flask_response(problem.told(error, accept, locale, context.url("/problems")))
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
        found += [(links.node(node), str(label(node))) for node in things]
    return found


def _translated(error: HTTPException) -> CecotError:
    """A routing error of the framework as one of ours."""
    if isinstance(error, NoRoute):
        return errors.NotFound(
            say("Nothing has this address."),
            hint=say("The home page says what is here."),
            where=request.path,
        )
    if isinstance(error, MethodNotAllowed):
        return errors.MethodNotAllowed(
            say("{method} is not possible here.", method=request.method),
            hint=say("Possible: {methods}.", methods=", ".join(sorted(error.valid_methods or ()))),
            where=request.path,
        )
    if isinstance(error, RequestEntityTooLarge):
        return errors.TooLarge(
            say("The body passes its limit."), hint=say("Send less."), where="body"
        )
    current_app.logger.info("%s %s", error.code, error.name)
    return errors.BadRequest(
        say("The request cannot be read: {why}", why=error.description or error.name),
        hint=say("Check how the request is written."),
    )
