"""The one table of formats that answers are written in (SPARQL 1.1 Protocol 2.1.5 and 2.1.6).

A format has one media type of its own and may answer to others; it is then sent under the name that
the client asked for. The order of the two tables is the order of preference.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pyoxigraph import QueryResultsFormat, RdfFormat

from cecot.engine import Form

FORMATS_IRI = "http://www.w3.org/ns/formats/"
"""Where the W3C's unique IRIs for file formats begin."""

Writer = TypeVar("Writer", QueryResultsFormat, RdfFormat)


@dataclass(frozen=True, slots=True)
class Format(Generic[Writer]):
    """One way to write an answer.

    ``name`` is the value of ``format=`` and of the command line, ``names`` the other values that
    mean it; ``title`` is what people call it; ``media_type`` is its own type, ``aliases`` the types
    it answers to besides; ``suffix`` ends a file's name; ``writer`` is what Oxigraph calls it.
    """

    name: str
    title: str
    media_type: str
    suffix: str
    writer: Writer
    names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def iri(self) -> str:
        """What it is called in RDF."""
        return FORMATS_IRI + re.sub("[ /]", "_", self.title)

    @property
    def media_types(self) -> tuple[str, ...]:
        """Its own media type, then those it answers to besides."""
        return (self.media_type, *self.aliases)

    def is_called(self, name: str) -> bool:
        """Whether ``name`` is one of the values of ``format=`` that mean this format."""
        return name.lower() in (self.name, self.suffix, *self.names)


RESULTS: tuple[Format[QueryResultsFormat], ...] = (
    Format(
        "json",
        "SPARQL Results JSON",
        "application/sparql-results+json",
        "srj",
        QueryResultsFormat.JSON,
        ("sparql-json", "sparql-results+json"),
        ("application/json",),
    ),
    Format(
        "xml",
        "SPARQL Results XML",
        "application/sparql-results+xml",
        "srx",
        QueryResultsFormat.XML,
        ("sparql-xml", "sparql-results+xml"),
        ("application/xml", "text/xml"),
    ),
    Format("csv", "SPARQL Results CSV", "text/csv", "csv", QueryResultsFormat.CSV),
    Format("tsv", "SPARQL Results TSV", "text/tab-separated-values", "tsv", QueryResultsFormat.TSV),
)

GRAPHS: tuple[Format[RdfFormat], ...] = (
    Format(
        "turtle",
        "Turtle",
        "text/turtle",
        "ttl",
        RdfFormat.TURTLE,
        ("n3",),
        (
            "application/turtle",
            "application/x-turtle",
            "text/n3",
            "text/rdf+n3",
            "application/n3",
        ),
    ),
    Format(
        "ntriples",
        "N-Triples",
        "application/n-triples",
        "nt",
        RdfFormat.N_TRIPLES,
        ("n-triples",),
        ("text/plain",),
    ),
    Format(
        "rdfxml",
        "RDF/XML",
        "application/rdf+xml",
        "rdf",
        RdfFormat.RDF_XML,
        ("rdf+xml", "rdf/xml", "xml"),
        ("application/xml", "text/xml"),
    ),
    Format(
        "jsonld",
        "JSON-LD",
        "application/ld+json",
        "jsonld",
        RdfFormat.JSON_LD,
        ("json-ld", "ld+json", "json"),
        ("application/json", "application/x-json+ld"),
    ),
    Format(
        "nquads",
        "N-Quads",
        "application/n-quads",
        "nq",
        RdfFormat.N_QUADS,
        ("n-quads",),
        ("text/x-nquads",),
    ),
    Format("trig", "TriG", "application/trig", "trig", RdfFormat.TRIG, (), ("application/x-trig",)),
)

AnyFormat = Format[QueryResultsFormat] | Format[RdfFormat]
Formats = Sequence[AnyFormat]
FORMATS: Formats = (*RESULTS, *GRAPHS)


def formats_of(form: Form) -> Formats:
    """The formats that an answer of this form can be written in, the preferred one first."""
    return GRAPHS if form is Form.GRAPH else RESULTS


def media_types(formats: Formats) -> list[str]:
    """All media types of ``formats``, in the order of preference: own types first, then aliases."""
    own = [each.media_type for each in formats]
    return own + [alias for each in formats for alias in each.aliases if alias not in own]


def results_writer(media_type: str) -> QueryResultsFormat:
    """What Oxigraph calls the format of rows or a boolean; KeyError if there is none."""
    return _RESULTS_WRITERS[media_type]


def graph_writer(media_type: str) -> RdfFormat:
    """What Oxigraph calls the format of a graph; KeyError if there is none."""
    return _GRAPH_WRITERS[media_type]


def content_type(media_type: str) -> str:
    """The Content-Type header: text types say that they are UTF-8, the others always are."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


_RESULTS_WRITERS = {each: format_.writer for format_ in RESULTS for each in format_.media_types}
_GRAPH_WRITERS = {each: format_.writer for format_ in GRAPHS for each in format_.media_types}
