"""The words of a search: what counts, and how a word is found in a text (design: site).

A word is found at the start of a word, with or without accents, in whatever form begins alike:
``announced`` finds ``announcement``, and ``rios`` finds ``Ríos``. A date counts as one word, and is
found in whatever form it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cecot.claims.search_dates import covers, date_pattern, dates_in

MOST_WORDS = 8
"""Words of one search; further ones do not count."""

_STEM = 6
_NO_LETTER = "[^\\p{L}\\p{N}]"
_START = f"(^|{_NO_LETTER})"
_YEAR = re.compile(r"[12][0-9]{3}")
_WORD = re.compile(r"[^\W_]+")
_SMALL = """
a about al an and are as at be by can con cual cuales cuando cuantas cuanto cuantos como de
del did do does donde el ella en es esta estan este for from fue ha han has have hay he her
his how in is it la las le lo los many mas me much no o of on or para por que quien quienes
said say says se she si son sobre su sus that the their there they this to un una was were
what when where which who whom whose why will with y
"""
_FORMS = {
    "a": "aáàâäãå",
    "c": "cç",
    "e": "eéèêë",
    "i": "iíìîï",
    "n": "nñ",
    "o": "oóòôöõø",
    "u": "uúùûü",
    "y": "yýÿ",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a search, folded; ``stems`` are what is looked for, one for each.

    ``dates`` are those of them that are dates, in EDTF.
    """

    all: tuple[str, ...]
    dates: frozenset[str] = frozenset()

    @property
    def stems(self) -> tuple[str, ...]:
        """The beginnings of the words, without endings that other forms do not share."""
        return tuple(word if word in self.dates else _stem(word) for word in self.all)

    @property
    def has_time(self) -> bool:
        """Whether a date or a year is among the words."""
        return bool(self.dates) or any(_YEAR.fullmatch(word) for word in self.all)

    def patterns(self) -> tuple[str, ...]:
        """A regular expression of SPARQL (XPath) for each word; the flag ``i`` goes with it."""
        return tuple(
            f"{_START}({date_pattern(stem)})($|{_NO_LETTER})"
            if stem in self.dates
            else f"{_START}{_accented(stem)}"
            for stem in self.stems
        )

    def found_in(self, texts: Iterable[str]) -> tuple[int, int]:
        """How many of the words are found in ``texts``, and how many of them in full."""
        found: set[str] = set()
        dates: set[str] = set()
        for text in texts:
            found.update(_WORD.findall(folded(text)))
            if self.dates:
                dates.update(each.edtf for each in dates_in(text))
        met = {asked for asked in self.dates if any(covers(asked, each) for each in dates)}
        begun = sum(
            stem in met if stem in self.dates else any(each.startswith(stem) for each in found)
            for stem in self.stems
        )
        return begun, sum(word in found or word in met for word in self.all)

    def marked(self, text: str) -> Iterator[tuple[str, bool]]:
        """``text`` in pieces: each with whether it is a word that was looked for."""
        spans = [
            (each.start, each.end)
            for each in (dates_in(text) if self.dates else ())
            if any(covers(asked, each.edtf) for asked in self.dates)
        ]
        if stems := "|".join(_accented(each) for each in self.stems if each not in self.dates):
            spans += [
                match.span() for match in re.finditer(rf"(?i)(?<![^\W_])(?:{stems})[^\W_]*", text)
            ]
        place = 0
        for start, end in sorted(spans):
            if start < place:
                continue
            if start > place:
                yield text[place:start], False
            yield text[start:end], True
            place = end
        if place < len(text) or not text:
            yield text[place:], False


def words_of(text: str) -> Words:
    """The words of ``text`` that count; all of them if none else would be left."""
    text = unicodedata.normalize("NFC", text)
    dates = list(dates_in(text))
    for each in dates:
        text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
    found = tuple(dict.fromkeys(_WORD.findall(folded(text))))
    small = set(_SMALL.split())
    counting = tuple(word for word in found if word not in small)
    named = tuple(dict.fromkeys(each.edtf for each in dates))[:MOST_WORDS]
    words = counting if counting or named else found
    return Words((*named, *words)[:MOST_WORDS], frozenset(named))


def folded(text: str) -> str:
    """``text`` in lower case and without accents."""
    parted = unicodedata.normalize("NFD", text.casefold())
    return "".join(each for each in parted if not unicodedata.combining(each))


def _stem(word: str) -> str:
    if len(word) > _STEM and word.isalpha():
        return word[:_STEM]
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _accented(stem: str) -> str:
    """A regular expression for ``stem`` (letters and digits alone) with accents or without."""
    return "".join(f"[{_FORMS[each]}]" if each in _FORMS else each for each in stem)
