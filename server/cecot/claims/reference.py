"""The ontology and the rules as documentation, read from their own triples (RDFS, SKOS, SHACL).

Whatever stands in the named graph of the ontology, or of the shapes, is told there: nothing of it
is known by name, so a foreign ontology is told in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import BlankNode, NamedNode

from cecot.claims.nodes import Node, Reader, Texts, gathered
from cecot.claims.subgraph import Subgraph, fetch, query
from cecot.dataset.content import Names
from cecot.dataset.description import Description
from cecot.engine import Engine
from cecot.rdf.terms import Term, count_of, iri_of
from cecot.sparql.asking import select
from cecot.vocabulary import CECOT, DCTERMS, OWL, RDF, RDFS, SCHEMA, SH, SKOS

_CLASSES = {RDFS.Class, OWL.Class}
_PROPERTIES = {RDF.Property, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
_RELATIONS: Mapping[str, tuple[str, ...]] = {
    "kind_of": (RDFS.subClassOf, RDFS.subPropertyOf),
    "said_of_class": (RDFS.domain, SCHEMA.domainIncludes),
    "value_is": (RDFS.range, SCHEMA.rangeIncludes),
    "never_also": (OWL.disjointWith,),
    "close_to": (SKOS.closeMatch, SKOS.exactMatch),
    "see_also": (RDFS.seeAlso,),
}
"""What is told of a term, by the words for it."""

_DOMAINS = _RELATIONS["said_of_class"]


@dataclass(frozen=True, slots=True)
class Name:
    """What a term is called where it is mentioned: ``anchor`` leads to it if it is told here."""

    node: Node
    compact: str
    anchor: str


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A class, a property or a concept; ``related`` is by the word for the relation.

    ``things`` counts its instances or what refers to it, ``facts`` the direct triples of a
    property, ``claims`` the claims whose predicate it is; None where that means nothing.
    """

    name: Name
    comments: Texts
    related: Mapping[str, tuple[Name, ...]]
    things: int | None
    facts: int | None
    claims: int | None


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Terms of one kind: ``word`` names the kind, ``of`` the class or scheme that it is of."""

    word: str
    of: Name | None
    comments: Texts
    terms: tuple[TermEntry, ...]

    @property
    def anchor(self) -> str:
        """The name of the group in a page; no term has such a name."""
        return f"group-{self.word}" + (f"-{self.of.anchor or self.of.node.iri}" if self.of else "")


@dataclass(frozen=True, slots=True)
class Ontology:
    """An ontology: what it says of itself, and its terms in groups."""

    iri: str
    titles: Texts
    descriptions: Texts
    version: str
    groups: tuple[TermGroup, ...]


def read_vocabulary(engine: Engine, found: Subgraph, description: Description) -> Ontology:
    """The ontology that ``found`` holds, with how often ``description`` counts its terms.

    Raises what the engine raises.
    """
    vocabulary = _Vocabulary(engine, found, description)
    ontology, texts = NamedNode(description.names.ontology_iri), vocabulary.reader.texts
    return Ontology(
        iri=ontology.value,
        titles=texts(ontology, DCTERMS.title, RDFS.label),
        descriptions=texts(ontology, DCTERMS.description, RDFS.comment),
        version=texts(ontology, OWL.versionInfo).first("en").value,
        groups=tuple(vocabulary.groups()),
    )


def anchor_of(iri: str, document: str, compact: str) -> str:
    """Where a term stands in its document: at its fragment; a foreign one under a name for it."""
    here = iri.removeprefix(f"{document.rstrip('#')}#")
    return here if here != iri else compact.strip("<>").replace(":", "-").replace("/", "-")


class _Vocabulary:
    """Reads the terms of an ontology out of its triples."""

    def __init__(self, engine: Engine, found: Subgraph, description: Description) -> None:
        self.reader = Reader(found)
        self.names = names = description.names
        self.classes, self.properties = description.classes, description.properties
        named = sorted((each for each in found.graph if isinstance(each, NamedNode)), key=str)
        document = names.ontology_iri.rstrip("#")
        self.told = [
            node
            for node in named
            if (types := self.reader.types(node))
            and node.value.rstrip("#") != document
            and SH.PrefixDeclaration not in types
        ]
        self._is_told = frozenset(self.told)
        self._of: dict[Term, list[Term]] = {}
        for each in self.told:
            for domain in {of for iri in _DOMAINS for of in found.objects(each, iri)}:
                self._of.setdefault(domain, []).append(each)
        concepts = [each for each in self.told if SKOS.Concept in self.reader.types(each)]
        self.claims = _counted(engine, "uses-of-terms", self.told)
        self.references = _counted(engine, "references-to-terms", concepts)

    def groups(self) -> Iterator[TermGroup]:
        """The terms, in groups of one kind."""
        kinds = gathered((self._kind(term), term) for term in self.told)
        # Of groups of one kind the largest comes first.
        for (_, word, of), found in sorted(
            kinds.items(), key=lambda item: (item[0][0], -len(item[1]), item[0])
        ):
            group = NamedNode(of) if of else None
            yield TermGroup(
                word,
                self._name(group) if group else None,
                self.reader.texts(group, RDFS.comment) if group else Texts(),
                tuple(sorted(map(self._entry, found), key=_by_label)),
            )

    def _kind(self, term: Term) -> tuple[int, str, str]:
        """The place of a group, the word for it, and the IRI of what it is of."""
        types = self.reader.types(term)
        if types & _CLASSES:
            return 0, "classes", ""
        special = sorted(each for each in types - _PROPERTIES if self._is_told_class(each))
        if special and (types & _PROPERTIES or CECOT.FactProperty in special):
            return 1, "properties_that_are", special[0]
        if types & _PROPERTIES:
            domains = sorted(each.iri for each in self.reader.nodes(term, _DOMAINS[0]))
            return (2, "properties_of", domains[0]) if domains else (3, "properties_other", "")
        schemes = sorted(each.iri for each in self.reader.nodes(term, SKOS.inScheme))
        if schemes:
            return 4, "concepts_in", schemes[0]
        if SKOS.ConceptScheme in types:
            return 5, "schemes", ""
        return 6, "terms_other", ""

    def _is_told_class(self, iri: str) -> bool:
        return bool(self.reader.types(NamedNode(iri)) & _CLASSES)

    def _entry(self, term: Term) -> TermEntry:
        node, types = self.reader.node(term), self.reader.types(term)
        is_property = bool(types & _PROPERTIES) or CECOT.FactProperty in types
        things = None
        if types & _CLASSES:
            things = self.classes.get(node.iri, 0)
        elif SKOS.Concept in types:
            things = self.references.get(node.iri, 0)
        return TermEntry(
            name=self._name(term),
            comments=self.reader.texts(term, RDFS.comment, SKOS.definition),
            related=dict(self._related(term)),
            things=things,
            facts=self.properties.get(node.iri, 0) if is_property else None,
            claims=self.claims.get(node.iri, 0) if is_property else None,
        )

    def _related(self, term: Term) -> Iterator[tuple[str, tuple[Name, ...]]]:
        for word, predicates in _RELATIONS.items():
            found = [each for iri in predicates for each in self.reader.nodes(term, iri)]
            named = tuple(self._name(each.term) for each in found if each.iri)
            if named:
                yield word, named
        if uses := self._of.get(term):
            yield "has_properties", tuple(map(self._name, uses))

    def _name(self, term: Term) -> Name:
        node = self.reader.node(term)
        compact = self.names.prefixes.compact(node.iri)
        here = term in self._is_told
        return Name(
            node, compact, anchor_of(node.iri, self.names.ontology_iri, compact) if here else ""
        )


def _counted(engine: Engine, name: str, terms: Iterable[NamedNode]) -> dict[str, int]:
    wanted = list(terms)
    rows = select(engine, query(name), terms=wanted) if wanted else []
    return {iri_of(row["term"]): count_of(row["uses"]) for row in rows if "term" in row}


def _by_label(entry: TermEntry) -> tuple[str, str]:
    return entry.name.node.label("en").value.casefold(), entry.name.compact


_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule, or a part of one, which asks something of one property.

    ``severity`` is the end of its IRI (``Violation``, ``Warning``); ``paths`` are the properties
    that a part looks at, each with its short name. ``how`` is ``query`` (a query over the whole
    graph), ``beside`` (checked outside SHACL) or ``shape``.
    """

    anchor: str
    compact: str
    names: Texts
    messages: Texts
    comments: Texts
    severity: str
    paths: tuple[tuple[Node, str], ...]
    how: str = "shape"
    parts: tuple[RuleEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Rules that look at the same things; at the whole graph where ``targets`` is empty.

    ``anchor`` is the name of the group in a page.
    """

    targets: tuple[tuple[Node, str], ...]
    rules: tuple[RuleEntry, ...]
    anchor: str


def read_rules(engine: Engine, found: Subgraph, names: Names) -> tuple[RuleGroup, ...]:
    """The rules that ``found`` holds. Raises what the engine raises."""
    terms = {
        each
        for values in found.graph.values()
        for objects in values.values()
        for each in objects
        if isinstance(each, NamedNode)
    }
    labels = Reader(fetch(engine, mentioned=sorted(terms, key=str)))
    return tuple(_Rules(found, labels, names).groups())


class _Rules:
    """Reads rules out of their triples."""

    def __init__(self, found: Subgraph, labels: Reader, names: Names) -> None:
        self.reader, self.labels, self.names = Reader(found), labels, names
        self.shapes = [
            node
            for node in sorted(found.graph, key=str)
            if isinstance(node, NamedNode) and SH.NodeShape in self.reader.types(node)
        ]

    def groups(self) -> Iterator[RuleGroup]:
        """The groups: those that look at few things first, the whole graph last."""
        found = gathered((self._targets(shape), shape) for shape in self.shapes)
        for targets in sorted(found, key=self._place):
            yield RuleGroup(
                tuple((self._target(iri), self._short(iri)) for iri in targets),
                tuple(self._rule(shape) for shape in found[targets]),
                self._anchor(targets),
            )

    def _anchor(self, targets: tuple[str, ...]) -> str:
        """A target that the rules themselves say how to find is told nowhere else."""
        document = f"{self.names.shapes_iri}#"
        if len(targets) == 1 and targets[0].startswith(document):
            return targets[0].removeprefix(document)
        return "group-" + ("-".join(map(self._short, targets)).replace(":", "-") or "whole")

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

    def _rule(self, shape: NamedNode) -> RuleEntry:
        types = self.reader.types(shape)
        how = "query" if self.reader.found.objects(shape, SH.sparql) else "shape"
        if len(types) > 1 and self._is_own_class(types - {SH.NodeShape}):
            how = "beside"
        parts = (each.term for each in self.reader.nodes(shape, SH.property) if each.iri)
        return replace(self._entry(shape), how=how, parts=tuple(map(self._entry, parts)))

    def _entry(self, shape: Term) -> RuleEntry:
        iri = iri_of(shape)
        severity = self.reader.one(shape, SH.severity)
        return RuleEntry(
            anchor=anchor_of(iri, self.names.shapes_iri, self._short(iri)),
            compact=self._short(iri),
            names=self.reader.texts(shape, SH.name, RDFS.label),
            messages=self.reader.texts(shape, SH.message),
            comments=self.reader.texts(shape, RDFS.comment, SH.description),
            severity=(severity.iri if severity else SH.Violation).rpartition("#")[2],
            paths=tuple((path, self._short(path.iri)) for path in self._paths(shape)),
        )

    def _paths(self, shape: Term) -> Iterator[Node]:
        """The properties of a path, however they stand in it."""
        seen: set[Term] = set()
        waiting = list(self.reader.found.objects(shape, SH.path))
        while waiting:
            term = waiting.pop(0)
            if term in seen or iri_of(term) == RDF.nil:
                continue
            seen.add(term)
            if isinstance(term, BlankNode):
                inner = self.reader.found.graph.get(term, {})
                waiting += [each for values in inner.values() for each in values]
            elif iri_of(term):
                yield self.labels.node(term)

    def _is_own_class(self, types: set[str]) -> bool:
        return any(RDFS.Class in self.reader.types(NamedNode(each)) for each in types)
