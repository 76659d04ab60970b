"""Numbers and units as English and Spanish write them, read and written.

In figures or in words; UN/CEFACT Recommendation 20 for units, SI Brochure 5.4.4 for groups of
three, the Ortografía de la lengua española (VIII, 3.3) for Spanish. Read here because the library
for it, text2num, reads "tens of thousands" as 10 of 1000: docs/decisions/0013.

What is written in English is told in Spanish only where all of it is understood: a date, or a
number with what limits it and its unit. Anything else stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from itertools import zip_longest

from cecot.claims.nodes import Text
from cecot.dates import dates_in, readable_date
from cecot.locale.catalogue import locale_of
from cecot.vocabulary import CECOT


@dataclass(frozen=True, slots=True)
class Speech:
    """How one language writes numbers: words, scales, marks, and the words that mean a least.

    ``starting_scales`` need no number before them: "mil" is a thousand, "thousand" is none.
    """

    words: Mapping[str, int] = field(hash=False)
    scales: Mapping[str, int] = field(hash=False)
    starting_scales: frozenset[str]
    joins: frozenset[str]
    thousands: str
    decimal: str
    least: tuple[str, ...]


def _numbered(text: str, start: int = 0, step: int = 1) -> dict[str, int]:
    return {word: start + step * place for place, word in enumerate(text.split())}


ENGLISH = Speech(
    words=_numbered(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen"
    )
    | _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
    scales={"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9},
    starting_scales=frozenset(),
    joins=frozenset({"and"}),
    thousands=",",
    decimal=".",
    least=("over", "at least", "more than", "no fewer than", "no less than", "upwards of"),
)
SPANISH = Speech(
    words=_numbered(
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
        " dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés"
        " veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
    )
    | _numbered("treinta cuarenta cincuenta sesenta setenta ochenta noventa", 30, 10)
    | _numbered("cien doscientos trescientos cuatrocientos", 100, 100)
    | _numbered("quinientos seiscientos setecientos ochocientos novecientos", 500, 100)
    | {"un": 1, "una": 1, "ciento": 100},
    scales={"mil": 1000, "millón": 10**6, "millones": 10**6},
    starting_scales=frozenset({"mil"}),
    joins=frozenset({"y"}),
    thousands=".",
    decimal=",",
    least=("más de", "al menos", "por lo menos", "no menos de"),
)
SPEECHES = {"en": ENGLISH, "es": SPANISH}

_NUMBER = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?")
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_FIGURES = re.compile(r"[0-9][0-9.,\u00a0\u202f]*")
_WORD = re.compile(r"[^\W\d_]+")


def speech(language: str | None) -> Speech:
    """How ``language`` (a tag) writes numbers; English where it is not known."""
    return SPEECHES.get((language or "").partition("-")[0].lower(), ENGLISH)


def read_number(text: str, language: str | None) -> Decimal | None:
    """The first number that ``text`` writes, or None: "tens of thousands" writes none."""
    way = speech(language)
    figures = _FIGURES.search(text)
    if figures is None:
        return _from_words(_WORD.findall(text.lower()), way)
    number = _from_figures(figures.group(), way)
    after = _WORD.match(text.lower(), figures.end() + 1)
    scale = way.scales.get(after.group()) if after and text[figures.end()].isspace() else None
    return number * scale if scale else number


def says_at_least(text: str, language: str | None) -> bool:
    """Whether ``text`` gives its number as a least: "over", "at least"."""
    words = " ".join(text.lower().split())
    return any(re.search(rf"\b{re.escape(phrase)}\b", words) for phrase in speech(language).least)


def _from_figures(figures: str, way: Speech) -> Decimal:
    figures = figures.rstrip(".,\u00a0\u202f")
    for mark in (way.thousands, "\u00a0", "\u202f"):
        figures = figures.replace(mark, "")
    whole, _, part = figures.partition(way.decimal)
    digits = re.sub(r"\D", "", whole) + ("." + re.sub(r"\D", "", part) if part else "")
    return Decimal(digits)


def _from_words(words: list[str], way: Speech) -> Decimal | None:
    """The number of the first run of number words; a scale alone ("thousands of") starts none."""
    run = _first_run(words, way)
    if not run:
        return None
    total = group = 0
    for word in run:
        scale = way.scales.get(word)
        if scale is None:
            group += way.words.get(word, 0)
        elif scale == 100:
            group = (group or 1) * 100
        else:
            total, group = total + (group or 1) * scale, 0
    return Decimal(total + group)


def _first_run(words: list[str], way: Speech) -> list[str]:
    run: list[str] = []
    for word in _with_article(words):
        begins = word in way.words or word in way.starting_scales
        goes_on = bool(run) and (word in way.scales or word in way.joins)
        if begins or goes_on:
            run.append(word)
        elif run:
            break
    return run


def _with_article(words: list[str]) -> Iterator[str]:
    """``words``, where "a hundred" and "a thousand" read as one of them."""
    for word, after in zip_longest(words, words[1:], fillvalue=""):
        yield "one" if word == "a" and after in ENGLISH.scales else word


class Dimension(Enum):
    """What a unit measures, in words for a message."""

    LENGTH = "a length"
    AREA = "an area"
    VOLTAGE = "a voltage"
    TIME = "a time"
    COUNT = "a count"


DIMENSIONS: dict[str, Dimension] = {
    CECOT.allegedQuantity: Dimension.COUNT,
    CECOT.capacity: Dimension.COUNT,
    CECOT.count: Dimension.COUNT,
    CECOT.duration: Dimension.TIME,
    CECOT.height: Dimension.LENGTH,
    CECOT.personsArrested: Dimension.COUNT,
    CECOT.proposedCount: Dimension.COUNT,
    CECOT.spacePerPrisoner: Dimension.AREA,
    CECOT.thickness: Dimension.LENGTH,
    CECOT.voltage: Dimension.VOLTAGE,
}
"""What the properties of figures measure."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: ``factor`` is how many metres, square metres, volts, days or pieces it is.

    ``english`` and ``spanish`` are its names, the first of each the one to write; ``code`` is that
    of UN/CEFACT, where it is verified (docs: model), and ``symbol`` what readers write for it.
    """

    dimension: Dimension
    factor: Decimal
    english: tuple[str, ...]
    spanish: tuple[str, ...]
    code: str = ""
    symbol: str = ""

    def name(self, language: str) -> str:
        """What it is called in Spanish, else in English (the names of the Recommendation)."""
        return (self.spanish if language == "es" else self.english)[0]


_LENGTH, _AREA, _TIME = Dimension.LENGTH, Dimension.AREA, Dimension.TIME
UNITS: tuple[Unit, ...] = (
    Unit(Dimension.COUNT, Decimal(1), ("one",), ("unidad",), "C62"),
    Unit(_LENGTH, Decimal("0.01"), ("centimetre", "centimeter"), ("centímetro",), "CMT", "cm"),
    Unit(_LENGTH, Decimal("0.3048"), ("foot",), ("pie",), "FOT", "ft"),
    Unit(_LENGTH, Decimal("0.0254"), ("inch",), ("pulgada",), "INH", "in"),
    Unit(_LENGTH, Decimal(1), ("metre", "meter"), ("metro",), "MTR", "m"),
    Unit(_LENGTH, Decimal(1000), ("kilometre", "kilometer"), ("kilómetro",)),
    Unit(_LENGTH, Decimal("1609.344"), ("mile",), ("milla",)),
    Unit(_AREA, Decimal(1), ("square metre", "square meter"), ("metro cuadrado",), "MTK", "m²"),
    Unit(_AREA, Decimal("0.09290304"), ("square foot",), ("pie cuadrado",)),
    Unit(_AREA, Decimal(10000), ("hectare",), ("hectárea",)),
    Unit(_AREA, Decimal("4046.8564224"), ("acre",), ("acre",)),
    Unit(Dimension.VOLTAGE, Decimal(1), ("volt",), ("voltio",), "VLT", "V"),
    Unit(_TIME, Decimal(1), ("day",), ("día",)),
    Unit(_TIME, Decimal(7), ("week",), ("semana",)),
    Unit(_TIME, Decimal("30.436875"), ("month",), ("mes",)),
    Unit(_TIME, Decimal("365.2425"), ("year",), ("año",)),
)
"""A table, not a library of units: docs/decisions/0013."""

_BY_CODE = {each.code: each for each in UNITS if each.code}
_BY_WORD = {word: each for each in UNITS for word in (*each.english, *each.spanish)}
# "One" and "unidad" name no unit that a text would write.
_BY_WORD = {word: each for word, each in _BY_WORD.items() if each.code != "C62"}


def find_unit(codes: Iterable[str], words: Iterable[str] = ()) -> Unit | None:
    """The unit of the first known code or word; None if none is known."""
    for code in codes:
        if code in _BY_CODE:
            return _BY_CODE[code]
    for word in words:
        known = _BY_WORD.get(" ".join(word.lower().split()))
        if known:
            return known
    return None


def readable_number(number: str, language: str) -> str:
    """A decimal number, such as ``55000`` or ``0.6``; whatever else it is comes back as it is."""
    match = _NUMBER.fullmatch(number)
    if match is None:
        return number
    sign, whole, fraction = match.groups()
    style = locale_of(language).style
    rest = f"{style.point}{fraction}" if fraction else ""
    return f"{sign.replace('-', chr(0x2212))}{style.whole(int(whole))}{rest}"


def readable_quantity(number: str, unit: str, language: str) -> str:
    """A number with its unit, which is a code of UN/CEFACT, a word or nothing."""
    known = _BY_CODE.get(unit)
    symbol = known.symbol if known else unit
    written = readable_number(number, language)
    return f"{written}{_NO_BREAK_SPACE}{symbol}" if symbol else written


def readable_unit(code: str, language: str) -> str:
    """The name of the unit with the UN/CEFACT ``code``; empty if it is not known here."""
    known = _BY_CODE.get(code)
    return known.name(language) if known else ""


MOST_IN_WORDS = 12
"""Whole numbers up to this one are words in a sentence, as newspapers write them."""

_LIMITS = {
    "": "",
    "over": "más de",
    "more than": "más de",
    "at least": "al menos",
    "up to": "hasta",
}
_FIGURE = re.compile(
    rf"(?P<limit>{'|'.join(sorted(_LIMITS, reverse=True))}) ?"
    r"(?P<number>\d[\d,]*(?:\.\d+)?|[a-z]+)(?: (?P<unit>[a-z]+))?(?P<symbol>\u00a0\S+)?",
    re.IGNORECASE,
)


def in_words(number: str, language: str) -> str:
    """``number`` as a sentence writes it: a small whole one in words, else in figures."""
    if number.isdecimal() and int(number) <= MOST_IN_WORDS:
        return next(word for word, value in speech(language).words.items() if value == int(number))
    return readable_number(number, language)


def retold(words: Text, language: str) -> Text:
    """``words`` in ``language``, if they are an English date or figure that can be told in it."""
    if language != "es" or words.language != "en":
        return words
    for date in dates_in(words.value):
        if (date.start, date.end) == (0, len(words.value)):
            return Text(readable_date(date.edtf.upper(), language), language)
    figure = _FIGURE.fullmatch(words.value)
    told = _figure(figure) if figure else ""
    return Text(told, language) if told else words


def _figure(figure: re.Match[str]) -> str:
    """``figure`` in Spanish; empty where a part of it is not understood."""
    number = read_number(figure["number"], "en")
    unit = _unit(figure["unit"] or "")
    if number is None or unit is None:
        return ""
    words = figure["number"].isalpha()
    told = in_words(str(number), "es") if words else readable_number(f"{number:f}", "es")
    limit = _LIMITS[figure["limit"].lower()]
    return " ".join(filter(None, (limit, told, unit))) + (figure["symbol"] or "")


def _unit(word: str) -> str | None:
    """The Spanish name of the English unit ``word``, in its number; None if it is none."""
    if not word:
        return ""
    unit = find_unit((), (word,)) or find_unit((), (word.removesuffix("s"),))
    if unit is None:
        return None
    name = unit.name("es")
    if not word.endswith("s"):
        return name
    return f"{name}s" if name[-1] in "aeiouáéíóú" else f"{name}es"
