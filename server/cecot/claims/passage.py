"""The passages of a source in order: what is claimed from each, what is left out (docs: model).

A server that was given the text marks the words of a claim in their sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from cecot.claims.claim import Claim, claims_in, status_order
from cecot.claims.nodes import Node, Place, Reader, Text, Texts, gathered, is_page, read_nodes
from cecot.claims.subgraph import query
from cecot.engine import Engine
from cecot.rdf.terms import count_of, iri_of
from cecot.rooms import SourceTexts
from cecot.sparql.asking import select
from cecot.vocabulary import CECOT, DCTERMS, SKOS, SPDX


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage: where it is, its claims in order, notes on what is left out, citation markers.

    ``text`` is empty where the text is not at hand.
    """

    place: Place
    claims: tuple[Claim, ...]
    notes: Texts
    citations: tuple[Node, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a source is claimed: passages, those with a claim, claims by status."""

    passages: int
    covered: int
    claims: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SourcePages:
    """A source, how many passages it has (as far as it says), and where it stands on the web."""

    node: Node
    passages: str
    pages: tuple[str, ...]


def passages_in(
    reader: Reader, source: NamedNode, texts: SourceTexts, after: int, size: int
) -> tuple[list[Passage], bool]:
    """The first ``size`` passages of ``source`` after line ``after``; whether there are more.

    Of what was fetched for the page of ``source`` from that line on.
    """
    found = reader.found
    parts = (
        each for each in found.subjects_with(DCTERMS.isPartOf) if _is_part(reader, each, source)
    )
    later = (place for place in map(reader.place, parts) if (place.line or 0) > after)
    places = sorted(later, key=lambda each: (each.line or 0, each.passage.iri))
    claims = _by_passage(claims_in(reader))
    shown = [_passage(reader, each, claims, texts) for each in places[:size]]
    return shown, len(places) > size


def passage_in(reader: Reader, place: Place, texts: SourceTexts) -> Passage:
    """The passage at ``place``, for whose page was fetched."""
    return _passage(reader, place, _by_passage(claims_in(reader)), texts)


def neighbours_in(reader: Reader, place: Place) -> tuple[Place | None, Place | None]:
    """The passages before and after the one at ``place``, for whose page was fetched."""
    if place.source is None or place.line is None:
        return None, None
    parts = map(reader.place, reader.found.subjects_with(DCTERMS.isPartOf))
    by_line = {each.line: each for each in parts if each.source == place.source and each.line}
    before = max((line for line in by_line if line < place.line), default=None)
    after = min((line for line in by_line if line > place.line), default=None)
    return by_line[before] if before else None, by_line[after] if after else None


def coverage_of(passages: Iterable[Passage]) -> Coverage:
    """How much of a source is claimed whose ``passages`` these all are."""
    passages = list(passages)
    claims = {claim.iri: claim.status for each in passages for claim in each.claims}
    counts = Counter(sorted(claims.values(), key=status_order))
    return Coverage(len(passages), sum(bool(each.claims) for each in passages), counts)


def read_coverage(engine: Engine, source: NamedNode) -> Coverage:
    """Count what is claimed from ``source``. Raises what the engine raises."""
    claims: dict[str, int] = {}
    for row in select(engine, query("coverage"), source=source):
        if "status" in row:
            claims[iri_of(row["status"]).removeprefix(str(CECOT))] = count_of(row["claims"])
    (row,) = select(engine, query("covered"), source=source)
    ordered = {name: claims[name] for name in sorted(claims, key=status_order)}
    return Coverage(count_of(row["all"]), count_of(row["covered"]), ordered)


def read_sources(engine: Engine, size: int, after: str = "") -> tuple[list[SourcePages], bool]:
    """The first ``size`` sources after the IRI ``after``, by IRI; whether there are more.

    Raises what the engine raises.
    """
    found: dict[NamedNode, tuple[set[str], set[str]]] = {}
    for row in select(engine, query("sources"), after=Literal(after), most=size + 1):
        if isinstance(source := row["source"], NamedNode):
            counts, pages = found.setdefault(source, (set(), set()))
            if isinstance(count := row.get("passages"), Literal):
                counts.add(count.value)
            if "page" in row and is_page(address := iri_of(row["page"])):
                pages.add(address)
    shown = read_nodes(engine, list(found)[:size])
    sources = [
        SourcePages(node, min(counts, default=""), tuple(sorted(pages)))
        for node, (counts, pages) in zip(shown, found.values(), strict=False)
    ]
    return sources, len(found) > size


def _is_part(reader: Reader, passage: NamedNode, source: NamedNode) -> bool:
    types = reader.node(passage).types
    return source in reader.found.objects(passage, DCTERMS.isPartOf) and CECOT.Passage in types


def _passage(
    reader: Reader, place: Place, claims: Mapping[str, list[Claim]], texts: SourceTexts
) -> Passage:
    node, source = place.passage.term, place.source
    words = Text("")
    if texts.by_digest and source and place.start is not None and place.end is not None:
        checksum = reader.one(source.term, SPDX.checksum)
        digest = reader.code(checksum.term, SPDX.checksumValue) if checksum else ""
        span = texts.passage(digest, place.start, place.end, reader.code(node, CECOT.spanHash))
        words = Text(span, reader.code(source.term, DCTERMS.language))
    return Passage(
        place,
        tuple(claims.get(place.passage.iri, ())),
        reader.texts(node, SKOS.editorialNote),
        reader.nodes(node, CECOT.hasCitation),
        words,
    )


def _by_passage(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """The claims by the IRI of each of their passages, in the order of their own IRIs."""
    ordered = sorted(claims, key=lambda each: each.iri)
    return gathered((place.passage.iri, claim) for claim in ordered for place in claim.places)


Digests = Mapping[str, tuple[str, str]]
"""The hash and the language of the text of each source, by the IRI of the source."""


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A passage whose ``words`` carry a claim; they are empty where no span is known."""

    before: str
    words: str
    after: str
    language: str


def read_digests(engine: Engine) -> Digests:
    """What is written down of the text of each source. Raises what the engine raises."""
    return {
        iri_of(row["source"]): (digest.value, getattr(row.get("language"), "value", ""))
        for row in select(engine, query("digests"))
        if isinstance(digest := row["digest"], Literal)
    }


def marked_sentence(texts: SourceTexts, digests: Digests, claim: Claim) -> MarkedSentence | None:
    """The first passage of ``claim`` with its words marked; None where the text is not at hand."""
    for place in claim.places:
        digest, language = digests.get(place.source.iri if place.source else "", ("", ""))
        if not digest or place.start is None or place.end is None:
            continue
        sentence = texts.passage(digest, place.start, place.end)
        if not sentence:
            continue
        start, end = claim.start, claim.end
        if start is None or end is None or not place.start <= start < end <= place.end:
            return MarkedSentence(sentence, "", "", language)
        start, end = start - place.start, end - place.start
        return MarkedSentence(sentence[:start], sentence[start:end], sentence[end:], language)
    return None
