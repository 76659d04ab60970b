"""SHACL as queries over the store: one for a constraint and all its focus nodes (SHACL 1.0, 3-6).

What no single query says is done in sets: the value nodes that a shape inside another looks at are
put into a graph of their own, those that do not conform into another, and the outer query asks for
these. What cannot be told exactly is Untranslated, and pySHACL judges it: docs/decisions/0070.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cached_property

import pyoxigraph as ox
from rdflib import RDF, RDFS, BNode, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from cecot.validation.constraints import Expressions, Untranslated, exact_term, sparql_term
from cecot.validation.focus import Asked, Breach, Focus, Sets
from cecot.validation.prebinding import breaches, declared_prefixes
from cecot.validation.report import Found
from cecot.validation.shapes import Shapes, predicates
from cecot.validation.terms import OxTerm

_UNKNOWN = tuple(URIRef(str(SH) + each) for each in ("js", "expression", "nodeByExpression"))
_PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_SET_PARAMETERS = frozenset(
    {SH.node, SH.property, SH["not"], SH["and"], SH["or"], SH.xone, SH.minCount, SH.maxCount}
    | {SH.hasValue, SH.uniqueLang, SH.closed, SH.qualifiedValueShape, SH.sparql, *_PAIRS}
)


class _Broken(Enum):
    """Of how many shapes must be broken, so that the constraint is."""

    ANY = "sh:and"
    ALL = "sh:or"
    NONE = "sh:not"
    ALL_BUT_ONE = "sh:xone: it is not so that all but one are broken"

    def expression(self, tests: list[str]) -> str:
        """The same of expressions that are true where a shape is broken."""
        match self:
            case _Broken.ANY:
                return " || ".join(f"({test})" for test in tests) or "false"
            case _Broken.ALL:
                return " && ".join(f"({test})" for test in tests) or "true"
            case _Broken.NONE:
                return f"!({tests[0]})"
            case _Broken.ALL_BUT_ONE:
                number = " + ".join(f"IF({test}, 1, 0)" for test in tests)
                return f"({number}) != {len(tests) - 1}"


class Queries:
    """Asks ``store``, whose default graph is the data, whether it conforms to ``shapes``.

    ``respelt`` are the properties with values that the store writes in another form than the files:
    shapes that look at them are not translated. ``graph`` is the name of the shapes in the store.
    """

    def __init__(
        self, store: ox.Store, shapes: Shapes, *, graph: str, respelt: frozenset[str] = frozenset()
    ) -> None:
        self._sets = Sets(store)
        self._shapes = shapes
        self._graph = graph
        self._respelt = respelt
        self._expressions = Expressions(shapes, store)
        self._stack: list[Node] = []

    def results(self, shape: Node) -> tuple[list[Found], list[Node]]:
        """What breaks ``shape`` among its targets, and the property shapes of it that are left.

        Raises Untranslated if ``shape`` itself holds what queries do not tell exactly.
        """
        parts = self._shapes.values(shape, SH.property)
        if self._shapes.path(shape) is not None:
            parts = []
        self._refuse(shape, parts)
        self._stack.clear()
        try:
            scope = self._targets(shape)
            if scope is None:
                return [], []
            found = [found for _, found in self._breaches(shape, scope, parts)]
            left = []
            for part in parts:
                try:
                    self._refuse(part)
                    self._stack[:] = [shape]
                    found += [found for _, found in self._breaches(part, scope)]
                except Untranslated:
                    left.append(part)
            return found, left
        finally:
            self._sets.forget()

    def _refuse(self, shape: Node, parts: Sequence[Node] = ()) -> None:
        """Raise Untranslated if ``shape``, but for ``parts``, holds what cannot be told exactly."""
        for each in self._reached(shape, parts):
            for predicate in self._shapes.predicates(each):
                if predicate in _UNKNOWN or predicate in self._component_parameters:
                    raise Untranslated(f"{predicate} in {self._shapes.name(each)}")
            if not self._respelt.isdisjoint(map(str, self._looked_at(each))):
                raise Untranslated(f"{self._shapes.name(each)} looks at values that were respelt")
        for target in self._shapes.values(shape, SH.target):
            if self._shapes.value(target, SH.select) is None:
                raise Untranslated(f"the target of {self._shapes.name(shape)}")
        for node in self._shapes.values(shape, SH.targetNode):
            exact_term(node)

    def _reached(self, shape: Node, parts: Sequence[Node]) -> list[Node]:
        found = [shape]
        for each in found:
            inner = [s for s in self._shapes.inner(each) if each != shape or s not in parts]
            found += [s for s in inner if s not in found]
        return found

    def _looked_at(self, shape: Node) -> Iterator[Node]:
        yield from predicates(self._shapes.path(shape))
        for parameter in (*_PAIRS, SH.targetObjectsOf):
            yield from self._shapes.values(shape, parameter)

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

    def _targets(self, shape: Node) -> Focus | None:
        shapes, parts = self._shapes, []
        nodes = shapes.values(shape, SH.targetNode)
        named = [sparql_term(node) for node in nodes if not isinstance(node, BNode)]
        if named:
            parts.append(f"VALUES ?f {{ {' '.join(named)} }}")
        parts += [f"BIND ({sparql_term(n)} AS ?f)" for n in nodes if isinstance(n, BNode)]
        classes = shapes.values(shape, SH.targetClass)
        if shapes.is_class(shape):
            classes.append(shape)
        parts += [self._expressions.typed("?f", kind) for kind in classes]
        for prop in shapes.values(shape, SH.targetSubjectsOf):
            parts.append(f"?f {sparql_term(prop)} ?any .")
        for prop in shapes.values(shape, SH.targetObjectsOf):
            parts.append(f"?any {sparql_term(prop)} ?f .")
        selected = shapes.values(shape, SH.target)
        for target in selected:
            query = str(shapes.value(target, SH.select))
            parts.append(self._sets.selected(declared_prefixes(shapes, target), query))
        if not parts:
            return None
        if len(parts) == 1:
            one = len(classes) == 1 and self._expressions.has_one_name(classes[0])
            simple = selected or named or one
            return Focus(parts[0]) if simple else self._sets.gathered(parts[0], "?f")
        return self._sets.gathered(" UNION ".join(f"{{ {part} }}" for part in parts), "?f")

    # A shape for all its focus nodes

    def _breaches(
        self, shape: Node, scope: Focus, without: Sequence[Node] = ()
    ) -> Iterator[Breach]:
        """All results of ``shape`` for the nodes of ``scope``, but for its parts ``without``."""
        if self._shapes.says(shape, SH.deactivated):
            return
        if shape in self._stack:
            raise Untranslated(f"{self._shapes.name(shape)} refers to itself")
        self._stack.append(shape)
        asked = Asked(self._shapes, shape, scope)
        tests = list(self._expressions.of(shape, asked.value))
        if self._may_break(asked, [test for _, test in tests]):
            for component, test in tests:
                yield from self._told(asked, component, f"{asked.body} FILTER ({test})")
            yield from self._counts(asked)
        for rows in (self._terms, self._comparisons, self._closed, self._nested):
            yield from rows(asked)
        yield from self._properties(asked, without)
        for constraint in self._shapes.values(shape, SH.sparql):
            yield from breaches(self._shapes, self._sets, asked, constraint, self._graph)
        self._stack.pop()

    def _may_break(self, asked: Asked, tests: list[str]) -> bool:
        """Whether one of ``tests`` or a count is broken; one query tells it of most shapes."""
        least = list(self._shapes.numbers(asked.shape, SH.minCount))
        most = list(self._shapes.numbers(asked.shape, SH.maxCount))
        pattern = asked.body
        if asked.path is not None and (least or most):
            if asked.nullable or {*least, *most} != {1}:
                return True
            if least:
                pattern = asked.optional
                tests.append("!BOUND(?v)")
            if most:
                tests.append(f"EXISTS {{ ?f {asked.text} ?w . FILTER (!sameTerm(?v, ?w)) }}")
        if len(tests) < 2:
            return bool(tests)
        return self._sets.holds(f"{pattern} FILTER ({' || '.join(tests)})")

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
        if asked.path is None:
            return
        shapes, shape = self._shapes, asked.shape
        for least in shapes.numbers(shape, SH.minCount):
            component = SH.MinCountConstraintComponent
            if least == 1 and not asked.nullable:
                body = f"{asked.scope.pattern} FILTER NOT EXISTS {{ ?f {asked.text} ?v }}"
                yield from self._alone(asked, component, body)
            elif least > 1 or asked.nullable:
                tail = f"GROUP BY ?f HAVING (COUNT(DISTINCT ?v) < {least})"
                yield from self._alone(asked, component, asked.optional, tail)
        for most in shapes.numbers(shape, SH.maxCount):
            tail = f"GROUP BY ?f HAVING (COUNT(DISTINCT ?v) > {most})"
            yield from self._alone(
                asked, SH.MaxCountConstraintComponent, asked.body, tail if most else ""
            )

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
            body = f"{asked.scope.pattern} FILTER ({missing})"
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
            body = f"{asked.scope.pattern} ?f {other} ?x . FILTER ({unlike})"
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
                test = f"!COALESCE({value} {sign} ?x, false)"
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
        allowed = ", ".join(sorted(each.n3() for each in paths if isinstance(each, URIRef)))
        body = f"{asked.body} {asked.value} ?p ?o . FILTER (?p NOT IN ({allowed}))"
        for row in self._sets.distinct("?f ?p ?o", body):
            path = URIRef(row["p"].value)
            yield row["f"], asked.found(SH.ClosedConstraintComponent, row["f"], row["o"], path)

    # Shapes inside shapes

    def _nested(self, asked: Asked) -> Iterator[Breach]:
        """sh:node, sh:not, sh:and, sh:or, sh:xone, and qualified value shapes."""
        shapes, shape = self._shapes, asked.shape
        for inner in shapes.values(shape, SH.node):
            yield from self._breaking(asked, SH.NodeConstraintComponent, [inner], _Broken.ANY)
        for inner in shapes.values(shape, SH["not"]):
            yield from self._breaking(asked, SH.NotConstraintComponent, [inner], _Broken.NONE)
        for parameter, component, broken in (
            (SH["and"], SH.AndConstraintComponent, _Broken.ANY),
            (SH["or"], SH.OrConstraintComponent, _Broken.ALL),
            (SH.xone, SH.XoneConstraintComponent, _Broken.ALL_BUT_ONE),
        ):
            for head in shapes.values(shape, parameter):
                yield from self._breaking(asked, component, shapes.items(head), broken)
        for inner in shapes.values(shape, SH.qualifiedValueShape):
            yield from self._qualified(asked, inner)

    def _breaking(
        self, asked: Asked, component: URIRef, inner: list[Node], broken: _Broken
    ) -> Iterator[Breach]:
        """Results for the value nodes that break as many of ``inner`` as ``broken`` says."""
        if broken is _Broken.ALL_BUT_ONE and len(inner) == 1:
            broken = _Broken.ANY
        if not inner:
            # Of no shapes none conforms: that breaks sh:or and sh:xone, not sh:and.
            if broken is not _Broken.ANY:
                yield from self._told(asked, component, asked.body)
            return
        tests = [self._simple(each, asked.value) for each in inner]
        if None not in tests:
            test = broken.expression([test for test in tests if test is not None])
            yield from self._told(asked, component, f"{asked.body} FILTER ({test})")
            return
        scope = self._values(asked)
        failing = [self._failing(each, scope) for each in inner]
        bad = set.intersection(*failing) if broken is _Broken.ALL else set[OxTerm]().union(*failing)
        if broken is _Broken.ALL_BUT_ONE:
            times = Counter(node for nodes in failing for node in nodes)
            bad = {node for node in bad if times[node] == len(inner) - 1}
        there = f"EXISTS {{ {self._sets.put(bad, asked.value)} }}"
        unless = broken in (_Broken.NONE, _Broken.ALL_BUT_ONE)
        body = f"{asked.body} FILTER ({'!' if unless else ''}{there})"
        yield from self._told(asked, component, body)

    def _simple(self, shape: Node, value: str) -> str | None:
        """An expression: the node breaks ``shape``; None if that takes more than one node."""
        shapes = self._shapes
        if shapes.says(shape, SH.deactivated):
            return "false"
        said = shapes.predicates(shape) & (_SET_PARAMETERS | {SH.path})
        if said - {SH["and"], SH["or"], SH["not"]}:
            return None
        tests: list[str | None] = [test for _, test in self._expressions.of(shape, value)]
        for inner in shapes.values(shape, SH["not"]):
            test = self._simple(inner, value)
            tests.append(test and f"!({test})")
        for parameter, broken in ((SH["and"], _Broken.ANY), (SH["or"], _Broken.ALL)):
            for head in shapes.values(shape, parameter):
                parts = [self._simple(each, value) for each in shapes.items(head)]
                whole = None not in parts
                tests.append(broken.expression([p for p in parts if p]) if whole else None)
        return None if None in tests else _Broken.ANY.expression([test for test in tests if test])

    def _values(self, asked: Asked) -> Focus:
        """The value nodes as focus nodes of another shape."""
        if asked.path is None:
            return asked.scope
        known = asked.scope.values
        if asked.text not in known:
            known[asked.text] = self._sets.gathered(asked.body, "?v")
        return known[asked.text]

    def _failing(self, shape: Node, scope: Focus) -> set[OxTerm]:
        return {focus for focus, _ in self._breaches(shape, scope)}

    def _qualified(self, asked: Asked, inner: Node) -> Iterator[Breach]:
        shapes, shape = self._shapes, asked.shape
        scope = self._values(asked)
        good = {row["f"] for row in self._sets.distinct("?f", scope.pattern)}
        good -= self._failing(inner, scope)
        if shapes.says(shape, SH.qualifiedValueShapesDisjoint):
            for sibling in self._siblings(shape, inner):
                good &= self._failing(sibling, scope)
        there = f"FILTER EXISTS {{ {self._sets.put(good, '?v')} }}"
        for least in shapes.numbers(shape, SH.qualifiedMinCount):
            body = f"{asked.scope.pattern} OPTIONAL {{ ?f {asked.text} ?v . {there} }}"
            if asked.nullable:
                body = f"{asked.scope.pattern} OPTIONAL {{ {asked.body} {there} }}"
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

    def _properties(self, asked: Asked, without: Sequence[Node]) -> Iterator[Breach]:
        for inner in self._shapes.values(asked.shape, SH.property):
            if inner in without:
                continue
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
