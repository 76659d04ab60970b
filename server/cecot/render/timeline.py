"""Draws a timeline: what has a date, as precise as the text gives it, or only has an order.

A day is a dot, what is less precise is a bar, an order is an arrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from cecot.claims.claim import Claim, claims_in, read_claims
from cecot.claims.nodes import Node, Reader
from cecot.claims.subgraph import query
from cecot.claims.thing import Thing
from cecot.dates import readable_date
from cecot.engine import Engine
from cecot.locale.catalogue import locale_of
from cecot.messages import say
from cecot.rdf.terms import Term
from cecot.render.svg import (
    BROAD,
    INK,
    QUIET,
    RULE,
    TINT,
    Setting,
    element,
    explained,
    height_of,
    link,
    look_of,
    picture,
    sign,
    tone_of,
    words,
    wrapped,
)
from cecot.sparql.asking import select_iris
from cecot.vocabulary import CECOT

MOST = 36
"""Dates, and orders, that a timeline of its own holds."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A claim that gives a date: somewhere from ``first`` to ``last``, both days included."""

    claim: Claim
    subject: Node
    when: Node
    first: date
    last: date

    @property
    def is_day(self) -> bool:
        """Whether the text names the day."""
        return self.first == self.last

    @property
    def edtf(self) -> str:
        """The date as an EDTF string."""
        return self.when.value.edtf if self.when.value else ""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A claim that only says that one thing came before another."""

    claim: Claim
    earlier: Node
    later: Node
    later_date: Node | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Dates from the earliest to the latest, and orders; ``more`` tells that there are others."""

    thing: Node | None
    dated: tuple[Dated, ...]
    ordered: tuple[Ordered, ...]
    more: bool

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.dated or self.ordered)


def read_timeline(engine: Engine) -> Timeline:
    """The timeline of everything: the first dates, and as many orders.

    Raises what the engine raises.
    """
    found = [
        list(dict.fromkeys(select_iris(engine, query(name), "claim", most=MOST + 1)))
        for name in ("dated", "ordered")
    ]
    claims = read_claims(engine, (each for part in found for each in part[:MOST]))
    return _timeline(None, claims, MOST, more=any(len(part) > MOST for part in found))


def timeline_of(reader: Reader, thing: Thing, most: int = MOST) -> Timeline:
    """The timeline of what ``thing`` has to do with: itself, and where a fact leads to or from it.

    It holds the first ``most`` dates, and as many orders, of what was fetched for its page.
    """
    near: set[Term] = {thing.node.term}
    near |= {each.subject.term for each in thing.incoming_facts}
    near |= {each.object.term for each in thing.facts}
    claims = (each for each in claims_in(reader) if each.subject and each.subject.term in near)
    return _timeline(thing.node, claims, most)


def _timeline(
    thing: Node | None, claims: Iterable[Claim], most: int, *, more: bool = False
) -> Timeline:
    claims = list(claims)
    dates = sorted(
        (found for each in claims if (found := _dated(each))),
        key=lambda each: (each.first, each.last, each.claim.order),
    )
    by_subject = {each.subject.iri: each.when for each in reversed(dates)}
    orders = sorted(
        (
            Ordered(each, each.subject, each.object, by_subject.get(each.object.iri))
            for each in claims
            if each.predicate
            and each.predicate.iri == CECOT.before
            and each.subject
            and each.object
        ),
        key=lambda each: each.claim.order,
    )
    more = more or max(len(dates), len(orders)) > most
    return Timeline(thing, tuple(dates[:most]), tuple(orders[:most]), more)


def _dated(claim: Claim) -> Dated | None:
    """``claim`` with its days; None if it gives none, or what should be days are none."""
    value = claim.object.value if claim.object else None
    if claim.subject is None or claim.object is None or value is None:
        return None
    try:
        first, last = date.fromisoformat(value.first_day), date.fromisoformat(value.last_day)
    except ValueError:
        return None
    return Dated(claim, claim.subject, claim.object, first, last) if first <= last else None


BREAK = 22.0
"""Units between two parts of an axis."""

NARROWEST = 38.0
"""Units that a part takes at least: a year's number fits."""

_LABEL = 34.0
_NEAR = 2
"""Years without a date that do not interrupt a part."""

_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class AxisPart:
    """The years from ``start`` up to ``end`` (exclusive), from ``left`` on, ``unit`` wide each."""

    start: int
    end: int
    left: float
    unit: float

    @property
    def right(self) -> float:
        """Where the part ends."""
        return self.left + (self.end - self.start) * self.unit

    @property
    def step(self) -> int:
        """Of how many years one is named, so that the names do not touch."""
        return next((each for each in _STEPS if each * self.unit >= _LABEL), _STEPS[-1])

    def named(self) -> Iterator[int]:
        """The years that are named: the first, and then each one that the step divides."""
        yield self.start
        for year in range(self.start + 1, self.end):
            far = (year - self.start) * self.unit >= _LABEL
            if far and year % self.step == 0 and (self.end - year) * self.unit >= _LABEL:
                yield year


@dataclass(frozen=True, slots=True)
class Axis:
    """The parts of an axis, from left to right."""

    parts: tuple[AxisPart, ...]

    def at(self, day: date, *, after: bool = False) -> float:
        """Where ``day`` begins; with ``after``, where it ends."""
        first, next_ = date(day.year, 1, 1), date(day.year + 1, 1, 1) if day.year < 9999 else day
        length = max(1, (next_ - first).days)
        years = day.year + ((day - first).days + after) / length
        part = next(each for each in self.parts if each.start <= day.year < each.end)
        return part.left + (years - part.start) * part.unit


def axis_of(spans: Iterable[tuple[date, date]], left: float, right: float) -> Axis:
    """The axis from ``left`` to ``right`` on which all ``spans`` (first and last day) have a place.

    Parts with many dates are wider, so a unit is another number of days in each part.
    """
    spans = list(spans)
    years = _merged(sorted((first.year, last.year + 1) for first, last in spans), _NEAR)
    most = max(1, int((right - left + BREAK) // (NARROWEST + BREAK)))
    while len(years) > most:
        nearest = min(later[0] - earlier[1] for earlier, later in pairwise(years))
        years = _merged(years, nearest)
    weights = [1 + sum(start <= first.year < end for first, _ in spans) for start, end in years]
    room = (right - left) - BREAK * (len(years) - 1) - NARROWEST * len(years)
    parts = []
    for (start, end), weight in zip(years, weights, strict=True):
        width = NARROWEST + max(0.0, room) * weight / sum(weights)
        parts.append(AxisPart(start, end, left, width / (end - start)))
        left += width + BREAK
    return Axis(tuple(parts))


def _merged(years: Sequence[tuple[int, int]], gap: int) -> list[tuple[int, int]]:
    """Spans of years, those that overlap or lie no more than ``gap`` years apart as one."""
    merged: list[tuple[int, int]] = []
    for start, end in years:
        if merged and start - merged[-1][1] <= gap:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


_BAR, _DOT, _THINNEST = 11.0, 5.0, 5.0
TIMELINE_READ = say(
    "A dot is a day. A bar covers all the days that the words leave open: a month, a year, a "
    "decade. Years without a date are left out, and each part of the axis has a scale of its own."
)
"""How the picture is read."""


@dataclass(frozen=True, slots=True)
class _Page:
    """Where the words stand and where the axis; ``stacked``: the words above it, not beside."""

    setting: Setting
    width: float
    stacked: bool
    room: float
    left: float
    size: float


def draw_timeline(timeline: Timeline, setting: Setting, width: int = BROAD) -> str:
    """The picture of ``timeline``, ``width`` units wide."""
    stacked = width < 480
    left = 8 if stacked else width * 0.44
    page = _Page(
        setting,
        width,
        stacked,
        width - 16 if stacked else left - 24,
        left,
        12.5 if stacked else 14,
    )
    rows: list[str] = []
    y, base = 28.0, ""
    if timeline.dated:
        axis = axis_of(((each.first, each.last) for each in timeline.dated), left, width - 8)
        for each in timeline.dated:
            drawn, y = _dated_row(each, axis, y, page)
            rows.append(drawn)
        base = _axis(axis, y)
    if timeline.ordered:
        y += 22
        heading = words(
            [setting.locale.gettext("No date, only an order")], 8, y, page.size, font_weight=700
        )
        rows.append(
            element("path", d=f"M8 {y - 17:.0f}H{width - 8}", stroke=INK, class_="ink") + heading
        )
        y += 14
        for order in timeline.ordered:
            drawn, y = _ordered_row(order, y, page)
            rows.append(drawn)
    read = setting.locale.gettext(TIMELINE_READ)
    note, y = explained(setting, read, y + 4, width)
    return picture(base + "".join(rows) + note, width, y, setting, read)


def date_in_words(node: Node | None, language: str) -> str:
    """A date for a reader of ``language``, and as it is written where that says more."""
    value = node.value if node else None
    if node is None or value is None:
        return ""
    if gloss := value.gloss.only_in(language):
        return gloss.value
    readable = readable_date(value.edtf, language) if value.edtf else ""
    written = value.as_written.first(language)
    if not written.value or written.value == readable_date(value.edtf, written.language):
        return readable or written.value
    quoted = locale_of(language).gettext("“{text}”", text=written.value)
    return f"{readable} ({quoted})" if readable else written.value


def _dated_row(entry: Dated, axis: Axis, y: float, page: _Page) -> tuple[str, float]:
    """The words of one date and its mark; where the next row begins."""
    setting = page.setting
    said = date_in_words(entry.when, setting.language)
    predicate = entry.claim.predicate
    if predicate and predicate.iri != CECOT.when:
        said = f"{setting.label(predicate)}: {said}"
    text, bottom = _words(entry.subject, said, entry.claim, y, page)
    middle = bottom + 8 if page.stacked else (y + bottom) / 2
    name = f"{setting.label(entry.subject)}, {said}"
    mark = link(setting.to(entry.claim.node), _mark(entry, axis, middle), name)
    return text + mark, (middle + 14 if page.stacked else bottom + 10)


def _mark(entry: Dated, axis: Axis, y: float) -> str:
    """A dot for a day; for anything less precise a bar over all the days that it can be."""
    look, tone = look_of(entry.claim.status), tone_of(entry.claim.status)
    start, end = axis.at(entry.first), axis.at(entry.last, after=True)
    if entry.is_day:
        return element(
            "circle", cx=(start + end) / 2, cy=y, r=_DOT, fill=look.colour, class_=f"fill {tone}"
        )
    end = max(end, start + _THINNEST)
    return element(
        "rect", x=start, y=y - _BAR / 2, width=end - start, height=_BAR, rx=2,
        fill=look.colour, fill_opacity=0.25, stroke=look.colour, stroke_width=1.5,
        stroke_dasharray=look.dashes or None, class_=f"bar {tone}",
    )  # fmt: skip


def _words(subject: Node, said: str, claim: Claim, y: float, page: _Page) -> tuple[str, float]:
    """What a row is about, and below it what is said, how sure and by whom; where they end."""
    setting, size, small = page.setting, page.size, page.size - 1.5
    lines = wrapped(setting.label(subject), page.room, size, bold=True)
    y += size
    drawn = link(setting.to(subject), words(lines, 8, y, size, font_weight=700))
    y += height_of(lines, size) - size + 3
    status = setting.status(claim)
    if not claim.is_asserted:
        status = f"{status}, {setting.speakers(claim)}"
    lines = wrapped(f"{said} ({status})", page.room - small - 5, small)
    drawn += link(
        setting.to(claim.node),
        sign(claim.status, 8, y + 0.5, small)
        + words(
            lines, 8 + small + 4, y + small - 0.5, small, colour=look_of(claim.status).colour,
            class_=f"fill {tone_of(claim.status)}",
        ),
    )  # fmt: skip
    return drawn, y + height_of(lines, small)


def _ordered_row(entry: Ordered, y: float, page: _Page) -> tuple[str, float]:
    """What came first, an arrow, and what came later."""
    setting, predicate = page.setting, entry.claim.predicate
    said = setting.label(predicate) if predicate else ""
    later, when = setting.label(entry.later), date_in_words(entry.later_date, setting.language)
    later = f"{later}: {when}" if when else later
    text, bottom = _words(entry.earlier, said, entry.claim, y, page)
    x = 26.0 if page.stacked else page.left
    top = bottom + 3 if page.stacked else y
    room = page.width - x - 8
    lines = wrapped(later, room, page.size, bold=True)
    drawn = link(
        setting.to(entry.later), words(lines, x, top + page.size, page.size, font_weight=700)
    )
    low = top + height_of(lines, page.size)
    down = f"M12 {top:.1f}v{page.size - 4:.0f}h9m-4-4l4 4-4 4"
    across = f"M{x - 22:.0f} {y + page.size * 0.65:.1f}H{x - 8:.0f}m-4-4l4 4-4 4"
    path = down if page.stacked else across
    arrow = element("path", d=path, fill="none", stroke=INK, stroke_width=1.5, class_="ink")
    return text + arrow + drawn, max(bottom, low) + 12


def _axis(axis: Axis, bottom: float) -> str:
    """The years: a band for each part, a line for each year that is named, its number above."""
    drawn = []
    for place, part in enumerate(axis.parts):
        drawn.append(
            element(
                "rect", x=part.left, y=20, width=part.right - part.left, height=bottom - 20,
                fill=TINT, class_="band",
            )
        )  # fmt: skip
        for year in part.named():
            x = part.left + (year - part.start) * part.unit
            drawn.append(element("path", d=f"M{x:.1f} 20V{bottom:.1f}", stroke=RULE, class_="rule"))
            anchor = {"text_anchor": "middle"} if part.step == 1 else {}
            x += part.unit / 2 if part.step == 1 else 0
            drawn.append(words([str(year)], x, 14, 11.5, colour=QUIET, class_="soft", **anchor))
        if place + 1 < len(axis.parts):
            drawn.append(words(["⋯"], part.right + 6, 14, 12, colour=QUIET, class_="soft"))
    return "".join(drawn)
