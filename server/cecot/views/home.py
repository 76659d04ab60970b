"""The root page, and the page that explains each kind of problem."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response

from cecot.errors import CecotError
from cecot.problem import problem_type
from cecot.views.context import Context
from cecot.views.pages import page


def home(context: Context) -> Blueprint:
    """``/`` says what this is; ``/problems`` what an error means."""
    views = Blueprint("home", __name__)

    @views.get("/")
    def root() -> Response:
        return page(context, "home.html", description=context.description)

    @views.get("/problems")
    def problems() -> Response:
        kinds = [
            (problem_type(kind), kind.status, kind.title, (kind.__doc__ or "").strip())
            for kind in _kinds(CecotError)
        ]
        return page(context, "problems.html", kinds=sorted(kinds, key=lambda kind: kind[1]))

    return views


def _kinds(root: type[CecotError]) -> Iterator[type[CecotError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from _kinds(kind)
