"""The table of claims: filtered, sorted, a page at a time; the same in CSV, JSON and XLSX.

A table for people (``for=people``, and every XLSX) is whole: a spreadsheet knows no next page.
Beside it, where voices differ: side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import chain

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from cecot.claims.claim import sources_of, statuses_in
from cecot.claims.disputes import find_disputes, in_text, texts_apart
from cecot.claims.names import labelled, named, named_status, short_name
from cecot.claims.nodes import Node, Reader
from cecot.claims.search import words_of
from cecot.claims.subgraph import fetch, is_known
from cecot.claims.table import (
    SORTS,
    ClaimPage,
    Filters,
    Order,
    count_values,
    find_claims,
    grouped,
    most_used,
    query_of,
)
from cecot.dates import Edtf, dates_in, read_edtf
from cecot.errors import BadRequest
from cecot.messages import say
from cecot.protocol.answers import entity_tag
from cecot.render.documents import claim_record
from cecot.render.table import heading, lines, people_csv, people_xlsx
from cecot.views.context import (
    Context,
    as_json,
    gzip_asked,
    kept,
    not_offered,
    respond,
    respond_kept,
)
from cecot.views.pages import kept_page, page_links, reader_language
from cecot.vocabulary import CECOT

ON_A_PAGE = 50
IN_A_FILE = 500
"""Claims on one page, and in one file of a twin; the next ones are a link away."""

MOST_FOR_PEOPLE = 5_000
"""Claims in one file for people: more do not fit into a page's time, and are in the downloads."""

MOST_CHOICES = 60
MOST_ACTS = 50
"""Acts that may be chosen at once: each link of the page names them all."""

LONGEST = 300
_CHOSEN_FROM = ("by", "act", "policy", "source")
_THINGS = ("about", "by", "status", "act", "policy", "predicate", "source")
_FILTERS = (*_THINGS, "q", "date")
_OWN = {*_FILTERS, "sort", "after", "lang", "format", "for"}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {"csv": "text/csv", "json": "application/json", "xlsx": _XLSX}


def blueprint(context: Context) -> Blueprint:
    """``/claims`` (also ``.csv``, ``.json``, ``.xlsx``); ``/disputes``, told without a verdict."""
    views = Blueprint("claims", __name__)
    names = context.description.names
    everything = context.description.count_of(CECOT.Claim)

    @cache
    def counted_of_all(name: str) -> dict[NamedNode, int]:
        # The graph of an application never changes: what there is to choose is asked for once.
        return count_values(context.engine, Filters(), name)

    def counted(filters: Filters, name: str) -> dict[NamedNode, int]:
        if filters.pattern:
            return count_values(context.engine, filters, name)
        return counted_of_all(name)

    def found(size: int) -> tuple[Filters, Order, ClaimPage]:
        filters, order = _filters(context), _order()
        after = request.args.get("after")
        last = named(names, after, "after") if after else None
        total = None if filters.pattern else everything
        return filters, order, find_claims(context.engine, filters, order, size, last, total=total)

    @views.get("/claims")
    def table() -> Response:
        filters, order, page = found(ON_A_PAGE)
        given = filters.nodes()
        offered = {name: most_used(counted_of_all(name), MOST_CHOICES) for name in _CHOSEN_FROM}
        named = chain(*given.values(), *offered.values())
        reader = Reader(fetch(context.engine, "statuses", mentioned=named))
        statuses = [NamedNode(each.node.iri) for each in statuses_in(reader).values()]
        turned = _turned(context, filters) if not page.total else None
        counts = {name: counted(filters, name) for name in ("status", *_CHOSEN_FROM)}
        return kept_page(
            context,
            "claims.html",
            section="claims",
            found=page,
            order=order,
            source=_only_source(context, page),
            given={name: [*map(reader.node, values)] for name, values in given.items()},
            offered={
                name: [*map(reader.node, dict.fromkeys((*given.get(name, ()), *nodes)))]
                for name, nodes in {"status": statuses, **offered}.items()
                if name != "act"
            },
            acts=[
                (reader.node(act), [*map(reader.node, kinds)])
                for act, kinds in grouped(
                    context.engine, [*dict.fromkeys((*offered["act"], *given.get("act", ())))]
                )
            ],
            counts={
                name: {value.value: count for value, count in values.items()}
                for name, values in counts.items()
            },
            asked={name: request.args.get(name, "").strip() for name in ("q", "date")},
            turned=turned,
            following=_next(context, page),
            files=_files(context),
            types={**_TYPES, "people": "text/csv"},
            query=query_of(filters),
        )

    @views.get("/claims.<suffix>")
    def twin(suffix: str) -> Response:
        if suffix not in _TYPES:
            raise not_offered(suffix, _TYPES)
        if suffix == "xlsx" or request.args.get("for") == "people":
            return _for_people(context, suffix, found(MOST_FOR_PEOPLE)[2])
        filters, _, page = found(IN_A_FILE)
        following = _next(context, page)
        csv = suffix == "csv"
        text = heading() + lines(page.claims) if csv else _json(context, filters, page, following)
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


def _filters(context: Context) -> Filters:
    """What the address asks for; BadRequest for a parameter that means nothing here."""
    unknown = sorted(set(request.args) - _OWN)
    if unknown:
        raise BadRequest(
            say("There is no filter {name!r}.", name=unknown[0][:50]),
            hint=say(
                "Filters: {filters}; beside them sort, after, lang.", filters=", ".join(_FILTERS)
            ),
            where=unknown[0][:50],
        )
    names = context.description.names
    given = {name: value for name in _FILTERS if (value := request.args.get(name, "").strip())}
    things = {
        name: (named_status if name == "status" else named)(names, value, name)
        for name, value in given.items()
        if name in _THINGS and name not in ("about", "act")
    }
    if "about" in given:
        things["about"] = _about(context, given["about"])
    acts = [*filter(None, map(str.strip, request.args.getlist("act")))]
    if len(acts) > MOST_ACTS:
        raise BadRequest(
            say("{count} acts are chosen; there may be {most}.", count=len(acts), most=MOST_ACTS),
            hint=say("Choose a group of acts: it stands for all that are below it."),
            where="act",
        )
    named_acts = (named(names, value, "act") for value in acts)
    return Filters(
        **things,
        act=tuple(dict.fromkeys(named_acts)),
        words=words_of(given.get("q", "")[:LONGEST]),
        date=_date(given["date"]) if "date" in given else None,
    )


def _date(text: str) -> Edtf:
    """The time that ``text`` names: EDTF, or a date as people write it."""
    mentions = (each.edtf.upper() for each in dates_in(text))
    found = read_edtf(text.upper()) or next(filter(None, map(read_edtf, mentions)), None)
    if found is None:
        raise BadRequest(
            say("{text!r} is no date.", text=text[:50]),
            hint=say("Write a year, a month or a day: 2023, 2023-02, 2023-02-01, 198X."),
            where="date",
        )
    return found


def _turned(context: Context, filters: Filters) -> tuple[str, int] | None:
    """The other filter by which what is asked for finds claims, and how many; None if none does."""
    turned = filters.turned()
    if turned is None:
        return None
    name, other = turned
    total = find_claims(context.engine, other, Order(), 0).total
    return (name, total) if total else None


def _about(context: Context, text: str) -> NamedNode:
    """What ``text``, which somebody may have typed, names: an IRI, a label, or a part of one."""
    if not any(each.isspace() for each in text):
        node = named(context.description.names, text, "about")
        if is_known(context.engine, node.value):
            return node
    found = labelled(context.engine, text, in_part=True)
    return found or named(context.description.names, "-".join(text.split()).lower(), "about")


def _order() -> Order:
    asked = request.args.get("sort", "") or SORTS[0]
    by = asked.removeprefix("-")
    if by not in SORTS:
        raise BadRequest(
            say("Claims cannot be sorted by {by!r}.", by=by[:50]),
            hint=say(
                "sort is one of {sorts}; with - before it, the other way round.",
                sorts=", ".join(SORTS),
            ),
            where="sort",
        )
    return Order(by, descending=asked.startswith("-"))


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
    given = {name: request.args.getlist(name) for name in (*_FILTERS, "sort")}
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
    version = context.description.version
    asked = request.query_string.decode(errors="replace")
    tag = entity_tag(version, "people", suffix, language, asked, gzip=gzip_asked())
    return kept(response, context, tag)


def _json(context: Context, filters: Filters, found: ClaimPage, following: str) -> str:
    given: dict[str, object] = {
        name: [each.value for each in value] if isinstance(value, tuple) else value.value
        for name, value in filters.given().items()
    }
    given |= {name: value for name in ("q", "date") if (value := request.args.get(name, ""))}
    return as_json(
        {
            "version": context.description.version,
            "filters": given,
            "total": found.total,
            "next": following or None,
            "claims": [claim_record(each) for each in found.claims],
        }
    )
