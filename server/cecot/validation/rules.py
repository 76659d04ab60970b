"""The rules as the shapes describe them: name, message, severity (SHACL 2.1.4, 2.1.5, 2.3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from rdflib import Graph, URIRef
from rdflib.term import Literal, Node

from cecot.vocabulary import RDF, SH


class Severity(Enum):
    """How grave a finding is; only violations fail, unless the validation is strict."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"

    @property
    def iri(self) -> URIRef:
        """The SHACL term for it."""
        return URIRef(str(SH) + self.value.capitalize())


_SEVERITIES = {severity.iri: severity for severity in Severity}


@dataclass(frozen=True, slots=True)
class Rule:
    """A node shape, a property shape or a check beside SHACL, by its IRI.

    ``names`` and ``messages`` are by language tag. ``owner`` is the node shape that a property
    shape belongs to, else the rule itself; ``title`` is its name, after that of its owner.
    """

    iri: str
    owner: str
    title: str
    severity: Severity
    names: Mapping[str, str] = field(hash=False)
    messages: Mapping[str, str] = field(hash=False)
    beside: bool = False

    @property
    def message(self) -> str:
        """What tells the author the cure; empty if the shape has none."""
        return _preferred(self.messages)


def read_rules(shapes: Graph, namespace: str) -> dict[str, Rule]:
    """All named shapes of ``shapes`` by IRI, in the order of their IRIs.

    ``namespace`` begins the IRI of the class that marks checks beside SHACL.
    """
    owners = {
        str(shape): str(owner)
        for owner, shape in shapes.subject_objects(SH.property)
        if isinstance(owner, URIRef)
    }
    beside = set(shapes.subjects(RDF.type, URIRef(namespace + "CheckBesideShacl")))
    found: set[Node] = {
        shape
        for kind in (SH.NodeShape, SH.PropertyShape)
        for shape in shapes.subjects(RDF.type, kind)
    }
    return {
        str(shape): Rule(
            iri=str(shape),
            owner=owners.get(str(shape), str(shape)),
            title=_title(shapes, shape, owners.get(str(shape))),
            severity=severity_of(shapes.value(shape, SH.severity)),
            names=_by_language(shapes, shape, SH.name),
            messages=_by_language(shapes, shape, SH.message),
            beside=shape in beside,
        )
        for shape in sorted(found, key=str)
        if isinstance(shape, URIRef)
    }


def severity_of(term: Node | None) -> Severity:
    """The severity that ``term`` names; a violation if it names none (SHACL 2.1.4)."""
    return _SEVERITIES.get(URIRef(str(term)), Severity.VIOLATION)


def _title(shapes: Graph, shape: Node, owner: str | None) -> str:
    """``A quantity is as the text writes it: its unit``, or the name alone."""
    name = _preferred(_by_language(shapes, shape, SH.name)) or str(shape)
    whole = _preferred(_by_language(shapes, URIRef(owner), SH.name)) if owner else ""
    return f"{whole}: {name[:1].lower()}{name[1:]}" if whole else name


def _by_language(shapes: Graph, shape: Node, predicate: URIRef) -> dict[str, str]:
    values = sorted(v for v in shapes.objects(shape, predicate) if isinstance(v, Literal))
    return {value.language or "": str(value) for value in values}


def _preferred(texts: Mapping[str, str]) -> str:
    return texts.get("en") or texts.get("") or next(iter(texts.values()), "")
