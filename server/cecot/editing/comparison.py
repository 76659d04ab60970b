"""A change of the rooms told as claims: what is said now that was not, and by whom (docs: editing).

A reviewer of Turtle sees lines. What counts is whether a claim came, went, has another status or
another speaker, and whether a fact or a silence was gained or lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from cecot.dataset.content import Material
from cecot.editing.index import Index
from cecot.rdf.terms import Term, iri_of
from cecot.vocabulary import CECOT, DCTERMS, RDF, SKOS

_STATUS, _SPEAKER = str(CECOT.modality), str(CECOT.statedBy)
_WORDED = {str(DCTERMS.description), str(SKOS.editorialNote), str(CECOT.statement)}
"""Properties of a claim that are our words about it. ``statement`` is written by the program."""


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim as a reviewer reads it: ``line`` is 0 where its passage has none."""

    iri: str
    says: str
    status: str
    speakers: tuple[str, ...]
    source: str
    line: int


@dataclass(frozen=True, slots=True)
class Altered:
    """A claim that stands in both; ``properties`` are those that differ, as short names.

    ``renamed`` is its IRI now, if only that or more changed; else empty.
    """

    before: ClaimLine
    after: ClaimLine
    properties: tuple[str, ...]
    renamed: str = ""

    @property
    def has_another_status(self) -> bool:
        """Whether the text is now said to present it in another way."""
        return self.before.status != self.after.status

    @property
    def has_another_speaker(self) -> bool:
        """Whether somebody else is now said to say it."""
        return self.before.speakers != self.after.speakers


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact or a silence in words: ``value`` is empty for a silence."""

    thing: str
    property_: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of the rooms comes to; every list is sorted by source, line and name."""

    added: tuple[ClaimLine, ...] = ()
    withdrawn: tuple[ClaimLine, ...] = ()
    altered: tuple[Altered, ...] = ()
    facts_gained: tuple[FactLine, ...] = ()
    facts_lost: tuple[FactLine, ...] = ()
    silences_gained: tuple[FactLine, ...] = ()
    silences_lost: tuple[FactLine, ...] = ()
    things_added: tuple[str, ...] = ()
    things_removed: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the rooms say the same, though their files may differ."""
        return self == Change()


def compare(before: Material, after: Material, language: str = "en") -> Change:
    """What ``after`` says otherwise than ``before``, with names in ``language``."""
    return _Comparison(Index(before), Index(after), language).change()


class _Comparison:
    def __init__(self, before: Index, after: Index, language: str) -> None:
        self.before = before
        self.after = after
        self.language = language

    def change(self) -> Change:
        gone = set(self.before.claims) - set(self.after.claims)
        come = set(self.after.claims) - set(self.before.claims)
        renamed = dict(self._renamed(gone, come))
        pairs = {each: each for each in set(self.before.claims) & set(self.after.claims)} | renamed
        facts = _facts(self.before.material), _facts(self.after.material)
        silences = _silences(self.before), _silences(self.after)
        return Change(
            added=self._told(self.after, come - set(renamed.values())),
            withdrawn=self._told(self.before, gone - set(renamed)),
            altered=self._altered(pairs),
            facts_gained=self._statements(self.after, facts[1] - facts[0]),
            facts_lost=self._statements(self.before, facts[0] - facts[1]),
            silences_gained=self._unsaid(self.after, silences[1] - silences[0]),
            silences_lost=self._unsaid(self.before, silences[0] - silences[1]),
            things_added=tuple(self._things(self.after, self.before)),
            things_removed=tuple(self._things(self.before, self.after)),
        )

    def _renamed(self, gone: set[str], come: set[str]) -> Iterator[tuple[str, str]]:
        """Claims of one passage that say the same under another name."""
        new = {self._core(self.after, each): each for each in sorted(come, reverse=True)}
        for each in sorted(gone):
            if name := new.pop(self._core(self.before, each), ""):
                yield each, name

    def _core(self, index: Index, claim: str) -> frozenset[tuple[str, str]]:
        """What a claim says, apart from its status, its speaker and our words about it."""
        return frozenset(
            (predicate, self._resolved(index, value))
            for predicate, values in index.written.properties(claim).items()
            if predicate not in _WORDED | {_STATUS, _SPEAKER, str(RDF.type)}
            for value in values
        )

    def _resolved(self, index: Index, term: Term) -> str:
        """A value by what it holds, for its name is of no account."""
        written = index.text(iri_of(term), str(CECOT.asWritten))
        return f'"{written}"' if written else str(term)

    def _altered(self, pairs: dict[str, str]) -> tuple[Altered, ...]:
        found = []
        for old, new in sorted(pairs.items()):
            properties = tuple(self._differing(old, new))
            if properties or old != new:
                before, after = self._one(self.before, old), self._one(self.after, new)
                found.append(Altered(before, after, properties, new if old != new else ""))
        return tuple(sorted(found, key=lambda each: _order(each.after)))

    def _differing(self, old: str, new: str) -> Iterator[str]:
        before = self.before.written.properties(old)
        after = self.after.written.properties(new)
        for predicate in sorted(before.keys() | after.keys()):
            if predicate == str(CECOT.statement):
                continue
            values = [
                {self._content(index, value) for value in of.get(predicate, [])}
                for index, of in ((self.before, before), (self.after, after))
            ]
            if values[0] != values[1]:
                yield self.after.material.prefixes.compact(predicate)

    def _content(self, index: Index, term: Term) -> str:
        """``term``, and of a value all that stands in its node."""
        iri = iri_of(term)
        if not index.text(iri, str(CECOT.asWritten)):
            return str(term)
        held = (
            f"{predicate} {self._resolved(index, value)}"
            for predicate, values in sorted(index.written.properties(iri).items())
            for value in sorted(values, key=str)
        )
        return "; ".join(held)

    def _told(self, index: Index, claims: set[str]) -> tuple[ClaimLine, ...]:
        return tuple(sorted((self._one(index, each) for each in claims), key=_order))

    def _one(self, index: Index, claim: str) -> ClaimLine:
        source, line = index.place(claim)
        speakers = sorted(index.labels(index.iris(claim, _SPEAKER), self.language))
        status = index.iri(claim, _STATUS)
        return ClaimLine(
            iri=index.material.prefixes.compact(claim),
            says=index.sentence(claim, self.language),
            status=index.label(status, self.language) if status else "",
            speakers=tuple(speakers),
            source=index.label(source, self.language) if source else "",
            line=line,
        )

    def _statements(self, index: Index, facts: set[Triple]) -> tuple[FactLine, ...]:
        told = (
            FactLine(*(index.shown(term, self.language) for term in triple)) for triple in facts
        )
        return tuple(sorted(told, key=lambda each: (each.thing, each.property_, each.value)))

    def _unsaid(self, index: Index, silences: set[tuple[str, str]]) -> tuple[FactLine, ...]:
        told = (FactLine(*index.labels(pair, self.language)) for pair in silences)
        return tuple(sorted(told, key=lambda each: (each.thing, each.property_)))

    def _things(self, index: Index, other: Index) -> Iterator[str]:
        """Labels of the things that ``other`` does not know: claims and passages are none."""
        namespace = index.material.namespace
        apart = {str(CECOT.Claim), str(CECOT.Passage)}
        for iri in sorted({s for t in index.material.graph if (s := iri_of(t.subject))}):
            types = index.iris(iri, str(RDF.type))
            labelled = index.texts(iri, str(SKOS.prefLabel))
            is_thing = iri.startswith(namespace) and labelled and apart.isdisjoint(types)
            if is_thing and not other.properties(iri):
                yield index.label(iri, self.language)


def _order(told: ClaimLine) -> tuple[str, int, str]:
    return told.source, told.line, told.iri


def _facts(material: Material) -> set[Triple]:
    """What follows from the claims: a triple that a claim says, under a property made for facts."""
    made = {
        triple.subject
        for triple in material.ontology
        if triple.predicate.value == str(RDF.type)
        and triple.object == NamedNode(str(CECOT.FactProperty))
    }
    return {triple for triple, _ in material.derived if triple.predicate in made}


def _silences(index: Index) -> set[tuple[str, str]]:
    """Thing and property of each silence that a source lists."""
    return {
        (thing, property_)
        for silence in index.instances(str(CECOT.Silence))
        for thing in index.iris(silence, str(CECOT.ofThing))
        for property_ in index.iris(silence, str(CECOT.ofProperty))
    }
