"""SHACL as queries over the store: one for a constraint and all its focus nodes (SHACL 1.0, 3-6).

What no single query says is done in sets: the value nodes that a shape inside another looks at are
put into a graph of their own, those that do not conform into another, and the outer query asks for
these. What cannot be told exactly is Untranslated, and pySHACL judges it: docs/decisions/0070.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property

import pyoxigraph as ox
from rdflib import RDF, RDFS, BNode, Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from cecot.validation.constraints import (
    Expressions,
    Untranslated,
    as_value,
    exact_term,
    sparql_term,
)
from cecot.validation.focus import Asked, Breach, Sets
from cecot.validation.query_texts import (
    counts,
    declared_prefixes,
    filled,
    forbidden,
    groups,
    mentions,
    with_path,
)
from cecot.validation.report import Found
from cecot.validation.shapes import LISTS, IllFormed, Shapes
from cecot.validation.terms import OxTerm, term

_BATCH = 5000
"""Focus nodes that one query is asked about."""
_NO_LENGTH = re.compile(r"[\w>)]\s*[*?](?![\w])")
"""The end of a path that may lead from a node to itself."""

_UNKNOWN = tuple(URIRef(str(SH) + each) for each in ("js", "expression", "nodeByExpression"))

_NESTED: dict[URIRef, tuple[URIRef, Callable[[int, int], bool]]] = {
    SH.node: (SH.NodeConstraintComponent, lambda broken, _: broken > 0),
    SH["not"]: (SH.NotConstraintComponent, lambda broken, _: broken == 0),
    SH["and"]: (SH.AndConstraintComponent, lambda broken, _: broken > 0),
    SH["or"]: (SH.OrConstraintComponent, lambda broken, of: broken == of),
    SH.xone: (SH.XoneConstraintComponent, lambda broken, of: broken != of - 1),
}
"""Constraints by shapes: the component, and whether a node breaks it that breaks so many of so many
of them."""


class Queries:
    """Asks ``store``, whose default graph is the data, whether it conforms to ``shapes``.

    ``written`` is the same store, or has the data with literals ``as_written``: by these terms are
    told apart. ``graph`` is the name of the shapes in the store.
    """

    def __init__(self, store: ox.Store, shapes: Shapes, *, graph: str, written: ox.Store) -> None:
        self._sets = Sets(written, store)
        self._shapes = shapes
        self._graph = graph
        targets = shapes.graph.objects(None, SH.targetNode)
        respelt = written is not store or any(exact_term(t) != sparql_term(t) for t in targets)
        self._expressions = Expressions(shapes, store, self._sets.put, respelt=respelt)
        self._stack: list[Node] = []
        self._known: dict[tuple[Node, str], list[Breach]] = {}
        self._reaching: dict[tuple[str, str], str] = {}

    def results(self, shape: Node) -> list[Found]:
        """What breaks ``shape`` among its targets.

        Raises Untranslated if ``shape`` holds what queries do not tell exactly.
        """
        return self._asked(shape, shape)

    def _asked(self, targeted: Node, shape: Node) -> list[Found]:
        """What breaks ``shape`` among the targets of ``targeted``."""
        self._refuse(targeted, shape)
        self._stack.clear()
        try:
            scope = self._targets(targeted)
            return [found for _, found in self._breaches(shape, scope)] if scope else []
        finally:
            self._sets.forget()
            self._known.clear()
            self._reaching.clear()

    def parts(self, shape: Node) -> dict[Node, list[Found]]:
        """Of a shape that is Untranslated those of its property shapes that are not, with results.

        They are told apart from the rest only where no constraint looks at them together.
        """
        shapes, told = self._shapes, {}
        inner = shapes.values(shape, SH.property)
        if (
            shapes.value(shape, SH.path) is not None
            or shape in shapes.referred
            or shapes.says(shape, SH.closed)
            or any(shapes.says(part, SH.qualifiedValueShapesDisjoint) for part in inner)
        ):
            return {}
        for part in inner:
            with suppress(Untranslated):
                told[part] = self._asked(shape, part)
        return told

    def _refuse(self, targeted: Node, shape: Node) -> None:
        """Raise Untranslated if ``shape``, or the targets, hold what cannot be told exactly."""
        for each in self._reached(shape):
            for predicate in self._shapes.predicates(each):
                if predicate in _UNKNOWN or predicate in self._component_parameters:
                    raise Untranslated(f"{predicate} in {self._shapes.name(each)}")
        for target in self._shapes.values(targeted, SH.target):
            if self._shapes.value(target, SH.select) is None:
                raise Untranslated(f"the target of {self._shapes.name(targeted)}")

    def _reached(self, shape: Node) -> list[Node]:
        found = [shape]
        for each in found:
            found += dict.fromkeys(s for s in self._shapes.inner(each) if s not in found)
        return found

    @cached_property
    def _component_parameters(self) -> set[Node]:
        """The parameters of the constraint components that the shapes declare (SHACL 6.2)."""
        graph = self._shapes.graph
        return {
            path
            for kind in graph.transitive_subjects(RDFS.subClassOf, SH.ConstraintComponent)
            for component in graph.subjects(RDF.type, kind)
            if not str(component).startswith(str(SH))
            for parameter in graph.objects(component, SH.parameter)
            for path in graph.objects(parameter, SH.path)
        }

    # Targets

    def _targets(self, shape: Node) -> str | None:
        shapes, parts = self._shapes, []
        nodes = shapes.values(shape, SH.targetNode)
        named = [exact_term(node) for node in nodes if not isinstance(node, BNode)]
        if named:
            parts.append(f"VALUES ?f {{ {' '.join(named)} }}")
        parts += [f"BIND ({sparql_term(n)} AS ?f)" for n in nodes if isinstance(n, BNode)]
        parts += [self._expressions.typed("?f", kind) for kind in shapes.target_classes(shape)]
        before = len(parts)
        for prop in shapes.values(shape, SH.targetSubjectsOf):
            parts.append(f"?f {sparql_term(prop)} [] .")
        for prop in shapes.values(shape, SH.targetObjectsOf):
            parts.append(f"[] {sparql_term(prop)} ?f .")
        repeated = len(parts) > before  # a node as often as it has values: each is asked once
        for target in shapes.values(shape, SH.target):
            query = str(shapes.value(target, SH.select))
            parts.append(self._sets.selected(declared_prefixes(shapes, target), query))
        if len(parts) < 2 and not repeated:
            return parts[0] if parts else None
        return self._sets.gathered(" UNION ".join(f"{{ {part} }}" for part in parts), "?f")

    # A shape for all its focus nodes

    def _breaches(self, shape: Node, scope: str) -> list[Breach]:
        """All results of ``shape`` for the nodes of ``scope``, asked once, whoever refers to it."""
        if (shape, scope) not in self._known:
            self._known[shape, scope] = list(self._broken(shape, scope))
        return self._known[shape, scope]

    def _broken(self, shape: Node, scope: str) -> Iterator[Breach]:
        if self._shapes.says(shape, SH.deactivated):
            return
        if shape in self._stack:
            raise Untranslated(f"{self._shapes.name(shape)} refers to itself")
        self._stack.append(shape)
        asked = Asked(self._shapes, shape, scope)
        for component, test in self._expressions.of(shape, asked.value):
            yield from self._told(asked, component, f"{asked.body} FILTER ({test})")
        for rows in (
            self._counts,
            self._terms,
            self._comparisons,
            self._closed,
            self._nested,
            self._properties,
        ):
            yield from rows(asked)
        for constraint in self._shapes.values(shape, SH.sparql):
            yield from self._queried(asked, constraint)
        self._stack.pop()

    def _told(self, asked: Asked, component: URIRef, body: str) -> Iterator[Breach]:
        for focus, value in self._sets.pairs(body, asked.value):
            yield focus, asked.found(component, focus, value)

    def _alone(
        self, asked: Asked, component: URIRef, body: str, tail: str = ""
    ) -> Iterator[Breach]:
        """Results that have no value."""
        for row in self._sets.select(
            f"SELECT {'' if tail else 'DISTINCT '}?f WHERE {{ {body} }} {tail}"
        ):
            yield row["f"], asked.found(component, row["f"])

    def _counts(self, asked: Asked) -> Iterator[Breach]:
        """sh:minCount and sh:maxCount."""
        for least in self._shapes.numbers(asked.shape, SH.minCount):
            body, tail = asked.optional, f"GROUP BY ?f HAVING (COUNT(DISTINCT ?v) < {least})"
            if least == 1 and not asked.nullable:  # half the time of a count
                body = f"{asked.scope} FILTER NOT EXISTS {{ ?f {asked.text} ?v }}"
                tail = ""
            yield from self._alone(asked, SH.MinCountConstraintComponent, body, tail)
        for most in self._shapes.numbers(asked.shape, SH.maxCount):
            tail = f"GROUP BY ?f HAVING (COUNT(DISTINCT ?v) > {most})"
            yield from self._alone(asked, SH.MaxCountConstraintComponent, asked.body, tail)

    def _terms(self, asked: Asked) -> Iterator[Breach]:
        """sh:hasValue and sh:uniqueLang."""
        for value in self._shapes.values(asked.shape, SH.hasValue):
            name = exact_term(value)
            missing = f"!sameTerm(?f, {name})" if asked.includes_focus else "true"
            if asked.path is not None:
                there = f"?f {asked.text} ?x . FILTER (sameTerm(?x, {name}))"
                if not isinstance(value, BNode):
                    there = f"?f {asked.text} {name}"
                missing += f" && NOT EXISTS {{ {there} }}"
            body = f"{asked.scope} FILTER ({missing})"
            yield from self._alone(asked, SH.HasValueConstraintComponent, body)
        if self._shapes.says(asked.shape, SH.uniqueLang):
            body = f"{asked.body} BIND (LCASE(LANG(?v)) AS ?tag) FILTER (?tag != '')"
            tail = "GROUP BY ?f ?tag HAVING (COUNT(DISTINCT ?v) > 1)"
            yield from self._alone(asked, SH.UniqueLangConstraintComponent, body, tail)

    def _comparisons(self, asked: Asked) -> Iterator[Breach]:
        """sh:equals, sh:disjoint, sh:lessThan and sh:lessThanOrEquals."""
        shapes, value = self._shapes, asked.value
        for other in map(sparql_term, shapes.values(asked.shape, SH.equals)):
            component = SH.EqualsConstraintComponent
            body = f"{asked.body} FILTER NOT EXISTS {{ ?f {other} {value} }}"
            yield from self._told(asked, component, body)
            unlike = "!sameTerm(?x, ?f)" if asked.includes_focus else "true"
            if asked.path is not None:
                unlike += f" && NOT EXISTS {{ ?f {asked.text} ?x }}"
            body = f"{asked.scope} ?f {other} ?x . FILTER ({unlike})"
            for focus, found in self._sets.pairs(body, "?x"):
                yield focus, asked.found(component, focus, found)
        for other in map(sparql_term, shapes.values(asked.shape, SH.disjoint)):
            body = f"{asked.body} FILTER EXISTS {{ ?f {other} {value} }}"
            yield from self._told(asked, SH.DisjointConstraintComponent, body)
        for parameter, component, sign in (
            (SH.lessThan, SH.LessThanConstraintComponent, "<"),
            (SH.lessThanOrEquals, SH.LessThanOrEqualsConstraintComponent, "<="),
        ):
            for other in map(sparql_term, shapes.values(asked.shape, parameter)):
                test = self._expressions.unordered(value, sign, "?x")
                body = f"{asked.body} ?f {other} ?x . FILTER ({test})"
                # A result for each pair that is out of order (SHACL 4.5.3).
                for row in self._sets.distinct(f"?f {value} ?x", body):
                    yield row["f"], asked.found(component, row["f"], row[value[1:]])

    def _closed(self, asked: Asked) -> Iterator[Breach]:
        shapes, shape = self._shapes, asked.shape
        if not shapes.says(shape, SH.closed):
            return
        paths = [shapes.value(each, SH.path) for each in shapes.values(shape, SH.property)]
        for head in shapes.values(shape, SH.ignoredProperties):
            paths += shapes.items(head)
        allowed = sorted(each.n3() for each in paths if isinstance(each, URIRef))
        body = f"{asked.body} {asked.value} ?p ?o ."
        if allowed:  # with an empty list Oxigraph drops the row
            body += f" FILTER (?p NOT IN ({', '.join(allowed)}))"
        names = "?f ?p ?o" if asked.path is None else "?f ?v ?p ?o"
        for row in self._sets.distinct(names, body):
            path = URIRef(row["p"].value)
            found = asked.found(SH.ClosedConstraintComponent, row["f"], row["o"], path)
            yield row["f"], replace(found, subject=term(row[asked.value[1:]]))

    # Shapes inside shapes

    def _nested(self, asked: Asked) -> Iterator[Breach]:
        """sh:node, sh:not, sh:and, sh:or, sh:xone, and qualified value shapes."""
        shapes = self._shapes
        for parameter, (component, is_broken) in _NESTED.items():
            for value in shapes.values(asked.shape, parameter):
                inner = shapes.items(value) if parameter in LISTS else [value]
                scope = self._values(asked)
                times = Counter(node for each in inner for node in self._failing(each, scope))
                nodes = {row["f"] for row in self._sets.distinct("?f", scope)}
                bad = [node for node in nodes if is_broken(times[node], len(inner))]
                there = f"EXISTS {{ {self._sets.put(bad, asked.value)} }}"
                yield from self._told(asked, component, f"{asked.body} FILTER {there}")
        for inner_shape in shapes.values(asked.shape, SH.qualifiedValueShape):
            yield from self._qualified(asked, inner_shape)

    def _values(self, asked: Asked) -> str:
        """The value nodes as focus nodes of another shape."""
        if asked.path is None:
            return asked.scope
        key = asked.scope, asked.text
        if key not in self._reaching:
            self._reaching[key] = self._sets.gathered(asked.body, "?v")
        return self._reaching[key]

    def _failing(self, shape: Node, scope: str) -> set[OxTerm]:
        return {focus for focus, _ in self._breaches(shape, scope)}

    def _qualified(self, asked: Asked, inner: Node) -> Iterator[Breach]:
        shapes, shape = self._shapes, asked.shape
        scope = self._values(asked)
        good = {row["f"] for row in self._sets.distinct("?f", scope)}
        good -= self._failing(inner, scope)
        if shapes.says(shape, SH.qualifiedValueShapesDisjoint):
            for sibling in self._siblings(shape, inner):
                good &= self._failing(sibling, scope)
        there = f"FILTER EXISTS {{ {self._sets.put(good, '?v')} }}"
        for least in shapes.numbers(shape, SH.qualifiedMinCount):
            body = f"{asked.scope} OPTIONAL {{ ?f {asked.text} ?v . {there} }}"
            if asked.nullable:
                body = f"{asked.scope} OPTIONAL {{ {asked.body} {there} }}"
            tail = f"GROUP BY ?f HAVING (COUNT(DISTINCT ?v) < {least})"
            yield from self._alone(asked, SH.QualifiedMinCountConstraintComponent, body, tail)
        for most in shapes.numbers(shape, SH.qualifiedMaxCount):
            tail = f"GROUP BY ?f HAVING (COUNT(DISTINCT ?v) > {most})"
            body = f"{asked.body} {there}"
            yield from self._alone(asked, SH.QualifiedMaxCountConstraintComponent, body, tail)

    def _siblings(self, shape: Node, inner: Node) -> set[Node]:
        graph = self._shapes.graph
        return {
            other
            for parent in graph.subjects(SH.property, shape)
            for sibling in graph.objects(parent, SH.property)
            for other in graph.objects(sibling, SH.qualifiedValueShape)
        } - {inner}

    def _properties(self, asked: Asked) -> Iterator[Breach]:
        for inner in self._shapes.values(asked.shape, SH.property):
            if asked.path is None:
                yield from self._breaches(inner, asked.scope)
                continue
            results: defaultdict[OxTerm, list[Found]] = defaultdict(list)
            for value, found in self._breaches(inner, self._values(asked)):
                results[value].append(found)
            if results:
                there = f"FILTER EXISTS {{ {self._sets.put(results, '?v')} }}"
                for focus, value in self._sets.pairs(f"{asked.body} {there}", "?v"):
                    yield from ((focus, found) for found in results[value])

    # Queries of the shapes

    def _queried(self, asked: Asked, constraint: Node) -> Iterator[Breach]:
        """A SPARQL-based constraint (SHACL 5)."""
        shapes = self._shapes
        if shapes.says(constraint, SH.deactivated):
            return
        query = str(shapes.value(constraint, SH.select) or "")
        fault = forbidden(query) if query else "it has no sh:select"
        if fault:
            words = f"The query of {shapes.name(asked.shape)}: {fault}."
            raise IllFormed(words, shape=asked.shape, parameter=SH.select)
        messages = shapes.values(constraint, SH.message) or shapes.values(asked.shape, SH.message)
        text = declared_prefixes(shapes, constraint) + with_path(query, asked.text)
        extra = ""
        for name, node in (("currentShape", asked.shape), ("shapesGraph", URIRef(self._graph))):
            if mentions(query, name):
                extra += f" BIND ({sparql_term(node)} AS ?{name})"
        for nodes, row in self._bound(asked, query, text, extra):
            if str(row.get("failure")) == "true":
                words = f"The query of {shapes.name(asked.shape)} reports a failure."
                raise IllFormed(words, shape=asked.shape, parameter=SH.select)
            terms = {name: term(value) for name, value in row.items()}
            value, path = row.get("value"), terms.get("path")
            told = [terms["message"]] if "message" in terms else messages
            said = [filled(each, terms.get) for each in told if isinstance(each, Literal)]
            for focus in nodes:
                found = asked.found(
                    SH.SPARQLConstraintComponent,
                    focus,
                    focus if value is None and asked.path is None else value,
                    path if isinstance(path, URIRef) else asked.path,
                    said,
                    source=constraint,
                )
                yield focus, found

    def _bound(
        self, asked: Asked, query: str, text: str, extra: str
    ) -> Iterator[tuple[list[OxTerm], dict[str, OxTerm]]]:
        """The rows of the query for all focus nodes, each with those that it is about."""
        spelt: defaultdict[OxTerm, list[OxTerm]] = defaultdict(list)
        for found in self._sets.distinct("?f", asked.scope):
            spelt[as_value(found["f"])].append(found["f"])
        apart = f"{asked.scope} FILTER NOT EXISTS {{ ?f ?p ?o }} FILTER NOT EXISTS {{ ?s ?q ?f }}"
        if _NO_LENGTH.search(text) and any(self._sets.distinct("?f", apart)):
            # Oxigraph goes no way of no length from a node that is not in the graph.
            raise Untranslated(f"a path in the query of {asked.shape}")
        blank = [node for node in spelt if isinstance(node, ox.BlankNode)]
        named = [str(node) for node in spelt if not isinstance(node, ox.BlankNode)]
        size = 1 if counts(query) else _BATCH
        batches = (" ".join(named[start : start + size]) for start in range(0, len(named), size))
        bindings = [f" VALUES ?this {{ {batch} }}" for batch in batches]
        bindings += [f" BIND ({sparql_term(BNode(node.value))} AS ?this)" for node in blank]
        pieces = groups(text)
        for binding in bindings:
            for row in self._sets.rows((binding + extra).join(pieces), query):
                yield spelt[row["this"]] if "this" in row else [], row
