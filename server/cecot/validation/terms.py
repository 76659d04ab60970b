"""Between Oxigraph's terms and rdflib's, letter for letter: no literal is put in another form."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

import pyoxigraph as ox
from rdflib import XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from cecot import vocabulary
from cecot.errors import UsageError

# Terms for rdflib's graphs, in which a plain string is no node; the others it knows itself.
CECOT, SCHEMA, SPDX = (
    Namespace(str(each)) for each in (vocabulary.CECOT, vocabulary.SCHEMA, vocabulary.SPDX)
)

_STRING = str(XSD.string)
LONGEST = 200
"""Characters of a term that people are shown."""

WRITTEN = "urn:x-cecot:written:"
"""Before a datatype: Oxigraph has one form for all spellings of a value, and takes one of an
unknown datatype as it is."""

NO_VALUE = "urn:x-cecot:no-value:"
"""The same, where Oxigraph would read a value that the datatype has not."""

_LONG: dict[URIRef | None, tuple[int, int]] = {
    XSD.long: (-(2**63), 2**63 - 1),
    XSD.unsignedLong: (0, 2**64 - 1),
}
"""The bounds that rdflib does not know."""

OxTerm = ox.NamedNode | ox.BlankNode | ox.Literal


def term(source: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    """The rdflib term for ``source``; a plain string has no datatype, as rdflib writes it."""
    match source:
        case ox.NamedNode():
            return URIRef(source.value)
        case ox.BlankNode():
            return BNode(source.value)
        case ox.Literal() if source.language:
            if source.direction:
                raise _unknown("text with a direction", source)
            return Literal(source.value, lang=source.language)
        case ox.Literal() if source.datatype.value == _STRING:
            return Literal(source.value)
        case ox.Literal():
            return _typed(source.value, declared(source.datatype.value))
        case _:
            raise _unknown("triple terms", f"<<( {source} )>>")


def declared(datatype: str) -> str:
    """``datatype`` as the file gives it."""
    return datatype.removeprefix(WRITTEN).removeprefix(NO_VALUE)


def _unknown(what: str, example: object) -> UsageError:
    """What is said of terms of RDF 1.2, which neither SHACL 1.0 nor rdflib has."""
    return UsageError(
        f"SHACL 1.0 does not know {what}, such as {shortened(str(example))}.",
        hint="Leave them, and so annotations and directions, out of what the rules look at.",
    )


@lru_cache(100_000)
def _typed(value: str, datatype: str) -> Literal:
    """A literal that rdflib reads, which takes as long as twenty look-ups."""
    with quiet():
        return Literal(value, datatype=URIRef(datatype), normalize=False)


def from_rdflib(node: Node) -> OxTerm:
    """The Oxigraph term for ``node``."""
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, BNode):
        return ox.BlankNode(str(node))
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        datatype = ox.NamedNode(str(node.datatype)) if node.datatype else None
        return ox.Literal(str(node), datatype=datatype)
    raise TypeError(f"{node!r} is not a term of RDF.")


def fill(graph: Graph, triples: Iterable[ox.Triple]) -> Graph:
    """Add ``triples`` to ``graph`` and return it."""
    graph.addN((term(t.subject), term(t.predicate), term(t.object), graph) for t in triples)
    return graph


def is_value(literal: ox.Literal) -> bool:
    """Whether ``literal`` is a value of its datatype, as far as rdflib knows the datatype."""
    made = term(literal)
    if not isinstance(made, Literal) or made.ill_typed:
        return not isinstance(made, Literal)
    least, most = _LONG.get(made.datatype, (None, None))
    return least is None or most is None or least <= made.value <= most


def plain(source: OxTerm | ox.Triple) -> OxTerm:
    """``source``, which is a term of RDF 1.1."""
    if isinstance(source, ox.Triple):
        raise TypeError("A triple term stands where RDF 1.1 has none.")
    return source


def solutions(results: object) -> ox.QuerySolutions:
    """``results`` of a query that is known to be a SELECT."""
    if not isinstance(results, ox.QuerySolutions):
        raise TypeError("The query is not a SELECT.")
    return results


def shortened(text: str) -> str:
    """``text`` for people: of a very long one the beginning, and how long it is."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"


@contextmanager
def quiet() -> Iterator[None]:
    """While rdflib reads literals.

    It logs a traceback for one that is ill formed, of which a rule of ours says so better; and it
    has Python read integers, which by itself reads none of more than 4,300 digits.
    """
    logger = logging.getLogger("rdflib.term")
    before, digits = logger.disabled, sys.get_int_max_str_digits()
    logger.disabled = True
    sys.set_int_max_str_digits(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before
        sys.set_int_max_str_digits(digits)
