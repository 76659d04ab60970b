"""Small worlds and changed ones: a graph put in the place of the real one, under the real rules."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from pyoxigraph import BlankNode, Triple

from cecot.material import Material
from cecot.prefixes import Prefixes
from cecot.reading import parse_text, read_file
from cecot.validation import Report, validate


def turtle(text: str, prefixes: Prefixes) -> list[Triple]:
    """The triples of ``text``, which declares no prefix: all of the table are known."""
    head = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes.items())
    return parse_text(head + text).triples


def overlaid(base: Collection[Triple], more: Collection[Triple]) -> list[Triple]:
    """``base`` with ``more``, which has the last word on each node that it describes."""
    told = {triple.subject for triple in more}
    return [triple for triple in base if triple.subject not in told] + list(more)


def world(material: Material, base: Path, more: Path) -> Material:
    """The rooms of ``material`` with the graph of the file ``base``, overlaid by ``more``.

    What ``more`` says of terms of the ontology is added to the ontology.
    """
    triples = read_file(more).triples
    terms = [t for t in triples if str(t.subject).startswith(f"<{material.ontology_iri}#")]
    rooms = replace(material, ontology=(*material.ontology, *terms))
    return rooms.saying(overlaid(read_file(base).triples, [t for t in triples if t not in terms]))


def changed(material: Material, *, removed: str = "", added: str = "") -> Material:
    """``material`` without the triples of ``removed`` and with those of ``added``, both Turtle.

    AssertionError if a triple to be removed is not there: then the test would test nothing.
    """
    gone = set(turtle(removed, material.prefixes))
    assert gone <= set(material.graph), f"not there: {gone - set(material.graph)}"
    new = turtle(added, material.prefixes)
    assert not any(isinstance(triple.subject, BlankNode) for triple in new) or "[" in added
    return material.saying([*(t for t in material.graph if t not in gone), *new])


def fired(material: Material, **options: Collection[Path]) -> set[str]:
    """The local names of the shapes that ``material`` breaks."""
    return names(validate(material, texts=tuple(options.get("texts", ()))))


def names(report: Report) -> set[str]:
    """The local names of the shapes in ``report``."""
    return {finding.rule.iri.rpartition("#")[2] for finding in report.findings}
