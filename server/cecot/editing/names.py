"""Names that the graph knows, where a sentence mentions them (docs: editing)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cecot.editing.index import Index
from cecot.vocabulary import CECOT, RDF, SCHEMA, SKOS

_APART = {
    str(each)
    for each in (
        CECOT.Claim, CECOT.Passage, CECOT.Citation, CECOT.Source, CECOT.DateValue, CECOT.Silence,
        CECOT.UnidentifiedAgent, SCHEMA.QuantitativeValue,
    )
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
        words = "|".join(map(re.escape, longest))
        self._pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None

    def find(self, sentence: str) -> list[Mention]:
        """The mentions in ``sentence``, in order. A name of one word begins with its capital."""
        if self._pattern is None:
            return []
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
    found = {
        triple.subject.value
        for triple in index.material.graph
        if triple.predicate.value in (str(SKOS.prefLabel), str(CECOT.name))
        and hasattr(triple.subject, "value")
    }
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


def folded(words: Iterable[str]) -> set[str]:
    """The stems of ``words``, for a comparison that a plural or a tense does not disturb."""
    return {each.casefold()[:6] for each in words if len(each) > 2}
