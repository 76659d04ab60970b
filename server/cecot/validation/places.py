"""Where an editor finds what a rule found: file, and line from 1.

Oxigraph keeps no positions, so the files are read once more when something was found. A finding
stands on the line that holds the statement, else where the block of its node begins; a derived
triple stands at its claim, a blank node in the block that leads to it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Protocol

from pyoxigraph import NamedNode
from rdflib.namespace import RDF
from rdflib.term import BNode, Literal, Node, URIRef

from cecot.dataset.content import Place
from cecot.rdf.reading import (
    LINES,
    ONE_A_LINE,
    brackets,
    decoded,
    ending,
    quads,
    read_bytes,
    subjects,
    subjects_of_lines,
)
from cecot.validation.data import Data
from cecot.validation.shapes import AnyPath, predicates
from cecot.validation.terms import CECOT
from cecot.validation.wording import visible

PREFIX = re.compile(r"^\s*@?prefix\s+([^\s:]*):\s*<([^>\s]*)>", re.IGNORECASE | re.MULTILINE)
_MANY = 200
_WORD = re.compile(r'<[^<>\s"]*>|[^\s;,\[\](){}"]+')


class _Graph(Protocol):
    def pointing(self, value: Node) -> Iterator[tuple[Node, URIRef]]:
        """Subject and predicate of the triples with ``value``."""

    def saying(self, subject: Node) -> Iterator[tuple[URIRef, Node]]:
        """Predicate and value of the triples with ``subject``."""


class Places:
    """The places of nodes and statements of one Data."""

    def __init__(
        self,
        data: Data,
        files: Iterable[Path] | None = None,
        graph: _Graph | None = None,
    ) -> None:
        self._data = data
        self._files = tuple(data.files.turtle if files is None else files)
        self._pointing = (graph or data).pointing
        self._saying = (graph or data).saying

    @classmethod
    def of_shapes(cls, data: Data) -> Places:
        """The places of shapes, in their own files."""
        return cls(data, data.files.shapes, data.shapes)

    def of(self, node: Node, path: AnyPath | None, value: Node | None) -> Place | None:
        """File and line of the statement of ``node``, or of ``node``; None if it is in no file."""
        above = self._above(node)
        subject = above[-1][0] if above else node
        properties = list(predicates(path))
        blocks = self._blocks.get(str(subject), [])
        if above:
            blocks = [block.around(self._said(node)) for block in blocks]
        lines = [(block, *line) for block in blocks for line in block.lines(properties)]
        exact = ((block.path, line) for block, line, text in lines if block.holds(value, text))
        derived = (self._claim(node, each) for each in properties)
        leading = (
            (block.path, line)
            for block in blocks
            for _, link in above[-1:]
            for line, _ in block.lines([link])
        )
        inside = (block.place for block in blocks if above and block.start > block.first)
        return (
            next(exact, None)
            or next((place for place in derived if place), None)
            or next(((block.path, line) for block, line, _ in lines), None)
            or next(inside, None)
            or next(leading, None)
            or self.of_node(subject)
            or self._referring(node)
        )

    def of_node(self, node: Node) -> Place | None:
        """Where the first block of ``node`` begins."""
        blocks = self._blocks.get(str(node))
        return blocks[0].place if blocks else None

    @cached_property
    def _blocks(self) -> dict[str, list[_Block]]:
        """All blocks of all files, by subject: a subject may have several."""
        blocks: defaultdict[str, list[_Block]] = defaultdict(list)
        for path in self._files:
            if ending(path) not in LINES:
                for subject in self._subjects(path):
                    blocks[subject].append(_Block(path, (), [], 0, 0))
                continue
            text = decoded(read_bytes(path), str(path))
            whole = text.split("\n")
            names = tuple((name, iri) for name, iri in PREFIX.findall(text) if iri)
            stated = subjects_of_lines(whole) if ending(path) in ONE_A_LINE else subjects(text)
            starts = [next(same) for _, same in groupby(stated, key=itemgetter(0))]
            ends = [line for _, line in starts[1:]] + [len(whole) + 1]
            # A file may begin no statement at all.
            for (subject, start), end in zip(starts, ends, strict=False):
                # Two statements may share a line.
                blocks[subject].append(_Block(path, names, whole, start, max(end, start + 1)))
        return blocks

    def _subjects(self, path: Path) -> set[str]:
        """What a file is about that has no lines for it."""
        with quads(path, path.absolute().as_uri()) as found:
            return {quad.subject.value for quad in found if isinstance(quad.subject, NamedNode)}

    def _said(self, node: Node) -> list[tuple[URIRef, Node]]:
        """Predicate and value of each statement about a blank node that a line can show."""
        return [(how, value) for how, value in self._saying(node) if not isinstance(value, BNode)]

    def _claim(self, subject: Node, predicate: Node) -> Place | None:
        """The claim from which a fact with this subject and predicate is derived."""
        about = self._data.subjects(RDF.subject, subject)
        claims = sorted(
            (claim for claim in about if (claim, RDF.predicate, predicate) in self._data), key=str
        )
        asserted = [c for c in claims if (c, CECOT.modality, CECOT.Asserted) in self._data]
        return next((self.of_node(claim) for claim in (*asserted, *claims)), None)

    def _above(self, node: Node) -> list[tuple[Node, URIRef]]:
        """The statements that lead to a blank node, up to the one that begins with an IRI."""
        found: list[tuple[Node, URIRef]] = []
        while isinstance(node, BNode):
            links = [each for each in self._pointing(node) if each[0] not in dict(found)]
            if not links:
                break
            found.append(links[0])
            node = links[0][0]
        return found

    def _referring(self, node: Node) -> Place | None:
        """Where ``node`` is pointed to, for it is the subject of no block."""
        pointing = (self.of_node(subject) for subject, _ in self._pointing(node))
        return min((place for place in pointing if place), default=None)


@dataclass(frozen=True, slots=True)
class _Block:
    path: Path
    prefixes: tuple[tuple[str, str], ...]
    whole: list[str]
    start: int
    end: int
    first: int = 0

    @property
    def place(self) -> Place:
        return self.path, self.start

    def around(self, said: list[tuple[URIRef, Node]]) -> _Block:
        """The part of the block in the brackets that hold most of what is ``said``."""
        best, most = replace(self, first=self.start), 0
        for start, end in self._brackets():
            part = replace(self, start=start, end=end + 1, first=self.start)
            held = sum(
                any(part.holds(value, text) for _, text in part.lines([how])) for how, value in said
            )
            shorter = end - start < best.end - best.start
            if held > most or (held == most > 0 and shorter):
                best, most = part, held
        return best

    def _brackets(self) -> list[tuple[int, int]]:
        """The lines on which the brackets in the block open and close; of very many none."""
        text = "\n".join(self.whole[self.start - 1 : self.end - 1])
        found = list(brackets(text))
        return [(self.start + a, self.start + b) for a, b in found] if len(found) < _MANY else []

    def lines(self, properties: list[URIRef]) -> Iterator[tuple[int, str]]:
        """The lines with one of ``properties`` on them."""
        for number in range(self.start, self.end):
            text = self.whole[number - 1]
            if any(self.names(each, text) for each in properties):
                yield number, text

    def holds(self, value: Node | None, text: str) -> bool:
        """Whether ``text`` may be what says ``value``."""
        if isinstance(value, Literal):
            tag = f"@{value.language}" if value.language else ""
            # A file writes what cannot be seen as escapes.
            words = str(value), visible(str(value))
            return tag in text.lower() and any(each in text for each in words)
        return value is None or isinstance(value, BNode) or self.names(value, text)

    def names(self, node: Node, text: str) -> bool:
        """Whether ``text`` names ``node``, with a prefix or as a whole."""
        iri = str(node)
        words = {word.rstrip(".") for word in _WORD.findall(text)}
        return (
            f"<{iri}>" in words
            or (node == RDF.type and "a" in words)
            or any(
                iri.startswith(start) and f"{prefix}:{iri[len(start) :]}" in words
                for prefix, start in self.prefixes
            )
        )
