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
from cecot.locale.catalogue import in_all, locales
from cecot.messages import Message, say

SEPARATOR = " | "
LANGUAGES = tuple(locales())


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds, its reader, its XSD datatype."""

    name: str
    holds: Message
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
    name: str, holds: Message, nodes: Callable[[Claim], tuple[Node, ...]]
) -> tuple[Column, ...]:
    """What something is called: by its IRI, then in each language."""
    return (
        Column(name, holds, lambda claim: _iris(nodes(claim)), "anyURI"),
        *_in_each(
            f"{name}_label",
            say("{column}: label", column=holds),
            lambda claim, language: _labels(nodes(claim), language),
        ),
    )


def _in_each(name: str, holds: Message, read: Callable[[Claim, str], str]) -> tuple[Column, ...]:
    """A column for each language."""
    return tuple(
        Column(
            f"{name}_{language}",
            say("{column} ({language})", column=holds, language=language),
            lambda claim, language=language: read(claim, language),  # type: ignore[misc]
        )
        for language in LANGUAGES
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


def _unit_in(claim: Claim, language: str) -> str:
    """The name of the unit: as the text has it, else what its code stands for."""
    values = [node.value for node in (*_one(claim.object), *claim.quantities) if node.value]
    names = (
        each.unit.first(language).value or readable_unit(each.unit_code, language)
        for each in values
    )
    return SEPARATOR.join(filter(None, names))


COLUMNS: tuple[Column, ...] = (
    Column("claim", say("IRI of the claim"), lambda c: c.iri, "anyURI"),
    Column(
        "status",
        say("How the text presents it; only Asserted is a fact"),
        lambda c: c.status,
    ),
    *_thing("subject", say("What it is said of"), lambda c: _one(c.subject)),
    *_thing("predicate", say("The property"), lambda c: _one(c.predicate)),
    *_thing("object", say("What is said"), lambda c: _one(c.object)),
    Column("number", say("The figure, if exact"), _value("number"), "decimal"),
    Column("minimum", say("Its lower bound"), _value("minimum"), "decimal"),
    Column("unit", say("Its unit (UN/CEFACT code)"), _unit),
    Column("date", say("The date (EDTF)"), _value("edtf")),
    *_thing("speaker", say("Who says it"), lambda c: c.speakers),
    Column(
        "speech_act",
        say("The words that introduce it"),
        lambda c: _texts(c.speech_act),
    ),
    Column(
        "source",
        say("The text that it stands in"),
        lambda c: _iris(node for place in c.places for node in _one(place.source)),
        "anyURI",
    ),
    Column(
        "passage",
        say("The passage of the text"),
        lambda c: _iris(place.passage for place in c.places),
        "anyURI",
    ),
    Column(
        "line",
        say("The line of the text"),
        lambda c: SEPARATOR.join(str(place.line) for place in c.places if place.line is not None),
        "integer",
    ),
    Column(
        "quotation",
        say("The words of the text, where they are quoted"),
        lambda c: _texts((*c.quoted, *c.exact)),
    ),
    *_thing("accused", say("Whom it accuses"), lambda c: c.accused),
    *_thing("act", say("The act that is alleged"), lambda c: c.acts),
    *_thing("policy", say("The policy concerned"), lambda c: c.policies),
    *_thing("about", say("What else it is about"), lambda c: c.about),
    *_in_each(
        "unresolved",
        say("What the text leaves open"),
        lambda claim, language: _texts(claim.unresolved.read_in(language)),
    ),
    *_in_each(
        "description",
        say("The claim in one line"),
        lambda claim, language: _texts(claim.description.read_in(language)),
    ),
    # What is added is added at the end: programs that read columns by their place go on reading.
    *_in_each("unit_label", say("Its unit"), _unit_in),
    *_in_each(
        "statement",
        say("The claim as a sentence, with its status and its speaker"),
        Claim.sentence,
    ),
    *_thing("victims", say("Who is said to have suffered"), lambda c: c.victims),
    *_thing("saying", say("The act of the saying"), lambda c: c.saying),
    *_thing("as_of", say("As of when it is told"), lambda c: c.as_of),
    Column("hedge", say("The hedging words"), lambda c: _texts(c.hedge)),
    *_in_each(
        "readings",
        say("What it may mean otherwise: then it is no fact"),
        lambda c, language: _texts(c.readings.read_in(language)),
    ),
    Column(
        "responds_to",
        say("The claim that it denies, confirms or questions"),
        lambda c: _iris(c.responds_to),
        "anyURI",
    ),
    Column("repeats", say("The claim that it tells again"), lambda c: _iris(c.repeats), "anyURI"),
    Column(
        "link",
        say("The sentence in the text as it is today"),
        lambda c: SEPARATOR.join(filter(None, (place.link for place in c.places))),
        "anyURI",
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
                {"@value": text, "@language": language}
                for language, text in in_all(column.holds).items()
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
