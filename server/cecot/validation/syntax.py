"""Whether shapes are written as SHACL has it, and what they name that it has not (1.0, appendix A).

Of ill-formed shapes the standard leaves open what they mean, so nothing is checked by them. Terms
that are unknown it ignores; a misspelt one then checks nothing, so they are told.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from rdflib import RDF, XSD, BNode, Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from cecot.dataset.content import Place
from cecot.errors import CecotError, QuerySyntaxError, UsageError
from cecot.rdf.reading import LINES, decoded, ending, named, read_bytes
from cecot.rdf.terms import nearest
from cecot.validation.constraints import NODE_KINDS, subclasses
from cecot.validation.data import Data
from cecot.validation.places import Places
from cecot.validation.query_texts import faults, not_selecting
from cecot.validation.report import Notice
from cecot.validation.shapes import IllFormed, Shapes

_NAMESPACE = str(SH)
_SCHEMES = ("http", "https")
_MOST = 5
NAMESPACES = tuple(f"{scheme}://www.w3.org/ns/shacl{end}" for scheme in _SCHEMES for end in "#/")
"""That of SHACL, and those that are taken for it."""

_ADVANCED = frozenset(
    {"count", "desc", "distinct", "else", "exists", "groupConcat", "if", "limit", "max", "min"}
    | {"minus", "offset", "orderBy", "separator", "sum", "targetShape", "then", "values"}
)
"""Of SHACL Advanced Features; the vocabulary of 2017 has not got them."""
_NOT_APPLIED = frozenset({"js", "values"})
"""Of the notes beside SHACL 1.0: constraints in JavaScript, and values that are derived."""
_DRAFT = frozenset(
    {"ShapeClass", "maxListLength", "memberShape", "minListLength", "nodeByExpression"}
    | {"reificationRequired", "reifierShape", "rootClass", "singleLine", "someValue", "subsetOf"}
    | {"targetWhere", "uniqueMembers", "uniqueValuesFor"}
)
"""Of the drafts of SHACL 1.2."""

_KNOWN = frozenset(
    {name for name in (*SH.__annotations__, *SH._extras) if not name.startswith("_")}
    | _ADVANCED
    # Severities of the draft that are known here: docs/decisions/0071.
    | {"Debug", "Trace"}
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the values of a parameter are; ``cure`` ends the sentence "Write ..."."""

    holds: Callable[[Shapes, Node], bool]
    cure: str


def _typed(*datatypes: URIRef) -> Callable[[Shapes, Node], bool]:
    return lambda _, value: (
        isinstance(value, Literal)
        and (value.datatype or (RDF.langString if value.language else XSD.string)) in datatypes
        and not value.ill_typed
    )


def _lists(member: Callable[[Node], bool]) -> Callable[[Shapes, Node], bool]:
    def holds(shapes: Shapes, value: Node) -> bool:
        try:
            return all(map(member, shapes.items(value)))
        except IllFormed:
            return False

    return holds


def _is_text(value: Node) -> bool:
    return isinstance(value, Literal) and not value.language


def _is_node(value: Node) -> bool:
    return isinstance(value, URIRef | BNode)


_INTEGER = _Kind(_typed(XSD.integer), "a whole number, such as 1, without quotation marks")
_BOOLEAN = _Kind(_typed(XSD.boolean), "true or false, without quotation marks")
_TEXT = _Kind(_typed(XSD.string), "a string without a language tag")
_FLAGS = _Kind(
    lambda _, value: _is_text(value) and set(str(value)) <= set("imqsx"),
    "some of the letters i, m, q, s, x, in quotation marks",
)
_WORDS = _Kind(_typed(XSD.string, RDF.langString), "a string")
_LITERAL = _Kind(lambda _, value: isinstance(value, Literal), "a literal")
_IRI = _Kind(lambda _, value: isinstance(value, URIRef), "an IRI")
_NODE = _Kind(lambda _, value: _is_node(value), "an IRI")
_SHAPE = _Kind(lambda _, value: _is_node(value), "a shape: its IRI, or what it asks for in [ ]")
_LIST = _Kind(_lists(lambda _: True), "a list: ( ... )")
_TEXTS = _Kind(_lists(_is_text), 'a list of language tags: ( "en" "es" )')
_IRIS = _Kind(_lists(lambda value: isinstance(value, URIRef)), "a list of IRIs: ( ... )")
_SHAPES = _Kind(_lists(_is_node), "a list of shapes: ( ... )")
_NODE_KIND = _Kind(
    lambda _, value: value in NODE_KINDS,
    "one of " + ", ".join(f"sh:{str(kind).removeprefix(_NAMESPACE)}" for kind in NODE_KINDS),
)

_PARAMETERS = (
    (_INTEGER, (SH.minCount, SH.maxCount, SH.minLength, SH.maxLength)),
    (_INTEGER, (SH.qualifiedMinCount, SH.qualifiedMaxCount)),
    (_BOOLEAN, (SH.deactivated, SH.uniqueLang, SH.closed, SH.qualifiedValueShapesDisjoint)),
    (_TEXT, (SH.pattern,)),
    (_FLAGS, (SH.flags,)),
    (_WORDS, (SH.message,)),
    (_LITERAL, (SH.minExclusive, SH.minInclusive, SH.maxExclusive, SH.maxInclusive)),
    (_IRI, (SH.targetSubjectsOf, SH.targetObjectsOf, SH.severity, SH.datatype)),
    (_IRI, (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)),
    (_NODE, (SH.targetClass, SH["class"], SH.sparql)),
    (_NODE_KIND, (SH.nodeKind,)),
    (_SHAPE, (SH.node, SH.property, SH["not"], SH.qualifiedValueShape)),
    (_LIST, (SH["in"],)),
    (_TEXTS, (SH.languageIn,)),
    (_IRIS, (SH.ignoredProperties,)),
    (_SHAPES, (SH["and"], SH["or"], SH.xone)),
)
_KINDS: dict[Node, _Kind] = {each: kind for kind, several in _PARAMETERS for each in several}
_OFTEN = frozenset(
    {SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.message, SH["class"], SH.pattern}
    | {SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals, SH["not"], SH["and"], SH["or"]}
    | {SH.xone, SH.node, SH.property, SH.sparql, SH.qualifiedValueShape}
)
"""Parameters that a shape may have several times; of the others it has one value at most."""

_COUNTS = (SH.qualifiedMinCount, SH.qualifiedMaxCount)
_HALVES = (
    *((each, (SH.qualifiedValueShape,)) for each in _COUNTS),
    (SH.qualifiedValueShapesDisjoint, (SH.qualifiedValueShape,)),
    (SH.qualifiedValueShape, _COUNTS),
    (SH.flags, (SH.pattern,)),
    (SH.ignoredProperties, (SH.closed,)),
)
"""Parameters that mean something only together with one of others (SHACL 4.4.3, 4.7.3, 4.8.1)."""

_ONLY_WITH_PATH = frozenset(
    {SH.minCount, SH.maxCount, SH.uniqueLang, SH.lessThan, SH.lessThanOrEquals}
)


def check_syntax(data: Data) -> None:
    """Raise UsageError for the first shape that is ill-formed; it names the places of others."""
    shapes, places = data.shapes, Places.of_shapes(data)
    found = [placed(fault, places) for fault in _faults(shapes)]
    if found:
        first, *others = sorted(found, key=lambda each: (each.where, each.line or 0, each.message))
        if others:
            more = ", ".join(dict.fromkeys(fault.location for fault in others[:_MOST]))
            first.hint += f" There is more: {more}{' and so on' if others[_MOST:] else ''}."
        raise first


@lru_cache(2)  # as many as there are shapes kept: validation/data.py
def _faults(shapes: Shapes) -> tuple[IllFormed, ...]:
    return (
        *_entailment(shapes),
        *faults(shapes),
        *(
            fault
            for shape in shapes.rules
            if not isinstance(shape, Literal)
            for fault in (
                *_values(shapes, shape),
                *_path(shapes, shape),
                *_targets(shapes, shape),
                *_queries(shapes, shape),
            )
        ),
    )


def _entailment(shapes: Shapes) -> Iterator[IllFormed]:
    """What is wanted and not known must be a failure (SHACL 1.5)."""
    for owner, wanted in shapes.graph.subject_objects(SH.entailment):
        words = f"The shapes ask for the entailment {shapes.described(wanted)}, which is not known."
        cure = "Give the data with what is entailed in them, and take sh:entailment out."
        yield IllFormed(words, cure, shape=owner, parameter=SH.entailment, value=wanted)


def _targets(shapes: Shapes, shape: Node) -> Iterator[IllFormed]:
    """A target is a query, or of a type that the shapes declare (SHACL Advanced Features, 3)."""
    for target in shapes.values(shape, SH.target):
        declared = shapes.graph.subjects(RDF.type, SH.SPARQLTargetType)
        known = shapes.value(target, SH.select) is not None
        if not known and set(declared).isdisjoint(shapes.values(target, RDF.type)):
            words = f"The sh:target of {shapes.name(shape)} is of a kind that is not known."
            cure = "Write sh:target [ sh:select ... ], or sh:targetClass and its like."
            yield IllFormed(words, cure, shape=shape, parameter=SH.target, value=target)


def _queries(shapes: Shapes, shape: Node) -> Iterator[IllFormed]:
    """A query selects $this (SHACL 5.2.1)."""
    for parameter in (SH.sparql, SH.target):
        for holder in shapes.values(shape, parameter):
            for query in shapes.values(holder, SH.select):
                fault = not_selecting(str(query))
                if fault:
                    words = f"The query of {shapes.name(shape)}: {fault}."
                    cure = "Write SELECT $this WHERE { ... }."
                    yield IllFormed(words, cure, shape=holder, parameter=SH.select, value=query)


def placed(fault: IllFormed, places: Places) -> CecotError:
    """``fault`` as an error, with file and line of what it is about."""
    error: CecotError = QuerySyntaxError(fault.words, hint=fault.cure, where="shapes")
    if fault.below is None:
        words = f"The rules cannot be run: {fault.words}"
        error = UsageError(words, hint=fault.cure, where="shapes")
    if fault.shape is not None:
        path = fault.parameter if isinstance(fault.parameter, URIRef) else None
        place = places.of(fault.shape, path, fault.value)
        if place is not None:
            error.where, error.line = str(place[0]), place[1]
            if fault.below and place[1] and _is_laid_out(*place):
                error.line += fault.below
    return error


def _is_laid_out(path: Path, line: int) -> bool:
    """Whether a text that begins on ``line`` may end on another, and has no line end as ``\\n``."""
    text = decoded(read_bytes(path), str(path)).split("\n")[line - 1]
    return '"""' in text or "'''" in text


def notices(data: Data) -> Iterator[Notice]:
    """What shapes name that checks nothing, file by file."""
    shapes = data.shapes
    terms = _unknown(shapes)
    told = set()
    for path in data.files.shapes if terms else ():
        if ending(path) in LINES:
            for term, line in named(decoded(read_bytes(path), str(path)), NAMESPACES):
                if term in terms:
                    told.add(term)
                    yield Notice(terms[term], Path(os.path.abspath(path)), line)
    yield from (Notice(words) for term, words in terms.items() if term not in told)
    places = Places.of_shapes(data)
    for shape, parameter, value in _empty(shapes):
        words = (
            f"{_short(parameter)} of {shapes.name(shape)} leads to {shapes.name(value)}, of which"
            " the shapes say nothing: everything conforms to it."
        )
        yield notice(words, places.of(shape, parameter, value))
    yield from _halves(shapes, places)
    for shape in _circular(shapes):
        words = (
            f"{shapes.name(shape)} leads back to itself. SHACL leaves open what that means, and"
            " pySHACL judges it part of the way: findings may be missing."
        )
        yield notice(words, places.of_node(shape))
    for path in data.notes.empty:
        yield Notice("This file says nothing.", Path(os.path.abspath(path)))
    roots = shapes.roots()
    if not roots:
        yield Notice("No shape has a target, so nothing was checked.")
    elif not any(_applies(root, data) for root in roots):
        yield Notice(
            "No shape applies to anything in the data: nothing there is of a class, or has a"
            " property, that is the target of one."
        )
    missing = data.not_imported()
    if missing:
        more = f" and {len(missing) - _MOST} more" if len(missing) > _MOST else ""
        names = ", ".join(f"<{iri}>" for iri in missing[:_MOST]) + more
        yield Notice(
            f"The shapes import what was not read: {names}. Give the files with --shapes,"
            " or with --ontology if they tell what the data take for granted."
        )


def _halves(shapes: Shapes, places: Places) -> Iterator[Notice]:
    for shape in shapes.rules:
        said = shapes.predicates(shape)
        for parameter, needed in _HALVES:
            if parameter in said and said.isdisjoint(needed):
                lacking = " or ".join(map(_short, needed))
                words = f"{_short(parameter)} of {shapes.name(shape)} checks nothing without"
                yield notice(f"{words} {lacking}.", places.of(shape, parameter, None))


def notice(words: str, place: Place | None) -> Notice:
    """``words`` about ``place``."""
    return Notice(words, *((Path(os.path.abspath(place[0])), place[1]) if place else ()))


def _values(shapes: Shapes, shape: Node) -> Iterator[IllFormed]:
    has_path = shapes.value(shape, SH.path) is not None
    is_property = _is_property_shape(shapes, shape)
    for parameter in _KINDS.keys() & shapes.predicates(shape):
        values, name, kind = shapes.values(shape, parameter), _short(parameter), _KINDS[parameter]
        for value in values:
            if not kind.holds(shapes, value):
                words = f"{shapes.name(shape)} has {name} {_written(shapes, value)}."
                yield IllFormed(
                    words, f"Write {kind.cure}.", shape=shape, parameter=parameter, value=value
                )
        if len(values) > 1 and parameter not in _OFTEN:
            told = " and ".join(_written(shapes, value) for value in values)
            words = f"{shapes.name(shape)} has {name} {len(values)} times: {told}."
            yield IllFormed(words, "Leave one of them.", shape=shape, parameter=parameter)
        if parameter in _ONLY_WITH_PATH and not has_path and not is_property:
            words = f"{shapes.name(shape)} has {name}, and no sh:path that it could be about."
            cure = f"Write sh:property [ sh:path ... ; {name} ... ] on the node shape."
            yield IllFormed(words, cure, shape=shape, parameter=parameter)


def _path(shapes: Shapes, shape: Node) -> Iterator[IllFormed]:
    graph = shapes.graph
    paths = shapes.values(shape, SH.path)
    owner = next(graph.subjects(SH.property, shape), None)
    if len(paths) > 1:
        words = f"{shapes.name(shape)} has sh:path {len(paths)} times."
        yield IllFormed(words, "Leave one of them.", shape=shape, parameter=SH.path)
    elif paths:
        try:
            shapes.path(shape)
        except IllFormed as error:
            yield error
    elif owner is not None and (shape, None, None) not in graph:
        name = shapes.name(shape)
        words = f"sh:property of {shapes.name(owner)} leads to {name}, which does not exist."
        cure = "Give the file that describes it with --shapes, or take it out."
        yield IllFormed(words, cure, shape=owner, parameter=SH.property, value=shape)
    elif _is_property_shape(shapes, shape):
        words = f"{shapes.name(shape)} is a property shape without a sh:path."
        yield IllFormed(words, "Say with sh:path what it looks at.", shape=shape)


def _is_property_shape(shapes: Shapes, shape: Node) -> bool:
    """Whether ``shape`` is called one, with a path or without."""
    graph = shapes.graph
    return (shape, RDF.type, SH.PropertyShape) in graph or (None, SH.property, shape) in graph


@lru_cache(2)
def _unknown(shapes: Shapes) -> dict[str, str]:
    """The terms of SHACL's namespace, or beside it, that SHACL has not; of each what it means."""
    used = {
        str(term): term is predicate
        for _, predicate, value in shapes.graph
        for term in (value, predicate)
        if isinstance(term, URIRef) and str(term).startswith(NAMESPACES) and term not in NAMESPACES
    }
    return {iri: words for iri in sorted(used) if (words := _not_known(iri, used[iri]))}


def _not_known(iri: str, is_property: bool) -> str:
    name = iri.removeprefix(_NAMESPACE)
    if name == iri:
        return f"<{iri}> is in no namespace of SHACL, and is ignored: <{_NAMESPACE}> is meant."
    if name in _DRAFT:
        return f"sh:{name} is of a draft of SHACL 1.2, and is not applied here."
    if name in _NOT_APPLIED:
        return f"sh:{name} is not applied here: what it asks for is not checked."
    if name in _KNOWN:
        return ""
    alike = (each for each in _KNOWN if each[0].islower() == is_property)
    meant = nearest(iri, (_NAMESPACE + each for each in alike))
    question = f" Is {_short(meant)} meant?" if meant else ""
    return f"sh:{name} is not a term of SHACL, and is ignored.{question}"


def _empty(shapes: Shapes) -> Iterator[tuple[Node, URIRef, Node]]:
    """Shape, parameter and value where a shape refers to one of which nothing is said."""
    for shape in shapes.rules:
        for parameter in (SH.node, SH["not"], SH.qualifiedValueShape):
            for value in shapes.values(shape, parameter):
                if (value, None, None) not in shapes.graph:
                    yield shape, parameter, value


def _circular(shapes: Shapes) -> Iterator[Node]:
    """Of each circle of shapes that are applied the first shape that has a name, or the first."""
    inner: dict[Node, list[Node]] = {}
    waiting = list(shapes.roots())
    for shape in waiting:
        if shape not in inner and not shapes.says(shape, SH.deactivated):
            inner[shape] = list(shapes.inner(shape))
            waiting += inner[shape]
    order = list(inner)
    while True:
        try:
            TopologicalSorter(inner).prepare()
        except CycleError as error:
            shape = min(
                error.args[1], key=lambda each: (isinstance(each, BNode), order.index(each))
            )
            yield shape
            del inner[shape]
        else:
            return


def _applies(shape: Node, data: Data) -> bool:
    """Whether ``shape`` has a focus node, or a target that only its query knows."""
    shapes = data.shapes
    if any(shapes.values(shape, target) for target in (SH.targetNode, SH.target)):
        return True
    return any(
        any(data.subjects(RDF.type, each))
        for kind in shapes.target_classes(shape)
        for each in subclasses(data.store, kind)
    ) or any(
        any(data.subject_objects(each))
        for target in (SH.targetSubjectsOf, SH.targetObjectsOf)
        for each in shapes.values(shape, target)
    )


def _short(term: object) -> str:
    return "sh:" + str(term).removeprefix(_NAMESPACE)


def _written(shapes: Shapes, value: Node) -> str:
    if isinstance(value, Literal):
        plain = value.datatype in (XSD.integer, XSD.decimal, XSD.boolean) and not value.ill_typed
        return str(value) if plain else value.n3()
    return "[ ... ]" if isinstance(value, BNode) else shapes.described(value)
