"""Every failure as a response, in one place (RFC 9457; RFC 9110, 15)."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.exceptions import NotFound as NoRoute

from cecot import errors
from cecot.errors import CecotError
from cecot.messages import say
from cecot.protocol import problem
from cecot.protocol.negotiation import HTML
from cecot.views.answers import flask_response
from cecot.views.context import Context
from cecot.views.pages import page, reader_locale

ERROR = "cecot.error"
"""Where, in the environment of a request, an error stands that is all there is to answer."""


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
    return page(context, "problem.html", error.status, headers, error=error, place=place)


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
