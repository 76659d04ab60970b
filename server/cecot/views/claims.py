"""The table of claims: filtered, sorted, a page at a time; the same in CSV, JSON and XLSX.

A table for people (``for=people``, and every XLSX) is whole: a spreadsheet knows no next page.
Beside it, where voices differ: side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from cecot.claims.claim import sources_of, statuses_in
from cecot.claims.disputes import find_disputes, in_text, texts_apart
from cecot.claims.names import short_name
from cecot.claims.nodes import Node, Reader
from cecot.claims.subgraph import fetch
from cecot.claims.table import (
    ClaimPage,
    Filters,
    Order,
    count_values,
    find_claims,
    grouped,
    most_used,
    query_of,
)
from cecot.claims.words import folded
from cecot.errors import BadRequest
from cecot.messages import say
from cecot.protocol.negotiation import HTML
from cecot.protocol.problem import headers_of, in_words_of, media_type_of
from cecot.render.documents import claim_record
from cecot.render.table import heading, lines, people_csv, people_xlsx
from cecot.views.context import (
    Context,
    as_json,
    kept_as_sent,
    not_offered,
    respond,
    respond_kept,
)
from cecot.views.filters import FILTERS, ClaimsAsked, read_filters
from cecot.views.pages import kept_page, page_links, reader_language, reader_locale
from cecot.views.pages import page as make_page
from cecot.vocabulary import CECOT

ON_A_PAGE = 50
IN_A_FILE = 500
"""Claims on one page, and in one file of a twin; the next ones are a link away."""

MOST_FOR_PEOPLE = 5_000
"""Claims in one file for people: more do not fit into a page's time, and are in the downloads."""

PEOPLE = "people"
MOST_CHOICES = 60
_CHOSEN_FROM = ("by", "act", "policy", "source")
_NAMED_FROM = ("about", *_CHOSEN_FROM)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {"csv": "text/csv", "json": "application/json", "xlsx": _XLSX}


def blueprint(context: Context) -> Blueprint:
    """``/claims`` (also ``.csv``, ``.json``, ``.xlsx``); ``/disputes``, told without a verdict."""
    views = Blueprint("claims", __name__)
    everything = context.description.count_of(CECOT.Claim)

    @cache
    def counted_of_all(name: str) -> dict[NamedNode, int]:
        # The graph of an application never changes: what there is to choose is asked for once.
        return count_values(context.engine, Filters(), name)

    def counted(filters: Filters, name: str) -> dict[NamedNode, int]:
        if filters.pattern:
            return count_values(context.engine, filters, name)
        return counted_of_all(name)

    def found(asked: ClaimsAsked, size: int) -> ClaimPage:
        total = None if asked.filters.pattern else everything
        return find_claims(
            context.engine, asked.filters, asked.order, size, asked.after, total=total
        )

    @views.get("/claims")
    def table() -> Response:
        asked = read_filters(context, counted_of_all)
        if asked.faults and media_type_of(request.headers.get("Accept")) != HTML:
            raise next(iter(asked.faults.values()))
        filters = asked.filters
        page = ClaimPage((), 0, more=False) if asked.faults else found(asked, ON_A_PAGE)
        given = filters.given()
        offered = {name: most_used(counted_of_all(name), MOST_CHOICES) for name in _NAMED_FROM}
        meant = [each for name in asked.meanings.values() for _, each in name]
        mentioned = chain(
            *given.values(), *offered.values(), *([each.thing, *each.others] for each in meant)
        )
        reader = Reader(fetch(context.engine, "statuses", mentioned=mentioned))
        statuses = [NamedNode(each.node.iri) for each in statuses_in(reader).values()]
        turned = None if page.total or asked.faults else _turned(context, filters)
        counts = {name: counted(filters, name) for name in ("status", *_CHOSEN_FROM)}
        locale = reader_locale()
        values = {
            "section": "claims",
            "found": page,
            "order": asked.order,
            "source": _only_source(context, page),
            "given": {name: [*map(reader.node, values)] for name, values in given.items()},
            "offered": {
                name: [*map(reader.node, dict.fromkeys((*given.get(name, ()), *nodes)))]
                for name, nodes in {"status": statuses, **offered}.items()
                if name not in ("act", "about")
            },
            "texts": [each.value for each in offered["source"]],
            "names": _names(map(reader.node, offered["about"]), locale.code),
            "acts": [
                (reader.node(act), [*map(reader.node, kinds)])
                for act, kinds in grouped(
                    context.engine, [*dict.fromkeys((*offered["act"], *given.get("act", ())))]
                )
            ],
            "counts": {
                name: {value.value: count for value, count in values.items()}
                for name, values in counts.items()
            },
            "asked": {name: " ".join(asked.given.get(name, ())) for name in FILTERS},
            "meanings": [
                (name, text, reader.node(each.thing), [*map(reader.node, each.others)])
                for name, found in asked.meanings.items()
                for text, each in found
            ],
            "faults": {name: in_words_of(each, locale) for name, each in asked.faults.items()},
            "turned": turned,
            "following": _next(context, page),
            "files": _files(context),
            "types": {**_TYPES, "people": "text/csv"},
            "query": query_of(filters),
        }
        if not asked.faults:
            return kept_page(context, "claims.html", **values)
        headers = dict(headers_of(next(iter(asked.faults.values()))))
        return make_page(context, "claims.html", 400, headers, **values)

    @views.get("/claims.<suffix>")
    def twin(suffix: str) -> Response:
        if suffix not in _TYPES:
            raise not_offered(suffix, _TYPES)
        asked = read_filters(context, counted_of_all)
        for fault in asked.faults.values():
            raise fault
        if request.args.get("for", PEOPLE) != PEOPLE:
            raise BadRequest(
                say("The table is for {people}, or for programs.", people=PEOPLE),
                hint=say("Write for=people, or leave it out."),
                where="for",
            )
        if suffix == "xlsx" or request.args.get("for") == PEOPLE:
            return _for_people(context, suffix, found(asked, MOST_FOR_PEOPLE))
        page = found(asked, IN_A_FILE)
        following = _next(context, page)
        csv = suffix == "csv"
        text = heading() + lines(page.claims) if csv else _json(context, asked, page, following)
        response = respond_kept(context, text, _TYPES[suffix])
        if following:
            response.headers["Link"] = f'<{following}>; rel="next"'
        return response

    @views.get("/disputes")
    def disputes() -> Response:
        found, more = find_disputes(context.engine)
        return kept_page(
            context,
            "disputes.html",
            section="disputes",
            disputes=found,
            more=more,
            texts=texts_apart(claim for each in found for claim in each.own),
            in_text=in_text,
        )

    return views


def _turned(context: Context, filters: Filters) -> tuple[str, int] | None:
    """The other filter by which what is asked for finds claims, and how many; None if none does."""
    turned = filters.turned()
    if turned is None:
        return None
    name, other = turned
    total = find_claims(context.engine, other, Order(), 0).total
    return (name, total) if total else None


def _only_source(context: Context, found: ClaimPage) -> Node | None:
    """The one source of the graph, which need not be named in every row; None if there are more."""
    if context.description.count_of(CECOT.Source) != 1:
        return None
    return next(iter(sources_of(found.claims)), None)


def _next(context: Context, found: ClaimPage) -> str:
    """The address of the claims that follow; empty if there are none."""
    if not found.more or not found.claims:
        return ""
    last = short_name(context.description.names, found.claims[-1].iri)
    return page_links(context).here(after=last)


def _files(context: Context) -> Mapping[str, str]:
    """The addresses of the twins, which begin where the table begins."""
    given = {name: request.args.getlist(name) for name in (*FILTERS, "sort")}
    links = page_links(context)
    return {
        **{suffix: context.urls.claims(suffix, **given) for suffix in ("csv", "json")},
        "xlsx": links.claims("xlsx", **given),
        "people": links.claims("csv", **given, **{"for": ["people"]}),
    }


def _for_people(context: Context, suffix: str, found: ClaimPage) -> Response:
    """The table as a file that a person opens; the whole of it, or a refusal."""
    if suffix == "json":
        raise not_offered(suffix, ("csv", "xlsx"))
    if found.more:
        raise BadRequest(
            say("{count:,} claims are too many for one file here.", count=found.total),
            hint=say("Choose fewer by a filter, or take the whole table from /dumps/."),
        )
    language = reader_language()
    body = (
        people_xlsx(found.claims, language)
        if suffix == "xlsx"
        else people_csv(found.claims, language).encode()
    )
    response = respond(body, _TYPES[suffix])
    response.headers["Content-Disposition"] = f'attachment; filename="claims.{suffix}"'
    response.vary.add("Accept-Language")
    return kept_as_sent(response, context)


def _names(nodes: Iterable[Node], language: str) -> list[str]:
    """What things are called that can be asked for by name: no figure, no date."""
    named = (each.label(language).value for each in nodes if each.labels and not each.value)
    return sorted(dict.fromkeys(named), key=folded)


def _json(context: Context, asked: ClaimsAsked, found: ClaimPage, following: str) -> str:
    # An act is a list here since several could be chosen; the others are one where one is given.
    given: dict[str, object] = {
        name: [each.value for each in values]
        if name == "act" or len(values) > 1
        else values[0].value
        for name, values in asked.filters.given().items()
    }
    given |= {name: " ".join(asked.given[name]) for name in ("q", "date") if name in asked.given}
    others = {
        text: [each.value for each in (meaning.thing, *meaning.others)]
        for meanings in asked.meanings.values()
        for text, meaning in meanings
    }
    return as_json(
        {
            "version": context.description.version,
            "filters": given,
            **({"mayMean": others} if others else {}),
            "total": found.total,
            "next": following or None,
            "claims": [claim_record(each) for each in found.claims],
        }
    )
