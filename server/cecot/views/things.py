"""Things, claims, passages and sources as pages that name their documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized

from flask import Blueprint, Response, request
from pyoxigraph import Literal, NamedNode

from cecot.claims.claim import statuses_in
from cecot.claims.disputes import in_text, texts_apart
from cecot.claims.nodes import Place, Reader
from cecot.claims.passage import (
    coverage_of,
    neighbours_in,
    passage_in,
    passages_in,
    read_coverage,
    read_sources,
)
from cecot.claims.silence import silences_in
from cecot.claims.subgraph import query
from cecot.claims.table import PREFIXES, Filters, query_of
from cecot.claims.thing import Thing, arrange, link_rows, topics_of
from cecot.errors import BadRequest
from cecot.messages import say
from cecot.protocol.requests import whole_number
from cecot.render.citations import CITATION_FORMATS, as_text, cite_thing
from cecot.sparql.asking import bound
from cecot.views.context import Context
from cecot.views.pages import alternates, kept_page, page, reader_language
from cecot.views.pictures import thing_timeline
from cecot.vocabulary import CECOT

MOST = {"facts": 50, "claims": 30, "also": 6, "occurrences": 15}
"""What one page of a thing shows, so that it stays light; the table of claims has the rest."""

_TOLD = "SELECT ?property ?value WHERE { $thing ?property ?value }\n"


def thing_page(context: Context, reader: Reader, thing: Thing, address: str) -> Response:
    """The page of ``thing``, for which was fetched; its documents are below ``address``."""
    common = {
        "alternates": alternates(context, address),
        "statuses": statuses_in(reader),
    }
    node = NamedNode(thing.iri)
    told = bound(_TOLD, {"thing": node})
    if CECOT.Source in thing.node.types:
        return source_page(context, reader, thing, common)
    if thing.place and thing.place.source:
        return passage_page(context, reader, thing, thing.place, common)
    citation = cite_thing(context.whole(reader_language()), context.description, thing)
    if thing.claim:
        return page(
            context,
            "claim.html",
            thing=thing,
            query=told,
            citation=as_text(citation),
            references=[(each.name, each.write(citation)) for each in CITATION_FORMATS],
            **common,
        )
    profile = arrange(thing)
    topics = topics_of(profile, silences_in(reader, [node]))
    own = [claim for topic in topics for claim in topic.own]
    own += [claim for dispute in profile.disputes for claim in dispute.own]
    return page(
        context,
        "thing.html",
        profile=profile,
        topics=topics,
        texts=texts_apart(own),
        in_text=in_text,
        citation=as_text(citation),
        citation_formats=CITATION_FORMATS,
        most=MOST,
        share=_share,
        query=query_of(Filters(about=(node,))) if thing.claims else told,
        timeline=thing_timeline(context, reader, thing) if thing.claims else "",
        **common,
    )


def _share(lists: Iterable[Sized], most: int) -> int:
    """How many of each list are shown: all if they are not more than ``most`` together."""
    sizes = [len(each) for each in lists]
    return max(sizes) if sum(sizes) <= most else max(5, most // len(sizes))


ON_A_PAGE = 30
"""Passages on one page of a source."""

MOST_SOURCES = 200
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
        found, more = read_sources(context.engine, MOST_SOURCES, after)
        return kept_page(
            context,
            "sources.html",
            section="sources",
            found=[(each.node, each.passages) for each in found],
            query=bound(query("sources"), {"after": Literal(after), "most": MOST_SOURCES}),
            last=found[-1].node.iri if more else "",
        )

    return views


def source_page(
    context: Context, reader: Reader, thing: Thing, common: Mapping[str, object]
) -> Response:
    """The page of a source; ``common`` are the values that every page of a thing has."""
    source, after = NamedNode(thing.iri), line_asked()
    passages, more = passages_in(reader, source, context.texts, after, ON_A_PAGE)
    is_whole = after < 0 and not more
    return page(
        context,
        "source.html",
        section="sources",
        thing=thing,
        links_beside=link_rows(thing.links),
        passages=passages,
        coverage=coverage_of(passages) if is_whole else read_coverage(context.engine, source),
        after=after,
        following=str(passages[-1].place.line) if more else "",
        query=query_of(Filters(source=(source,))),
        **common,
    )


def passage_page(
    context: Context, reader: Reader, thing: Thing, place: Place, common: Mapping[str, object]
) -> Response:
    """The page of a passage, which is part of a source."""
    before, later = neighbours_in(reader, place)
    return page(
        context,
        "passage.html",
        section="sources",
        thing=thing,
        passage=passage_in(reader, place, context.texts),
        before=before,
        later=later,
        query=PREFIXES + bound(_CLAIMED, {"passage": NamedNode(thing.iri)}),
        **common,
    )


def line_asked() -> int:
    """The line after which the passages begin: the parameter ``after``, else all of them."""
    after = request.args.get("after", "")
    line = whole_number(after) if after else -1
    if line is None:
        raise BadRequest(
            say("{line!r} is not a line.", line=after[:50]),
            hint=say("A line is a number."),
            where="after",
        )
    return line
