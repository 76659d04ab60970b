"""What a text does not state, as an editor found who has read it (docs: model).

Only what is listed (``cecot:notStated``) is a silence. Where nothing is listed, it is only that no
claim gives it. What somebody says of other things by the same property stands beside a silence, so
that nobody takes their figures for those of this one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from cecot.claims.claim import Claim, claims_in
from cecot.claims.nodes import Node, Reader, Text, Texts, gathered
from cecot.claims.subgraph import fetch
from cecot.engine import Engine
from cecot.rdf.terms import Term
from cecot.vocabulary import CECOT, RDFS, SKOS

MOST_ELSEWHERE = 3
"""Claims about other things that stand beside one silence."""

_NOTES = (SKOS.editorialNote, RDFS.comment)


@dataclass(frozen=True, slots=True)
class Silence:
    """A property that a source does not give a thing, and what an editor notes on it.

    ``sources`` are those that have been read for it, ``short`` is what a text calls the thing in
    short. ``elsewhere`` are claims that are no facts and
    say it of other things, ``more_elsewhere`` if there are more of them.
    """

    thing: Node
    property_: Node
    notes: Texts
    sources: tuple[Node, ...]
    short: Texts
    elsewhere: tuple[Claim, ...] = ()
    more_elsewhere: bool = False

    def name(self, language: str) -> Text:
        """The shortest name of the thing for a reader of ``language``."""
        return self.short.first(language) if self.short else self.thing.label(language)


def read_silences(engine: Engine, things: Iterable[NamedNode]) -> tuple[Silence, ...]:
    """What is listed as not stated of ``things``. Raises what the engine raises."""
    wanted = tuple(dict.fromkeys(things))
    if not wanted:
        return ()
    found = fetch(engine, "silences", "silences-elsewhere", values={"things": wanted})
    return silences_in(Reader(found), wanted)


def silences_in(reader: Reader, things: Iterable[NamedNode]) -> tuple[Silence, ...]:
    """The silences of ``things`` that were fetched (the parts ``silences``), in their order."""
    found = reader.found
    named = set(things)
    claims = claims_in(reader)
    sources = gathered(
        (silence, reader.node(source))
        for source in found.subjects_with(CECOT.notStated)
        for silence in found.objects(source, CECOT.notStated)
    )

    def read(silence: Term, thing: Term, property_: Term) -> Silence:
        elsewhere = [each for each in claims if _says_elsewhere(each, thing, property_)]
        return Silence(
            reader.node(thing),
            reader.node(property_),
            reader.texts(silence, *_NOTES),
            tuple(sources.get(silence, ())),
            reader.texts(thing, CECOT.abbreviation),
            tuple(elsewhere[:MOST_ELSEWHERE]),
            len(elsewhere) > MOST_ELSEWHERE,
        )

    return tuple(
        read(silence, thing, property_)
        for silence in found.subjects_with(CECOT.ofThing)
        for thing in found.objects(silence, CECOT.ofThing)
        if thing in named
        for property_ in found.objects(silence, CECOT.ofProperty)
    )


def _says_elsewhere(claim: Claim, thing: Term, property_: Term) -> bool:
    """Whether ``claim``, which is no fact, gives the property to something else."""
    return bool(
        claim.predicate
        and claim.predicate.term == property_
        and claim.subject
        and claim.subject.term != thing
        and not claim.is_asserted
    )
