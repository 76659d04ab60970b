"""Sources with their passages in order: what is claimed from each, and how much is covered."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, request
from pyoxigraph import Literal, NamedNode

from cecot.claims.claim import read_statuses
from cecot.claims.nodes import Place, Reader
from cecot.claims.passage import neighbours, read_coverage, read_passage, read_passages
from cecot.claims.subgraph import gather_nodes
from cecot.claims.table import PREFIXES, Filters, query_of
from cecot.claims.thing import Thing, link_rows
from cecot.errors import BadRequest
from cecot.messages import say
from cecot.sparql.asking import bound, select
from cecot.views.context import Context
from cecot.views.pages import kept_page, page
from cecot.vocabulary import CECOT

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


def sources(context: Context) -> Blueprint:
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
