"""A claim as people read it: who says what, in which words, where, how sure (docs: model)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, cast

from pyoxigraph import NamedNode

from cecot.claims.nodes import Node, Place, Reader, Text, Texts
from cecot.claims.subgraph import Subgraph, fetch
from cecot.engine import Engine
from cecot.sentences import PLAIN, capitalized, fill, glossed, listed
from cecot.vocabulary import CECOT, DCTERMS, RDF, RDFS, SKOS, STATUSES


def status_order(name: str) -> tuple[int, str]:
    """Where a status comes among the others, by its local name; one that is new comes last."""
    return (STATUSES.index(name) if name in STATUSES else len(STATUSES)), name


def _part(read: Callable[[Reader, NamedNode, str], object], property_: str) -> Any:
    """A part of a claim: how it is read of the claim, by which property."""
    return field(metadata={"read": (read, property_)})


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a sentence, and the thing that they name, if they do.

    What is ``quoted`` stands in the text in these words; ``key`` numbers the key figure that they
    belong to (0: none).
    """

    words: Text
    node: Node | None = None
    quoted: bool = False
    key: int = 0


PlaceInText = tuple[str, int, tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, whole: what it says never comes without its status, its speakers, its places.

    ``status`` is the modality's local name (``Attributed``), empty if there is none. A claim has
    ``subject``, ``predicate`` and ``object``, or only ``quoted`` words, or (where it denies,
    confirms or questions) another claim that it ``responds_to``. An allegation has roles:
    ``accused``, ``victims``, ``acts``, ``quantities``, ``policies``, ``basis``. ``quoted`` stands
    in quotation marks in the text, ``exact`` is the span of the text that carries the claim: its
    characters are those from ``start`` to ``end`` (code points of the source), whose SHA-256 is
    ``span_hash``.

    ``saying`` is the act of the saying where it is not plain stating, ``hedge`` the hedging
    words, ``readings`` what the sentence may mean otherwise. ``repeats`` are claims that are told
    again here, ``gloss`` is our translation of an object in words, ``as_of`` is the day or the
    event as of which a state is told. ``statement`` is the whole claim as a sentence.
    """

    node: Node
    status: str
    modality: Node | None
    is_allegation: bool
    speakers: tuple[Node, ...] = _part(Reader.nodes, CECOT.statedBy)
    subject: Node | None = _part(Reader.one, RDF.subject)
    predicate: Node | None = _part(Reader.one, RDF.predicate)
    object: Node | None = _part(Reader.one, RDF.object)
    about: tuple[Node, ...] = _part(Reader.nodes, CECOT.about)
    accused: tuple[Node, ...] = _part(Reader.nodes, CECOT.accused)
    victims: tuple[Node, ...] = _part(Reader.nodes, CECOT.allegedVictim)
    acts: tuple[Node, ...] = _part(Reader.nodes, CECOT.allegedAct)
    quantities: tuple[Node, ...] = _part(Reader.nodes, CECOT.allegedQuantity)
    policies: tuple[Node, ...] = _part(Reader.nodes, CECOT.aboutPolicy)
    basis: tuple[Node, ...] = _part(Reader.nodes, CECOT.basis)
    said_in: tuple[Node, ...] = _part(Reader.nodes, CECOT.saidIn)
    as_of: tuple[Node, ...] = _part(Reader.nodes, CECOT.asOf)
    saying: tuple[Node, ...] = _part(Reader.nodes, CECOT.saying)
    responds_to: tuple[Node, ...] = _part(Reader.nodes, CECOT.respondsTo)
    repeats: tuple[Node, ...] = _part(Reader.nodes, CECOT.repeats)
    hedge: Texts = _part(Reader.texts, CECOT.hedge)
    readings: Texts = _part(Reader.texts, CECOT.readings)
    speech_act: Texts = _part(Reader.texts, CECOT.speechAct)
    quoted: Texts = _part(Reader.texts, CECOT.quotedText)
    exact: Texts = _part(Reader.texts, CECOT.exact)
    unresolved: Texts = _part(Reader.texts, CECOT.unresolved)
    gloss: Texts = _part(Reader.texts, CECOT.gloss)
    description: Texts = _part(Reader.texts, DCTERMS.description)
    notes: Texts = _part(Reader.texts, SKOS.editorialNote)
    start: int | None = _part(Reader.number, CECOT.start)
    end: int | None = _part(Reader.number, CECOT.end)
    span_hash: str = _part(Reader.code, CECOT.spanHash)
    places: tuple[Place, ...] = ()
    statement: Texts = field(default_factory=Texts)

    @property
    def iri(self) -> str:
        """The IRI of the claim."""
        return self.node.iri

    @property
    def is_asserted(self) -> bool:
        """Whether the text says it in its own voice."""
        return self.status == "Asserted"

    @property
    def is_fact(self) -> bool:
        """Whether it makes a fact: asserted by no party, no answer, and read in one way only."""
        parties = any(place.parties for place in self.places)
        return self.is_asserted and not (self.readings or self.responds_to or parties)

    @property
    def acts_as_said(self) -> tuple[Node, ...]:
        """The acts in the order in which the words of the text name them; others come last.

        An act that is called "other" stands after those from which it tells it apart.
        """
        said = " ".join(each.value for each in (*self.quoted, *self.exact)).casefold()

        def place(act: Node) -> tuple[bool, int, bool]:
            names = [each.value.casefold() for each in act.labels if each.value]
            found = [at for name in names if (at := said.find(name.split()[0])) >= 0]
            is_other = any(name.startswith(("other ", "otra", "otro")) for name in names)
            return not found, min(found, default=0), is_other

        return tuple(sorted(self.acts, key=place))

    @property
    def voice(self) -> tuple[str, ...]:
        """How sure it is said, and by whom: what is the same may be told together."""
        return self.status, *(each.iri for each in self.speakers)

    @property
    def order(self) -> PlaceInText:
        """Where it comes in the order of reading: source, line, its characters, IRI."""
        place = self.places[0] if self.places else None
        source = place.source.iri if place and place.source else ""
        span = self.start or 0, self.end or 0
        return source, (place.line or 0) if place else 0, span, self.iri

    def clause(self, language: str) -> tuple[Piece, ...]:
        """Its triple in words; nothing if it has none."""
        if not (self.subject and self.predicate and self.object):
            return ()
        told = Piece(self.object.named(language), self.object)
        if gloss := self.gloss.only_in(language):
            told = Piece(Text(glossed(told.words.value, gloss.value, language)))
        return clause(self.subject, self.predicate, told, language)

    def pieces(self, language: str) -> tuple[Piece, ...]:
        """What it says, without who says it and how sure: our words, or those that name its parts.

        In our own line, as a statement, in the words of its speaker, by what is alleged, by what it
        answers.
        """
        if self.description:
            return (Piece(self.description.first(language)),)
        if clause := self.clause(language):
            return clause
        if self.quoted:
            return (Piece(self.quoted.first(language)),)
        if self.acts:
            acts = listed((each.named(language).value for each in self.acts), language)
            return (Piece(Text(capitalized(acts))),)
        if self.responds_to and not self.exact:
            # What answers a claim and says nothing else: the act, and that claim with its status.
            act = f"{self.saying[0].label(language)}: " if self.saying else ""
            first = self.responds_to[0]
            return Piece(Text(act)), Piece(first.label(language), first)
        words = self.exact.first(language) if self.exact else self.node.label(language)
        return (Piece(words, None if self.exact else self.node),)

    def said(self, language: str) -> str:
        """What it says, in a line of words: no statement by itself (see ``sentence``)."""
        return "".join(each.words.value for each in self.pieces(language)).rstrip(".")

    def sentence(self, language: str) -> str:
        """The claim as one sentence, with its status and its speaker: it can stand alone.

        The loader writes it (``dataset.derive``); without it the claim is called by its name.
        """
        return self.statement.first(language).value or self.node.label(language).value


PARTS = {each.name: each.metadata["read"] for each in fields(Claim) if each.metadata}
"""What a claim has by one property each: how it is read, by the name of the part."""


def is_of_source(claim: Claim) -> bool:
    """Whether the text itself is the one who says it, with a reservation or without."""
    sources = {each.iri for each in sources_of([claim])}
    return bool(claim.speakers) and all(each.iri in sources for each in claim.speakers)


def sources_of(claims: Iterable[Claim]) -> tuple[Node, ...]:
    """The sources that ``claims`` stand in, by IRI."""
    found = {place.source.iri: place.source for c in claims for place in c.places if place.source}
    return tuple(found[iri] for iri in sorted(found))


def clause(subject: Node, predicate: Node, told: Piece, language: str) -> tuple[Piece, ...]:
    """A triple in words, by the phrase of its property: what stands around its parts, and they."""
    parts = {
        "subject": Piece(subject.named(language), subject),
        "predicate": Piece(predicate.label(language), predicate),
        "object": told,
    }
    phrase = predicate.phrase.first(language).value or PLAIN
    pieces = fill(
        phrase, {name: (each.words.value, each) for name, each in parts.items()}, language
    )
    return tuple(
        Piece(Text(words, part.words.language), part.node) if part else Piece(Text(words))
        for words, part in pieces
    )


def read_claims(engine: Engine, claims: Iterable[NamedNode]) -> list[Claim]:
    """The claims, in the order given; what is no claim is left out.

    Raises what the engine raises.
    """
    chosen = list(dict.fromkeys(claims))
    reader = Reader(fetch(engine, "claims", values={"chosen": chosen}) if chosen else Subgraph())
    return [claim for each in chosen if (claim := claim_of(reader, each))]


def claim_of(reader: Reader, claim: NamedNode) -> Claim | None:
    """The claim ``claim``, which was fetched whole; None if it is no claim."""
    if claim not in reader.kept:
        reader.kept[claim] = _read(reader, claim)
    return cast("Claim | None", reader.kept[claim])


def claims_in(reader: Reader) -> list[Claim]:
    """All claims that were fetched, in the order of reading."""
    found = (claim_of(reader, each) for each in reader.found.subjects_with(CECOT.modality))
    return sorted(filter(None, found), key=lambda each: each.order)


def _read(reader: Reader, claim: NamedNode) -> Claim | None:
    node = reader.node(claim)
    modality = reader.one(claim, CECOT.modality)
    if modality is None and CECOT.Claim not in node.types:
        return None
    passages = reader.nodes(claim, CECOT.passage)
    parts: dict[str, Any] = {name: read(reader, claim, iri) for name, (read, iri) in PARTS.items()}
    return Claim(
        node=node,
        status=modality.iri.removeprefix(str(CECOT)) if modality else "",
        modality=modality,
        is_allegation=CECOT.Allegation in node.types,
        places=tuple(reader.place(each.term) for each in passages),
        statement=reader.texts(claim, CECOT.statement),
        **parts,
    )


@dataclass(frozen=True, slots=True)
class Status:
    """A status: its node with its labels, and what it means."""

    name: str
    node: Node
    meaning: Texts


def read_statuses(engine: Engine) -> Mapping[str, Status]:
    """The statuses of the ontology by name, in their order. Raises what the engine raises."""
    return statuses_in(Reader(fetch(engine, "statuses")))


def statuses_in(reader: Reader) -> Mapping[str, Status]:
    """The statuses that were fetched (the part ``statuses``), by name, in their order."""
    scheme = NamedNode(CECOT.Modalities)
    nodes = (
        reader.node(subject)
        for subject, properties in reader.found.graph.items()
        if scheme in properties.get(SKOS.inScheme, ()) and RDFS.comment in properties
    )
    found = {each.iri.rpartition("#")[2].rpartition("/")[2]: each for each in nodes}
    return {
        name: Status(name, found[name], reader.texts(found[name].term, RDFS.comment))
        for name in sorted(found, key=status_order)
    }
