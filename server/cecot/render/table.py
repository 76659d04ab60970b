"""Claims as a table that explains itself (RFC 4180; CSV on the Web: Tabular Metadata, 5).

No row is without its status, its speaker and its line. Several values of one cell are separated by
`` | ``, which stands in no IRI.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cecot.claims.claim import Claim
from cecot.claims.nodes import Node, Text
from cecot.claims.quantities import readable_unit
from cecot.render.sentences import told_in_words

SEPARATOR = " | "
LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds in English and Spanish, its XSD datatype, its reader."""

    name: str
    english: str
    spanish: str
    read: Callable[[Claim], str]
    datatype: str = "string"


def _one(node: Node | None) -> tuple[Node, ...]:
    return (node,) if node else ()


def _iris(nodes: Iterable[Node]) -> str:
    return SEPARATOR.join(node.iri for node in nodes if node.iri)


def _labels(nodes: Iterable[Node], language: str) -> str:
    return SEPARATOR.join(node.label(language).value for node in nodes)


def _texts(texts: Iterable[Text]) -> str:
    return SEPARATOR.join(text.value for text in texts)


def _thing(
    name: str, english: str, spanish: str, nodes: Callable[[Claim], tuple[Node, ...]]
) -> tuple[Column, ...]:
    """Three columns: what something is called by its IRI, in English and in Spanish."""
    return (
        Column(name, english, spanish, lambda claim: _iris(nodes(claim)), "anyURI"),
        Column(
            f"{name}_label_en",
            f"{english}: label in English",
            f"{spanish}: etiqueta en inglés",
            lambda claim: _labels(nodes(claim), "en"),
        ),
        Column(
            f"{name}_label_es",
            f"{english}: label in Spanish",
            f"{spanish}: etiqueta en español",
            lambda claim: _labels(nodes(claim), "es"),
        ),
    )


def _value(part: str) -> Callable[[Claim], str]:
    """Reads a part of the figure that the claim gives, empty if it gives none."""

    def read(claim: Claim) -> str:
        values = (node.value for node in (*_one(claim.object), *claim.quantities))
        return SEPARATOR.join(str(getattr(each, part)) for each in values if each)

    return read


def _unit(claim: Claim) -> str:
    values = (node.value for node in (*_one(claim.object), *claim.quantities))
    units = (each.unit_code or each.unit.first("en").value for each in values if each)
    return SEPARATOR.join(filter(None, units))


def _unit_in(language: str) -> Callable[[Claim], str]:
    """Reads the name of the unit: as the text has it, else what its code stands for."""

    def read(claim: Claim) -> str:
        values = [node.value for node in (*_one(claim.object), *claim.quantities) if node.value]
        names = (
            each.unit.first(language).value or readable_unit(each.unit_code, language)
            for each in values
        )
        return SEPARATOR.join(filter(None, names))

    return read


COLUMNS: tuple[Column, ...] = (
    Column("claim", "IRI of the claim", "IRI de la afirmación", lambda c: c.iri, "anyURI"),
    Column(
        "status",
        "How the text presents it; only Asserted is a fact",
        "Cómo lo presenta el texto; solo Asserted es un hecho",
        lambda c: c.status,
    ),
    *_thing("subject", "What it is said of", "De qué se dice", lambda c: _one(c.subject)),
    *_thing("predicate", "The property", "La propiedad", lambda c: _one(c.predicate)),
    *_thing("object", "What is said", "Lo que se dice", lambda c: _one(c.object)),
    Column("number", "The figure, if exact", "La cifra, si es exacta", _value("number"), "decimal"),
    Column("minimum", "Its lower bound", "Su cota inferior", _value("minimum"), "decimal"),
    Column("unit", "Its unit (UN/CEFACT code)", "Su unidad (código UN/CEFACT)", _unit),
    Column("date", "The date (EDTF)", "La fecha (EDTF)", _value("edtf")),
    *_thing("speaker", "Who says it", "Quién lo dice", lambda c: c.speakers),
    Column(
        "speech_act",
        "The words that introduce it",
        "Las palabras que lo introducen",
        lambda c: _texts(c.speech_act),
    ),
    Column(
        "source",
        "The text that it stands in",
        "El texto en que figura",
        lambda c: _iris(node for place in c.places for node in _one(place.source)),
        "anyURI",
    ),
    Column(
        "passage",
        "The passage of the text",
        "El pasaje del texto",
        lambda c: _iris(place.passage for place in c.places),
        "anyURI",
    ),
    Column(
        "line",
        "The line of the text",
        "La línea del texto",
        lambda c: SEPARATOR.join(str(place.line) for place in c.places if place.line is not None),
        "integer",
    ),
    Column(
        "quotation",
        "The words of the text, where they are quoted",
        "Las palabras del texto, donde se citan",
        lambda c: _texts((*c.quoted, *c.exact)),
    ),
    *_thing("accused", "Whom it accuses", "A quién acusa", lambda c: c.accused),
    *_thing("act", "The act that is alleged", "El acto que se alega", lambda c: c.acts),
    *_thing("policy", "The policy concerned", "La política en cuestión", lambda c: c.policies),
    *_thing("about", "What else it is about", "De qué más trata", lambda c: c.about),
    Column(
        "unresolved_en",
        "What the text leaves open, in English",
        "Lo que el texto deja abierto, en inglés",
        lambda c: _texts(c.unresolved.read_in("en")),
    ),
    Column(
        "unresolved_es",
        "What the text leaves open, in Spanish",
        "Lo que el texto deja abierto, en español",
        lambda c: _texts(c.unresolved.read_in("es")),
    ),
    Column(
        "description_en",
        "The claim in one line, in English",
        "La afirmación en una línea, en inglés",
        lambda c: _texts(c.description.read_in("en")),
    ),
    Column(
        "description_es",
        "The claim in one line, in Spanish",
        "La afirmación en una línea, en español",
        lambda c: _texts(c.description.read_in("es")),
    ),
    # What is added is added at the end: programs that read columns by their place go on reading.
    Column("unit_label_en", "Its unit in English", "Su unidad en inglés", _unit_in("en")),
    Column("unit_label_es", "Its unit in Spanish", "Su unidad en español", _unit_in("es")),
    Column(
        "statement_en",
        "The claim as a sentence in English, with its status and its speaker",
        "La afirmación como frase en inglés, con su estado y su hablante",
        lambda c: told_in_words(c, "en"),
    ),
    Column(
        "statement_es",
        "The claim as a sentence in Spanish, with its status and its speaker",
        "La afirmación como frase en español, con su estado y su hablante",
        lambda c: told_in_words(c, "es"),
    ),
)


def heading() -> str:
    """The first line of the table."""
    return _line(column.name for column in COLUMNS)


def lines(claims: Iterable[Claim]) -> str:
    """A line for each claim."""
    return "".join(_line(column.read(claim) for column in COLUMNS) for claim in claims)


def table_metadata(url: str, license_: str | None) -> dict[str, object]:
    """What the columns of the table at ``url`` (relative to this) mean, as CSV on the Web."""
    columns = [
        {
            "name": column.name,
            "titles": column.name,
            "dc:description": [
                {"@value": column.english, "@language": "en"},
                {"@value": column.spanish, "@language": "es"},
            ],
            "datatype": column.datatype,
            **({} if column.name in ("claim", "status") else {"separator": SEPARATOR}),
        }
        for column in COLUMNS
    ]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        **({"dc:license": {"@id": license_}} if license_ else {}),
        "dialect": {"delimiter": ",", "encoding": "utf-8", "header": True},
        "tableSchema": {
            "aboutUrl": "{+claim}",
            "primaryKey": "claim",
            "columns": columns,
        },
    }


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(list(cells))
    return text.getvalue()
