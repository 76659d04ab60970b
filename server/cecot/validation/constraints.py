"""Constraints that look at one value node alone, as SPARQL expressions (SHACL 1.0, 4.1 to 4.6).

An expression is true where the value node breaks the constraint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from itertools import count
from numbers import Number
from operator import ge, gt, le, lt
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, RDFS, XSD, BNode, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from cecot.sparql.deviations import as_rust
from cecot.validation.shapes import IllFormed, Shapes
from cecot.validation.terms import (
    NO_VALUE,
    WRITTEN,
    OxTerm,
    declared,
    from_rdflib,
    is_value,
    plain,
    solutions,
    term,
)

_OURS = "urn:x-cecot:"
_NODE, _IS_VALUE, _COMPARED = (f"<{_OURS}{each}>" for each in ("node", "is-value", "compared"))

NODE_KINDS: dict[Node, str] = {
    SH.IRI: "I",
    SH.Literal: "L",
    SH.BlankNode: "B",
    SH.BlankNodeOrIRI: "BI",
    SH.BlankNodeOrLiteral: "BL",
    SH.IRIOrLiteral: "IL",
}
_KIND_TESTS = {"I": "isIRI", "L": "isLiteral", "B": "isBlank"}
_BOUNDS = (
    (SH.minExclusive, SH.MinExclusiveConstraintComponent, ">"),
    (SH.minInclusive, SH.MinInclusiveConstraintComponent, ">="),
    (SH.maxExclusive, SH.MaxExclusiveConstraintComponent, "<"),
    (SH.maxInclusive, SH.MaxInclusiveConstraintComponent, "<="),
)
_LENGTHS = (
    (SH.minLength, SH.MinLengthConstraintComponent, "<"),
    (SH.maxLength, SH.MaxLengthConstraintComponent, ">"),
)
_OPERATORS = {"<": lt, "<=": le, ">": gt, ">=": ge}
_ORDERED = (bool, Number, datetime)
"""What Python compares, where Oxigraph does not; that of dates rdflib loses the time zone."""
_ANY_TEXT = {XSD.string, RDF.langString}
_FEW = 20
"""Members of a sh:in that are compared one by one; more are looked up, which takes longer for few
and the same for thousands."""
_OF_XPATH = re.compile(r"(?<!\\)(?:\\\\)*(\\[iIcC]|\\[pP]\{\w+\})")
"""Escapes that neither Oxigraph nor Python reads (XPath and XQuery Functions 3.1, 5.6.1)."""
_NUMBERS = {XSD.integer, XSD.decimal, XSD.double, XSD.float}
_NARROWER = {
    str(XSD[each])
    for each in (
        *("long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort"),
        *("unsignedByte", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        "nonNegativeInteger",
    )
}
"""Integers in bounds, of which Oxigraph reads any integer."""


class Untranslated(Exception):
    """The shape holds what queries do not tell exactly."""


class Expressions:
    """Writes the tests of ``shapes``; classes are those of ``store``.

    ``respelt`` says whether value nodes may be literals ``as_written``. ``put`` gives a pattern
    that holds where a variable is one of some nodes.
    """

    def __init__(
        self,
        shapes: Shapes,
        store: ox.Store,
        put: Callable[[Iterable[OxTerm], str], str],
        *,
        respelt: bool = False,
    ) -> None:
        self._shapes = shapes
        self._store = store
        self._put = put
        self._respelt = respelt
        self._numbers = count(1)

    def of(self, shape: Node, value: str) -> Iterator[tuple[URIRef, str]]:
        """Component and test of each constraint of ``shape`` on the variable ``value``."""
        yield from self._kinds(shape, value)
        yield from self._ranges(shape, value)
        yield from self._strings(shape, value)
        for head in self._shapes.values(shape, SH["in"]):
            listed = self._shapes.items(head)
            if len(listed) > _FEW:
                members = map(exact, listed)
                yield SH.InConstraintComponent, f"NOT EXISTS {{ {self._put(members, value)} }}"
                continue
            names = [exact_term(member) for member in listed]
            iris = [each for each in names if each.startswith("<") and "(" not in each]
            tests = [f"sameTerm({value}, {each})" for each in names if each not in iris]
            if iris:
                tests.append(f"(isIRI({value}) && {value} IN ({', '.join(iris)}))")
            yield SH.InConstraintComponent, f"!({_either(tests)})"

    def _kinds(self, shape: Node, value: str) -> Iterator[tuple[URIRef, str]]:
        shapes = self._shapes
        for kind in shapes.values(shape, SH["class"]):
            yield SH.ClassConstraintComponent, f"NOT EXISTS {{ {self.typed(value, kind)} }}"
        for datatype in shapes.values(shape, SH.datatype):
            yield SH.DatatypeConstraintComponent, self._other_datatype(value, datatype)
        for kind in shapes.values(shape, SH.nodeKind):
            letters = NODE_KINDS.get(kind)
            if letters is None:
                raise IllFormed(f"{shapes.name(shape)} has the sh:nodeKind {kind}.", shape=shape)
            tests = [f"{_KIND_TESTS[letter]}({value})" for letter in letters]
            yield SH.NodeKindConstraintComponent, f"!({' || '.join(tests)})"

    def _ranges(self, shape: Node, value: str) -> Iterator[tuple[URIRef, str]]:
        shapes = self._shapes
        for parameter, component, operator in _BOUNDS:
            for bound in shapes.values(shape, parameter):
                has_order = _has_order(from_rdflib(bound))
                bounded = self.unordered(value, operator, sparql_term(bound))
                yield component, bounded if has_order else "true"

    def _strings(self, shape: Node, value: str) -> Iterator[tuple[URIRef, str]]:
        shapes = self._shapes
        for parameter, component, operator in _LENGTHS:
            for length in shapes.numbers(shape, parameter):
                if length or operator == ">":
                    test = f"(isBlank({value}) || STRLEN(STR({value})) {operator} {length})"
                    yield component, test
        for pattern in shapes.values(shape, SH.pattern):
            yield SH.PatternConstraintComponent, self._no_match(shape, value, str(pattern))
        for head in shapes.values(shape, SH.languageIn):
            tags = [f"LANGMATCHES(LANG({value}), {sparql_term(t)})" for t in shapes.items(head)]
            test = f"!(isLiteral({value}) && LANG({value}) != '' && ({_either(tags)}))"
            yield SH.LanguageInConstraintComponent, test

    def typed(self, node: str, kind: Node) -> str:
        """A pattern: the variable ``node`` is an instance of ``kind``, or of a subclass.

        Two of them may meet in one query, as target and constraint: each has its own variable.
        """
        names = [sparql_term(each) for each in subclasses(self._store, kind)]
        if len(names) == 1 and not isinstance(kind, BNode):
            return f"{node} {RDF.type.n3()} {names[0]} ."
        # FILTER keeps the order: with the classes in a pattern Oxigraph may begin with them.
        own = f"?kind{next(self._numbers)}"
        return f"{node} {RDF.type.n3()} {own} . FILTER ({own} IN ({', '.join(names)}))"

    def unordered(self, one: str, operator: str, two: str) -> str:
        """The test that ``operator`` does not hold, or compares what has no order.

        Oxigraph reads integers of 64 bits and 18 places of decimals and seconds, and knows no order
        of booleans: what it gives no answer for is compared by Python. So is a term with itself:
        to Oxigraph each is equal to itself, whether it is a value or not.
        """
        first, second = self._value(one), self._value(two)
        asked = f"{_COMPARED}({first}, {_string(operator)}, {second})"
        holds = f"COALESCE({first} {operator} {second}, {asked}, false)"
        if "=" in operator and two.startswith("?"):
            same = f"sameTerm({one}, {two}) && !isNumeric({one})"
            holds = f"IF({same}, COALESCE({asked}, false), {holds})"
        return f"!{holds}"

    def _value(self, variable: str) -> str:
        """What operators such as ``<`` compare: the value of ``variable``, however it is spelt."""
        if not self._respelt or not variable.startswith("?"):
            return variable
        datatype = f"IRI(STRAFTER(STR(DATATYPE({variable})), {_string(WRITTEN)}))"
        return f"COALESCE(STRDT(STR({variable}), {datatype}), {variable})"

    def _other_datatype(self, value: str, datatype: Node) -> str:
        names = [sparql_term(datatype)]
        if self._respelt:
            names.append(sparql_term(URIRef(WRITTEN + str(datatype))))
        same = f"isLiteral({value}) && DATATYPE({value}) IN ({', '.join(names)})"
        if datatype in _ANY_TEXT:
            return f"!({same})"
        # Numbers that the store reads are values; a call of Python takes a hundred times as long,
        # and of `||` Oxigraph asks both sides.
        number = self._value(value) if datatype in _NUMBERS else value
        return f"!({same} && IF(isNumeric({number}), true, {_IS_VALUE}({value})))"

    def _no_match(self, shape: Node, value: str, pattern: str) -> str:
        flags = str(self._shapes.value(shape, SH.flags) or "")
        end = f"{_string(as_rust(pattern, flags))}, {_string(flags)})"
        read = self._store.query(f"SELECT (REGEX('', {end} AS ?read) {{}}")
        if all(row["read"] is None for row in solutions(read)):
            try:
                re.compile(pattern)
            except re.error as error:
                words = f"The sh:pattern {pattern!r} is not a regular expression: {error}."
                fault = IllFormed(words, shape=shape, parameter=SH.pattern)
                unread = _OF_XPATH.search(pattern)
                if unread:
                    fault.words = f"The sh:pattern {pattern!r} has {unread[1]}, which XPath knows"
                    fault.words += " and nothing here can read."
                    fault.cure = "Write the characters that it stands for: [A-Za-z_:] for \\i."
                raise fault from None
            # Oxigraph reads neither look-around nor back-references.
            raise Untranslated(f"the sh:pattern of {self._shapes.name(shape)}")
        return f"(isBlank({value}) || !REGEX(STR({value}), {end})"


def subclasses(store: ox.Store, kind: Node) -> list[Node]:
    """``kind``, and what the default graph of ``store`` says to be a subclass of it."""
    found: dict[Node, None] = {kind: None}
    waiting = [from_rdflib(kind)]
    while waiting:
        for quad in store.quads_for_pattern(
            None, ox.NamedNode(str(RDFS.subClassOf)), waiting.pop(), ox.DefaultGraph()
        ):
            below = plain(quad.subject)
            name = term(below)
            if name not in found:
                found[name] = None
                waiting.append(below)
    return list(found)


def sparql_term(node: Node) -> str:
    """``node`` as SPARQL writes it; a blank node has no name there: a function gives it."""
    if isinstance(node, BNode):
        return f"{_NODE}({_string(str(node))})"
    return str(from_rdflib(node))


def _has_order(bound: OxTerm) -> bool:
    """Whether anything compares with ``bound``."""
    if _is_no_value(bound):
        return False
    read = kept(bound)
    compared = _compared(read, ox.Literal("<="), read)
    return compared is not None and compared.value == "true"


def exact_term(node: Node) -> str:
    """The same, for a term whose spelling matters."""
    return sparql_term(node) if isinstance(node, BNode) else str(exact(node))


def exact(node: Node) -> OxTerm:
    """``node`` as the store holds it where spelling matters."""
    return as_written(from_rdflib(node))


@cache
def is_respelt(literal: OxTerm) -> bool:
    """Whether the store keeps the value of ``literal`` alone, and writes it otherwise."""
    return kept(literal) != literal


def as_written(literal: OxTerm) -> OxTerm:
    """``literal``, so that the store keeps its spelling."""
    if isinstance(literal, ox.Literal) and is_respelt(literal):
        before = NO_VALUE if _is_no_value(literal) else WRITTEN
        datatype = ox.NamedNode(before + literal.datatype.value)
        return ox.Literal(literal.value, datatype=datatype)
    return literal


def _is_no_value(literal: OxTerm) -> bool:
    """Whether ``literal`` is an integer out of its bounds, of which the store makes one within."""
    if not isinstance(literal, ox.Literal) or literal.datatype.value not in _NARROWER:
        return False
    return not is_value(literal)


def as_value(node: OxTerm) -> OxTerm:
    """What the store makes of a literal that is ``as_written``; other nodes as they are."""
    if isinstance(node, ox.Literal) and node.datatype.value.startswith((WRITTEN, NO_VALUE)):
        datatype = ox.NamedNode(declared(node.datatype.value))
        return kept(ox.Literal(node.value, datatype=datatype))
    return node


def kept(literal: OxTerm) -> OxTerm:
    """``literal`` as the store gives it back."""
    node = ox.NamedNode(_OURS + "x")
    store = ox.Store()
    store.add(ox.Quad(node, node, literal))
    return plain(next(iter(store)).object)


def functions() -> dict[ox.NamedNode, Callable[..., OxTerm | ox.Triple | None]]:
    """The functions that the expressions call, by name."""
    return {
        ox.NamedNode(_NODE[1:-1]): lambda name: ox.BlankNode(name.value),
        ox.NamedNode(_IS_VALUE[1:-1]): lambda value: ox.Literal(is_value(value)),
        ox.NamedNode(_COMPARED[1:-1]): _compared,
    }


def _compared(one: OxTerm, operator: ox.Literal, two: OxTerm) -> ox.Literal | None:
    """Whether ``operator`` holds between two of one kind of value; None of what has no order."""
    made = [term(each) for each in (one, two)]
    values: list[Any] = [getattr(each, "value", None) for each in made]
    if one == two and not isinstance(values[0], _ORDERED):
        return ox.Literal(values[0] is not None)
    if not all(isinstance(each, ox.Literal) and is_value(each) for each in (one, two)):
        return None
    kinds = {next((k for k in _ORDERED if isinstance(v, k)), None) for v in values}
    if len(kinds) > 1 or None in kinds:
        return None
    try:
        return ox.Literal(_OPERATORS[operator.value](*values))
    except TypeError:  # one time has a zone, the other has none
        return None


def _string(text: str) -> str:
    return str(ox.Literal(text))


def _either(tests: list[str]) -> str:
    return " || ".join(tests) or "false"
