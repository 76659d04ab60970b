"""The words of a search: which count, in what forms they are looked for, where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files

from cecot.dates import covers, date_pattern, dates_in

MOST_WORDS = 8
"""Words of one search; further ones do not count."""

_STEM = 6
_NO_LETTER = "[^\\p{L}\\p{N}]"
_START = f"(^|{_NO_LETTER})"
_START_OF_FIGURE = "(^|[^\\p{N}])"
_YEAR = re.compile(r"[12][0-9]{3}")
_WORD = re.compile(r"[^\W_]+")
_APART = (
    ",. \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}'\N{RIGHT SINGLE QUOTATION MARK}"
)
_IN_GROUPS = re.compile(
    rf"(?<![^\W_])[1-9][0-9]{{0,2}}(?:[{_APART}][0-9]{{3}})+(?![^\W_])", re.ASCII
)
"""A figure in groups of three, whatever parts them: 55,000, 55.000, 55 000."""
_SMALL = """
a about al an and any anybody anyone are as at be been by can come comes como con cual cuales
cuando cuantas cuanto cuantos de del did do does donde el ella en es esta estan este for from fue
ha han has have hay he her his how if in into is it its la las le lo los many mas me much no o of
on or para por que quien quienes said say says se she si sobre son su sus that the their there
they this to un una viene vienen was were what when where which who whom whose why will with y
"""
_GLUED = re.compile(r"(?<=[^\W\d_]{2})(?=[0-9])")
"""Where letters and a figure are written as one word: MS13."""
_ACCENTED = {
    "a": "aáàâäãå",
    "c": "cç",
    "e": "eéèêë",
    "i": "iíìîï",
    "n": "nñ",
    "o": "oóòôöõø",
    "u": "uúùûü",
    "y": "yýÿ",
}


def folded(text: str) -> str:
    """``text`` in lower case and without accents."""
    parted = unicodedata.normalize("NFD", text.casefold())
    return "".join(each for each in parted if not unicodedata.combining(each))


def _read_synonyms() -> dict[str, tuple[str, ...]]:
    """Each form of ``synonyms.txt``, folded, with all that mean the same."""
    lines = files(__package__).joinpath("synonyms.txt").read_text("utf-8").splitlines()
    groups = (
        tuple(dict.fromkeys(folded(each.strip()) for each in line.split(",")))
        for line in lines
        if line and not line.startswith("#")
    )
    return {form: group for group in groups for form in group}


_SYNONYMS = _read_synonyms()
_FORMS = "|".join(sorted(_SYNONYMS, key=len, reverse=True))
_WORD_OR_FORM = re.compile(rf"(?<![^\W_])(?:{_FORMS})(?![^\W_])|[^\W_]+")


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

    def alone(self, word: str) -> Words:
        """One of the words, without the others."""
        return Words((word,), self.dates & {word})

    def patterns(self) -> tuple[str, ...]:
        """A regular expression of SPARQL (XPath) for each word; the flag ``i`` goes with it."""
        return tuple(map(self._pattern, self.stems))

    def _pattern(self, stem: str) -> str:
        if stem in self.dates:
            return f"{_START}({date_pattern(stem)})($|{_NO_LETTER})"
        if stem in _SYNONYMS:
            return f"{_START}({_alternatives(stem)})($|{_NO_LETTER})"
        return (_START_OF_FIGURE if stem.isdecimal() else _START) + accented(stem)

    def found_in(self, texts: Iterable[str]) -> tuple[int, int]:
        """How many of the words are found in ``texts``, and how many of them in full."""
        found: set[str] = set()
        dates: set[str] = set()
        means = any(word in _SYNONYMS for word in self.all)
        for text in texts:
            plain = _joined(folded(text))
            apart = _GLUED.sub(" ", plain)
            found.update(
                _WORD.findall(plain),
                _WORD.findall(apart),
                _WORD_OR_FORM.findall(plain) if means else (),
            )
            if self.dates:
                dates.update(each.edtf for each in dates_in(text))
        met = {asked for asked in self.dates if any(covers(asked, each) for each in dates)}
        met |= {word for word in self.all if not found.isdisjoint(_SYNONYMS.get(word, ()))}
        begun = sum(
            word in met
            if word in self.dates or word in _SYNONYMS
            else any(each.startswith(stem) for each in found)
            for word, stem in zip(self.all, self.stems, strict=True)
        )
        return begun, sum(word in found or word in met for word in self.all)

    def marked(self, text: str) -> Iterator[tuple[str, bool]]:
        """``text`` in pieces: each with whether it is a word that was looked for."""
        spans = [
            (each.start, each.end)
            for each in (dates_in(text) if self.dates else ())
            if any(covers(asked, each.edtf) for asked in self.dates)
        ]
        forms = [
            rf"(?:{_alternatives(each)})(?![^\W_])"
            if each in _SYNONYMS
            else rf"{accented(each)}[^\W_]*"
            for each in self.stems
            if each not in self.dates
        ]
        if forms:
            written = rf"(?i)(?<![^\W_])(?:{'|'.join(forms)})"
            spans += [match.span() for match in re.finditer(written, text)]
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
    text = _GLUED.sub(" ", unicodedata.normalize("NFC", text))
    dates = list(dates_in(text))
    for each in dates:
        text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
    found = tuple(dict.fromkeys(_WORD_OR_FORM.findall(_joined(folded(text)))))
    small = set(_SMALL.split())
    counting = tuple(word for word in found if word not in small)
    named = tuple(dict.fromkeys(each.edtf for each in dates))[:MOST_WORDS]
    words = counting if counting or named else found
    return Words((*named, *words)[:MOST_WORDS], frozenset(named))


def _stem(word: str) -> str:
    if word in _SYNONYMS:
        return word
    if len(word) > _STEM and word.isalpha():
        return word[:_STEM]
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def words_in(text: str) -> list[str]:
    """The words of ``text``, folded; figures in one piece."""
    return _WORD.findall(_joined(folded(text)))


def _alternatives(form: str) -> str:
    """A regular expression for whatever means the same as ``form``, with accents or without."""
    return "|".join(" ".join(map(accented, each.split())) for each in _SYNONYMS[form])


def written_words(text: str) -> list[str]:
    """The words of ``text`` as they are written, with accents and capitals."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


def _joined(text: str) -> str:
    """``text`` with the digits of its figures together: 55,000 as 55000."""
    return _IN_GROUPS.sub(lambda match: re.sub("[^0-9]", "", match[0]), text)


def accented(stem: str) -> str:
    """A regular expression for ``stem`` (letters and digits alone) with accents or without.

    Of a figure, in groups of three or not.
    """
    if len(stem) > 3 and stem.isdecimal() and stem.isascii():
        groups = re.findall("[0-9]{1,3}", stem[::-1])
        return f"[{_APART}]?".join(each[::-1] for each in reversed(groups))
    return "".join(f"[{_ACCENTED[each]}]" if each in _ACCENTED else each for each in stem)
