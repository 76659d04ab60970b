"""Which blank nodes can be written in place, as ``[ ]`` or ``( )`` (Turtle 1.2, 2.7 and 2.8)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    Triple,
)

from cecot.rdf.terms import Term
from cecot.vocabulary import RDF

_FIRST, _REST, _NIL = (NamedNode(str(iri)) for iri in (RDF.first, RDF.rest, RDF.nil))

Blocks = dict[NamedNode | BlankNode | Triple, dict[NamedNode, list[Term]]]


class Nesting:
    """A graph as blocks (subject, predicate, objects), and what of it stands inside what.

    A blank node is nested if one triple alone points to it and it does not reach itself. One that
    nothing points to opens a block of its own. Every other one has a label that depends on the
    graph only, never on the names in the file (RDFC-1.0).
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        distinct = set(triples)
        labelled = _labelled(distinct)
        if labelled:
            distinct = set(canonical_triples(distinct))
            labelled = _labelled(distinct)
        self.blocks: Blocks = defaultdict(lambda: defaultdict(list))
        for triple in distinct:
            self.blocks[triple.subject][triple.predicate].append(triple.object)
        order = sorted(labelled, key=lambda node: (len(node.value), node.value))
        self.labels = {node: f"_:b{number}" for number, node in enumerate(order)}

    def roots(self) -> Iterator[NamedNode | BlankNode | Triple]:
        """The subjects that open a block, in no order."""
        nested = {
            node
            for properties in self.blocks.values()
            for objects in properties.values()
            for node in objects
            if isinstance(node, BlankNode) and node not in self.labels
        }
        return (subject for subject in self.blocks if subject not in nested)

    def items(self, node: BlankNode) -> list[Term] | None:
        """The items of the list that ``node`` heads; None if it is not a list that nests whole."""
        items: list[Term] = []
        rest: Term = node
        while rest != _NIL:
            if not isinstance(rest, BlankNode) or rest in self.labels:
                return None
            cell = self.blocks.get(rest, {})
            if cell.keys() != {_FIRST, _REST} or any(len(values) != 1 for values in cell.values()):
                return None
            items.append(cell[_FIRST][0])
            rest = cell[_REST][0]
        return items


def canonical_triples(triples: Iterable[Triple]) -> list[Triple]:
    """``triples`` with their blank nodes renamed in the one way that their graph allows."""
    dataset = Dataset(Quad(*triple) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return [quad.triple for quad in dataset]


def _labelled(triples: Iterable[Triple]) -> set[BlankNode]:
    """The blank nodes that cannot be written in place."""
    pointed: Counter[BlankNode] = Counter()
    inside: dict[BlankNode, Term] = {}
    for triple in triples:
        for node in _blank_nodes(triple):
            # A name is needed inside a triple term: it counts as many pointers.
            pointed[node] += 1 if node == triple.object else 2
            inside[node] = triple.subject
    labelled = {node for node, count in pointed.items() if count > 1}
    return labelled | _circular(inside, labelled)


def _blank_nodes(triple: Triple) -> Iterator[BlankNode]:
    """The blank nodes that ``triple`` points to, inside triple terms too."""
    terms: list[tuple[Term, bool]] = [(triple.object, True), (triple.subject, False)]
    while terms:
        term, counts = terms.pop()
        if isinstance(term, Triple):
            terms += [(term.subject, True), (term.object, True)]
        elif isinstance(term, BlankNode) and counts:
            yield term


def _circular(inside: dict[BlankNode, Term], labelled: set[BlankNode]) -> set[BlankNode]:
    """The nodes that stand inside themselves, each being inside the subject that points to it."""
    safe: set[Term] = set(labelled)
    circular: set[BlankNode] = set()
    for start in inside:
        path: list[Term] = []
        walked: set[Term] = set()
        node: Term = start
        while isinstance(node, BlankNode) and node in inside and node not in safe:
            if node in walked:
                cycle = path[path.index(node) :]
                circular.update(item for item in cycle if isinstance(item, BlankNode))
                break
            path.append(node)
            walked.add(node)
            node = inside[node]
        safe.update(path)
    return circular
