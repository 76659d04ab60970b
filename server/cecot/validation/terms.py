"""From Oxigraph's terms to rdflib's, letter for letter: no literal is put in canonical form."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from cecot.vocabulary import XSD

_STRING = str(XSD.string)


def term(source: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    """The rdflib term for ``source``; a plain string has no datatype, as rdflib writes it."""
    with _quiet():
        return _term(source)


def fill(graph: Graph, triples: Iterable[ox.Triple]) -> Graph:
    """Add ``triples`` to ``graph`` and return it."""
    with _quiet():
        graph.addN((_term(t.subject), _term(t.predicate), _term(t.object), graph) for t in triples)
    return graph


@contextmanager
def _quiet() -> Iterator[None]:
    """rdflib logs a traceback for a literal that is ill formed; a rule of ours says so better."""
    logger = logging.getLogger("rdflib.term")
    before = logger.disabled
    logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before


def _term(source: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    match source:
        case ox.NamedNode():
            return URIRef(source.value)
        case ox.BlankNode():
            return BNode(source.value)
        case ox.Literal() if source.language:
            return Literal(source.value, lang=source.language)
        case ox.Literal() if source.datatype.value == _STRING:
            return Literal(source.value)
        case ox.Literal():
            return Literal(source.value, datatype=URIRef(source.datatype.value), normalize=False)
        case _:
            raise TypeError("rdflib has no triple terms: RDF 1.2 is an export, never the source.")
