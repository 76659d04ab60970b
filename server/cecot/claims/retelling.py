"""Figures, dates and lists inside a sentence, in the language of the sentence.

What is written in English is told in Spanish only where all of it is understood: a date, or a
number with what limits it and its unit. Anything else stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cecot.claims.nodes import Text
from cecot.claims.quantities import find_unit, read_number, readable_number, speech
from cecot.dates import dates_in, readable_date

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


def joined(words: Sequence[str], language: str) -> list[str]:
    """What stands before each of ``words`` in a list: nothing, a comma, the last "and"."""
    before = ["", *[", "] * (len(words) - 1)][: len(words)]
    if len(words) > 1:
        before[-1] = f" {_and(words[-1], language)} "
    return before


def _and(following: str, language: str) -> str:
    if language != "es":
        return "and"
    return "e" if re.match(r"\W*(?:i|hi(?!e))", following, re.IGNORECASE) else "y"


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
