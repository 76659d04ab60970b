"""Numbers as a language writes them, in figures or in words (English and Spanish).

Written here because the library for it, text2num, reads "tens of thousands" as 10 of 1000:
docs/decisions/0013.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import zip_longest


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
