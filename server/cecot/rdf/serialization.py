"""Triples in a format of RDF, whole and well-formed, or the reason why it cannot hold one of them.

RDF/XML can name a predicate only if it ends in an XML name (RDF/XML, section 7.2.21), and name a
node by its class likewise (7.2.11); XML has no place for most control characters (XML 1.0, 2.2),
JSON-LD none for triple terms. Oxigraph writes expanded JSON-LD; for people there is the compacted
form (JSON-LD 1.1, sections 4 and 9), with short names, a context that explains them, and an order
that depends on the graph alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import IO, Protocol, TypeVar, cast
from xml.parsers import expat

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from cecot.errors import NotAcceptable
from cecot.messages import Message, say
from cecot.rdf.terms import NAME_INNER, NAME_START, Prefixes, Term, one_of
from cecot.rdf.writing import canonical_triples
from cecot.vocabulary import RDF, XSD

MOST_NAMED = 5
"""Triples that are named of those that a file leaves out."""

_JSON_LD = (RdfFormat.JSON_LD, RdfFormat.STREAMING_JSON_LD)
_NAME = re.compile(rf"{one_of(NAME_START)}{one_of(NAME_INNER + '.-')}*\Z")
_RESERVED = {
    str(RDF) + name
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li", "version"),
        *("Description", "bagID", "aboutEach", "aboutEachPrefix", "annotation", "annotationNodeID"),
    )
}
_NAMESPACES = ("http://www.w3.org/2000/xmlns/", "http://www.w3.org/XML/1998/namespace")
_NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NO_XML_BYTES = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")

_ROOT_END = b"\n</rdf:RDF>"

Statement = TypeVar("Statement", Triple, Quad)


@dataclass(slots=True)
class Omissions:
    """The triples that a file leaves out: how many, and the first of them, each with the reason."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, statement: Triple | Quad, reason: str) -> None:
        """Count a triple, and name it if it is among the first."""
        self.count += 1
        if len(self.first) < MOST_NAMED:
            self.first.append(f"{_named(statement)}: {reason}")


def write_rdf(
    statements: Iterable[Statement],
    output: IO[bytes],
    rdf_format: RdfFormat,
    prefixes: Mapping[str, str] | None = None,
) -> None:
    """Write ``statements``, in their order; raises NotAcceptable for one that cannot be held."""
    held, declared = writable(statements, rdf_format), dict(prefixes or {})
    if rdf_format != RdfFormat.RDF_XML:
        serialize(held, output, rdf_format, prefixes=declared)
        return
    apart: list[Triple | Quad] = []
    unclosed = _Unclosed(XmlOutput(output))
    declared = {name: iri for name, iri in declared.items() if _is_xml_prefix(name, iri)}
    named = _with_named_classes(held, apart)
    serialize(named, cast("IO[bytes]", unclosed), rdf_format, prefixes=declared)
    unclosed.close(map(_described, apart))


def writable(
    statements: Iterable[Statement], rdf_format: RdfFormat, omitted: Omissions | None = None
) -> Iterator[Statement]:
    """Give those of ``statements`` that the format can hold.

    The others are added to ``omitted``; raises NotAcceptable for the first where that is None.
    """
    if holds_all(rdf_format):
        yield from statements
        return
    for statement in statements:
        reason = _reason(statement, rdf_format)
        if not reason:
            yield statement
        elif omitted is None:
            raise NotAcceptable(
                say(
                    "{format} cannot hold {triple}: {reason}.",
                    format=rdf_format.name,
                    triple=_named(statement),
                    reason=reason,
                ),
                hint=say("Ask for Turtle or N-Triples, which hold every triple."),
                where="format",
            )
        else:
            omitted.add(statement, reason)


def holds_all(rdf_format: RdfFormat) -> bool:
    """Whether the format can hold every triple."""
    return rdf_format not in (RdfFormat.RDF_XML, *_JSON_LD)


def _reason(statement: Triple | Quad, rdf_format: RdfFormat) -> Message | str:
    """Why the format cannot hold ``statement``; empty if it can."""
    if rdf_format in _JSON_LD:
        parts = (statement.subject, statement.object)
        return say("a triple term") if any(isinstance(each, Triple) for each in parts) else ""
    name = statement.predicate.value
    if not _is_name(name):
        return say("no XML name can be made of <{iri}>", iri=name)
    return _outside_xml(statement.subject) or _outside_xml(statement.object)


def _outside_xml(term: Term) -> Message | str:
    """Why ``term`` cannot stand in RDF/XML; empty if it can."""
    match term:
        case Triple():
            return _reason(term, RdfFormat.RDF_XML)
        case Literal(value=value) if found := _NO_XML.search(value):
            return say("XML has no character {code}", code=_code(found[0]))
        case BlankNode(value=value) if not _NAME.match(value):
            return say("{label} is not an XML name", label=value)
    return ""


def _with_named_classes(
    statements: Iterable[Statement], apart: list[Triple | Quad]
) -> Iterator[Statement]:
    """Give ``statements`` but those whose class cannot name the element of their node.

    Oxigraph makes such a name of the class that comes first of its node. They go to ``apart``.
    """
    node: Term | None = None
    for statement in statements:
        if statement.predicate.value == RDF.type:
            subject, value = statement.subject, statement.object
            if subject != node and isinstance(value, NamedNode) and not _is_name(value.value):
                apart.append(statement)
                continue
        node = statement.subject
        yield statement


def _described(statement: Triple | Quad) -> str:
    """A node and its class as Oxigraph writes them where the class names no element."""
    subject, value = statement.subject, cast("NamedNode", statement.object)
    named = "rdf:nodeID" if isinstance(subject, BlankNode) else "rdf:about"
    node = cast("NamedNode | BlankNode", subject).value
    return (
        f'\n\t<rdf:Description {named}="{escape(node)}">'
        f'\n\t\t<rdf:type rdf:resource="{escape(value.value)}"/>\n\t</rdf:Description>'
    )


def _is_xml_prefix(name: str, namespace: str) -> bool:
    """Whether XML can declare ``name`` so: ``xml`` and ``xmlns`` are its own."""
    reader = expat.ParserCreate(namespace_separator=" ")
    declared = f"xmlns:{name}" if name else "xmlns"
    try:
        reader.Parse(f'<x {declared}="{escape(namespace)}"/>', True)
    except expat.ExpatError:
        return False
    return True


@lru_cache(maxsize=4096)
def _is_name(iri: str) -> bool:
    """Whether ``iri`` can be the name of an element, for readers of any edition of XML 1.0."""
    name = _NAME.search(iri)
    if iri in _RESERVED or name is None or iri[: name.start()] in _NAMESPACES:
        return False
    try:
        expat.ParserCreate().Parse(f"<{name[0]}/>", True)
    except expat.ExpatError:
        return False
    return True


def not_of_xml(text: str) -> str:
    """The first character of ``text`` that XML has no place for, by its code; empty without one."""
    found = _NO_XML.search(text)
    return _code(found[0]) if found else ""


def shown_in_xml(text: str) -> str:
    """``text`` for people, with U+FFFD for what XML has no place for."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"


def _named(statement: Triple | Quad) -> str:
    """The triple as N-Triples, cut where it is long."""
    written = str(statement if isinstance(statement, Triple) else statement.triple)
    return written if len(written) <= 200 else f"{written[:199]}…"


class Output(Protocol):
    """What takes bytes: as much of a binary file as Oxigraph calls."""

    def write(self, data: bytes, /) -> int:
        """Take a piece."""
        ...

    def flush(self) -> None:
        """Take note that all is written."""
        ...


class XmlOutput:
    """Passes XML on as it is written: whole, or not at all.

    A carriage return would be read as a line feed (XML 1.0, 2.11), so it is written as a reference.
    """

    def __init__(self, output: Output) -> None:
        self._output = output
        self._last = b""

    def write(self, data: bytes) -> int:
        """Take a piece; raises NotAcceptable for a character that XML has no place for."""
        data = bytes(data)
        # Between two pieces a character may be cut in two.
        found = _NO_XML_BYTES.search(self._last + data)
        if found:
            code = _code(found[0].decode())
            raise NotAcceptable(
                say("XML cannot hold this answer: it has no character {code}.", code=code),
                hint=say("Ask for JSON or CSV, which hold every text."),
                where="format",
            )
        self._last = data[-2:]
        self._output.write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        """Take note that all is written."""
        self._output.flush()


class _Unclosed:
    """Holds the end of RDF/XML back, so that more can be written before it."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._end = b""

    def write(self, data: bytes) -> int:
        """Take a piece, and pass on what cannot be the end."""
        held = self._end + bytes(data)
        at = max(0, len(held) - len(_ROOT_END))
        self._output.write(held[:at])
        self._end = held[at:]
        return len(data)

    def flush(self) -> None:
        """Wait for ``close``."""

    def close(self, further: Iterable[str]) -> None:
        """Write what is ``further`` to be told, and the end."""
        for each in further:
            self._output.write(each.encode())
        self._output.write(self._end)
        self._output.flush()


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
        if datatype == XSD.string:
            return term.value
        if datatype == XSD.integer and _INTEGER.fullmatch(term.value):
            return int(term.value)
        if datatype == XSD.boolean and term.value in ("true", "false"):
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
    return triple.predicate.value == RDF.type and not isinstance(triple.object, Literal)


def _order(triple: Triple) -> tuple[bool, str, bool, str, str]:
    return (
        isinstance(triple.subject, BlankNode),
        str(triple.subject),
        not _says_type(triple),
        triple.predicate.value,
        str(triple.object),
    )
