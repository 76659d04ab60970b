"""A change of the rooms told as claims: what is said now that was not, and by whom (docs: editing).

A reviewer of Turtle sees lines. What counts is whether a claim came, went, has another status or
another speaker, and whether a fact or a silence was gained or lost.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, astuple, dataclass

from pyoxigraph import NamedNode, Triple

from cecot.dataset.content import Material
from cecot.editing.index import Index
from cecot.rdf.terms import Term, iri_of
from cecot.vocabulary import CECOT, DCTERMS, RDF, SKOS

_WORDED = {DCTERMS.description, SKOS.editorialNote}
"""Properties of a claim that are our words about it."""


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


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact or a silence in words: ``value`` is empty for a silence."""

    thing: str
    property: str
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


def compare(before: Material | Index, after: Material, language: str = "en") -> Change:
    """What ``after`` says otherwise than ``before``, with names in ``language``."""
    index = before if isinstance(before, Index) else Index(before)
    return _Comparison(index, Index(after), language).change()


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
            silences_gained=self._statements(self.after, silences[1] - silences[0]),
            silences_lost=self._statements(self.before, silences[0] - silences[1]),
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
            if predicate not in _WORDED | {CECOT.modality, CECOT.statedBy, RDF.type}
            for value in values
        )

    def _resolved(self, index: Index, term: Term) -> str:
        """A value by what it holds, for its name is of no account."""
        written = index.text(iri_of(term), CECOT.asWritten)
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
            values = [
                {self._content(index, value) for value in of.get(predicate, [])}
                for index, of in ((self.before, before), (self.after, after))
            ]
            if values[0] != values[1]:
                yield self.after.material.prefixes.compact(predicate)

    def _content(self, index: Index, term: Term) -> str:
        """``term``, and of a value all that stands in its node."""
        iri = iri_of(term)
        if not index.text(iri, CECOT.asWritten):
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
        speakers = sorted(index.labels(index.iris(claim, CECOT.statedBy), self.language))
        status = index.iri(claim, CECOT.modality)
        return ClaimLine(
            iri=index.material.prefixes.compact(claim),
            says=index.sentence(claim, self.language),
            status=index.label(status, self.language) if status else "",
            speakers=tuple(speakers),
            source=index.label(source, self.language) if source else "",
            line=line,
        )

    def _statements(
        self, index: Index, said: set[Triple] | set[tuple[Term, Term]]
    ) -> tuple[FactLine, ...]:
        told = (FactLine(*(index.shown(term, self.language) for term in each)) for each in said)
        return tuple(sorted(told, key=astuple))

    def _things(self, index: Index, other: Index) -> Iterator[str]:
        """Labels of the things that ``other`` does not know: claims and passages are none."""
        namespace = index.material.namespace
        apart = {CECOT.Claim, CECOT.Passage}
        for iri in sorted({s for t in index.material.graph if (s := iri_of(t.subject))}):
            types = index.iris(iri, RDF.type)
            labelled = index.texts(iri, SKOS.prefLabel)
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
        if triple.predicate.value == RDF.type and triple.object == NamedNode(CECOT.FactProperty)
    }
    return {triple for triple in material.derived if triple.predicate in made}


def _silences(index: Index) -> set[tuple[Term, Term]]:
    """Thing and property of each silence that a source lists."""
    return {
        (thing, property_)
        for silence in index.instances(CECOT.Silence)
        for thing in index.objects(silence, CECOT.ofThing)
        for property_ in index.objects(silence, CECOT.ofProperty)
    }


ARROW = "\N{RIGHTWARDS ARROW}"
_NOTHING = "No claim, fact or silence differs."


def text(change: Change) -> str:
    """One line for each claim and fact, under headings with counts."""
    if change.is_empty:
        return _NOTHING + "\n"
    lines: list[str] = []
    for heading, entries in _sections(change):
        lines += ["", f"{heading} ({len(entries)})", *(f"  {each}" for each in entries)]
    return "\n".join(lines[1:]) + "\n"


def markdown(change: Change) -> str:
    """The same as lists, with a summary in one line on top."""
    if change.is_empty:
        return _NOTHING + "\n"
    sections = _sections(change)
    counts = ", ".join(f"{len(entries)} {heading}" for heading, entries in sections)
    lines = [f"**What this change says:** {counts}."]
    for heading, entries in sections:
        lines += ["", f"### {heading[0].upper()}{heading[1:]}", ""]
        lines += [f"- {_escaped(each)}" for each in entries]
    return "\n".join(lines) + "\n"


def json_text(change: Change) -> str:
    """All of it, with the keys that docs/editing.md lists."""
    return json.dumps(asdict(change), ensure_ascii=False, indent=2) + "\n"


CHANGE_FORMATS: Mapping[str, Callable[[Change], str]] = {
    "text": text,
    "markdown": markdown,
    "json": json_text,
}


def _sections(change: Change) -> list[tuple[str, list[str]]]:
    """Heading and entries of each part of ``change`` that is not empty."""
    statuses = [each for each in change.altered if each.before.status != each.after.status]
    speakers = [each for each in change.altered if each.before.speakers != each.after.speakers]
    others = [each for each in change.altered if each not in statuses and each not in speakers]
    sections = [
        ("claims added", "+", map(_claim, change.added)),
        ("claims withdrawn", "-", map(_claim, change.withdrawn)),
        ("claims with another status", "~", map(_other_status, statuses)),
        ("claims with another speaker", "~", map(_other_speaker, speakers)),
        ("claims that differ otherwise", "~", map(_otherwise, others)),
        ("facts gained", "+", map(_statement, change.facts_gained)),
        ("facts lost", "-", map(_statement, change.facts_lost)),
        ("silences gained (not stated)", "+", map(_statement, change.silences_gained)),
        ("silences lost", "-", map(_statement, change.silences_lost)),
        ("things added", "+", change.things_added),
        ("things removed", "-", change.things_removed),
    ]
    told = [(heading, [f"{sign} {each}" for each in words]) for heading, sign, words in sections]
    return [(heading, entries) for heading, entries in told if entries]


def _claim(told: ClaimLine) -> str:
    return f"{told.iri}: {told.says} [{told.status}, {_who(told)}; {_place(told)}]"


def _other_status(altered: Altered) -> str:
    return _altered(altered.after, altered.before.status, altered.after.status)


def _other_speaker(altered: Altered) -> str:
    return _altered(altered.after, _who(altered.before), _who(altered.after))


def _altered(told: ClaimLine, before: str, after: str) -> str:
    return f"{told.iri}: {before or 'none'} {ARROW} {after or 'none'} [{_place(told)}]: {told.says}"


def _who(told: ClaimLine) -> str:
    if told.speakers == (told.source,):
        return "the text itself"
    return ", ".join(told.speakers) or "nobody named"


def _otherwise(altered: Altered) -> str:
    parts = [", ".join(altered.properties)] if altered.properties else []
    if altered.renamed:
        parts.insert(0, f"was {altered.before.iri}")
    return f"{altered.after.iri}: {'; '.join(parts)} [{_place(altered.after)}]"


def _place(told: ClaimLine) -> str:
    return f"line {told.line}" if told.line else told.source or "no place"


def _statement(statement: FactLine) -> str:
    value = f": {statement.value}" if statement.value else ""
    return f"{statement.thing} \N{EM DASH} {statement.property}{value}"


def _escaped(entry: str) -> str:
    """``entry`` without its sign, and with no sign that Markdown or HTML would take for its own."""
    words = entry.partition(" ")[2]
    return "".join(f"\\{char}" if char in r"\`*_[]<>#|&~" else char for char in words)
