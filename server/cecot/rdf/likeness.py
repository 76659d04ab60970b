"""Which of some known names somebody may have meant who wrote another: IRIs as plain text."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

LEAST = 0.75
"""How much of two names is the same, at least, where one may stand for the other."""


def likest(name: str, known: Iterable[str]) -> list[str]:
    """The IRIs among ``known`` that are like ``name``, the likest first.

    Local names are compared; of two that are the same, the whole IRI decides.
    """
    return [iri for _, iri in _ranked(name, known)]


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one IRI among ``known`` that is most like ``name``; None if two are, or none is."""
    ranked = _ranked(name, known)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1]


def local_name(iri: str) -> str:
    """What stands after the last ``/`` or ``#`` of ``iri``."""
    return iri.rstrip("#/").replace("#", "/").rpartition("/")[2]


def _ranked(name: str, known: Iterable[str]) -> list[tuple[tuple[float, float], str]]:
    matcher = SequenceMatcher(b=local_name(name), autojunk=False)
    found = []
    for other in known:
        matcher.set_seq1(local_name(other))
        if matcher.real_quick_ratio() < LEAST or matcher.quick_ratio() < LEAST:
            continue
        alike = matcher.ratio()
        if alike >= LEAST:
            whole = SequenceMatcher(a=other, b=name, autojunk=False).ratio()
            found.append(((alike, whole), other))
    return sorted(found, key=lambda each: (-each[0][0], -each[0][1], each[1]))
