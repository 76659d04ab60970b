"""A finding's node, path and value in the plain words that stand below its message."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from rdflib.namespace import RDF, SH, XSD
from rdflib.paths import AlternativePath
from rdflib.term import BNode, Literal, Node, URIRef

from cecot.rdf.terms import nearest
from cecot.validation.constraints import NODE_KINDS
from cecot.validation.data import Data
from cecot.validation.shapes import AnyPath, Shapes
from cecot.validation.terms import LONGEST, shortened, term

_MOST = 3
_PLAIN = {XSD.boolean, XSD.decimal, XSD.integer}
_RARE = 0.2
_GUESSES = 200_000
"""Names that are compared with others: a hundred thousand take a second, and of thousands of
findings nobody reads the guesses."""


class Wording:
    """Writes terms with the prefixes of ``data``."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._prefixes = data.prefixes
        self._meant = _Meant(data)

    def of(
        self, node: Node | None, path: AnyPath | None, value: Node | None, words: str
    ) -> tuple[str, str]:
        """One line: what is there, or what is not, and what may have been meant.

        Of long terms it has the beginning alone; then the second line has them whole.
        """
        if node is None:
            return words, ""
        there = path is not None and value is None and not words
        values = self._values(node, path) if there and path is not None else []
        said = [node, *values] if value is None else [node, value]
        how = "" if path is None else self.path(self._walked(path, node, value))
        missing = there and not values
        end = f": {words}" if words else ""
        if missing and self._adds:
            end = " in the files, to which a sh:rule adds"
        end += self._question(node, path, value)
        whole = _sentence(map(self.term, said), how, missing=missing) + end
        if len(whole) <= LONGEST:
            return whole, ""
        short = _sentence(map(self.short, said), how, missing=missing) + end
        return short, "" if short == whole else whole

    @cached_property
    def _adds(self) -> bool:
        """Whether the shapes have rules, which add to the data before they are checked."""
        return any(self._data.shapes.graph.subjects(SH.rule))

    def short(self, term: Node) -> str:
        """``term`` as below; of a long one the beginning, and its length."""
        if isinstance(term, Literal) and len(term) > LONGEST:
            text = visible(str(term[:LONGEST]))
            return f'"{text}…"{self._tag(term)} ({len(term):,} characters)'
        return shortened(self.term(term)) if isinstance(term, URIRef) else self.term(term)

    def term(self, term: Node) -> str:
        """``term`` as Turtle would write it; spaces that look like others are shown as escapes."""
        if isinstance(term, Literal):
            if term.datatype in _PLAIN and not term.ill_typed:
                return str(term)
            return f'"{visible(str(term))}"{self._tag(term)}'
        if isinstance(term, BNode):
            return "a blank node"
        return self._prefixes.compact(str(term))

    def _tag(self, literal: Literal) -> str:
        datatype = f"^^{self.term(literal.datatype)}" if literal.datatype else ""
        return f"@{literal.language}" if literal.language else datatype

    def constraint(self, component: URIRef, shape: Node, source: Node | None) -> str:
        """What breaks, as the shape writes it: ``sh:minCount``; of several queries which one."""
        name = component.removeprefix(str(SH))
        if name == component:
            return self.term(component)
        name = name.removesuffix("ConstraintComponent")
        word = "sh:sparql" if name == "SPARQL" else f"sh:{name[:1].lower()}{name[1:]}"
        if isinstance(source, URIRef):
            return self.term(source)
        queries = self._data.shapes.values(shape, SH.sparql) if source is not None else []
        return f"{word}#{queries.index(source) + 1}" if source in queries[1:] else word

    def path(self, path: AnyPath) -> str:
        """``path`` in words: ``cecot:exact or cecot:quotedText``."""
        if isinstance(path, AlternativePath):
            return " or ".join(self.path(part) for part in path.args)
        if path == RDF.type:
            return "a"
        worded = self._data.shapes.worded(path)
        return f"(incoming) {worded[1:]}" if worded.startswith("^") else worded

    def _question(self, node: Node, path: AnyPath | None, value: Node | None) -> str:
        """A question, if a property or a node is misspelt by the look of it."""
        if not isinstance(path, URIRef):
            return ""
        values = [value] if value is not None else list(self._data.objects(node, path))
        guesses = [self._meant.property(path)] if values else []
        if path == RDF.predicate:
            guesses += [self._meant.property(value) for value in values]
        guesses += [self._meant.node(value) for value in values if self._is_ours(value)]
        names = [self.term(guess) for guess in guesses if guess is not None]
        return f" (is {names[0]} meant?)" if names else ""

    def _is_ours(self, value: Node) -> bool:
        base = self._data.names.base
        return isinstance(value, URIRef) and bool(base) and value.startswith(base)

    def _walked(self, path: AnyPath, node: Node, value: Node | None) -> AnyPath:
        """Of a path with alternatives the one that leads from ``node`` to ``value``, if any."""
        if isinstance(path, AlternativePath) and value is not None:
            for part in path.args:
                if isinstance(part, URIRef) and (node, part, value) in self._data:
                    return part
        return path

    def _values(self, node: Node, path: AnyPath) -> list[Node]:
        """What the files say; what is derived only where they say nothing."""
        values = set(self._data.along(node, path))
        written = {
            each
            for each in values
            if isinstance(path, URIRef) and (node, path, each) in self._written
        }
        return sorted(written or values, key=self.term)

    @cached_property
    def _written(self) -> set[tuple[Node, Node, Node]]:
        """What the data say of what is derived too."""
        return {
            (term(t.subject), term(t.predicate), term(t.object)) for t in self._data.notes.facts
        }


class _Meant:
    """Guesses names among those that ``data`` describes, or uses again and again."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._left = _GUESSES
        self._guessed: dict[Node, URIRef | None] = {}

    def property(self, path: Node) -> URIRef | None:
        """A property in the place of ``path``, if that is not described and rare beside it."""
        if path in self._described:
            return None
        least = self._uses.get(path, 0) / _RARE
        common = {other for other, uses in self._uses.items() if uses >= least}
        return self._nearest(path, (self._described | common) - {path})

    def node(self, node: Node) -> URIRef | None:
        """A node in the place of ``node``, if that has no type itself."""
        return None if node in self._typed else self._nearest(node, self._typed)

    def _nearest(self, name: Node, known: set[Node]) -> URIRef | None:
        """The one name among ``known`` that is most like ``name``; None if two are, or none is."""
        if name not in self._guessed:
            self._left -= len(known)
            iris = (other for other in known if isinstance(other, URIRef))
            may = isinstance(name, URIRef) and self._left >= 0
            found = nearest(str(name), iris) if may else None
            self._guessed[name] = URIRef(found) if found else None
        return self._guessed[name]

    @cached_property
    def _typed(self) -> set[Node]:
        return set(self._data.subjects(RDF.type))

    @cached_property
    def _described(self) -> set[Node]:
        return set(self._data.subjects(RDF.type, RDF.Property))

    @cached_property
    def _uses(self) -> dict[Node, int]:
        return dict(self._data.predicates())


def _sentence(terms: Iterable[str], how: str, *, missing: bool) -> str:
    node, *values = terms
    if missing:
        return f"{node} has no {how}"
    return " ".join(filter(None, (node, how, _several(values))))


def _several(values: Iterable[str]) -> str:
    shown = list(values)
    more = len(shown) - _MOST
    return ", ".join(shown[:_MOST]) + (f" and {more} more" if more > 0 else "")


def visible(text: str) -> str:
    """``text`` on one line, with every character that cannot be seen as its escape."""
    return "".join(
        char if char == " " or char.isprintable() else f"\\u{ord(char):04X}" for char in text
    ).replace('"', '\\"')


_CURES = {
    "Class": "Each value must be of the class {class}.",
    "Closed": "Only the properties that the shape names may stand here.",
    "Datatype": "Each value must have the datatype {datatype}.",
    "Disjoint": "No value may also be one of {disjoint}.",
    "Equals": "The values must be those of {equals}.",
    "HasValue": "One of the values must be {hasValue}.",
    "In": "Each value must be one of {in}.",
    "LanguageIn": "Each value must have one of the language tags {languageIn}.",
    "LessThan": "Each value must be less than each of {lessThan}.",
    "LessThanOrEquals": "No value may be greater than one of {lessThanOrEquals}.",
    "MaxCount": "There may be {maxCount} values at most.",
    "MaxExclusive": "Each value must be less than {maxExclusive}.",
    "MaxInclusive": "Each value must be {maxInclusive} at most.",
    "MaxLength": "Each value may have {maxLength} characters at most.",
    "MinCount": "There must be at least {minCount} values.",
    "MinExclusive": "Each value must be greater than {minExclusive}.",
    "MinInclusive": "Each value must be at least {minInclusive}.",
    "MinLength": "Each value must have at least {minLength} characters.",
    "Node": "Each value must conform to {node}.",
    "NodeKind": "Each value must be {nodeKind}.",
    "Not": "No value may conform to {not}.",
    "Or": "Each value must conform to one of {or}.",
    "And": "Each value must conform to all of {and}.",
    "Pattern": "Each value must match the regular expression {pattern}.",
    "QualifiedMaxCount": "At most {qualifiedMaxCount} may conform to {qualifiedValueShape}.",
    "QualifiedMinCount": "At least {qualifiedMinCount} must conform to {qualifiedValueShape}.",
    "UniqueLang": "No two values may have the same language tag.",
    "Xone": "Each value must conform to exactly one of {xone}.",
}
_OF_EMPTY_LISTS = {
    "In": "No value may stand here: the list of sh:in is empty.",
    "LanguageIn": "No value may stand here: the list of sh:languageIn is empty.",
    "Or": "No value conforms: the list of sh:or is empty.",
    "Xone": "No value conforms: the list of sh:xone is empty.",
}
_KINDS = {"B": "a blank node", "I": "an IRI", "L": "a literal"}
_LISTED = 7


def cure(shapes: Shapes, shape: Node, component: URIRef) -> str:
    """What tells the cure for a shape that has no sh:message, by the constraint that is broken."""
    name = component.removeprefix(str(SH)).removesuffix("ConstraintComponent")
    template = _CURES.get(name)
    lists = _OF_EMPTY_LISTS.get(name) and shapes.values(shape, SH[name[:1].lower() + name[1:]])
    if lists == [RDF.nil]:
        return _OF_EMPTY_LISTS[name]
    if template is None:
        return f"It does not conform to {shapes.name(shape)}."

    def value(match: re.Match[str]) -> str:
        return ", ".join(_parameter(shapes, each) for each in shapes.values(shape, SH[match[1]]))

    return re.sub(r"\b1 (value|character)s\b", r"1 \1", re.sub(r"\{(\w+)\}", value, template))


def _parameter(shapes: Shapes, value: Node) -> str:
    if isinstance(value, Literal):
        return str(value)
    if shapes.value(value, RDF.first) is not None or value == RDF.nil:
        items = shapes.items(value)
        shown = [_parameter(shapes, item) for item in items[:_LISTED]]
        return ", ".join(shown) + (" and more" if len(items) > _LISTED else "")
    kinds = " or ".join(_KINDS[each] for each in NODE_KINDS.get(value, ""))
    return kinds or shapes.described(value)
