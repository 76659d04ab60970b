"""A graph as canonical Turtle: the form in which files stand in git and exports leave.

Blocks are ordered by IRI, so that one new triple changes one line.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    Triple,
)

from cecot.errors import TurtleError
from cecot.rdf.reading import comments
from cecot.rdf.terms import Prefixes, Term, Terms, parse_supplied
from cecot.vocabulary import RDF

_FIRST, _REST, _NIL = (NamedNode(iri) for iri in (RDF.first, RDF.rest, RDF.nil))

Blocks = dict[NamedNode | BlankNode | Triple, dict[NamedNode, list[Term]]]

INDENT = "    "
WIDTH = 100


def write_turtle(
    triples: Iterable[Triple], prefixes: Prefixes, header: str = "", *, first: str = ""
) -> str:
    """``triples`` as canonical Turtle, below the comment block ``header``.

    Equal graphs give equal text, whatever the order of the triples and the names of blank nodes.
    The block of the IRI ``first`` comes before all others.
    """
    nesting = Nesting(triples)
    writer = _Writer(nesting, Terms(prefixes, nesting.labels), first)
    blocks = writer.blocks()
    names = [f"PREFIX {name}: <{prefixes[name]}>" for name in prefixes if name in writer.terms.used]
    head = "\n".join([header, *names] if header else names)
    return "\n\n".join([head, *blocks] if head else blocks) + "\n"


def format_turtle(text: str | bytes, prefixes: Prefixes, where: str = "") -> str:
    """``text`` in canonical form: the same graph, and the comment block at its top.

    Of ``prefixes``, those that it uses and does not declare are supplied.
    Raises TurtleError, with ``where`` as the file's name, if ``text`` is not Turtle, or if a
    comment further down would be lost.
    """
    parsed = parse_supplied(text, prefixes, where)
    found = comments(parsed.text)
    if found.others:
        line, column = found.others[0]
        raise TurtleError(
            "This comment would be lost: only the block at the top of a file is kept.",
            hint="Say it in rdfs:comment or skos:editorialNote, or move it to the top.",
            where=where,
            line=line,
            column=column,
        )
    try:
        return write_turtle(parsed.triples, prefixes, found.header)
    except RecursionError:
        raise TurtleError(
            "The blank nodes of this file are nested too deeply to be written.",
            hint="Give some of them IRIs.",
            where=where,
        ) from None


class _Writer:
    def __init__(self, nesting: Nesting, terms: Terms, first: str) -> None:
        self.nesting = nesting
        self.terms = terms
        self.first = first

    def blocks(self) -> list[str]:
        """The block of each root: IRIs in order, then what has no IRI, in order of its content."""
        named, other = [], []
        for root in self.nesting.roots():
            if isinstance(root, NamedNode):
                block = f"{self.terms.iri(root.value)}\n{self.properties(root, INDENT)}."
                named.append((root.value != self.first, root.value, block))
            else:
                anonymous = isinstance(root, BlankNode) and root not in self.nesting.labels
                subject = "[]" if anonymous else self.terms.term(root)
                other.append(
                    ((len(subject), subject), f"{subject}\n{self.properties(root, INDENT)}.")
                )
        return [block for *_, block in sorted(named)] + [block for _, block in sorted(other)]

    def properties(self, subject: NamedNode | BlankNode | Triple, indent: str) -> str:
        """One line per predicate and object, each ended by `` ;``."""
        lines = []
        for written, objects in self.predicates(subject):
            start = f"{indent}{written} "
            values = sorted(self.value(value, indent, len(start)) for value in objects)
            lines += [f"{start}{text} ;\n" for _, text in values]
        return "".join(lines)

    def predicates(self, subject: NamedNode | BlankNode | Triple) -> list[tuple[str, list[Term]]]:
        """The predicates of ``subject`` as written, ``a`` before all, with their objects."""
        properties = self.nesting.blocks.get(subject, {})
        written = [(self.terms.predicate(node), values) for node, values in properties.items()]
        return sorted(written, key=lambda pair: (pair[0] != "a", pair[0]))

    def value(self, term: Term, indent: str, column: int) -> tuple[tuple[int, str], str]:
        """Sort key and text of an object: IRIs, then literals by language, then what nests."""
        if isinstance(term, BlankNode) and term not in self.nesting.labels:
            return (2, ""), self.nested(term, indent, column)
        text = self.terms.term(term)
        if isinstance(term, Literal):
            return (1, term.language or ""), text
        return (0, ""), text

    def nested(self, node: BlankNode, indent: str, column: int) -> str:
        """A blank node in place: on one line where it is short, else one line per property."""
        items = self.nesting.items(node)
        if items is not None:
            return self.list(items, indent, column)
        predicates = self.predicates(node)
        if not predicates:
            return "[]"
        if len(predicates) == 1 and len(predicates[0][1]) == 1:
            written, (value,) = predicates[0]
            _, text = self.value(value, indent, column + len(written) + 3)
            line = f"[ {written} {text} ]"
            if "\n" not in line and column + len(line) + 2 <= WIDTH:
                return line
        return f"[\n{self.properties(node, indent + INDENT)}{indent}]"

    def list(self, items: list[Term], indent: str, column: int) -> str:
        """A list in place: on one line where it is short, else one line per item."""
        flat = [self.value(item, indent, column + 2)[1] for item in items]
        line = f"( {' '.join(flat)} )"
        if "\n" not in line and column + len(line) + 2 <= WIDTH:
            return line
        deeper = indent + INDENT
        lines = [f"{deeper}{self.value(item, deeper, len(deeper))[1]}\n" for item in items]
        return f"(\n{''.join(lines)}{indent})"


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
