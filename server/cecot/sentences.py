"""The one sentence-maker: a claim as one sentence, with its status and its speaker (docs: model).

``cecot:statement`` is said by these functions; pages, exports and agents read it. The phrases are
the ontology's (``cecot:phrase`` of a property, of a status, and of what limits a claim:
``cecot:hedge``, ``cecot:asOf``, ``cecot:readings``); where it has none, a claim reads as a table
does. The caller gives the parts in the language of the sentence, as they are called within one
(``cecot:inSentence``: "the gang crackdown").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from cecot.locale.catalogue import locale_of

PLAIN = "{subject} \N{EM DASH} {predicate}: {object}"
"""How a claim reads whose property has no phrase."""

_PLAIN_STATUS = "{said} [{status}; {speaker}]"
_PLAIN_HEDGE = "{said} ({hedge})"
_PLAIN_MOMENT = "{said} ({moment})"
_PLAIN_READINGS = "{said} (?)"
_PLACE = re.compile(r"\{(\w+)\}")
_CONTRACTED = re.compile(r"(?i)\b(?:a|de) $")

Part = TypeVar("Part")


class Tagged(Protocol):
    """Words that tell their language (``pt-BR``), or none."""

    @property
    def language(self) -> str | None:
        """The tag of the language."""
        ...


Words = TypeVar("Words", bound=Tagged)


def read_in(found: Sequence[Words], language: str) -> Sequence[Words]:
    """Those in ``language``; else those without one, in English, in whatever comes first.

    A language is that of any region: who reads ``pt`` reads ``pt-BR``.
    """
    if len(found) < 2:
        return found
    spoken = [(each.language or "").partition("-")[0] for each in found]
    chosen = next(each for each in (language, "", "en", spoken[0]) if each in spoken)
    return [each for each, its in zip(found, spoken, strict=True) if its == chosen]


def fill(
    phrase: str, parts: Mapping[str, tuple[str, Part]], language: str
) -> list[tuple[str, Part | None]]:
    """``phrase`` in pieces: its own words (with None), and for each ``{name}`` the words of a part.

    With these words comes what the part is. A name that is no part stays as it stands. A sentence
    that begins with a part begins with a capital; "a el" and "de el" are one word in Spanish.
    """
    pieces: list[tuple[str, Part | None]] = []
    end = 0
    for match in _PLACE.finditer(phrase):
        if match[1] in parts:
            before, (words, part) = phrase[end : match.start()], parts[match[1]]
            if language == "es" and words.startswith("el ") and _CONTRACTED.search(before):
                before, words = f"{before[:-1]}l ", words.removeprefix("el ")
            if match.start() == 0 and match[1] != "said":
                words = capitalized(words)
            pieces += [(before, None), (words, part)]
            end = match.end()
    return [each for each in (*pieces, (phrase[end:], None)) if each[0]]


def filled(phrase: str, parts: Mapping[str, str], language: str) -> str:
    """``phrase`` with its parts, in one piece."""
    pieces = fill(phrase, {name: (words, None) for name, words in parts.items()}, language)
    return "".join(words for words, _ in pieces)


def capitalized(words: str) -> str:
    """``words`` with a capital in front if they begin with an article or the like.

    A single word may be a name that is written small.
    """
    return words[:1].upper() + words[1:] if " " in words else words


def sentence(
    said: str,
    *,
    status: str,
    speakers: Iterable[str],
    language: str,
    status_phrase: str = "",
    limits: Iterable[tuple[str, Mapping[str, str]]] = (),
) -> str:
    """What is ``said``, by whom and how sure: it can stand alone, and cannot be read as a fact.

    ``status`` is what the status is called; ``limits`` are phrases that limit it, each with its
    parts (see ``limited``).
    """
    said = said.rstrip(".")
    for phrase, limiting in limits:
        said = filled(phrase, {**limiting, "said": said}, language)
    parts = {
        "said": said,
        "status": status,
        "speaker": listed(speakers, language)
        or locale_of(language).gettext("a speaker who is not named"),
    }
    return filled(status_phrase or _PLAIN_STATUS, parts, language)


def limited(
    hedge: tuple[str, str], moment: tuple[str, str], readings: tuple[bool, str]
) -> list[tuple[str, Mapping[str, str]]]:
    """What limits a claim, as ``sentence`` takes it: only what there is, each with its phrase.

    The hedging words of the text; the day or event as of which it is told; whether the sentence
    may be read otherwise.
    """
    found: list[tuple[str, Mapping[str, str]]] = []
    if hedge[0]:
        found.append((hedge[1] or _PLAIN_HEDGE, {"hedge": hedge[0]}))
    if moment[0]:
        found.append((moment[1] or _PLAIN_MOMENT, {"moment": moment[0]}))
    if readings[0]:
        found.append((readings[1] or _PLAIN_READINGS, {}))
    return found


def figure(written: str, limits: Iterable[str] = (), same: Iterable[str] = ()) -> str:
    """A figure as it is written, with what limits it and what the text converts it to."""
    limits = "".join(f" ({each})" for each in limits if each not in written)
    return written + limits + "".join(f" = {each}" for each in same)


def glossed(words: str, gloss: str, language: str) -> str:
    """Words of a text in another language, with our translation beside them, marked as ours."""
    return locale_of(language).gettext(
        "“{words}” (our translation: {gloss})", words=words, gloss=gloss
    )


def listed(names: Iterable[str], language: str) -> str:
    """Names in a row: ``A, B and C``."""
    names = list(names)
    return "".join(map("".join, zip(joined(names, language), names, strict=True)))


def joined(names: Sequence[str], language: str) -> list[str]:
    """What stands before each of ``names`` in a row: nothing, a comma, the last "and"."""
    before = ["", *[", "] * (len(names) - 1)][: len(names)]
    if len(names) > 1:
        join = locale_of(language).gettext("and")
        # Spanish says "e" before the sound of i (Ortografía de la lengua española).
        if join == "y" and re.match(r"(?i)\W*h?[ií](?![aeou])", names[-1]):
            join = "e"
        before[-1] = f" {join} "
    return before
