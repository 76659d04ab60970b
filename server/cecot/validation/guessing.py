"""What somebody may have meant who wrote a name that nothing else knows."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from functools import cached_property

from rdflib import Graph
from rdflib.term import Node, URIRef

from cecot.vocabulary import RDF

_ALIKE = 0.75


class Guess:
    """Guesses names among those that ``data`` describes, or uses as properties again and again."""

    def __init__(self, data: Graph) -> None:
        self._data = data

    def property(self, path: Node) -> URIRef | None:
        """A property in the place of ``path``; None if that is described or often used itself."""
        return None if path in self._properties else self._nearest(path, self._properties)

    def node(self, node: Node) -> URIRef | None:
        """A node in the place of ``node``; None if that has a type itself."""
        return None if node in self._nodes else self._nearest(node, self._nodes)

    @cached_property
    def _nodes(self) -> set[Node]:
        return set(self._data.subjects(RDF.type))

    @cached_property
    def _properties(self) -> set[Node]:
        used = Counter(self._data.predicates())
        described = set(self._data.subjects(RDF.type, RDF.Property))
        return described | {predicate for predicate, times in used.items() if times > 2}

    @staticmethod
    def _nearest(name: Node, known: set[Node]) -> URIRef | None:
        if not isinstance(name, URIRef):
            return None
        matcher = SequenceMatcher(b=_local(name), autojunk=False)
        best: tuple[float, float, URIRef] | None = None
        for other in known:
            if not isinstance(other, URIRef):
                continue
            matcher.set_seq1(_local(other))
            if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
                continue
            alike = matcher.ratio()
            if alike >= _ALIKE:
                # Of names with one local part, the one whose namespace looks most like it.
                whole = SequenceMatcher(a=other, b=name, autojunk=False).ratio()
                best = max(best or (0.0, 0.0, other), (alike, whole, other))
        return best[2] if best else None


def _local(iri: URIRef) -> str:
    return iri.rstrip("#/").replace("#", "/").rpartition("/")[2]
