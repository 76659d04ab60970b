"""The root page, and the page that explains each kind of problem."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response

from cecot.claims.claim import read_statuses
from cecot.claims.overview import COUNTED, read_overview
from cecot.errors import CecotError
from cecot.protocol.problem import problem_type
from cecot.render.catalogue import dataset_record, embedded
from cecot.views.context import Context
from cecot.views.pages import kept_page, page, reader_language, reader_locale
from cecot.views.things import short_names


def home(context: Context) -> Blueprint:
    """``/`` says what this is; ``/problems`` what an error means."""
    views = Blueprint("home", __name__)

    @views.get("/")
    def root() -> Response:
        overview = read_overview(context.engine, context.description)
        said = {each.language: each.value for each in overview.descriptions}
        language = reader_language()
        record = dataset_record(context.description, context.url, context.dumps, said, language)
        return kept_page(
            context,
            "home.html",
            section="home",
            description=context.description,
            overview=overview,
            statuses=read_statuses(context.engine) if overview.claims else {},
            short=short_names(context),
            query=COUNTED if overview.claims else None,
            record=embedded(record),
        )

    @views.get("/problems")
    def problems() -> Response:
        locale = reader_locale()
        kinds = [
            (
                problem_type(kind),
                kind.status,
                locale.gettext(kind.title),
                locale.gettext((kind.__doc__ or "").strip()),
            )
            for kind in _kinds(CecotError)
        ]
        return page(context, "problems.html", kinds=sorted(kinds, key=lambda kind: kind[1]))

    return views


def _kinds(root: type[CecotError]) -> Iterator[type[CecotError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from _kinds(kind)
