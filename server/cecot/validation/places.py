"""Where an editor finds what a rule found: file, and line from 1.

rdflib keeps no positions. A finding stands on the line that holds the statement, else where the
block of its node begins; a derived triple stands at its claim.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rdflib import Graph
from rdflib.paths import AlternativePath
from rdflib.term import Literal, Node, URIRef

from cecot.dataset.content import Material, Place
from cecot.rdf.scanning import subjects
from cecot.validation.report import AnyPath, Found
from cecot.validation.terms import term
from cecot.validation.wording import visible
from cecot.vocabulary import RDF


class Places:
    """The places of nodes and statements of one Material."""

    def __init__(self, material: Material, data: Graph) -> None:
        self._material = material
        self._data = data

    def of(self, found: Found) -> Place | None:
        """File and line of ``found``; None if it is in no file."""
        if found.place or found.node is None:
            return found.place
        predicates = list(_predicates(found.path))
        names = {self._material.prefixes.compact(str(p)) for p in predicates}
        if RDF.type in predicates:
            names.add("a")
        lines = [place for block in self._blocks[str(found.node)] for place in block.lines(names)]
        exact = (place for place, text in lines if self._holds(text, found.value))
        claims = (self._claims.get((found.node, predicate), "") for predicate in predicates)
        derived = (self._material.lines[claim] for claim in claims if claim)
        return (
            next(exact, None)
            or next(derived, None)
            or next((place for place, _ in lines), None)
            or self._material.lines.get(str(found.node))
            or self._referring(found.node)
        )

    @cached_property
    def _blocks(self) -> defaultdict[str, list[_Block]]:
        """All blocks of all files, by subject: a subject may have several."""
        rooms = self._material.rooms
        blocks: defaultdict[str, list[_Block]] = defaultdict(list)
        for path in (*rooms.ontology_files(), *rooms.graph_files(), *rooms.shape_files()):
            text = path.read_text(encoding="utf-8")
            whole = text.splitlines()
            starts = list(subjects(text))
            ends = [line for _, line in starts[1:]] + [len(whole) + 1]
            for (subject, start), end in zip(starts, ends, strict=True):
                # Two statements may share a line.
                part = whole[start - 1 : max(end - 1, start)]
                blocks[subject].append(_Block(path, start, part))
        return blocks

    def _holds(self, text: str, value: Node | None) -> bool:
        if value is None:
            return True
        if isinstance(value, Literal):
            tag = f"@{value.language}" if value.language else ""
            # A file writes what cannot be seen as escapes.
            return tag in text and (str(value) in text or visible(str(value)) in text)
        return self._material.prefixes.compact(str(value)) in text.split() or str(value) in text

    @cached_property
    def _claims(self) -> dict[tuple[Node, Node], str]:
        """The claim from which a fact with this subject and predicate is derived."""
        return {
            (term(triple.subject), term(triple.predicate)): claim
            for triple, claim in reversed(self._material.derived)
            if claim is not None and claim in self._material.lines
        }

    def _referring(self, node: Node) -> Place | None:
        """Where ``node`` is pointed to, for it is the subject of no block."""
        lines = self._material.lines
        pointing = (lines.get(str(subject)) for subject in self._data.subjects(None, node))
        return min((place for place in pointing if place), default=None)


@dataclass(frozen=True, slots=True)
class _Block:
    path: Path
    start: int
    text: list[str]

    def lines(self, predicates: set[str]) -> Iterator[tuple[Place, str]]:
        """The lines with one of ``predicates`` on them, and what they say."""
        for line, text in enumerate(self.text, self.start):
            if not predicates.isdisjoint(text.split()):
                yield (self.path, line), text


def _predicates(path: AnyPath | None) -> Iterator[URIRef]:
    if isinstance(path, URIRef):
        yield path
    elif isinstance(path, AlternativePath):
        yield from (part for part in path.args if isinstance(part, URIRef))
