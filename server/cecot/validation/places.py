"""Where an editor finds what a rule found: file, and line from 1.

Oxigraph keeps no positions, so the files are read once more when something was found. A finding
stands on the line that holds the statement, else where the block of its node begins; a derived
triple stands at its claim, a blank node in the block that leads to it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Protocol

from pyoxigraph import NamedNode
from rdflib.namespace import RDF
from rdflib.term import BNode, Literal, Node, URIRef

from cecot.dataset.content import Place
from cecot.rdf.reading import (
    LINES,
    ONE_A_LINE,
    Block,
    blocks,
    blocks_of_lines,
    decoded,
    ending,
    quads,
    read_bytes,
)
from cecot.validation.data import Data
from cecot.validation.shapes import AnyPath, predicates
from cecot.validation.statements import Said, Statements, blank
from cecot.validation.terms import CECOT

PREFIX = re.compile(r"^\s*@?prefix\s+([^\s:]*):\s*<([^>\s]*)>", re.IGNORECASE | re.MULTILINE)
_MANY = 200
"""Blank nodes among which the most alike is looked for, where none says just the same."""


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
        self._located: dict[Node, list[_Spot]] = {}
        self._taken: set[tuple[int, Node]] = set()
        self._groups: dict[tuple[int, Node, Node], _Group] = {}

    @classmethod
    def of_shapes(cls, data: Data) -> Places:
        """The places of shapes, in their own files."""
        return cls(data, data.files.shapes, data.shapes)

    def of(self, node: Node, path: AnyPath | None, value: Node | None) -> Place | None:
        """File and line of the statement of ``node``, or of ``node``; None if it is in no file."""
        spots = self._spots(node)
        properties = list(predicates(path))
        about = [(spot.blocks[0].path, said) for spot in spots for said in spot.said]
        if not isinstance(path, URIRef):
            about += [
                (block.path, said) for spot in spots for block in spot.blocks for said in block
            ]
        told = [(file, said) for file, said in about if said.predicate in properties]
        exact = ((file, said.line) for file, said in told if self._is(value, said.value))
        derived = (self._claim(node, each) for each in properties)
        return (
            next(exact, None)
            or next((place for place in derived if place), None)
            or next(((file, said.line) for file, said in told), None)
            or next((spot.place for spot in spots), None)
            or self._leading(node)
            or self._referring(node)
        )

    def of_node(self, node: Node) -> Place | None:
        """Where the first block of ``node`` begins."""
        return next((spot.place for spot in self._spots(node)), None)

    @cached_property
    def _blocks(self) -> dict[str, list[_Block]]:
        """All blocks of all files, by subject: a subject may have several."""
        found: defaultdict[str, list[_Block]] = defaultdict(list)
        for path in self._files:
            base = path.absolute().as_uri()
            if ending(path) not in LINES:
                for subject in self._subjects(path, base):
                    found[subject].append(_Block(path))
                continue
            text = decoded(read_bytes(path), str(path))
            one_a_line = ending(path) in ONE_A_LINE
            for block in blocks_of_lines(text) if one_a_line else blocks(text, base):
                found[block.subject].append(_Block(path, text, block))
        return found

    def _subjects(self, path: Path, base: str) -> set[str]:
        """What a file is about that has no lines for it."""
        with quads(path, base) as found:
            return {quad.subject.value for quad in found if isinstance(quad.subject, NamedNode)}

    def _said(self, node: Node) -> frozenset[tuple[Node, Node]]:
        """Predicate and value of each statement about a blank node that a line can show."""
        return _plain(self._saying(node))

    def _is(self, value: Node | None, written: Node) -> bool:
        """Whether what is ``written`` may be what says ``value``."""
        if isinstance(value, BNode):
            return any(written == spot.node for spot in self._spots(value))
        if isinstance(value, Literal) and isinstance(written, Literal) and value != written:
            # The store writes some in another form.
            same = (value.datatype, value.language) == (written.datatype, written.language)
            return same and value.value is not None and value.value == written.value
        return value is None or value == written

    def _spots(self, node: Node) -> list[_Spot]:
        """Where files speak of ``node``; of a blank node it is one place, by what is said there."""
        if isinstance(node, URIRef):
            return [_Spot(node, (block,)) for block in self._blocks.get(str(node), ())]
        if not isinstance(node, BNode):
            return []
        if node not in self._located:
            self._located[node] = self._choose(self._alike(node))
        return self._located[node]

    def _choose(self, spots: list[_Spot]) -> list[_Spot]:
        """One of ``spots``, which all fit: another each time, for there may be as many nodes."""
        keys = [(id(spot.blocks[0]), spot.node) for spot in spots]
        place = next((at for at, key in enumerate(keys) if key not in self._taken), 0)
        self._taken.update(keys[place : place + 1])
        return spots[place : place + 1]

    def _alike(self, node: Node) -> list[_Spot]:
        """The places where files say of a blank node what the data say, as it is reached."""
        above = self._above(node)
        root = above[-1][0] if above else node
        nameless = isinstance(root, BNode)
        spots = self._roots.like(self._said(root)) if nameless else self._spots(root)
        if not above:
            return spots
        below = [node, *(subject for subject, _ in above[:-1])]
        for (_, link), child in zip(reversed(above), reversed(below), strict=True):
            said = self._said(child)
            spots = [each for spot in spots for each in self._under(spot, link).like(said)]
        return spots

    def _under(self, spot: _Spot, link: Node) -> _Group:
        """The blank nodes to which ``link`` leads from ``spot``."""
        key = id(spot.blocks[0]), spot.node, link
        if key not in self._groups:
            self._groups[key] = _Group(
                self._spot(block, said.value)
                for block in spot.blocks
                for said in block.statements.said.get(spot.node, ())
                if said.predicate == link and isinstance(said.value, BNode)
            )
        return self._groups[key]

    def _spot(self, block: _Block, node: Node) -> _Spot:
        """A blank node that ``block`` names; what has a label may have blocks of its own."""
        return self._labelled.get((block.path, str(node))) or _Spot(node, (block,))

    @cached_property
    def _labelled(self) -> dict[tuple[Path, str], _Spot]:
        found: defaultdict[tuple[Path, str], list[_Block]] = defaultdict(list)
        for subject, stated in self._blocks.items():
            for block in stated if subject.startswith("_:") else ():
                found[block.path, subject].append(block)
        return {key: _Spot(BNode(key[1]), tuple(stated)) for key, stated in found.items()}

    @cached_property
    def _roots(self) -> _Group:
        """The blank nodes that statements begin with."""
        nameless = [
            _Spot(blank(block.start), (block,))
            for opening in "[("
            for block in self._blocks.get(opening, ())
        ]
        return _Group([*self._labelled.values(), *nameless])

    def _leading(self, node: Node) -> Place | None:
        """The statement of the node with an IRI that leads to a blank node."""
        above = self._above(node)
        if not above or isinstance(above[-1][0], BNode):
            return None
        return self.of(above[-1][0], above[-1][1], None)

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
        passed: set[Node] = set()
        while isinstance(node, BNode):
            links = [each for each in self._pointing(node) if each[0] not in passed]
            if not links:
                break
            found.append(links[0])
            node = links[0][0]
            passed.add(node)
        return found

    def _referring(self, node: Node) -> Place | None:
        """Where ``node`` is pointed to, for it is the subject of no block."""
        pointing = (self.of_node(subject) for subject, _ in self._pointing(node))
        return min((place for place in pointing if place), default=None)


class _Block:
    """A block of a file; without a text, one of a file that has no lines."""

    def __init__(self, path: Path, text: str = "", block: Block | None = None) -> None:
        self.path = path
        self.line = block.line if block else 0
        self.start = block.start if block else 0
        self._text = text
        self._block = block

    @cached_property
    def statements(self) -> Statements:
        return Statements(self._text, self._block)

    def __iter__(self) -> Iterator[Said]:
        """All statements in it, whatever they are about."""
        return chain.from_iterable(self.statements.said.values())


@dataclass(frozen=True, slots=True)
class _Spot:
    """A node as files write it, and the blocks that speak of it."""

    node: Node
    blocks: tuple[_Block, ...]

    @property
    def said(self) -> list[Said]:
        return [said for each in self.blocks for said in each.statements.said.get(self.node, ())]

    @property
    def place(self) -> Place:
        first = self.blocks[0]
        return first.path, first.statements.opened.get(self.node, first.line)


class _Group:
    """Blank nodes, to be known by what is said of them."""

    def __init__(self, spots: Iterable[_Spot]) -> None:
        self._spots: defaultdict[frozenset[tuple[Node, Node]], list[_Spot]] = defaultdict(list)
        for spot in spots:
            self._spots[_plain((s.predicate, s.value) for s in spot.said)].append(spot)

    def like(self, said: frozenset[tuple[Node, Node]]) -> list[_Spot]:
        """Those of which just this is said, else those of which most is, and at least half."""
        if said in self._spots:
            return self._spots[said]
        ranks = {each: (len(each & said), -len(each - said)) for each in islice(self._spots, _MANY)}
        best = max(ranks.values(), default=(-1, 0))
        if best[0] * 2 < len(said):
            return []
        return [spot for each, rank in ranks.items() if rank == best for spot in self._spots[each]]


def _plain(said: Iterable[tuple[Node, Node]]) -> frozenset[tuple[Node, Node]]:
    return frozenset((how, value) for how, value in said if not isinstance(value, BNode))
