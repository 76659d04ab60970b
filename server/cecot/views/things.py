"""Things, claims and passages as pages that name their documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sized

from flask import Response
from pyoxigraph import NamedNode

from cecot.claims.claim import read_statuses
from cecot.claims.names import short_name
from cecot.claims.nodes import Node
from cecot.claims.silence import read_silences
from cecot.claims.table import Filters, query_of
from cecot.claims.thing import Thing, arrange
from cecot.sparql.asking import bound
from cecot.views.alternates import alternates
from cecot.views.context import Context
from cecot.views.pages import page
from cecot.views.pictures import thing_pictures
from cecot.views.sources import passage_page, source_page
from cecot.vocabulary import CECOT

MOST = {"facts": 50, "claims": 30, "occurrences": 15}
"""What one page of a thing shows, so that it stays light; the table of claims has the rest."""

_TOLD = "SELECT ?property ?value WHERE { $thing ?property ?value }\n"


def thing_page(context: Context, thing: Thing, address: str) -> Response:
    """The page of ``thing``, whose documents are below ``address``."""
    engine = context.engine
    common = {
        "alternates": alternates(context, address),
        "short": short_names(context),
        "statuses": read_statuses(engine) if thing.claims or thing.claim else {},
    }
    node = NamedNode(thing.iri)
    told = bound(_TOLD, {"thing": node})
    if str(CECOT.Source) in thing.node.types:
        return source_page(context, thing, common)
    if thing.place and thing.place.source:
        return passage_page(context, thing, thing.place, common)
    if thing.claim:
        return page(context, "claim.html", 200, None, thing=thing, query=told, **common)
    return page(
        context,
        "thing.html",
        200,
        None,
        profile=arrange(thing),
        silences=read_silences(engine, thing.iri) if thing.claims else (),
        most=MOST,
        share=_share,
        source_count=count_of(context, str(CECOT.Source)),
        query=query_of(Filters(about=node)) if thing.claims else told,
        pictures=thing_pictures(context, thing) if thing.claims else None,
        **common,
    )


def _share(lists: Iterable[Sized], most: int) -> int:
    """How many of each list are shown: all if they are not more than ``most`` together."""
    sizes = [len(each) for each in lists]
    return max(sizes) if sum(sizes) <= most else max(5, most // len(sizes))


def short_names(context: Context) -> Callable[[Node], str]:
    """Writes a thing as the addresses of pages name it."""
    names = context.description.names
    return lambda node: short_name(names, node.iri)


def count_of(context: Context, class_: str) -> int:
    """How many things are of the class."""
    return next((part.count for part in context.description.classes if part.iri == class_), 0)
