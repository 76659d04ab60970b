"""Where an editor finds what a rule found: file, and line from 1.

Oxigraph keeps no positions, so the files are read once more when something was found. A finding
stands on the line that holds the statement, else where the block of its node begins; a derived
triple stands at its claim, a blank node in the block that leads to it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import chain, islice
from pathlib import Path

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
from cecot.rooms import stamps
from cecot.validation.data import Data
from cecot.validation.shapes import AnyPath, Shapes, predicates
from cecot.validation.statements import Said, Statements, blank
from cecot.validation.terms import CECOT

PREFIX = re.compile(r"^\s*@?prefix\s+([^\s:]*):\s*<([^>\s]*)>", re.IGNORECASE | re.MULTILINE)
_MANY = 200
"""Blank nodes among which the most alike is looked for, where none says just the same."""


class Places:
    """The places of nodes and statements of one Data."""

    def __init__(
        self,
        data: Data,
        files: Iterable[Path] | None = None,
        graph: Data | Shapes | None = None,
    ) -> None:
        self._data = data
        self._files = tuple(data.files.turtle if files is None else files)
        self._pointing = (graph or data).pointing
        self._saying = (graph or data).saying
        self._located: dict[Node, list[_Spot]] = {}
        self._fitting: dict[Node, list[_Spot]] = {}
        self._led: dict[Node, Place | None] = {}
        self._left: dict[int, Iterator[_Spot]] = {}
        self._groups: dict[tuple[int, Node, Node], _Group] = {}

    @classmethod
    def of_shapes(cls, data: Data) -> Places:
        """The places of shapes, in their own files."""
        return cls(data, data.files.shapes, data.shapes)

    def of(self, node: Node, path: AnyPath | None, value: Node | None) -> Place | None:
        """File and line of the statement of ``node``, or of ``node``; None if it is in no file."""
        spots = self._spots(node)
        properties = list(predicates(path))
        said = [spot.own for spot in spots]
        if not isinstance(path, URIRef):
            said += [spot.whole for spot in spots]
        derived = (self._claim(node, each) for each in properties)
        return (
            _first(said, properties, self._written(value))
            or next((place for place in derived if place), None)
            or _first(said, properties, [None])
            or next((spot.place for spot in spots), None)
            or self._leading(node)
            or self._referring(node)
        )

    def of_node(self, node: Node) -> Place | None:
        """Where the first block of ``node`` begins."""
        return next((spot.place for spot in self._spots(node)), None)

    def mark(self, node: Node | None) -> str:
        """The same each time for a node without a name, by what tells it apart in its file."""
        spots = self._spots(node) if isinstance(node, BNode) else ()
        return next((str(spot.node) for spot in spots), "")

    @cached_property
    def _blocks(self) -> dict[str, list[_Block]]:
        """All blocks of all files, by subject: a subject may have several."""
        found: defaultdict[str, list[_Block]] = defaultdict(list)
        for path, stamp in stamps(self._files).items():
            for subject, block in _blocks_in(path, path.absolute(), stamp):
                found[subject].append(block)
        return found

    def _said(self, node: Node) -> frozenset[tuple[Node, Node]]:
        """Predicate and value of each statement about a blank node that a line can show."""
        return _plain(self._saying(node))

    def _written(self, value: Node | None) -> list[object]:
        """How files may write what says ``value``, as ``_Index`` knows it."""
        if isinstance(value, BNode):
            return [spot.node for spot in self._spots(value)]
        return [value, _read(value)]

    def _spots(self, node: Node) -> list[_Spot]:
        """Where files speak of ``node``; of a blank node it is one place, by what is said there."""
        if node not in self._located:
            if isinstance(node, BNode):
                self._located[node] = self._choose(self._alike(node))
            else:
                stated = self._blocks.get(str(node)) if isinstance(node, URIRef) else None
                self._located[node] = [_Spot(node, tuple(stated))] if stated else []
        return self._located[node]

    def _choose(self, spots: list[_Spot]) -> list[_Spot]:
        """One of ``spots``, which all fit: another each time, for there may be as many nodes."""
        left = self._left.setdefault(id(spots), iter(spots))
        chosen = next((spot for spot in left if not spot.taken), None)
        if chosen is None:
            return spots[:1]
        chosen.taken = True
        return [chosen]

    def _alike(self, node: Node) -> list[_Spot]:
        """The places where files say of a blank node what the data say, as it is reached."""
        above = self._above(node, self._fitting)
        way = [node, *(subject for subject, _ in above)]
        root = way.pop()
        if root not in self._fitting:
            nameless = isinstance(root, BNode)
            found = self._roots.like(self._said(root)) if nameless else self._spots(root)
            self._fitting[root] = found
        for (subject, link), child in zip(reversed(above), reversed(way), strict=True):
            said = self._said(child)
            spots = [self._under(spot, link).like(said) for spot in self._fitting[subject]]
            self._fitting[child] = spots[0] if len(spots) == 1 else [*chain.from_iterable(spots)]
        return self._fitting[node]

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
        above = self._above(node, self._led)
        top = above[-1][0] if above else node
        if isinstance(top, BNode):
            place = self._led.get(top)
        else:
            place = self.of(top, above[-1][1], None) if above else None
        way = (node, *(subject for subject, _ in above))
        self._led.update({each: place for each in way if isinstance(each, BNode)})
        return place

    def _claim(self, subject: Node, predicate: Node) -> Place | None:
        """The claim from which a fact with this subject and predicate is derived."""
        about = self._data.subjects(RDF.subject, subject)
        claims = sorted(
            (claim for claim in about if (claim, RDF.predicate, predicate) in self._data), key=str
        )
        asserted = [c for c in claims if (c, CECOT.modality, CECOT.Asserted) in self._data]
        return next((self.of_node(claim) for claim in (*asserted, *claims)), None)

    def _above(self, node: Node, known: Container[Node] = ()) -> list[tuple[Node, URIRef]]:
        """The statements that lead to a blank node, up to one that begins with an IRI or is known.

        A list is walked once, not once for each of its members.
        """
        found: list[tuple[Node, URIRef]] = []
        passed: set[Node] = set()
        while isinstance(node, BNode) and node not in known:
            link = next((each for each in self._pointing(node) if each[0] not in passed), None)
            if link is None:
                break
            found.append(link)
            node = link[0]
            passed.add(node)
        return found

    def _referring(self, node: Node) -> Place | None:
        """Where ``node`` is pointed to, for it is the subject of no block."""
        pointing = (self.of_node(subject) for subject, _ in self._pointing(node))
        return min((place for place in pointing if place), default=None)


@lru_cache(maxsize=128)
def _blocks_in(path: Path, whole: Path, _stamp: tuple[int, int]) -> list[tuple[str, _Block]]:
    """The blocks of a file with what each is about, kept for who validates again as one writes."""
    base = whole.as_uri()
    if ending(path) not in LINES:
        with quads(path, base) as stated:
            subjects = {each.subject for each in stated if isinstance(each.subject, NamedNode)}
        return [(each.value, _Block(path)) for each in subjects]
    text = decoded(read_bytes(path), str(path))
    found = blocks_of_lines(text) if ending(path) in ONE_A_LINE else blocks(text, base)
    return [(block.subject, _Block(path, text, block)) for block in found]


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

    @cached_property
    def index(self) -> _Index:
        """All statements in it."""
        return _Index((self.path, said) for said in self)


class _Spot:
    """A node as files write it, and the blocks that speak of it."""

    def __init__(self, node: Node, blocks: tuple[_Block, ...]) -> None:
        self.node = node
        self.blocks = blocks
        self.taken = False

    @property
    def said(self) -> Iterator[tuple[Path, Said]]:
        """What is said of the node, with the file."""
        for block in self.blocks:
            yield from ((block.path, said) for said in block.statements.said.get(self.node, ()))

    @cached_property
    def own(self) -> _Index:
        """What is said of the node."""
        return _Index(self.said)

    @cached_property
    def whole(self) -> _Index:
        """What the blocks say, of other nodes too."""
        if len(self.blocks) == 1:
            return self.blocks[0].index  # which its blank nodes share
        return _Index((block.path, said) for block in self.blocks for said in block)

    @property
    def place(self) -> Place:
        first = self.blocks[0]
        return first.path, first.statements.opened.get(self.node, first.line)


class _Index:
    """The first place of each predicate and value among statements; a value of None is any."""

    def __init__(self, statements: Iterable[tuple[Path, Said]]) -> None:
        self._places: dict[tuple[Node, object], tuple[int, Place]] = {}
        for number, (file, said) in enumerate(statements):
            for value in (None, said.value, _read(said.value)):
                self._places.setdefault((said.predicate, value), (number, (file, said.line)))

    def first(self, properties: list[URIRef], values: list[object]) -> Place | None:
        """The place of the first statement that has one of each."""
        found = (self._places.get((how, value)) for how in properties for value in values)
        return min((each for each in found if each), default=(0, None))[1]


def _first(said: list[_Index], properties: list[URIRef], values: list[object]) -> Place | None:
    return next(filter(None, (each.first(properties, values) for each in said)), None)


def _read(value: Node | None) -> object:
    """What ``value`` means: the store writes some literals in another form."""
    if isinstance(value, Literal) and value.value is not None:
        return value.datatype, value.language, value.value
    return value


class _Group:
    """Blank nodes, to be known by what is said of them."""

    def __init__(self, spots: Iterable[_Spot]) -> None:
        self._spots: defaultdict[frozenset[tuple[Node, Node]], list[_Spot]] = defaultdict(list)
        for spot in spots:
            self._spots[_plain((s.predicate, s.value) for _, s in spot.said)].append(spot)

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
