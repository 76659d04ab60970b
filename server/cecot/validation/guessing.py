"""What somebody may have meant who wrote a name that nothing else knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from rdflib import Graph
from rdflib.term import Node, URIRef

from cecot.rdf.likeness import nearest
from cecot.vocabulary import RDF

_RARE = 0.2


class Guess:
    """Guesses names among those that ``data`` describes, or uses again and again."""

    def __init__(self, data: Graph) -> None:
        self._data = data

    def property(self, path: Node) -> URIRef | None:
        """A property in the place of ``path``, if that is not described and rare beside it."""
        if path in self._described:
            return None
        least = self._uses[path] / _RARE
        common = {other for other, uses in self._uses.items() if uses >= least}
        return _nearest(path, (self._described | common) - {path})

    def node(self, node: Node) -> URIRef | None:
        """A node in the place of ``node``, if that has no type itself."""
        return None if node in self._typed else _nearest(node, self._typed)

    @cached_property
    def _typed(self) -> set[Node]:
        return set(self._data.subjects(RDF.type))

    @cached_property
    def _described(self) -> set[Node]:
        return set(self._data.subjects(RDF.type, RDF.Property))

    @cached_property
    def _uses(self) -> Counter[Node]:
        return Counter(self._data.predicates())


def _nearest(name: Node, known: Iterable[Node]) -> URIRef | None:
    """The one name among ``known`` that is most like ``name``; None if two are, or none is."""
    if not isinstance(name, URIRef):
        return None
    found = nearest(name, (other for other in known if isinstance(other, URIRef)))
    return URIRef(found) if found else None
