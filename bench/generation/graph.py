"""A whole graph of the number of triples asked for, source after source; or a broken one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from random import Random

from bench.generation import statements
from bench.generation.names import acts
from bench.generation.source import Passage, Source
from bench.generation.terms import Triple, decimal, plain, term, thing, words

PASSAGES = 30
"""Passages of one source, as in the real text."""

_KINDS = (
    (statements.equipment, 14),
    (statements.visit, 10),
    (statements.career, 9),
    (statements.policy, 6),
    (statements.attribution, 3),
    (statements.announcement, 5),
    (statements.allegation, 4),
    (statements.reserve, 1),
)
SHARE = 0.02
"""Of the triples of a broken graph, those that are changed."""

_FACTS = ("cecot:locatedIn", "cecot:count", "cecot:when")
_FUNCTIONS = [kind for kind, _ in _KINDS]
_WEIGHTS = [weight for _, weight in _KINDS]


def generate(triples: int, seed: int) -> Iterator[list[Triple]]:
    """Blocks of triples: first what all share, then sources until ``triples`` are reached.

    The last source ends early; the sum passes ``triples`` by less than two hundred.
    """
    shared = list(_shared())
    yield shared
    left, index = triples - len(shared), 0
    while left > 0:
        block = _source(Source(index, seed), left)
        yield block
        left -= len(block)
        index += 1


def spoilt(triples: int, seed: int) -> Iterator[Triple]:
    """The same triples; of a SHARE of them something is wrong, or something is added."""
    random = Random(seed)
    for block in generate(triples, seed):
        for triple in block:
            if random.random() < SHARE:
                yield from _faulty(triple, block, random)
            else:
                yield triple


def _faulty(triple: Triple, block: list[Triple], random: Random) -> list[Triple]:
    subject, predicate, _ = triple
    other = random.choice(block)
    return random.choice(
        (
            [],
            [triple, (subject, predicate, other[2])],
            [(subject, predicate, other[2])],
            [(subject, predicate, random.choice((plain("?"), words("x", "fr"), decimal(-15))))],
            # A datatype that nobody knows: its values cannot be compared.
            [(subject, predicate, f'"{random.randrange(99)}"^^{thing("nothing")}')],
            [(subject, predicate[:-2] + ">", triple[2])],
            [triple, (other[0], term(random.choice(_FACTS)), random.choice(block)[0])],
        )
    )


def _shared() -> Iterator[Triple]:
    concepts = [(f"act-{at}", "Acts", *labels) for at, labels in enumerate(acts())]
    concepts.append(("type-prison", "FacilityTypes", "Prison", "Prisión"))
    for slug, scheme, english, spanish in concepts:
        yield thing(slug), term("rdf:type"), term("skos:Concept")
        yield thing(slug), term("skos:inScheme"), term(f"cecot:{scheme}")
        yield thing(slug), term("skos:prefLabel"), words(english)
        yield thing(slug), term("skos:prefLabel"), words(spanish, "es")


def _source(source: Source, most: int) -> list[Triple]:
    block = source.entities()
    digest, start, passages = hashlib.sha256(), 0, 0
    while passages < PASSAGES and (passages == 0 or len(block) < most - 11):
        passage = Passage(source, 2 * passages + 1)
        _fill(passage)
        start = passage.close(start + 6)
        digest.update(passage.text[0].encode())
        block += passage.triples
        passages += 1
    block += source.record(passages, digest.hexdigest())
    return block


def _fill(passage: Passage) -> None:
    random = passage.source.random
    if passage.line == 1:
        # The policy of a source stands in an asserted claim from the start: others point to it.
        statements.policy(passage, 0)
        return
    for part in range(random.choice((1, 1, 2, 2))):
        random.choices(_FUNCTIONS, _WEIGHTS)[0](passage, part)
