"""What an address asks of the table of claims, read as people write it.

A value that means nothing here throws nothing away: the rest of the address is read all the same,
and each fault is told at its field (WCAG 2.2, 3.3.1 and 3.3.3).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import request
from pyoxigraph import Literal, NamedNode

from cecot.claims.claim import read_statuses
from cecot.claims.names import Meaning, meaning_of, named, named_status
from cecot.claims.subgraph import known_among, query
from cecot.claims.table import SORTS, Filters, Order
from cecot.claims.words import words_of
from cecot.dates import Edtf, dates_in, read_edtf
from cecot.errors import BadRequest
from cecot.messages import say
from cecot.sparql.asking import select
from cecot.views.context import Context

MOST_ACTS = 50
"""Acts that may be chosen at once: each link of the page names them all."""

LONGEST = 300
THINGS = ("about", "by", "status", "act", "policy", "predicate", "source")
FILTERS = (*THINGS, "q", "date")
_TYPED = ("about", "by")
_OWN = {*FILTERS, "sort", "after", "lang", "format", "for"}
_QUOTES = "\"'“”„«»\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"

Counts = Callable[[str], Mapping[NamedNode, int]]


@dataclass(frozen=True, slots=True)
class ClaimsAsked:
    """What is asked for: ``filters`` and ``order``, and where ``after`` the page begins.

    ``given`` are the values as they were written, by their filter; ``meanings`` what a name was
    guessed to mean; ``faults`` what means nothing, by its parameter.
    """

    filters: Filters
    order: Order
    after: NamedNode | None
    given: Mapping[str, tuple[str, ...]]
    meanings: Mapping[str, tuple[tuple[str, Meaning], ...]]
    faults: Mapping[str, BadRequest]


def read_filters(context: Context, counts: Counts) -> ClaimsAsked:
    """What the address of this request asks for; ``counts`` tells of how many claims a thing is.

    Raises what the engine raises.
    """
    return _Reading(context, counts).read()


class _Reading:
    """One address, read parameter by parameter, with the faults that were found."""

    def __init__(self, context: Context, counts: Counts) -> None:
        self._context = context
        self._counts = counts
        self._faults: dict[str, BadRequest] = {}
        self._meanings: dict[str, list[tuple[str, Meaning]]] = {}

    def read(self) -> ClaimsAsked:
        """All of it."""
        if unknown := sorted(set(request.args) - _OWN):
            hint = say(
                "Filters: {filters}; beside them sort, after, lang.", filters=", ".join(FILTERS)
            )
            name = unknown[0][:50]
            self._fault(name, say("There is no filter {name!r}.", name=name), hint)
        given = {name: values for name in FILTERS if (values := _values(name))}
        things = {name: self._things(name, given[name]) for name in THINGS if name in given}
        words = words_of(" ".join(request.args.getlist("q"))[:LONGEST])
        if "q" in given and not words.all:
            text = " ".join(given["q"])[:50]
            self._fault(
                "q",
                say("There is no word and no figure in {text!r}.", text=text),
                say("Write words or figures that stand in a claim."),
            )
        filters = Filters(
            **things, words=words, date=self._date(given["date"][0]) if "date" in given else None
        )
        return ClaimsAsked(
            filters,
            self._order(),
            self._after(),
            given,
            {name: tuple(found) for name, found in self._meanings.items()},
            self._faults,
        )

    def _fault(self, name: str, message: str, hint: str) -> None:
        self._faults.setdefault(name, BadRequest(message, hint=hint, where=name))

    def _things(self, name: str, values: tuple[str, ...]) -> tuple[NamedNode, ...]:
        """The things that ``values`` name; a fault for the first that names none."""
        if len(values) > MOST_ACTS:
            message = (
                say(
                    "{count} acts are chosen; there may be {most}.",
                    count=len(values),
                    most=MOST_ACTS,
                )
                if name == "act"
                else say(
                    "{count} values are too many; take {most}.", count=len(values), most=MOST_ACTS
                )
            )
            hint = say("Choose a group of acts: it stands for all that are below it.")
            self._fault(name, message, hint if name == "act" else say("Choose fewer."))
            return ()
        read = {value: self._iri(name, value) for value in values}
        known = self._known(name, [each for each in read.values() if each])
        found: dict[NamedNode, None] = {}
        for value, iri in read.items():
            thing = iri if iri in known else self._meant(name, value)
            if thing:
                found[thing] = None
            else:
                self._fault(name, *_unknown(name, value))
        return tuple(found)

    def _iri(self, name: str, value: str) -> NamedNode | None:
        """The IRI that ``value`` may be or stand for; None for what can be none."""
        if any(each.isspace() for each in value):
            return None
        try:
            return (named_status if name == "status" else named)(
                self._context.description.names, value, name
            )
        except BadRequest:
            return None

    def _known(self, name: str, things: list[NamedNode]) -> set[NamedNode]:
        engine = self._context.engine
        if name == "status":
            known = read_statuses(engine).values()
            return {NamedNode(each.node.iri) for each in known} & set(things)
        return known_among(engine, things)

    def _meant(self, name: str, value: str) -> NamedNode | None:
        """What a name that somebody typed means; what else it may mean is kept."""
        if name not in _TYPED:
            return None
        text = value.strip(_QUOTES)[:LONGEST]
        found = meaning_of(self._context.engine, text, self._counts(name))
        if found and found.is_guess:
            self._meanings.setdefault(name, []).append((value, found))
        return found.thing if found else None

    def _date(self, text: str) -> Edtf | None:
        """The time that ``text`` names: EDTF, as people write it, or as the texts do."""
        text = text.strip(_QUOTES)
        mentions = list(dates_in(text))
        found = (
            read_edtf(text.upper())
            or self._written(text)
            or next(filter(None, (read_edtf(each.edtf.upper()) for each in mentions)), None)
        )
        if found is None:
            self._fault(
                "date",
                say("{text!r} is not a date.", text=text[:50]),
                say("Write a year, a month or a day: 2023, 2023-02, 1 February 2023, late 2022."),
            )
        return found

    def _written(self, text: str) -> Edtf | None:
        """The time of a date that the texts write so ("late 2022"), in days."""
        words = Literal(" ".join(text.split()).casefold())
        for row in select(self._context.engine, query("dates-written"), words=words):
            first, last = (
                read_edtf(each.value) if isinstance(each := row[name], Literal) else None
                for name in ("first", "last")
            )
            if first and last:
                return Edtf(first.first, last.last, first.year, None, None)
        return None

    def _order(self) -> Order:
        asked = request.args.get("sort", "") or SORTS[0]
        by = asked.removeprefix("-")
        if by not in SORTS:
            hint = say(
                "sort is one of {sorts}; with - before it, the other way round.",
                sorts=", ".join(SORTS),
            )
            self._fault("sort", say("Claims cannot be sorted by {by!r}.", by=by[:50]), hint)
            return Order()
        return Order(by, descending=asked.startswith("-"))

    def _after(self) -> NamedNode | None:
        after = request.args.get("after")
        if not after:
            return None
        try:
            return named(self._context.description.names, after, "after")
        except BadRequest as error:
            self._faults["after"] = error
            return None


def _values(name: str) -> tuple[str, ...]:
    """What the parameter ``name`` holds: each value once, without what no reader sees."""
    values = (_shown(each) for each in request.args.getlist(name))
    found = tuple(dict.fromkeys(filter(None, values)))
    return found[:1] if name == "date" else found


def _shown(text: str) -> str:
    """``text`` without space around it; a sign that cannot be seen is shown by its name."""
    text = text.strip()
    if any(not unicodedata.category(each).startswith("C") for each in text):
        return "".join(each for each in text if unicodedata.category(each) != "Cc")
    return " ".join(f"U+{ord(each):04X}" for each in text)


def _unknown(name: str, value: str) -> tuple[str, str]:
    """The fault of ``value``, which nothing is called, and its cure."""
    shown = value[:100]
    if name in _TYPED:
        return (
            say("Nothing in the graph is called {text!r}.", text=shown),
            say("Write a part of a name, or choose one of those that are offered."),
        )
    return (
        say("{text!r} is none of the values of this filter.", text=shown),
        say("Choose one of those that are offered, or leave it open."),
    )
