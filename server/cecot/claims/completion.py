"""What the query editor completes, by what it is called: terms of the vocabulary, things, values.

A name is found by the beginnings of its words, in whatever language, and by its initials (HRW).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from cecot.claims.near import are_initials, names_of_things
from cecot.claims.nodes import Node, Reader, Text, Texts
from cecot.claims.queries import query
from cecot.claims.search import folded, words_in
from cecot.claims.subgraph import fetch
from cecot.dataset.description import Description
from cecot.engine import Engine
from cecot.sparql.asking import select

MOST = 5000
"""Terms of one kind that are offered, the most used first."""

MOST_VALUES = 1000
"""Values of one property that are looked at, the most frequent first."""

MOST_OFFERED = 40
"""Things that are offered at once: more is no help to anybody who types."""

CLASS, PROPERTY = "class", "property"


@dataclass(frozen=True, slots=True)
class Completion:
    """A class or a property: ``uses`` is the number of its instances or of its triples."""

    iri: str
    kind: str
    label: str
    uses: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A thing, its class, and the name by which it was found (empty if nothing was typed)."""

    node: Node
    kinds: tuple[Node, ...]
    name: str


def completions(engine: Engine, description: Description, language: str) -> list[Completion]:
    """What the graph uses and what it defines, with labels for a reader of ``language``.

    Sorted by IRI. Raises what the engine raises.
    """
    uses: dict[tuple[str, str], int] = {}
    for kind, parts in ((CLASS, description.classes), (PROPERTY, description.properties)):
        uses |= {(kind, part.iri): part.count for part in parts}
    for row in select(engine, query("terms")):
        named, term = row["kind"], row["term"]
        if isinstance(named, Literal) and isinstance(term, NamedNode):
            uses.setdefault((named.value, term.value), 0)
    offered = [*_most_used(uses, CLASS), *_most_used(uses, PROPERTY)]
    labels = _labels(engine, {iri for _, iri in offered})
    return [
        Completion(iri, kind, labels.get(iri, Texts()).first(language).value, uses[kind, iri])
        for kind, iri in sorted(offered, key=lambda each: each[1])
    ]


def _most_used(uses: dict[tuple[str, str], int], kind: str) -> list[tuple[str, str]]:
    found = [each for each in uses if each[0] == kind]
    return sorted(found, key=lambda each: (-uses[each], each[1]))[:MOST]


def _labels(engine: Engine, iris: Iterable[str]) -> dict[str, Texts]:
    nodes = [NamedNode(iri) for iri in sorted(iris)]
    labels: dict[str, list[Text]] = {}
    for row in select(engine, query("labels"), terms=nodes) if nodes else []:
        term, label = row["term"], row["label"]
        if isinstance(term, NamedNode) and isinstance(label, Literal):
            labels.setdefault(term.value, []).append(Text(label.value, label.language or ""))
    return {
        iri: Texts(tuple(sorted(texts, key=lambda text: (text.language, text.value))))
        for iri, texts in labels.items()
    }


class Completer:
    """The things of one graph by the words of their names; read once, when it is first asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._names: list[tuple[str, tuple[str, ...], NamedNode]] | None = None

    def find(self, typed: str, property_: NamedNode | None = None) -> list[Offer]:
        """Things whose names have words that begin as those ``typed`` do, the likeliest first.

        Values of ``property_`` alone, if there are some that fit: no other would find anything.
        Raises what the engine raises.
        """
        words = tuple(words_in(typed))
        values = self._values(property_) if property_ else {}
        if not words:
            return self._told(dict.fromkeys([*values][:MOST_OFFERED], ""))
        if self._names is None:
            self._names = [
                (name, tuple(words_in(name)), thing)
                for name, thing in names_of_things(self._engine)
            ]
        whole = folded(typed.strip())
        best: dict[NamedNode, tuple[tuple[int, int, str], str]] = {}
        for name, own, thing in self._names:
            how = _fit(words, whole, name, own)
            if how is None:
                continue
            rank = (how, len(name), name)
            if thing not in best or rank < best[thing][0]:
                best[thing] = (rank, name)
        ranked = sorted(best, key=lambda thing: (best[thing][0], thing.value))
        fitting = [thing for thing in ranked if thing in values] or ranked
        return self._told({thing: best[thing][1] for thing in fitting[:MOST_OFFERED]})

    def _values(self, property_: NamedNode) -> dict[NamedNode, None]:
        asked = query("values-of-property")
        rows = select(self._engine, asked, property=property_, most=MOST_VALUES)
        return {row["value"]: None for row in rows if isinstance(row["value"], NamedNode)}

    def _told(self, found: Mapping[NamedNode, str]) -> list[Offer]:
        reader = Reader(fetch(self._engine, mentioned=found))
        nodes = [(reader.node(thing), name) for thing, name in found.items()]
        return [Offer(node, reader.kinds(node.types), name) for node, name in nodes]


def _fit(words: tuple[str, ...], whole: str, name: str, own: tuple[str, ...]) -> int | None:
    """How well a name fits, 0 best: its beginning, its initials, the beginnings of its words."""
    if folded(name).startswith(whole):
        return 0
    if are_initials(whole, name):
        return 1
    if all(any(each.startswith(word) for each in own) for word in words):
        return 2
    return None
