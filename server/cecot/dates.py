"""Dates: EDTF strings and the days they allow, as readers write them, where a text has one.

ISO 8601-2:2019, level 0, and of level 1 unspecified digits, read here rather than by the edtf
package: docs/decisions/0011. ``1 de junio de 2023``, ``June 1st, 2023`` and ``2023-06-01`` are one
day; what is ambiguous (``1/6/2023``) is no date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from cecot.locale.catalogue import locale_of, locales
from cecot.messages import say

_MONTHS = (
    say("January"), say("February"), say("March"), say("April"), say("May"), say("June"),
    say("July"), say("August"), say("September"), say("October"), say("November"), say("December"),
)  # fmt: skip

_EDTF = re.compile(
    r"(?P<year>\d{4}|\d{3}X|\d{2}XX)(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Edtf:
    """The first and last day that a string allows; ``month`` and ``day`` are None if not named.

    ``year`` is as written, with X for a digit that is left open.
    """

    first: date
    last: date
    year: str
    month: int | None
    day: int | None


def read_edtf(text: str) -> Edtf | None:
    """Read ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, ``YYYX`` or ``YYXX``; None for anything else."""
    match = _EDTF.fullmatch(text)
    if match is None:
        return None
    year, month, day = match["year"], match["month"], match["day"]
    if "X" in year and month:
        return None
    try:
        first = date(int(year.replace("X", "0")), int(month or 1), int(day or 1))
        last_year, last_month = int(year.replace("X", "9")), int(month or 12)
        last = date(last_year, last_month, int(day or monthrange(last_year, last_month)[1]))
    except ValueError:
        return None
    return Edtf(first, last, year, int(month) if month else None, int(day) if day else None)


def readable_date(edtf: str, language: str) -> str:
    """A date as precise as its EDTF string: a day, a month, a year, a decade or a century.

    What is no such string comes back as it is.
    """
    read = read_edtf(edtf)
    if read is None:
        return edtf
    year, month, day = read.year, read.month, read.day
    locale = locale_of(language)
    if year.endswith("XX"):
        return f"{year[:2]}00\N{EN DASH}{year[:2]}99"
    if year.endswith("X"):
        return locale.gettext("{decade}s", decade=year[:3] + "0")
    if month is None:
        return year
    name = months(language)[month - 1]
    if day is None:
        return locale.gettext("{month} {year}", month=name, year=year)
    return locale.gettext("{day} {month} {year}", day=day, month=name, year=year)


def months(language: str) -> tuple[str, ...]:
    """The names of the months, January first."""
    return tuple(map(locale_of(language).gettext, _MONTHS))


@cache
def _months_of() -> dict[str, tuple[str, ...]]:
    """The names of the months by language: to read all languages takes 40 ms, so not at import."""
    return {language: months(language) for language in locales()}


@cache
def _month_numbers() -> dict[str, int]:
    """The numbers of the months by all that they are called, in lower case."""
    called = {
        name.casefold()[:size]: number
        for names in _months_of().values()
        for number, name in enumerate(names, start=1)
        for size in (3, 4, len(name))
    }
    return called | {"set": 9, "setiembre": 9}


@cache
def _written_date() -> re.Pattern[str]:
    """A date as readers write it."""
    month = "|".join(sorted(_month_numbers(), key=len, reverse=True))
    day = r"(?P<{0}>[0-9]{{1,2}}|primero)(?:st|nd|rd|th|\.?[ºo°]|er|ro)?"
    year = r"(?P<{0}>[12][0-9]{{3}})"
    forms = (
        rf"{year.format('iy')}-(?P<im>[0-9]{{1,2}})(?:-(?P<id>[0-9]{{1,2}}))?",
        rf"{day.format('bd')}\s+(?:(?:de|of)\s+)?(?P<bm>{month})\.?"
        rf"(?:(?:,|\s+del?|\s+of)?\s+{year.format('by')})?",
        rf"(?P<am>{month})\.?\s+{day.format('ad')}(?:,?\s+{year.format('ay')})?",
        rf"(?P<mm>{month})\.?(?:,|\s+del?|\s+of)?\s+{year.format('my')}",
        r"(?P<c>[12][0-9]{2})(?:0s|x)",
        r"(?:a[nñ]os|d[eé]cada\s+de(?:\s+los)?)\s+(?P<e>[12][0-9]{2})0",
    )
    # No letter, digit or sign of an ISO date beside it, and no accent that belongs to its end.
    return re.compile(
        rf"(?<![^\W_])(?<![0-9]-)(?:{'|'.join(forms)})(?![^\W_]|-[0-9]|[\u0300-\u036f])",
        re.IGNORECASE,
    )


_PATTERNS = {
    "day": "{y}-{m:02}-{d:02}|0?{d} {en},? {y}|{en} 0?{d},? {y}|0?{d} de {es} del? {y}",
    "month": "{y}-{m:02}|{en} ?[0-9]*,? {y}|{es} del? {y}",
    "anniversary": "[0-9]+-{m:02}-{d:02}|0?{d} {en}|{en} 0?{d}|0?{d} de {es}",
}


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a text: where it begins and ends, and its ``edtf`` in lower case.

    A day of no year is written ``--06-01``, a decade ``198x``.
    """

    start: int
    end: int
    edtf: str


def dates_in(text: str) -> Iterator[DateMention]:
    """The dates in ``text``, in order; what no calendar has is left out."""
    for match in _written_date().finditer(text):
        if edtf := _edtf({name: value for name, value in match.groupdict().items() if value}):
            yield DateMention(match.start(), match.end(), edtf)


def covers(asked: str, found: str) -> bool:
    """Whether the date ``found`` is the date ``asked``, or lies in it (a day in its month)."""
    if asked.startswith("--"):
        return found.endswith(asked[1:])
    return found == asked or found.startswith(f"{asked}-")


def date_pattern(edtf: str) -> str:
    """A regular expression for the forms in which texts and the graph give ``edtf``: no groups."""
    if edtf.endswith("x"):
        return f"{edtf}|{edtf[:-1]}0s|{edtf[:-1]}0"
    year, month, day = (*edtf.replace("--", "0-").split("-"), "0")[:3]
    kind = ("day" if int(year) else "anniversary") if int(day) else "month"
    names = {language: names[int(month) - 1].casefold() for language, names in _months_of().items()}
    return _PATTERNS[kind].format(y=year, m=int(month), d=int(day), **names)


def _edtf(found: dict[str, str]) -> str:
    """The date that the named parts of a match make; empty if there is none like it."""
    parts = {name[-1] if len(name) > 1 else "decade": value for name, value in found.items()}
    if "decade" in parts:
        return f"{parts['decade']}x"
    written = parts["m"].casefold()
    month = _month_numbers().get(written) or (int(written) if written.isdecimal() else 0)
    year, day = parts.get("y", ""), parts.get("d", "").casefold()
    number = 1 if day == "primero" else int(day or 0)
    if not 1 <= month <= 12:
        return ""
    # A day of no year may be that of a leap year.
    if day and not 1 <= number <= monthrange(int(year or 2000), month)[1]:
        return ""
    return f"{year or '-'}-{month:02}" + (f"-{number:02}" if day else "")
