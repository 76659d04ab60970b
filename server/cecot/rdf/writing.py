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

Blocks = defaultdict[Term, dict[NamedNode, list[Term]]]

INDENT = "    "
WIDTH = 100
DEEPEST = 1_000
"""Blank nodes that may stand in one another: each line of the innermost begins with so many
indents, so a file of a megabyte would become one of gigabytes."""


def write_turtle(
    triples: Iterable[Triple],
    prefixes: Prefixes,
    header: str = "",
    *,
    first: str = "",
    named: bool = False,
) -> str:
    """``triples`` as canonical Turtle, below the comment block ``header``.

    Equal graphs give equal text, whatever the order of the triples and the names of blank nodes.
    The block of the IRI ``first`` comes before all others. Blank nodes that are ``named`` have
    names already that depend on the graph only, which saves most of the time. Raises TurtleError if
    blank nodes, or triple terms, are nested too deeply.
    """
    nesting = Nesting(triples, named=named)
    writer = _Writer(nesting, Terms(prefixes, nesting.labels), first)
    try:
        blocks = writer.blocks()
    except RecursionError:  # of triple terms
        raise _too_deep() from None
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
    except TurtleError as error:
        error.where = where
        raise


class _Writer:
    """Writes blocks without recursion: what nests is as deep as its author likes."""

    def __init__(self, nesting: Nesting, terms: Terms, first: str) -> None:
        self.nesting = nesting
        self.terms = terms
        self.first = first
        self._short: dict[Term, str] = {}
        self._lines_of: dict[Term, list[tuple[str, list[Term]]]] = {}

    def blocks(self) -> list[str]:
        """The block of each root: IRIs in order, then what has no IRI, in order of its content."""
        named, other = [], []
        for root in self.nesting.roots():
            if isinstance(root, NamedNode):
                block = f"{self.terms.iri(root.value)}\n{self.properties(root)}."
                named.append((root.value != self.first, root.value, block))
            else:
                anonymous = isinstance(root, BlankNode) and root not in self.nesting.labels
                subject = "[]" if anonymous else self.terms.term(root)
                other.append(((len(subject), subject), f"{subject}\n{self.properties(root)}."))
        return [block for *_, block in sorted(named)] + [block for _, block in sorted(other)]

    def properties(self, root: Term) -> str:
        """One line per predicate and object, each ended by `` ;``, and what nests in them."""
        self._shorten(root)
        long: list[tuple[Term, int]] = [(root, 0)]
        for node, depth in long:
            long += [
                (each, depth + 1)
                for start, values in self._lines(node, root)
                for each in values
                if self._is_nested(each) and not self._fits(each, depth + 1, start)
            ]
        written: dict[Term, list[str]] = {}
        for node, depth in reversed(long):
            written[node] = self._written(node, root, depth, written)
        self._lines_of.clear()
        return "".join(written[root])

    def _shorten(self, root: Term) -> None:
        """Find what of that which nests in ``root`` is short enough for one line."""
        found: list[tuple[Term, int]] = [(root, 0)]
        for node, depth in found:
            if depth > DEEPEST:
                raise _too_deep()
            inside = (each for _, values in self._lines(node, root) for each in values)
            found += [(each, depth + 1) for each in inside if self._is_nested(each)]
        for node, _ in reversed(found[1:]):
            lines = self._lines(node, root)
            values = [self._plain(each) for _, objects in lines for each in objects]
            if self.nesting.items(node) is not None:
                text = f"( {' '.join(values)} )"
            elif not lines:
                text = "[]"
            elif len(values) == 1 and values[0]:
                text = f"[ {lines[0][0]}{values[0]} ]"
            else:
                continue
            if all(values) and "\n" not in text and len(text) <= WIDTH:
                self._short[node] = text

    def _lines(self, node: Term, root: Term) -> list[tuple[str, list[Term]]]:
        """How lines of ``node`` begin and what follows: predicates in order, or items of a list."""
        if node not in self._lines_of:
            items = None if node == root else self.nesting.items(node)
            self._lines_of[node] = self._predicates(node) if items is None else [("", items)]
        return self._lines_of[node]

    def _predicates(self, node: Term) -> list[tuple[str, list[Term]]]:
        properties = self.nesting.blocks.get(node, {})
        written = [(self.terms.predicate(each), values) for each, values in properties.items()]
        ordered = sorted(written, key=lambda pair: (pair[0] != "a", pair[0]))
        return [(f"{predicate} ", values) for predicate, values in ordered]

    def _written(
        self, node: Term, root: Term, depth: int, written: dict[Term, list[str]]
    ) -> list[str]:
        """The pieces of ``node`` over several lines; those of what nests in it are ``written``."""
        margin = INDENT * (depth + 1)
        is_list = node != root and self.nesting.items(node) is not None
        pieces: list[str] = []
        for start, values in self._lines(node, root):
            texts = [written.get(each) or [self._plain(each)] for each in values]
            keyed = list(zip(map(self._kind, values), texts, strict=True))
            if not is_list and len(keyed) > 1:
                keyed.sort(key=lambda pair: (pair[0], "".join(pair[1])))
            for _, text in keyed:
                pieces += [margin, start, *text, "\n" if is_list else " ;\n"]
        if node == root:
            return pieces
        opening, closing = "()" if is_list else "[]"
        return [f"{opening}\n", *pieces, INDENT * depth, closing]

    def _is_nested(self, term: Term) -> bool:
        return isinstance(term, BlankNode) and term not in self.nesting.labels

    def _fits(self, node: Term, depth: int, start: str) -> bool:
        """Whether ``node`` is written on one line of the depth that begins so."""
        short = self._short.get(node, "")
        column = len(INDENT) * depth + len(start)
        return short == "[]" or (bool(short) and column + len(short) + len(" ;") <= WIDTH)

    def _plain(self, term: Term) -> str:
        """``term`` on one line; empty if what nests there is too long for one."""
        return self._short.get(term, "") if self._is_nested(term) else self.terms.term(term)

    def _kind(self, term: Term) -> tuple[int, str]:
        """Sort key of an object: IRIs, then literals by language, then what nests."""
        if self._is_nested(term):
            return 2, ""
        return (1, term.language or "") if isinstance(term, Literal) else (0, "")


def _too_deep() -> TurtleError:
    return TurtleError(
        "The blank nodes of this file are nested too deeply to be written.",
        hint=f"Give some of them IRIs: no more than {DEEPEST:,} may stand in one another.",
    )


class Nesting:
    """A graph as blocks (subject, predicate, objects), and what of it stands inside what.

    A blank node is nested if one triple alone points to it and it does not reach itself. One that
    nothing points to opens a block of its own. Every other one has a label that depends on the
    graph only, never on the names in the file (RDFC-1.0), unless they are ``named`` beforehand.
    """

    def __init__(self, triples: Iterable[Triple], *, named: bool = False) -> None:
        distinct = set(triples)
        labelled = _labelled(distinct)
        if labelled and not named:
            distinct = set(canonical_triples(distinct))
            labelled = _labelled(distinct)
        self.blocks: Blocks = defaultdict(lambda: defaultdict(list))
        for triple in distinct:
            self.blocks[triple.subject][triple.predicate].append(triple.object)
        self._items: dict[Term, list[Term] | None] = {}
        order = sorted(labelled, key=lambda node: (len(node.value), node.value))
        self.labels = {node: f"_:b{number}" for number, node in enumerate(order)}

    def roots(self) -> Iterator[Term]:
        """The subjects that open a block, in no order."""
        nested = {
            node
            for properties in self.blocks.values()
            for objects in properties.values()
            for node in objects
            if isinstance(node, BlankNode) and node not in self.labels
        }
        return (subject for subject in self.blocks if subject not in nested)

    def items(self, node: Term) -> list[Term] | None:
        """The items of the list that ``node`` heads; None if it is not a list that nests whole."""
        if node not in self._items:
            cells: list[Term] = []
            rest = node
            while self._is_cell(rest) and self._items.get(rest, ()) is not None:
                cells.append(rest)
                rest = self.blocks[rest][_REST][0]
            if rest == _NIL and cells:
                self._items[node] = [self.blocks[cell][_FIRST][0] for cell in cells]
            else:  # what leads to the end of no list is none either
                self._items |= dict.fromkeys((node, *cells))
        return self._items[node]

    def _is_cell(self, node: Term) -> bool:
        if not isinstance(node, BlankNode) or node in self.labels:
            return False
        said = self.blocks.get(node, {})
        return said.keys() == {_FIRST, _REST} and all(len(each) == 1 for each in said.values())


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
