"""Pictures with the same told in words beside them: who says what about whom, and when."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request

from cecot.claims.names import named
from cecot.claims.nodes import Reader
from cecot.claims.thing import Thing, fetch_thing, thing_of
from cecot.errors import BadRequest, NotFound
from cecot.messages import say
from cecot.protocol.requests import whole_number
from cecot.render.network import (
    NETWORK_READ,
    Network,
    draw_network,
    network_around,
    network_of_claims,
)
from cecot.render.svg import BROAD, NARROW, Setting
from cecot.render.timeline import (
    TIMELINE_READ,
    Timeline,
    date_in_words,
    draw_timeline,
    read_timeline,
    timeline_of,
)
from cecot.views.context import Context, respond_kept
from cecot.views.pages import PAGE_NAMES, kept_page, labels_in, page_links, reader_locale
from cecot.vocabulary import CECOT

_FEW_DATES = 10
"""Dates, at most, in the picture on the page of a thing."""

_MANY, _OF_EACH = 120, 4
"""Claims that the list beside a network holds whole; of more it tells the first of each line."""

_SVG = "image/svg+xml"
_ALONE = "alone"


def blueprint(context: Context) -> Blueprint:
    """``/network`` and ``/timeline``, of everything or of ``?about=``, as pages and as ``.svg``."""
    views = Blueprint("pictures", __name__)

    @views.get("/network")
    def network_page() -> Response:
        network = _network(context)
        return kept_page(
            context,
            "network.html",
            network=network,
            about=_about(context, network),
            read=NETWORK_READ,
            most_each=_most_each(network),
            broad=_drawn(context, network, "broad", BROAD),
            narrow=_drawn(context, network, "narrow", NARROW),
        )

    @views.get("/timeline")
    def timeline_page() -> Response:
        timeline = _timeline(context)
        return kept_page(
            context,
            "timeline.html",
            timeline=timeline,
            about=_about(context, timeline),
            read=TIMELINE_READ,
            date_in_words=date_in_words,
            plain=CECOT.when,
            broad=_drawn(context, timeline, "broad", BROAD),
            narrow=_drawn(context, timeline, "narrow", NARROW),
        )

    @views.get("/network.svg")
    def network_alone() -> Response:
        return _alone(context, _network(context))

    @views.get("/timeline.svg")
    def timeline_alone() -> Response:
        return _alone(context, _timeline(context))

    return views


def thing_timeline(context: Context, reader: Reader, thing: Thing) -> str:
    """The dates of ``thing``, drawn small enough for its page; empty where it has none."""
    return _drawn(context, timeline_of(reader, thing, _FEW_DATES), "thing", NARROW)


def _drawn(context: Context, found: Network | Timeline, place: str, width: int) -> str:
    """The picture of what was ``found``; empty if that is nothing."""
    if not found:
        return ""
    if isinstance(found, Network):
        return draw_network(found, _setting(context, "network", found, place), width)
    return draw_timeline(found, _setting(context, "timeline", found, place), width)


def _asked(context: Context, *, page: bool = False) -> tuple[Reader, Thing] | None:
    """The thing that ``about=`` names; None without it. Raises NotFound for one that is unknown."""
    about = request.args.get("about", "")
    if not about:
        return None
    node = named(context.description.names, about, "about")
    reader = Reader(fetch_thing(context.engine, node, page=page))
    thing = thing_of(reader, node)
    if thing is None:
        raise NotFound(
            say("The graph says nothing of {thing}.", thing=about[:200]),
            hint=say("Use ?about= with the IRI of a thing, or the last part of it."),
            where="about",
        )
    return reader, thing


def _network(context: Context) -> Network:
    """The network around what is asked for; that of everything if nothing is."""
    asked = _asked(context)
    return network_around(asked[1]) if asked else network_of_claims(context.engine)


def _timeline(context: Context) -> Timeline:
    """The timeline of what is asked for; that of everything if nothing is."""
    asked = _asked(context, page=True)
    return timeline_of(*asked) if asked else read_timeline(context.engine)


def _most_each(network: Network) -> int:
    """How many claims of each line the list tells, so that its page stays light."""
    claims = sum(len(each.claims) for each in network.strands)
    return _MANY if claims <= _MANY else _OF_EACH


def _about(context: Context, found: Network | Timeline) -> str:
    """The name in addresses of what a picture is about; empty for one of everything."""
    return context.short(found.thing) if found.thing else ""


def _setting(context: Context, kind: str, found: Network | Timeline, place: str) -> Setting:
    """The page around a picture; one that stands alone has whole addresses."""
    alone = place == _ALONE
    locale, links = reader_locale(), page_links(context)
    if alone:
        links = replace(links, root=context.site.root)
    label = labels_in(locale.code, context.description.names)
    list_of = links.to(f"/{kind}", about=_about(context, found))
    title = locale.gettext(PAGE_NAMES[kind])
    return Setting(
        locale=locale,
        name=lambda node: label(node).value,
        to=links.page_of,
        strand=lambda number: f"{list_of}#s{number}",
        title=f"{title}: {label(found.thing)}" if found.thing else title,
        key=f"{kind}-{place}",
        is_alone=alone,
    )


def _width() -> int:
    """The width that is asked for, in pixels."""
    asked = request.args.get("width", "") or str(BROAD)
    width = whole_number(asked)
    if width is None or not NARROW <= width <= 2000:
        raise BadRequest(
            say("{width!r} is not a width.", width=asked[:20]),
            hint=say("Use {least} to 2000.", least=NARROW),
            where="width",
        )
    return width


def _alone(context: Context, found: Network | Timeline) -> Response:
    """A picture as a file."""
    drawn = _drawn(context, found, _ALONE, _width())
    if not drawn:
        raise NotFound(
            say("There is nothing to draw."), hint=say("Nothing is said of it."), where="about"
        )
    response = respond_kept(context, drawn + "\n", _SVG)
    response.vary.add("Accept-Language")
    return response
