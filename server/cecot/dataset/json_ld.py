"""A graph as compacted JSON-LD that people can read (JSON-LD 1.1, sections 4 and 9).

Oxigraph writes the expanded form; this one has short names, a context that explains them, and an
order that depends on the graph alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from cecot.rdf.prefixes import Prefixes
from cecot.rdf.serialization import writable
from cecot.rdf.terms import Term
from cecot.rdf.writing import canonical_triples
from cecot.vocabulary import RDF, XSD

JsonValue = str | int | bool | dict[str, str]

# Only a namespace that ends so can be a prefix in the simple form (JSON-LD 1.1, 4.1.5).
_ENDINGS = tuple(":/?#[]@")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")


def write_json_ld(triples: Iterable[Triple], prefixes: Prefixes, *, first: str = "") -> str:
    """``triples`` as one JSON-LD document, the node of the IRI ``first`` before all others.

    The others are ordered by IRI, blank nodes last. Raises NotAcceptable for a triple term.
    """
    return _Writer(prefixes).document(list(triples), first)


class _Writer:
    def __init__(self, prefixes: Prefixes) -> None:
        self.prefixes = prefixes
        self.context: dict[str, str] = {}
        self.schemes: frozenset[str] = frozenset()

    def document(self, triples: list[Triple], first: str) -> str:
        triples = list(writable(triples, RdfFormat.JSON_LD))
        if any(isinstance(term, BlankNode) for t in triples for term in (t.subject, t.object)):
            triples = canonical_triples(set(triples))
        self.schemes = frozenset(map(_scheme, _iris(triples)))
        nodes: dict[Term, dict[str, list[JsonValue]]] = {}
        ordered = sorted(set(triples), key=_order)
        ordered.sort(key=lambda triple: str(triple.subject) != f"<{first}>")
        for triple in ordered:
            node = nodes.setdefault(triple.subject, {})
            if _says_type(triple):
                node.setdefault("@type", []).append(self.node(triple.object))
            else:
                key = self.iri(triple.predicate.value)
                node.setdefault(key, []).append(self.value(triple.object))
        graph = [
            {"@id": self.node(subject)}
            | {key: each[0] if len(each) == 1 else each for key, each in properties.items()}
            for subject, properties in nodes.items()
        ]
        told = {"@context": dict(sorted(self.context.items())), "@graph": graph}
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"

    def iri(self, iri: str) -> str:
        found = self.prefixes.split(iri)
        # What follows "//" would be read as an absolute IRI (JSON-LD API, 5.2.2).
        is_short = found and self.prefixes[found[0]].endswith(_ENDINGS) and found[1][:2] != "//"
        if found is None or not is_short or found[0] in self.schemes:
            return iri
        self.context[found[0]] = self.prefixes[found[0]]
        return f"{found[0]}:{found[1]}"

    def node(self, term: Term) -> str:
        return self.iri(term.value) if isinstance(term, NamedNode) else str(term)

    def value(self, term: Term) -> JsonValue:
        if not isinstance(term, Literal):
            return {"@id": self.node(term)}
        if term.language:
            turned = {"@direction": term.direction.value} if term.direction else {}
            return turned | {"@language": term.language, "@value": term.value}
        datatype = term.datatype.value
        if datatype == str(XSD.string):
            return term.value
        if datatype == str(XSD.integer) and _INTEGER.fullmatch(term.value):
            return int(term.value)
        if datatype == str(XSD.boolean) and term.value in ("true", "false"):
            return term.value == "true"
        return {"@type": self.iri(datatype), "@value": term.value}


def _iris(triples: Iterable[Triple]) -> Iterator[str]:
    for triple in triples:
        yield triple.predicate.value
        for term in (triple.subject, triple.object):
            if isinstance(term, NamedNode):
                yield term.value
            elif isinstance(term, Literal):
                yield term.datatype.value


def _scheme(iri: str) -> str:
    """The scheme of ``iri``: a prefix of that name would be read into it."""
    return iri.partition(":")[0]


def _says_type(triple: Triple) -> bool:
    return triple.predicate.value == str(RDF.type) and not isinstance(triple.object, Literal)


def _order(triple: Triple) -> tuple[bool, str, bool, str, str]:
    return (
        isinstance(triple.subject, BlankNode),
        str(triple.subject),
        not _says_type(triple),
        triple.predicate.value,
        str(triple.object),
    )
