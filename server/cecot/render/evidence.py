"""What an answer or a claim rests on, as one record that can be kept without the site.

The query, the rows, the words, the places, the hashes, the version and the caveats: whoever has the
graph of that version and the texts of those hashes can check all of it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cecot.claims.claim import Claim, Status, sources_of
from cecot.claims.overview import SourceInScope
from cecot.claims.passage import Digests, MarkedSentence
from cecot.locale.catalogue import Locale
from cecot.messages import say
from cecot.render.records import Record, claim_record, node_record

CAVEATS = (
    say("It tells what is said, not what is true."),
    say("Only what has the status Asserted is stated by the text in its own, unhedged voice."),
    say("A name of an alleged act, or of something announced, does not say that there is such."),
    say("That a text does not tell something says nothing about whether it is so."),
)
"""What to know before this is used as evidence."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What somebody takes away: ``rows`` is the answer in SPARQL Results JSON, if it has rows.

    ``sentences`` are the sentences of the texts that carry the claims, by the IRI of the claim,
    where the texts are at hand; ``answer`` is the answer in words.
    """

    title: str
    iri: str
    address: str
    citation: str
    version: str
    retrieved: date
    language: str
    claims: tuple[Claim, ...]
    sources: tuple[SourceInScope, ...]
    digests: Digests
    statuses: Mapping[str, Status]
    sentences: Mapping[str, MarkedSentence]
    answer: tuple[str, ...] = ()
    query: str = ""
    rows: Record | None = None


def evidence_record(evidence: Evidence, locale: Locale) -> Record:
    """``evidence`` for programs."""
    return {
        "title": evidence.title,
        "iri": evidence.iri,
        "address": evidence.address,
        "citation": evidence.citation,
        "version": evidence.version,
        "retrieved": evidence.retrieved.isoformat(),
        "language": evidence.language,
        "caveats": caveats(evidence, locale),
        "answer": list(evidence.answer),
        "query": evidence.query or None,
        "rows": evidence.rows,
        "claims": [_claim(evidence, each) for each in evidence.claims],
        "statuses": {
            name: evidence.statuses[name].meaning.first(evidence.language).value
            for name in dict.fromkeys(each.status for each in evidence.claims)
            if name in evidence.statuses
        },
        "sources": [
            {**node_record(each.node), "sha256": digest_of(evidence, each)}
            for each in evidence.sources
        ],
    }


def caveats(evidence: Evidence, locale: Locale) -> list[str]:
    """What to know before it is used: of all such records, then of these sources."""
    notes = (each.notes.first(evidence.language).value for each in evidence.sources)
    return [*map(locale.gettext, CAVEATS), *filter(None, notes)]


def digest_of(evidence: Evidence, source: SourceInScope) -> str:
    """The SHA-256 of the text of ``source``, empty if nobody wrote it down."""
    return next(iter(evidence.digests.get(source.node.iri, ())), "")


def only_sources_of(
    claims: Iterable[Claim], sources: Iterable[SourceInScope]
) -> tuple[SourceInScope, ...]:
    """Those of ``sources`` in which ``claims`` stand."""
    used = {each.iri for each in sources_of(claims)}
    return tuple(each for each in sources if each.node.iri in used)


def _claim(evidence: Evidence, claim: Claim) -> Record:
    found = evidence.sentences.get(claim.iri)
    record = claim_record(claim)
    return {**record, "inTheText": found.before + found.words + found.after} if found else record
