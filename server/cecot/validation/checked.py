"""What a check beside SHACL is given, and how it names its rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph
from rdflib.term import Literal, Node, URIRef

from cecot.dataset.content import Material
from cecot.validation.report import AnyPath, Found
from cecot.vocabulary import RDF

Check = Callable[["Checked"], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Checked:
    """The material, the same as rdflib's graph, and the files that claim to be texts of sources.

    ``namespace`` begins the IRIs of the rules.
    """

    material: Material
    data: Graph
    namespace: str
    texts: tuple[Path, ...] = ()

    def breach(
        self,
        rule: str,
        node: Node | None,
        words: str,
        *,
        path: AnyPath | None = None,
        value: Node | None = None,
        place: tuple[Path, int] | None = None,
    ) -> Found:
        """A breach of the check called ``rule``; ``words`` say what is wrong here."""
        return Found(
            self.namespace + rule, node=node, path=path, value=value, words=words, place=place
        )

    def instances(self, kind: URIRef) -> list[Node]:
        """All nodes of the class ``kind``, sorted."""
        return sorted(self.data.subjects(RDF.type, kind), key=str)

    def literal(self, node: Node, path: Node) -> Literal | None:
        """The one literal that ``node`` has for ``path``; None if there is none, or several."""
        values = [v for v in self.data.objects(node, path) if isinstance(v, Literal)]
        return values[0] if len(values) == 1 else None

    def literals(self, node: Node, path: Node) -> list[Literal]:
        """All literals that ``node`` has for ``path``, sorted."""
        return sorted(v for v in self.data.objects(node, path) if isinstance(v, Literal))
