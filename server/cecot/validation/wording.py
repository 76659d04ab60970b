"""A finding's node, path and value in the plain words that stand below its message."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from rdflib import Graph
from rdflib.paths import AlternativePath, InvPath
from rdflib.term import BNode, Literal, Node, URIRef

from cecot.dataset.content import Material
from cecot.validation.guessing import Guess
from cecot.validation.report import AnyPath, Found
from cecot.validation.terms import fill
from cecot.vocabulary import RDF, XSD

_MOST = 3
_PLAIN = {XSD.boolean, XSD.decimal, XSD.integer}


class Wording:
    """Writes terms with the prefixes of ``material``; ``data`` is all that it says."""

    def __init__(self, material: Material, data: Graph) -> None:
        self._prefixes = material.prefixes
        self._base = material.base
        self._graph = material.graph
        self._data = data
        self._guess = Guess(data)

    def of(self, found: Found) -> str:
        """One line: what is there, or what is not, and what may have been meant."""
        return self._said(found) + self._meant(found)

    def _said(self, found: Found) -> str:
        if found.node is None:
            return found.words
        parts = [self.term(found.node)]
        if found.path is not None:
            parts.append(self.path(self._walked(found.path, found.node, found.value)))
        if found.value is not None:
            parts.append(self.term(found.value))
        elif found.path is not None and not found.words:
            values = self._values(found.node, found.path)
            parts = [*parts, self._several(values)] if values else [parts[0], "has no", parts[1]]
        return " ".join(parts) + (f": {found.words}" if found.words else "")

    def term(self, term: Node) -> str:
        """``term`` as Turtle would write it; spaces that look like others are shown as escapes."""
        if isinstance(term, Literal):
            if term.datatype in _PLAIN and not term.ill_typed:
                return str(term)
            datatype = f"^^{self.term(term.datatype)}" if term.datatype else ""
            tag = f"@{term.language}" if term.language else datatype
            return f'"{visible(str(term))}"{tag}'
        if isinstance(term, BNode):
            return "a blank node"
        return self._prefixes.compact(str(term))

    def path(self, path: AnyPath) -> str:
        """``path`` in words: ``cecot:exact or cecot:quotedText``."""
        if isinstance(path, AlternativePath):
            return " or ".join(self.path(part) for part in path.args)
        if isinstance(path, InvPath):
            return f"(incoming) {self.path(path.arg)}"
        if path == RDF.type:
            return "a"
        return self._prefixes.compact(str(path)) if isinstance(path, URIRef) else str(path)

    def _meant(self, found: Found) -> str:
        """A question, if a property or a node is misspelt by the look of it."""
        if found.node is None or not isinstance(found.path, URIRef):
            return ""
        values = [found.value] if found.value else list(self._data.objects(found.node, found.path))
        guesses = [self._guess.property(found.path)] if values else []
        if found.path == RDF.predicate:
            guesses += [self._guess.property(value) for value in values]
        guesses += [self._guess.node(value) for value in values if self._is_ours(value)]
        names = [self.term(guess) for guess in guesses if guess is not None]
        return f" (is {names[0]} meant?)" if names else ""

    def _is_ours(self, value: Node) -> bool:
        return isinstance(value, URIRef) and value.startswith(self._base)

    def _walked(self, path: AnyPath, node: Node, value: Node | None) -> AnyPath:
        """Of a path with alternatives the one that leads from ``node`` to ``value``, if any."""
        if isinstance(path, AlternativePath) and value is not None:
            for part in path.args:
                if isinstance(part, URIRef) and (node, part, value) in self._data:
                    return part
        return path

    def _values(self, node: Node, path: AnyPath) -> list[str]:
        """What the files say; what is derived only where they say nothing."""
        values = set(self._data.objects(node, path))
        written = {each for each in values if (node, path, each) in self._written}
        return sorted(self.term(value) for value in written or values)

    @cached_property
    def _written(self) -> Graph:
        """What the files of ``graph/`` say, without what is derived."""
        return fill(Graph(bind_namespaces="none"), self._graph)

    def _several(self, values: Iterable[str]) -> str:
        shown = list(values)
        more = len(shown) - _MOST
        return ", ".join(shown[:_MOST]) + (f" and {more} more" if more > 0 else "")


def visible(text: str) -> str:
    """``text`` on one line, with every character that cannot be seen as its escape."""
    return "".join(
        char if char == " " or char.isprintable() else f"\\u{ord(char):04X}" for char in text
    ).replace('"', '\\"')
