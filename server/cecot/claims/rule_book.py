"""The rules as documentation: what each looks at, what it asks for, its weight (SHACL)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode

from cecot.claims.nodes import Node, Reader, Texts
from cecot.claims.reference import anchor_of
from cecot.claims.subgraph import Gathered, gather_nodes, iri_of
from cecot.engine import Engine
from cecot.material.content import Names
from cecot.turtle.terms import Term
from cecot.vocabulary import RDF, RDFS, SH

_TARGETS = (str(SH.targetClass), str(SH.targetSubjectsOf), str(SH.targetObjectsOf), str(SH.target))


@dataclass(frozen=True, slots=True)
class Head:
    """What every shape has: ``severity`` is the end of its IRI (``Violation``, ``Warning``)."""

    node: Node
    anchor: str
    compact: str
    names: Texts
    messages: Texts
    comments: Texts
    severity: str


@dataclass(frozen=True, slots=True)
class Part:
    """What a rule asks of one property; ``paths`` are the properties that it looks at.

    Each property comes with its short name.
    """

    head: Head
    paths: tuple[tuple[Node, str], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; its ``parts`` ask something of one property each.

    ``how`` is ``query`` (a query over the whole graph), ``beside`` (checked outside SHACL) or
    ``shape``.
    """

    head: Head
    how: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Rules that look at the same things; at the whole graph where ``targets`` is empty."""

    targets: tuple[tuple[Node, str], ...]
    rules: tuple[Rule, ...]

    @property
    def anchor(self) -> str:
        """The name of the group in a page."""
        return "group-" + ("-".join(name for _, name in self.targets).replace(":", "-") or "whole")


def read_rules(engine: Engine, gathered: Gathered, names: Names) -> tuple[RuleGroup, ...]:
    """The rules that ``gathered`` holds. Raises what the engine raises."""
    terms = {
        each
        for values in gathered.graph.values()
        for objects in values.values()
        for each in objects
        if isinstance(each, NamedNode)
    }
    labels = Reader(gather_nodes(engine, sorted(terms, key=str)))
    return tuple(_Rules(gathered, labels, names).groups())


class _Rules:
    """Reads rules out of their triples."""

    def __init__(self, gathered: Gathered, labels: Reader, names: Names) -> None:
        self.reader, self.labels, self.names = Reader(gathered), labels, names
        self.shapes = [
            node
            for node in sorted(gathered.graph, key=str)
            if isinstance(node, NamedNode) and str(SH.NodeShape) in self._types(node)
        ]

    def groups(self) -> Iterator[RuleGroup]:
        """The groups: those that look at few things first, the whole graph last."""
        found: dict[tuple[str, ...], list[NamedNode]] = {}
        for shape in self.shapes:
            found.setdefault(self._targets(shape), []).append(shape)
        for targets in sorted(found, key=self._place):
            yield RuleGroup(
                tuple((self._target(iri), self._short(iri)) for iri in targets),
                tuple(self._rule(shape) for shape in found[targets]),
            )

    def _place(self, targets: tuple[str, ...]) -> tuple[object, ...]:
        """Few things before many, our own before those of others, the whole graph last."""
        foreign = not all(each.startswith(self.names.ontology_iri.rstrip("#")) for each in targets)
        return not targets, len(targets), foreign, tuple(map(self._short, targets))

    def _short(self, iri: str) -> str:
        return self.names.prefixes.compact(iri)

    def _targets(self, shape: NamedNode) -> tuple[str, ...]:
        nodes = {each.iri for iri in _TARGETS for each in self.reader.nodes(shape, iri) if each.iri}
        return tuple(sorted(nodes))

    def _target(self, iri: str) -> Node:
        own = self.reader.node(NamedNode(iri))
        return own if own.labels else self.labels.node(NamedNode(iri))

    def _rule(self, shape: NamedNode) -> Rule:
        types = self._types(shape)
        objects = self.reader.gathered.objects
        how = "query" if objects(shape, str(SH.sparql)) else "shape"
        if len(types) > 1 and self._is_own_class(types - {str(SH.NodeShape)}):
            how = "beside"
        parts = [each.term for each in self.reader.nodes(shape, str(SH.property)) if each.iri]
        return Rule(
            self._head(shape),
            how,
            tuple(
                Part(
                    self._head(each),
                    tuple((path, self._short(path.iri)) for path in self._paths(each)),
                )
                for each in parts
            ),
        )

    def _head(self, shape: Term) -> Head:
        node = self.reader.node(shape)
        compact = self._short(node.iri)
        severity = next(iter(self.reader.nodes(shape, str(SH.severity))), None)
        return Head(
            node=node,
            anchor=anchor_of(node.iri, self.names.shapes_iri, compact),
            compact=compact,
            names=self.reader.texts(shape, str(SH.name), str(RDFS.label)),
            messages=self.reader.texts(shape, str(SH.message)),
            comments=self.reader.texts(shape, str(RDFS.comment), str(SH.description)),
            severity=(severity.iri if severity else str(SH.Violation)).rpartition("#")[2],
        )

    def _paths(self, shape: Term) -> Iterator[Node]:
        """The properties of a path, however they stand in it."""
        seen: set[Term] = set()
        waiting = list(self.reader.gathered.objects(shape, str(SH.path)))
        while waiting:
            term = waiting.pop(0)
            if term in seen or iri_of(term) == str(RDF.nil):
                continue
            seen.add(term)
            if isinstance(term, BlankNode):
                inner = self.reader.gathered.graph.get(term, {})
                waiting += [each for values in inner.values() for each in values]
            elif iri_of(term):
                yield self.labels.node(term)

    def _is_own_class(self, types: set[str]) -> bool:
        return any(str(RDFS.Class) in self._types(NamedNode(each)) for each in types)

    def _types(self, term: Term) -> set[str]:
        return {iri_of(each) for each in self.reader.gathered.objects(term, str(RDF.type))}
