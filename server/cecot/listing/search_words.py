"""The words of a search: what counts, and how a word is found in a text (design: site).

A word is found at the start of a word, with or without accents, in whatever form begins alike:
``announced`` finds ``announcement``, and ``rios`` finds ``Ríos``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST_WORDS = 8
"""Words of one search; further ones do not count."""

_STEM = 6
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
    """The words of a search, folded; ``stems`` are what is looked for, one for each."""

    all: tuple[str, ...]

    @property
    def stems(self) -> tuple[str, ...]:
        """The beginnings of the words, without endings that other forms do not share."""
        return tuple(map(_stem, self.all))

    def patterns(self) -> tuple[str, ...]:
        """A regular expression of SPARQL (XPath) for each word; the flag ``i`` goes with it."""
        return tuple(f"(^|[^\\p{{L}}\\p{{N}}]){_accented(stem)}" for stem in self.stems)

    def found_in(self, texts: Iterable[str]) -> tuple[int, int]:
        """How many of the words are found in ``texts``, and how many of them in full."""
        found = set()
        for text in texts:
            found.update(_WORD.findall(folded(text)))
        begun = sum(any(each.startswith(stem) for each in found) for stem in self.stems)
        return begun, sum(word in found for word in self.all)

    def marked(self, text: str) -> Iterator[tuple[str, bool]]:
        """``text`` in pieces: each with whether it is a word that was looked for."""
        stems = "|".join(map(_accented, self.stems))
        if not stems:
            yield text, False
            return
        for number, piece in enumerate(re.split(rf"(?i)(?<![^\W_])((?:{stems})[^\W_]*)", text)):
            if piece:
                yield piece, number % 2 == 1


def words_of(text: str) -> Words:
    """The words of ``text`` that count; all of them if none else would be left."""
    found = tuple(dict.fromkeys(_WORD.findall(folded(text))))
    small = set(_SMALL.split())
    counting = tuple(word for word in found if word not in small)
    return Words((counting or found)[:MOST_WORDS])


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
