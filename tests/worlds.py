"""Small worlds and changed ones: a graph put in the place of the real one, under the real rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store, Triple

from cecot.dataset.content import Material
from cecot.dataset.derive import statements
from cecot.dataset.store import export_store
from cecot.rdf.reading import parse_text, read_file
from cecot.rdf.terms import Prefixes
from cecot.validation import Report, validate


def turtle(text: str, prefixes: Prefixes) -> list[Triple]:
    """The triples of ``text``, which declares no prefix: all of the table are known."""
    head = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes.items())
    return parse_text(head + text).triples


def dataset(material: Material) -> Iterator[Quad]:
    """All quads that queries see but for the sentences, in no order, some twice."""
    yield from (Quad(*triple) for triple in material.facts)
    names = material.names
    for name, said in (
        (names.ontology_iri, material.ontology),
        (names.shapes_iri, material.shapes),
    ):
        yield from (Quad(*triple, NamedNode(name)) for triple in said)


def build_store(material: Material) -> Store:
    """A store of ``material``, which stands in no files."""
    store = Store()
    store.bulk_extend(dataset(material))
    store.bulk_extend(list(statements(store)))
    return store


def export(material: Material, name: str) -> bytes:
    """``material`` in the format called ``name``."""
    return export_store(build_store(material), material.prefixes, name)


def overlaid(base: Collection[Triple], more: Collection[Triple]) -> list[Triple]:
    """``base`` with ``more``, which has the last word on each node that it describes."""
    told = {triple.subject for triple in more}
    return [triple for triple in base if triple.subject not in told] + list(more)


def world(material: Material, base: Path, more: Path) -> Material:
    """The rooms of ``material`` with the graph of the file ``base``, overlaid by ``more``.

    What ``more`` says of terms of the ontology is added to the ontology.
    """
    triples = read_file(more).triples
    terms = [t for t in triples if str(t.subject).startswith(f"<{material.names.ontology_iri}#")]
    rooms = replace(material, ontology=(*material.ontology, *terms))
    return rooms.saying(overlaid(read_file(base).triples, [t for t in triples if t not in terms]))


def changed(material: Material, without: str = "", added: str = "") -> Material:
    """``material`` without some statements and with the triples of ``added``, which is Turtle.

    ``without`` holds a subject and a predicate for each line: all their triples go. AssertionError
    if there are none: then the test would test nothing.
    """
    kept = list(material.graph)
    for line in without.strip().splitlines():
        subject, predicate = (_iri(name, material.prefixes) for name in line.split())
        left = [t for t in kept if (t.subject, t.predicate) != (subject, predicate)]
        assert len(left) < len(kept), f"not there: {line}"
        kept = left
    return material.saying([*kept, *turtle(added, material.prefixes)])


def _iri(name: str, prefixes: Prefixes) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(prefixes[prefix] + local)


def fired(material: Material, *texts: Path) -> set[str]:
    """The local names of the shapes that ``material`` breaks, proved against ``texts``."""
    report = validate(material, texts=texts)
    assert report.conforms(strict=True) is not bool(report.findings)
    return names(report)


def names(report: Report) -> set[str]:
    """The local names of the shapes in ``report``."""
    return {finding.rule.iri.rpartition("#")[2] for finding in report.findings}
