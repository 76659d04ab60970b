"""Where an editor finds what a rule found: file, and line from 1.

rdflib keeps no positions, so a finding stands where the block of its node begins, or on the line of
that block which holds the statement; a derived triple stands at its claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from rdflib import Graph
from rdflib.paths import AlternativePath
from rdflib.term import Literal, Node, URIRef

from cecot.material import Material, Place
from cecot.validation.report import AnyPath, Found
from cecot.validation.terms import term
from cecot.vocabulary import RDF


class Places:
    """The places of nodes and statements of one Material."""

    def __init__(self, material: Material, data: Graph) -> None:
        self._material = material
        self._data = data
        self._texts: dict[Path, list[str]] = {}

    def of(self, found: Found) -> Place | None:
        """File and line of ``found``; None if it is in no file."""
        if found.place or found.node is None:
            return found.place
        predicates = list(_predicates(found.path))
        block = self._material.lines.get(str(found.node))
        if block:
            line = self._statement(block, predicates, found.value)
            if line is not None:
                return block[0], line
        for predicate in predicates:
            claim = self._claims.get((found.node, predicate), "")
            if claim in self._material.lines:
                return self._material.lines[claim]
        return block or self._referring(found.node)

    def _statement(self, block: Place, predicates: list[URIRef], value: Node | None) -> int | None:
        """The line in ``block`` of the first statement with one of ``predicates``, or None.

        With ``value``, of the one that has it, if one does.
        """
        names = {self._material.prefixes.compact(str(p)) for p in predicates}
        if RDF.type in predicates:
            names.add("a")
        found: int | None = None
        for line, text in self._block(block):
            words = text.split(maxsplit=1)
            if len(words) == 2 and words[0] in names:
                if value is None or self._written(value, words[1]):
                    return line
                found = found or line
        return found

    def _block(self, block: Place) -> Iterator[tuple[int, str]]:
        path, start = block
        if path not in self._texts:
            self._texts[path] = path.read_text(encoding="utf-8").splitlines()
        for line, text in enumerate(self._texts[path][start - 1 :], start):
            # In canonical form the subject stands alone, and the block ends in a lone full stop.
            yield line, text
            if text.rstrip().endswith(".") and not text.lstrip().startswith("#"):
                return

    def _written(self, value: Node, text: str) -> bool:
        if isinstance(value, Literal):
            tag = f"@{value.language}" if value.language else ""
            return value.n3() in text or (str(value) in text and tag in text)
        return self._material.prefixes.compact(str(value)) in text.split() or str(value) in text

    @cached_property
    def _claims(self) -> dict[tuple[Node, Node], str]:
        """The claim from which a fact with this subject and predicate is derived."""
        return {
            (term(triple.subject), term(triple.predicate)): claim
            for triple, claim in reversed(self._material.derived)
            if claim
        }

    def _referring(self, node: Node) -> Place | None:
        """Where ``node`` is pointed to, for it is the subject of no block."""
        lines = self._material.lines
        pointing = (lines.get(str(subject)) for subject in self._data.subjects(None, node))
        return min((place for place in pointing if place), default=None)


def _predicates(path: AnyPath | None) -> Iterator[URIRef]:
    if isinstance(path, URIRef):
        yield path
    elif isinstance(path, AlternativePath):
        yield from (part for part in path.args if isinstance(part, URIRef))
