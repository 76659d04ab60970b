"""The shapes, and how each is named and told: name, message, severity (SHACL 1.0, 2.1 to 2.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, field
from enum import Enum
from functools import cached_property

from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.extras.shacl import SHACLPathError, parse_shacl_path
from rdflib.namespace import OWL, SH
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.paths import Path as PropertyPath
from rdflib.term import BNode, Literal, Node

from cecot.rdf.terms import Prefixes

AnyPath = URIRef | PropertyPath

TARGETS = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
_INNER = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
LISTS = (SH["and"], SH["or"], SH.xone)


@dataclass(eq=False)
class IllFormed(Exception):
    """Shapes that are not what SHACL has; ``shape``, ``parameter``, ``value`` say where.

    ``below`` is given of a query that does not parse: so many lines below its first.
    """

    words: str
    cure: str = "Correct the shapes; https://www.w3.org/TR/shacl/ says what they may hold."
    _: KW_ONLY
    shape: Node | None = None
    parameter: Node | None = None
    value: Node | None = None
    below: int | None = None


class Severity(Enum):
    """How grave a finding is; only violations fail, unless the validation is strict."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


_MILD = {
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.INFO,
    # Of the draft of SHACL 1.2.
    URIRef(str(SH) + "Debug"): Severity.INFO,
    URIRef(str(SH) + "Trace"): Severity.INFO,
}


def severity_of(iri: str) -> Severity:
    """How grave the severity ``iri`` is; what SHACL does not define fails: docs/decisions/0071."""
    return _MILD.get(URIRef(iri), Severity.VIOLATION)


@dataclass(frozen=True, slots=True)
class Rule:
    """A node shape, a property shape or a check beside SHACL.

    ``iri`` is empty if the shape has none; ``name`` is what it is called in a report: its IRI with
    a prefix, else the name of its owner with its path. ``names`` and ``messages`` are by language
    tag. ``owner`` is the name of the node shape that a property shape belongs to, else its own;
    ``title`` is its sh:name, after that of its owner. ``severity`` is an IRI. ``whole`` is its name
    without prefixes, which stays when these are called otherwise.
    """

    iri: str
    name: str
    owner: str
    title: str
    severity: str = str(SH.Violation)
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    messages: Mapping[str, str] = field(default_factory=dict, hash=False)
    whole: str = ""

    @property
    def message(self) -> str:
        """What tells the author the cure; empty if the shape has none."""
        return preferred(self.messages)


class Shapes:
    """A shapes graph; ``subjects`` are in the order of the files, which the graph does not keep."""

    def __init__(self, graph: Graph, prefixes: Prefixes, subjects: Iterable[Node] = ()) -> None:
        self.graph = graph
        self._ranks = {node: rank for rank, node in enumerate(dict.fromkeys(subjects))}
        self.prefixes = prefixes
        # A look into rdflib's graph takes as long as twenty into this. The graph as a whole has no
        # order; what it says of one node has.
        self._said: dict[Node, dict[Node, list[Node]]] = {}
        for subject in self._ranks | dict.fromkeys(graph.subjects()):
            said = self._said.setdefault(subject, {})
            for predicate, value in graph.predicate_objects(subject):
                said.setdefault(predicate, []).append(value)

    def predicates(self, shape: Node) -> frozenset[Node]:
        """What is said of ``shape``."""
        return frozenset(self._said.get(shape, {}))

    def value(self, shape: Node, predicate: Node) -> Node | None:
        """The one value, or the first of several."""
        return next(iter(self.values(shape, predicate)), None)

    def values(self, shape: Node, predicate: Node) -> list[Node]:
        """All values, in the order of the files."""
        return list(self._said.get(shape, {}).get(predicate, ()))

    def items(self, head: Node) -> list[Node]:
        """The members of a list; raises IllFormed if it is none."""
        found, seen = [], set()
        while head != RDF.nil:
            first = self.value(head, RDF.first)
            rest = self.value(head, RDF.rest)
            if first is None or rest is None or head in seen:
                raise IllFormed("A list in the shapes has no end, or is none.")
            seen.add(head)
            found.append(first)
            head = rest
        return found

    def says(self, shape: Node, predicate: Node) -> bool:
        """Whether the value is ``true``."""
        value = self.value(shape, predicate)
        return str(value) == "true"

    def numbers(self, shape: Node, parameter: Node) -> Iterator[int]:
        """The counts or lengths that ``parameter`` gives; raises IllFormed if one is no number."""
        for value in self.values(shape, parameter):
            try:
                yield int(str(value))
            except ValueError:
                name = self.prefixes.compact(str(parameter)).replace(f"<{SH}", "sh:").rstrip(">")
                words = f"{self.name(shape)} has {name} {str(value)!r}, which is not a number."
                raise IllFormed(words, shape=shape, parameter=parameter) from None

    def path(self, shape: Node) -> AnyPath | None:
        """The path of a property shape, None for a node shape; raises IllFormed."""
        try:
            return self._parsed(shape)
        except SHACLPathError as error:
            raise IllFormed(
                f"The sh:path of {self.name(shape)} is none: {_without_node(error)}.",
                "A path is the IRI of a property, a list of several paths, or"
                " [ sh:inversePath ... ], sh:alternativePath and so on (SHACL 2.3.1).",
                shape=shape,
                parameter=SH.path,
            ) from None

    def _parsed(self, shape: Node) -> AnyPath | None:
        node = self.value(shape, SH.path)
        try:
            return None if node is None else parse_shacl_path(self.graph, node)
        except (TypeError, ValueError, RecursionError) as error:
            raise SHACLPathError(str(error).rstrip(".")) from None

    def is_class(self, shape: Node) -> bool:
        """Whether the shape is a class too, and so its own target (SHACL 2.1.3.3)."""
        return not self._kinds_of_classes.isdisjoint(self.values(shape, RDF.type))

    def target_classes(self, shape: Node) -> list[Node]:
        """The classes whose instances are its targets."""
        return self.values(shape, SH.targetClass) + ([shape] if self.is_class(shape) else [])

    @cached_property
    def _kinds_of_classes(self) -> set[Node]:
        """rdfs:Class, owl:Class, and what the shapes say to be subclasses of them."""
        return {
            kind
            for top in (RDFS.Class, OWL.Class)
            for kind in self.graph.transitive_subjects(RDFS.subClassOf, top)
            if kind is not None
        }

    def roots(self) -> list[Node]:
        """The shapes that have targets, and are not deactivated, by name."""
        targeted = {shape for target in TARGETS for shape in self.graph.subjects(target)}
        classes = {shape for shape in self.rules if shape not in targeted and self.is_class(shape)}
        return sorted(
            (s for s in targeted | classes if not self.says(s, SH.deactivated)), key=self.name
        )

    @cached_property
    def rules(self) -> dict[Node, Rule]:
        """All shapes, typed or not, in the order of their names."""
        return {
            shape: self.rule(shape)
            for shape in sorted(self._all(), key=lambda s: (isinstance(s, BNode), self.name(s)))
        }

    def name(self, shape: Node) -> str:
        """What ``shape`` is called in a report."""
        return self._names.get(shape) or self._plain(shape)

    def described(self, node: Node) -> str:
        """A term with its prefix; a nameless shape by the simple things that it asks for."""
        if not isinstance(node, BNode):
            return self._plain(node)
        said = [
            f"{self._plain(predicate)} {self._plain(value)}"
            for predicate, value in self.graph.predicate_objects(node)
            if isinstance(value, URIRef) and predicate != RDF.type
        ]
        return f"[{', '.join(said)}]" if said else self.name(node)

    def inner(self, shape: Node) -> Iterator[Node]:
        """The shapes that ``shape`` refers to, but for lists that are none."""
        for predicate in _INNER:
            yield from self.values(shape, predicate)
        for predicate in LISTS:
            for head in self.values(shape, predicate):
                with suppress(IllFormed):
                    yield from self.items(head)

    @cached_property
    def referred(self) -> set[Node]:
        """The shapes to which others refer."""
        return {part for shape in self.rules for part in self.inner(shape)}

    def pointing(self, node: Node) -> Iterator[tuple[Node, URIRef]]:
        """Subject and predicate of the triples with ``node`` as their value."""
        pairs = self.graph.subject_predicates(node)
        return ((subject, URIRef(str(how))) for subject, how in pairs)

    def saying(self, node: Node) -> Iterator[tuple[URIRef, Node]]:
        """Predicate and value of the triples with ``node`` as their subject."""
        return ((URIRef(str(how)), value) for how, value in self.graph.predicate_objects(node))

    def _all(self) -> set[Node]:
        found: set[Node] = {
            shape
            for kind in (SH.NodeShape, SH.PropertyShape)
            for subclass in self.graph.transitive_subjects(RDFS.subClassOf, kind)
            for shape in self.graph.subjects(RDF.type, subclass)
        }
        found.update(s for target in TARGETS for s in self.graph.subjects(target))
        waiting = list(found)
        while waiting:
            new = [shape for shape in self.inner(waiting.pop()) if shape not in found]
            found.update(new)
            waiting += new
        return found

    @cached_property
    def _owners(self) -> dict[Node, Node]:
        """Of each shape the first that refers to it; a property shape that of its node shape."""
        owners: dict[Node, Node] = {}
        for shape in self._all():
            for part in self.inner(shape):
                if not isinstance(part, URIRef) or (shape, SH.property, part) in self.graph:
                    before = owners.get(part)
                    if before is None or self._rank(shape) < self._rank(before):
                        owners[part] = shape
        return owners

    def _rank(self, shape: Node) -> tuple[bool, int, str]:
        """Shapes with an IRI by that, the others as they stand in the files."""
        nameless = isinstance(shape, BNode)
        return nameless, self._ranks.get(shape, -1) if nameless else 0, str(shape)

    @cached_property
    def _names(self) -> dict[Node, str]:
        return self._named(self.prefixes)

    @cached_property
    def _whole_names(self) -> dict[Node, str]:
        return self._named(Prefixes({}))

    def _named(self, prefixes: Prefixes) -> dict[Node, str]:
        """Shapes without an IRI go by their owner and path, and by number where that is shared."""
        names: dict[Node, str] = {}
        given: dict[str, int] = {}

        def give(shape: Node) -> None:
            above: dict[Node, None] = {}  # those that have no name yet, from within outwards
            owner: Node | None = shape
            while owner is not None and not isinstance(owner, URIRef) and owner not in names:
                if owner in above:
                    owner = None
                    break
                above[owner] = None
                owner = self._owners.get(owner)
            before = "" if owner is None else names.get(owner) or prefixes.compact(str(owner))
            for each in reversed(above):
                has_path = self.value(each, SH.path) is not None
                part = self._path_name(each, prefixes) if has_path else "shape"
                name = f"{before}/{part}" if before else part
                given[name] = number = given.get(name, 0) + 1
                names[each] = before = name if number == 1 else f"{name}#{number}"

        for subject in sorted(self._all(), key=self._rank):
            for shape in (*self.inner(subject), subject):
                give(shape)
        return names

    def _path_name(self, shape: Node, prefixes: Prefixes) -> str:
        try:
            path = self._parsed(shape)
            return "" if path is None else written(path, lambda iri: prefixes.compact(str(iri)))
        except SHACLPathError:
            return "path"

    def _plain(self, node: Node) -> str:
        return self.prefixes.compact(str(node)) if isinstance(node, URIRef) else "a blank node"

    def worded(self, path: AnyPath | None) -> str:
        """``path`` as SPARQL writes it, with prefixes."""
        return "" if path is None else written(path, lambda iri: self.prefixes.compact(str(iri)))

    def rule(self, shape: Node) -> Rule:
        """What ``shape`` says of itself; it may stand where no rule is looked for."""
        owner = self._owners.get(shape, shape)
        severity = self.value(shape, SH.severity)
        return Rule(
            iri=str(shape) if isinstance(shape, URIRef) else "",
            name=self.name(shape),
            owner=self.name(owner),
            title=self._title(shape, owner),
            severity=str(severity or SH.Violation),
            names=by_language(self.values(shape, SH.name)),
            messages=by_language(self.values(shape, SH.message)),
            whole=self._whole_names.get(shape) or str(shape),
        )

    def _title(self, shape: Node, owner: Node) -> str:
        """``A quantity is as the text writes it: its unit``, or the name alone."""
        name = preferred(by_language(self.values(shape, SH.name)))
        whole = preferred(by_language(self.values(owner, SH.name))) if owner != shape else ""
        if name and whole:
            return f"{whole}: {name[:1].lower()}{name[1:]}"
        return name or self.name(shape)


def _without_node(error: SHACLPathError) -> str:
    """What rdflib says of a path; it shows blank nodes as it has them in memory."""
    words = str(error).rstrip(".")
    return "it leads nowhere" if words.startswith("Cannot parse") else words


def written(path: AnyPath, name: Callable[[URIRef], str] = URIRef.n3) -> str:
    """``path`` as SPARQL writes it (1.1, 9.1); rdflib leaves out brackets that are needed."""
    match path:
        case InvPath(arg=URIRef() as one):
            return f"^{name(one)}"
        case InvPath():
            return f"^({written(path.arg, name)})"
        case MulPath():
            return f"({written(path.path, name)}){path.mod}"
        case SequencePath():
            return "/".join(written(part, name) for part in path.args)
        case AlternativePath():
            return "(" + "|".join(written(part, name) for part in path.args) + ")"
        case _:
            return name(URIRef(str(path)))


def plainer(path: AnyPath, *, inverse: bool = False) -> AnyPath:
    """The same path, which turns round properties alone, and repeats nothing that is repeated.

    pySHACL walks an inverse sequence in the wrong order, and writes others as SPARQL has none.
    """
    match path:
        case InvPath():
            return plainer(path.arg, inverse=not inverse)
        case MulPath():
            part = plainer(path.path, inverse=inverse)
            if not isinstance(part, MulPath):
                return MulPath(part, path.mod)
            return MulPath(part.path, path.mod if part.mod == path.mod else "*")
        case SequencePath():
            parts = [plainer(part, inverse=inverse) for part in path.args]
            return SequencePath(*(reversed(parts) if inverse else parts))
        case AlternativePath():
            return AlternativePath(*(plainer(part, inverse=inverse) for part in path.args))
        case _:
            return InvPath(path) if inverse else path


def nullable(path: AnyPath) -> bool:
    """Whether ``path`` leads from a node to itself without any triple."""
    match path:
        case InvPath():
            return nullable(path.arg)
        case MulPath():
            return path.mod in "*?" or nullable(path.path)
        case SequencePath():
            return all(nullable(part) for part in path.args)
        case AlternativePath():
            return any(nullable(part) for part in path.args)
        case _:
            return False


def predicates(path: AnyPath | None) -> Iterator[URIRef]:
    """The properties that ``path`` is made of."""
    match path:
        case URIRef():
            yield path
        case InvPath():
            yield from predicates(path.arg)
        case MulPath():
            yield from predicates(path.path)
        case SequencePath() | AlternativePath():
            for part in path.args:
                yield from predicates(part)


def by_language(values: Sequence[Node]) -> dict[str, str]:
    """The literals among ``values`` by their language tag, sorted."""
    literals = sorted(value for value in values if isinstance(value, Literal))
    return {value.language or "": str(value) for value in literals}


def preferred(texts: Mapping[str, str]) -> str:
    """The text in English, else in no language, else any."""
    return texts.get("en") or texts.get("") or next(iter(texts.values()), "")
