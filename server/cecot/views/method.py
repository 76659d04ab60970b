"""What the graph is, how it is made, how to have it corrected: texts in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, Response, request

from cecot.claims.claim import read_statuses
from cecot.claims.overview import read_overview
from cecot.claims.passage import read_source_pages
from cecot.errors import NotFound
from cecot.messages import say
from cecot.views.context import Context
from cecot.views.navigation import reachable
from cecot.views.pages import kept_page, page_links, reader_locale


@dataclass(frozen=True, slots=True)
class Came:
    """The page from which somebody came to report something about it."""

    link: str
    shown: str


def method(context: Context) -> Blueprint:
    """``/about``, ``/method``, ``/corrections`` (``?about=`` the path of a page)."""
    views = Blueprint("method", __name__)

    @views.get("/about")
    def about() -> Response:
        return _text(context, "about", overview=_overview(context))

    @views.get("/method")
    def method_of_claims() -> Response:
        if not reachable(context.description)["method"]:
            raise NotFound(
                say("This graph holds no claims, so there is no method of making them to explain."),
                hint=say("/about says what this service is."),
                where=request.path,
            )
        statuses = read_statuses(context.engine)
        return _text(context, "method", overview=_overview(context), statuses=statuses)

    @views.get("/corrections")
    def corrections() -> Response:
        came = _came(context)
        return _text(
            context, "corrections", came, about=came, sources=read_source_pages(context.engine)
        )

    return views


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
    return Came(page_links(context).to(quote(path, safe="/:@!$&'()*+,;=~-._%")), context.url(path))


def _overview(context: Context) -> object:
    return read_overview(context.engine, context.description)
