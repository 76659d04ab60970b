"""Broken graphs: the synthetic ones with some of their triples changed, the same for each seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

from bench.generation.terms import Triple, decimal, plain, term, thing, words

SHARE = 0.02


_FACTS = ("cecot:locatedIn", "cecot:count", "cecot:when")


def spoilt(blocks: Iterable[list[Triple]], seed: int, share: float = SHARE) -> Iterator[Triple]:
    """The triples of ``blocks``; of ``share`` of them something is wrong, or something is added."""
    random = Random(seed)
    for block in blocks:
        for triple in block:
            if random.random() < share:
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
