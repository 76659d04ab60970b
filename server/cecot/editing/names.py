"""Whom and what a sentence names: things that the graph knows, and who speaks (docs: editing).

A speaker is a name, a role, or nobody: the text does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from cecot.editing.index import Index
from cecot.editing.lexicon import Lexicon
from cecot.rdf.terms import iri_of
from cecot.vocabulary import CECOT, RDF, SCHEMA, SKOS

_APART = {
    CECOT.Claim, CECOT.Passage, CECOT.Citation, CECOT.Source, CECOT.DateValue, CECOT.Silence,
    CECOT.UnidentifiedAgent, SCHEMA.QuantitativeValue,
}  # fmt: skip
_LINKED = (CECOT.Person, CECOT.Organization, CECOT.Facility, CECOT.Policy)
_NAMING = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, CECOT.name, CECOT.abbreviation)
_BRACKETS = re.compile(r"\s*\(([^)]+)\)\s*$")
_ARTICLE = re.compile(r"^(?:the|an?|el|la|los|las)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a sentence, and the thing that it names."""

    start: int
    end: int
    iri: str


class NameIndex:
    """The names of all things of an Index: labels, names, abbreviations, surnames."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._things: dict[str, str] = {}
        shared: set[str] = set()
        for iri in _things(index):
            for name in _names(index, iri):
                key = name.casefold()
                if self._things.setdefault(key, iri) != iri:
                    shared.add(key)
        # A name of two things names neither.
        for key in shared:
            del self._things[key]
        longest = sorted(self._things, key=lambda name: (-len(name), name))
        words = "|".join(map(re.escape, longest)) or "(?!)"  # which nothing is
        self._pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)

    def find(self, sentence: str) -> list[Mention]:
        """The mentions in ``sentence``, in order. A name of one word begins with its capital."""
        return [
            Mention(match.start(), match.end(), self._things[match.group().casefold()])
            for match in self._pattern.finditer(sentence)
            if " " in match.group() or match.group()[0].isupper()
        ]

    def named(self, words: str) -> tuple[str, ...]:
        """The things that ``words`` as a whole name: itself, or all names that stand in it."""
        whole = self._things.get(_ARTICLE.sub("", words).casefold())
        if whole:
            return (whole,)
        agents = (
            each.iri
            for each in self.find(words)
            if self.index.is_a(each.iri, CECOT.Person)
            or self.index.is_a(each.iri, CECOT.Organization)
        )
        return tuple(dict.fromkeys(agents))

    def linked(self, label: str) -> tuple[str, ...]:
        """What a thing with ``label`` is about: those whom the label names (rule 28)."""
        found = (each.iri for each in self.find(label))
        return tuple(
            iri
            for iri in dict.fromkeys(found)
            if any(self.index.is_a(iri, kind) for kind in _LINKED)
        )

    def near(self, words: str, most: int = 6) -> list[str]:
        """Things with a name like ``words``: shown before a new one is made."""
        asked = set(re.findall(r"\w{3,}", words.casefold()))
        ranked = []
        for name, iri in self._things.items():
            shared = asked & set(re.findall(r"\w{3,}", name))
            if shared or (asked and words.casefold() in name):
                ranked.append((-len(shared), len(name), iri))
        return list(dict.fromkeys(iri for *_, iri in sorted(ranked)))[:most]


def _things(index: Index) -> Iterator[str]:
    """Everything below the namespace of things that has a label and can be spoken of."""
    namespace = index.material.namespace
    naming = (SKOS.prefLabel, CECOT.name)
    found = {iri_of(t.subject) for t in index.material.graph if t.predicate.value in naming}
    for iri in sorted(found):
        if iri.startswith(namespace) and _APART.isdisjoint(index.iris(iri, RDF.type)):
            yield iri


def _names(index: Index, iri: str) -> Iterator[str]:
    names = {name for predicate in _NAMING for name in index.texts(iri, predicate)}
    is_person = index.is_a(iri, CECOT.Person)
    for name in names:
        yield name
        if match := _BRACKETS.search(name):
            yield name[: match.start()]
            # "(line 7)" names nothing.
            if not any(char.isdecimal() for char in match[1]) or "-" in match[1]:
                yield match[1]
        if is_person and " " in name:
            yield name.rpartition(" ")[2]


def stems(text: str) -> set[str]:
    """The stems of its words, for a comparison that a plural or a tense does not disturb."""
    return {each.casefold()[:6] for each in re.findall(r"\w+", text) if len(each) > 2}


_TOKEN = re.compile(r"[\w'\u2019.&-]*\w|\S")
_END = re.compile(r"[,;:()\u2014\"“”«»\0?!]|\.(?:\s|$)")
_RELATIVE = re.compile(r"\b(?:who|which|that|whose|que|quien|quienes|cuyo|cuya)\b", re.IGNORECASE)
_VERBAL = re.compile(
    r"\b(?:\w+ed|is|was|were|are|has|had|have|fue|es|era|tiene|tenía|\w+ó|\w+aron|\w+ieron)\b"
)


_BEGINNING = ("speaker.determiners", "speaker.unnamed", "speaker.pronouns")
"""What a name, or what stands for one, may begin with."""
_COMMON = (*_BEGINNING, "speaker.prepositions")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: the words, where they stand, and whether they are a name.

    ``words`` is empty where the text does not say; a pronoun is no name, and points elsewhere.
    """

    words: str
    start: int = 0
    is_named: bool = True
    is_pronoun: bool = False


NOBODY = Speaker("", is_named=False)
"""Who speaks where the text does not say."""


def speaker_after(text: str, start: int, lexicon: Lexicon) -> Speaker:
    """The speaker whose name begins at ``start``, up to what ends a name."""
    offset = start + len(text[start:]) - len(text[start:].lstrip())
    end = len(text)
    if stop := _END.search(text, offset):
        end = stop.start()
    words = text[offset:end]
    # "The Gazette it has": a name ends before the verb and before what is said.
    for before, token in pairwise(_TOKEN.finditer(words)):
        word = token.group()
        # But "the office in Elmford", "Ana Ruiz and Marta Gil".
        goes_on = words[token.end() :].lstrip()[:1].isupper()
        if (
            word.casefold() in ("that", "que", "on", "last", "this", "de:")
            or (word.casefold() in ("in", "en") and not goes_on)
            or lexicon.holds(word, "speaker.passive")
            or (
                lexicon.holds(word, "speaker.fillers")
                and not lexicon.holds(before.group(), "speaker.prepositions")
            )
            or (lexicon.holds(word, "speaker.conjunctions") and not goes_on)
        ):
            words = words[: before.end()]
            break
    return _speaker(words, offset, lexicon) if words else NOBODY


def speaker_before(text: str, end: int, lexicon: Lexicon) -> Speaker | None:
    """The speaker whose verb begins at ``end``; None if nothing there can be one."""
    start, clause = _clause(text, end, lexicon)
    segments = [each for each in _segments(clause) if each[1].strip()]
    # "Ana Ruiz, the director, said": between commas stands what she is, or who the director is.
    if clause.rstrip().endswith(",") and len(segments) >= 2 and not _is_name(segments[-1][1]):
        segments = segments[:-1]
    for offset, words in reversed(segments):
        found = _name_in(words, start + offset, lexicon)
        if found is not None:
            return found
    return None


def _clause(text: str, end: int, lexicon: Lexicon) -> tuple[int, str]:
    """Where the clause of the verb begins, and its words up to the verb."""
    start = 0
    for stop in re.finditer(r"[;:\u2014\"“”«»\0?!]", text[:end]):
        start = stop.end()
    for each in lexicon.find("speaker.conjunctions", text, start):
        before, after = text[start : each.start], text[each.end : end]
        if each.end <= end and _VERBAL.search(before) and after.strip():
            start = each.end
    return start, text[start:end]


def _segments(clause: str) -> Iterator[tuple[int, str]]:
    """The parts between commas, without what a relative clause adds."""
    start = 0
    for part in clause.split(","):
        relative = _RELATIVE.search(part)
        yield start, part[: relative.start()] if relative and relative.start() else part
        start += len(part) + 1


def _name_in(words: str, offset: int, lexicon: Lexicon) -> Speaker | None:
    """The name that ends ``words``: from its article or its capital to the last word of it."""
    tokens = list(_TOKEN.finditer(words))
    while tokens and lexicon.holds(tokens[-1].group(), "speaker.fillers"):
        tokens.pop()
    for number, token in enumerate(tokens):
        before = tokens[number - 1].group() if number else ""
        word = token.group()
        if (
            not lexicon.holds(before, "speaker.prepositions")
            and not lexicon.holds(word, "speaker.prepositions", "speaker.conjunctions")
            and (word[0].isupper() or lexicon.holds(word, *_BEGINNING))
        ):
            kept = words[token.start() : tokens[-1].end()]
            return _speaker(kept, offset + token.start(), lexicon)
    return None


def _speaker(words: str, start: int, lexicon: Lexicon) -> Speaker:
    words = words.rstrip()
    is_pronoun = lexicon.holds(words, "speaker.pronouns")
    inner = [token.group() for token in _TOKEN.finditer(words)]
    capitals = [
        each
        for number, each in enumerate(inner)
        # The first word has a capital because it begins the sentence.
        if each[0].isupper() and (number or not lexicon.holds(each, *_COMMON))
    ]
    # "Travel writers" has its capital from the sentence alone.
    is_first = start == 0 and len(inner) > 1 and capitals == inner[:1]
    is_named = bool(capitals) and not is_pronoun and not is_first
    return Speaker(words, start, is_named=is_named, is_pronoun=is_pronoun)


def _is_name(words: str) -> bool:
    """Whether each of ``words`` has a capital."""
    return all(token.group()[0].isupper() for token in _TOKEN.finditer(words))
