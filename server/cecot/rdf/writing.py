"""A graph as canonical Turtle: the form in which files stand in git and exports leave.

Blocks are ordered by IRI, so that one new triple changes one line.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cecot.rdf.nesting import Nesting
from cecot.rdf.prefixes import Prefixes
from cecot.rdf.terms import Term, Terms

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
