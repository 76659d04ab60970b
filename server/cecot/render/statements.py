"""Short ways to write triples about the service itself (RDF 1.1 Concepts, section 3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cecot.vocabulary import RDF, XSD

Address = Callable[[str], str]
"""Makes the absolute address of a path of the service."""
Node = NamedNode | BlankNode
DATASET, DEFAULT_GRAPH = "/.well-known/void#dataset", "/.well-known/void#default-graph"


def kind(subject: Node, *classes: str) -> list[Triple]:
    """``subject`` is of each of ``classes``."""
    return [link(subject, str(RDF.type), each) for each in classes]


def link(subject: Node, predicate: str, value: str | Node) -> Triple:
    """``subject`` is related to another thing."""
    target = NamedNode(value) if isinstance(value, str) else value
    return Triple(subject, NamedNode(predicate), target)


def count(subject: Node, predicate: str, value: int) -> Triple:
    """``subject`` has so many of something."""
    number = Literal(str(value), datatype=NamedNode(str(XSD.integer)))
    return Triple(subject, NamedNode(predicate), number)


def text(subject: Node, predicate: str, value: str) -> Triple:
    """``subject`` is told in ``value``, in no language."""
    return Triple(subject, NamedNode(predicate), Literal(value))


def typed(subject: Node, predicate: str, value: str, datatype: str) -> Triple:
    """``subject`` has a value of a datatype, both by IRI."""
    return Triple(subject, NamedNode(predicate), Literal(value, datatype=NamedNode(datatype)))


def texts(subject: Node, predicate: str, values: Mapping[str, str]) -> list[Triple]:
    """``subject`` is told in ``values``, which are by language."""
    return [
        Triple(subject, NamedNode(predicate), Literal(value, language=language))
        for language, value in values.items()
    ]
