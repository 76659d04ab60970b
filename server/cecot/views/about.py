"""What this is: the first page, the texts about the graph, what each kind of problem means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from cecot.claims.nodes import Reader
from cecot.claims.overview import COUNTED, read_overview, read_scope, take_apart
from cecot.claims.passage import read_sources
from cecot.claims.subgraph import fetch
from cecot.errors import NotFound, kinds_of_errors
from cecot.messages import say
from cecot.protocol.problem import problem_type
from cecot.render.catalogue import dataset_record, embedded
from cecot.render.urls import SAFE
from cecot.views.context import Context
from cecot.views.pages import kept_page, page, page_links, reachable, reader_language, reader_locale
from cecot.views.questions import by_theme

_MOST_NAMED = 12
"""Things of a class that the front page names one by one."""

_GAP, _LEAST = 4.0, 5.0
"""Between two statuses in the bar that shows their shares, and the width of the smallest."""

MOST_SOURCES = 100
"""Sources whose pages are named."""


@dataclass(frozen=True, slots=True)
class Came:
    """The page from which somebody came to report something about it."""

    link: str
    shown: str


def blueprint(context: Context) -> Blueprint:
    """``/``, ``/about``, ``/dataset``, ``/method``, ``/problems``, ``/corrections``."""
    views = Blueprint("about", __name__)

    @views.get("/")
    def root() -> Response:
        overview = read_overview(context.engine, context.description)
        said = {each.language: each.value for each in overview.descriptions}
        language = reader_language()
        record = dataset_record(context.description, context.site, context.dumps, said, language)
        questions = context.description.questions
        tellings = context.tellings.of(questions, language)
        chosen = sorted((each for each in questions if each.front), key=lambda each: each.front)
        front = [(each, tellings[each.slug]) for each in chosen if tellings[each.slug].clauses]
        return kept_page(
            context,
            "home.html",
            section="home",
            description=context.description,
            overview=overview,
            scope=read_scope(context.engine) if overview.claims else None,
            total=sum(overview.claims.values()),
            shares=_shares(overview.claims),
            front=front,
            apart=take_apart(telling for _, telling in front),
            themes=by_theme(questions, tellings, language),
            most_named=_MOST_NAMED,
            statuses=overview.statuses,
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
            for kind in kinds_of_errors()
        ]
        return page(context, "problems.html", kinds=sorted(kinds, key=lambda kind: kind[1]))

    @views.get("/about")
    def about() -> Response:
        return _text(context, "about", overview=read_overview(context.engine, context.description))

    @views.get("/dataset")
    def dataset() -> Response:
        description = context.description
        overview = read_overview(context.engine, description)
        counted = (*description.classes, *description.properties, *description.graphs)
        named = dict.fromkeys(map(NamedNode, counted))
        makers = [maker for _, maker in description.makers]
        named |= {maker: None for maker in makers if isinstance(maker, NamedNode)}
        reader = Reader(fetch(context.engine, mentioned=named))
        base = description.names.base
        return kept_page(
            context,
            "dataset.html",
            section="dataset",
            description=description,
            overview=overview,
            scope=read_scope(context.engine) if overview.claims else None,
            total=sum(overview.claims.values()),
            own=[each for each in description.classes.items() if each[0].startswith(base)],
            others=[each for each in description.classes.items() if not each[0].startswith(base)],
            makers=[
                reader.node(each) if isinstance(each, NamedNode) else each.value for each in makers
            ],
            node_of=lambda iri: reader.node(NamedNode(iri)),
        )

    @views.get("/method")
    def method_of_claims() -> Response:
        if not reachable(context.description)["method"]:
            raise NotFound(
                say("This graph holds no claims, so there is no method of making them to explain."),
                hint=say("/about says what this service is."),
                where=request.path,
            )
        overview = read_overview(context.engine, context.description)
        return _text(context, "method", overview=overview, statuses=overview.statuses)

    @views.get("/corrections")
    def corrections() -> Response:
        came = _came(context)
        sources, _ = read_sources(context.engine, MOST_SOURCES)
        return _text(context, "corrections", came, about=came, sources=sources)

    return views


def _shares(claims: Mapping[str, int]) -> list[tuple[str, float, float]]:
    """The part of each status in all claims, as a place and a width in a bar of 1,000.

    None is too narrow to be seen.
    """
    total = sum(claims.values())
    found = [(name, count) for name, count in claims.items() if count]
    room = 1000 - _GAP * (len(found) - 1) - _LEAST * len(found)
    shares: list[tuple[str, float, float]] = []
    place = 0.0
    for name, count in found:
        width = _LEAST + room * count / total
        shares.append((name, round(place, 1), round(width, 1)))
        place += width + _GAP
    return shares


def _text(context: Context, name: str, came: Came | None = None, **values: object) -> Response:
    """One of the texts, with what all of them mention."""
    contact = context.settings.contact
    return kept_page(
        context,
        f"{name}.html",
        section=name,
        contact=_contact(contact, came),
        contact_shown=contact.removeprefix("mailto:"),
        logs_addresses=context.settings.log_addresses,
        **values,
    )


def _contact(contact: str, came: Came | None) -> str:
    """The contact as an address to follow; a letter has a subject already."""
    if "://" in contact or "@" not in contact:
        return contact
    address = f"mailto:{contact.removeprefix('mailto:')}"
    if came is None:
        return address
    subject = reader_locale().gettext("Correction: {page}", page=came.shown)
    return f"{address}?subject={quote(subject)}"


def _came(context: Context) -> Came | None:
    """The page of this host that the address names; None if it names none."""
    path = request.args.get("about", "")
    if not path.startswith("/") or path.startswith("//") or len(path) > 500:
        return None
    link = page_links(context).to(quote(path, safe=SAFE + "%"))
    return Came(link, context.site.to(path))
