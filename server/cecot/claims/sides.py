"""What is said of a thing, side by side: the text itself, and whoever else it lets speak.

A topic is a property, or what is alleged, or what is said in quotation marks alone. Nothing is
weighed: each side stands with its status, its speaker and its words (design: site, 12).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cecot.claims.claim import Claim, is_of_source
from cecot.claims.nodes import Node
from cecot.claims.silence import Silence
from cecot.claims.thing import Profile

ALLEGED, IN_WORDS = "alleged", "in-words"
"""Topics that are no property: what is alleged, and words in quotation marks."""


@dataclass(slots=True)
class Topic:
    """Claims on one topic: ``node`` is its property, else ``kind`` says what it is.

    ``own`` are those of the text's own voice, ``others`` those of whom it reports. ``silence`` is
    set where an editor has listed that no text gives it.
    """

    kind: str
    node: Node | None
    own: list[Claim] = field(default_factory=list)
    others: list[Claim] = field(default_factory=list)
    silence: Silence | None = None


def topics_of(profile: Profile, silences: Iterable[Silence]) -> list[Topic]:
    """The topics on which somebody else speaks of the thing, or nobody does."""
    topics: dict[str, Topic] = {}
    for claim in (claim for group in profile.said.values() for claim in group):
        kind, node = _topic(claim)
        topic = topics.setdefault(kind, Topic(kind, node))
        (topic.own if is_of_source(claim) else topic.others).append(claim)
    facts = [claim for row in profile.rows for fact in row.facts for claim in fact.claims]
    for claim in (*facts, *profile.asserted):
        kind, _ = _topic(claim)
        if kind in topics and claim not in topics[kind].own:
            topics[kind].own.append(claim)
    for silence in silences:
        if silence.property_.iri not in topics:
            topics[silence.property_.iri] = Topic(
                silence.property_.iri, silence.property_, silence=silence
            )
    return list(topics.values())


def _topic(claim: Claim) -> tuple[str, Node | None]:
    if claim.is_allegation:
        return ALLEGED, None
    if claim.predicate:
        return claim.predicate.iri, claim.predicate
    return IN_WORDS, None
