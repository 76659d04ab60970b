"""Things, claims, passages and sources as pages that name their documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized

from flask import Blueprint, Response, request
from pyoxigraph import Literal, NamedNode

from cecot.claims.claim import read_statuses
from cecot.claims.nodes import Place, Reader
from cecot.claims.passage import neighbours, read_coverage, read_passage, read_passages
from cecot.claims.silence import read_silences
from cecot.claims.subgraph import gather_nodes
from cecot.claims.table import PREFIXES, Filters, query_of
from cecot.claims.thing import Thing, arrange, link_rows
from cecot.errors import BadRequest
from cecot.messages import say
from cecot.sparql.asking import bound, select
from cecot.views.context import Context
from cecot.views.pages import alternates, kept_page, page
from cecot.views.pictures import thing_pictures
from cecot.vocabulary import CECOT

MOST = {"facts": 50, "claims": 30, "occurrences": 15}
"""What one page of a thing shows, so that it stays light; the table of claims has the rest."""

_TOLD = "SELECT ?property ?value WHERE { $thing ?property ?value }\n"


def thing_page(context: Context, thing: Thing, address: str) -> Response:
    """The page of ``thing``, whose documents are below ``address``."""
    engine = context.engine
    common = {
        "alternates": alternates(context, address),
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
        query=query_of(Filters(about=node)) if thing.claims else told,
        pictures=thing_pictures(context, thing) if thing.claims else None,
        **common,
    )


def _share(lists: Iterable[Sized], most: int) -> int:
    """How many of each list are shown: all if they are not more than ``most`` together."""
    sizes = [len(each) for each in lists]
    return max(sizes) if sum(sizes) <= most else max(5, most // len(sizes))


ON_A_PAGE = 30
"""Passages on one page of a source."""

MOST_SOURCES = 200
_SOURCES = f"""
SELECT ?source ?passages {{
  ?source a <{CECOT.Source}> OPTIONAL {{ ?source <{CECOT.passageCount}> ?passages }}
  FILTER(STR(?source) > $after)
}} ORDER BY ?source LIMIT {MOST_SOURCES + 1}"""

_CLAIMED = """SELECT ?claim ?status ?speaker WHERE {
  ?claim cecot:passage $passage ; cecot:modality ?status ; cecot:statedBy ?speaker .
}
ORDER BY ?claim
"""


def blueprint(context: Context) -> Blueprint:
    """``/sources``: all of them, each a link to its page."""
    views = Blueprint("sources", __name__)

    @views.get("/sources")
    def listed() -> Response:
        after = request.args.get("after", "")
        rows = select(context.engine, _SOURCES, after=Literal(after))
        found = {
            source: passages.value if isinstance(passages := row.get("passages"), Literal) else ""
            for row in rows[:MOST_SOURCES]
            if isinstance(source := row["source"], NamedNode)
        }
        reader = Reader(gather_nodes(context.engine, found))
        return kept_page(
            context,
            "sources.html",
            section="sources",
            found=[(reader.node(source), passages) for source, passages in found.items()],
            query=bound(_SOURCES, {"after": Literal(after)}).strip() + "\n",
            last=list(found)[-1].value if len(rows) > MOST_SOURCES else "",
        )

    return views


def source_page(context: Context, thing: Thing, common: Mapping[str, object]) -> Response:
    """The page of a source; ``common`` are the values that every page of a thing has."""
    source, after = NamedNode(thing.iri), _line_asked()
    passages, more = read_passages(context.engine, source, context.texts, after, ON_A_PAGE)
    return page(
        context,
        "source.html",
        200,
        None,
        section="sources",
        thing=thing,
        links_beside=link_rows(thing.links),
        passages=passages,
        coverage=read_coverage(context.engine, source),
        after=after,
        following=str(passages[-1].place.line) if more else "",
        query=query_of(Filters(source=source)),
        **{**common, "statuses": read_statuses(context.engine)},
    )


def passage_page(
    context: Context, thing: Thing, place: Place, common: Mapping[str, object]
) -> Response:
    """The page of a passage, which is part of a source."""
    before, later = neighbours(context.engine, place)
    return page(
        context,
        "passage.html",
        200,
        None,
        section="sources",
        thing=thing,
        passage=read_passage(context.engine, place, context.texts),
        before=before,
        later=later,
        query=PREFIXES + bound(_CLAIMED, {"passage": NamedNode(thing.iri)}),
        **common,
    )


def _line_asked() -> int:
    """The line after which the passages begin: the parameter ``after``, else all of them."""
    after = request.args.get("after", "")
    if after and not after.isdecimal():
        raise BadRequest(
            say("{line!r} is no line.", line=after[:50]),
            hint=say("A line is a number."),
            where="after",
        )
    return int(after or -1)
