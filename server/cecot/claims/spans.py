"""The words of a claim in their sentence, for a server that was given the text (design: model)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal

from cecot.claims.claim import Claim
from cecot.claims.queries import query
from cecot.dataset.source_texts import SourceTexts
from cecot.engine import Engine
from cecot.rdf.terms import iri_of
from cecot.sparql.asking import select

Digests = Mapping[str, tuple[str, str]]
"""The hash and the language of the text of each source, by the IRI of the source."""


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A passage whose ``words`` carry a claim; they are empty where no span is known."""

    before: str
    words: str
    after: str
    language: str


def read_digests(engine: Engine, texts: SourceTexts) -> Digests:
    """The texts at hand by their sources; none is looked for where no text was given.

    Raises what the engine raises.
    """
    return digests_of_sources(engine) if texts.by_digest else {}


def digests_of_sources(engine: Engine) -> Digests:
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
        return MarkedSentence(
            sentence[: start - place.start],
            sentence[start - place.start : end - place.start],
            sentence[end - place.start :],
            language,
        )
    return None
