"""Claims as a table that explains itself (RFC 4180; CSV on the Web: Tabular Metadata, 5).

No row is without its status, its speaker and its line. Several values of one cell are separated by
`` | ``, which stands in no IRI. For programs it has every column, in each language of the graph
(0093); for people one language, headings in words, IRIs last, and no cell that a spreadsheet runs
(0082).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from cecot.claims.claim import Claim
from cecot.claims.nodes import Node, Text, Value
from cecot.claims.quantities import readable_unit
from cecot.locale.catalogue import in_all, locale_of, locales
from cecot.messages import Message, say
from cecot.vocabulary import LANGUAGES

SEPARATOR = " | "
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds, its reader, its XSD datatype.

    What is said in ``language`` alone has a plain ``heading`` beside those of other languages.
    """

    name: str
    holds: Message
    read: Callable[[Claim], str]
    datatype: str = "string"
    language: str = ""
    heading: Message | None = None


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
            holds,
        ),
    )


def _in_each(
    name: str, holds: Message, read: Callable[[Claim, str], str], heading: Message | None = None
) -> tuple[Column, ...]:
    """A column for each language."""
    return tuple(
        Column(
            f"{name}_{language}",
            say("{column} ({language})", column=holds, language=language),
            lambda claim, language=language: read(claim, language),  # type: ignore[misc]
            language=language,
            heading=heading or holds,
        )
        for language in locales()
    )


def _figures(claim: Claim) -> list[Value]:
    """The figures and dates that the claim gives."""
    nodes = (*_one(claim.object), *claim.quantities)
    return [node.value for node in nodes if node.value]


def _qualifiers(claim: Claim, language: str) -> str:
    """What limits its figures: "average, each prisoner"."""
    return SEPARATOR.join(
        each.value for value in _figures(claim) for each in value.qualifier.read_in(language)
    )


def _converted(claim: Claim) -> str:
    """What the text itself converts its figures to, as it is written there."""
    same = (node.value for value in _figures(claim) for node in value.same_as)
    return SEPARATOR.join(each.as_written.first("").value for each in same if each)


def _value(part: str) -> Callable[[Claim], str]:
    """Reads a part of the figure that the claim gives, empty if it gives none."""

    def read(claim: Claim) -> str:
        return SEPARATOR.join(str(getattr(each, part)) for each in _figures(claim))

    return read


def _unit(claim: Claim) -> str:
    units = (each.unit_code or each.unit.first("en").value for each in _figures(claim))
    return SEPARATOR.join(filter(None, units))


def _unit_in(claim: Claim, language: str) -> str:
    """The name of the unit: as the text has it, else what its code stands for."""
    names = (
        each.unit.first(language).value or readable_unit(each.unit_code, language)
        for each in _figures(claim)
    )
    return SEPARATOR.join(filter(None, names))


COLUMNS: tuple[Column, ...] = (
    # The sentence comes first: whoever opens the table reads it, and cannot miss the status.
    *_in_each(
        "statement", say("The claim as a sentence, with its status and its speaker"), Claim.sentence
    ),
    Column("claim", say("IRI of the claim"), lambda c: c.iri, "anyURI", heading=say("The claim")),
    Column(
        "status",
        say("How the text presents it; what is not Asserted is not a fact"),
        lambda c: c.status,
        heading=say("Status"),
    ),
    *_thing("subject", say("What it is said of"), lambda c: _one(c.subject)),
    *_thing("predicate", say("The property"), lambda c: _one(c.predicate)),
    *_thing("object", say("What is said"), lambda c: _one(c.object)),
    Column("number", say("The figure, if exact"), _value("number"), "decimal"),
    Column("minimum", say("Its lower bound"), _value("minimum"), "decimal"),
    Column("unit", say("Its unit (UN/CEFACT code)"), _unit),
    Column("date", say("The date (EDTF)"), _value("edtf")),
    *_thing("speaker", say("Who says it"), lambda c: c.speakers),
    Column("speech_act", say("The words that introduce it"), lambda c: _texts(c.speech_act)),
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
    *_thing("victims", say("Who is said to have suffered"), lambda c: c.victims),
    *_thing("saying", say("The act of the saying"), lambda c: c.saying),
    *_thing("as_of", say("As of when it is told"), lambda c: c.as_of),
    Column("hedge", say("The hedging words"), lambda c: _texts(c.hedge)),
    *_in_each(
        "readings",
        say("What it may mean otherwise: then it is not a fact"),
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
    *_in_each("qualifier", say("What limits its figure"), _qualifiers),
    Column("converted", say("What the text converts the figure to"), _converted),
    *_thing("alleged_quantity", say("How many, as it is alleged"), lambda c: c.quantities),
    *_thing("said_in", say("Where it is said"), lambda c: c.said_in),
    *_thing("basis", say("The evidence that is named"), lambda c: c.basis),
    *_in_each(
        "source_label",
        say("The text that it stands in"),
        lambda claim, language: _labels(
            (node for place in claim.places for node in _one(place.source)), language
        ),
    ),
    Column(
        "is_fact",
        say("Whether it is a fact of its source: asserted, and read in one way alone"),
        lambda c: str(c.is_fact).lower(),
        "boolean",
        heading=say("Is a fact"),
    ),
)


FOR_PROGRAMS = tuple(each for each in COLUMNS if each.language in ("", *LANGUAGES))
"""The columns that programs read: another language of the pages adds none."""


def heading() -> str:
    """The first line of the table."""
    return _csv([[column.name for column in FOR_PROGRAMS]])


def lines(claims: Iterable[Claim]) -> str:
    """A line for each claim."""
    return _csv([column.read(claim) for column in FOR_PROGRAMS] for claim in claims)


BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By which spreadsheets know a CSV file as UTF-8."""

_RUN = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet may take for a formula (OWASP: CSV Injection)."""


def people_csv(claims: Iterable[Claim], language: str) -> str:
    """The table for a spreadsheet, as CSV: cells that would be run begin with an apostrophe."""
    return BYTE_ORDER_MARK + _csv(map(_as_text, row) for row in _people_rows(claims, language))


def people_xlsx(claims: Iterable[Claim], language: str) -> bytes:
    """The table for a spreadsheet (Office Open XML): every cell is text, but for the figures."""
    locale = locale_of(language)
    file = io.BytesIO()
    from xlsxwriter import Workbook  # noqa: PLC0415 (2 MB that a front at rest can do without)

    with Workbook(file, {"in_memory": True}) as book:
        # The same rows give the same bytes, or the file would change under its entity tag.
        book.set_properties({"created": _NO_DAY})
        sheet = book.add_worksheet(locale.gettext("Claims"))
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        columns = _people_columns(language)
        last = 0
        for last, row in enumerate(_people_rows(claims, language)):
            for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
                if last and column.datatype in _NUMBERS and _is_number(cell):
                    sheet.write_number(last, place, float(cell), wrapped)
                else:
                    sheet.write_string(last, place, cell[:_LONGEST_CELL], wrapped if last else bold)
        sheet.set_column(0, 0, 70)
        sheet.set_column(1, len(columns) - 1, 22)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, last, len(columns) - 1)
    return file.getvalue()


_NO_DAY = datetime(1980, 1, 1, tzinfo=UTC)
_NUMBERS = {"decimal", "integer"}
_LONGEST_CELL = 32_767
"""Characters that a cell of a spreadsheet holds."""


def _people_columns(language: str) -> list[Column]:
    """The columns in one language, the sentence first, IRIs last."""
    own = [each for each in COLUMNS if each.language in ("", language) and each.name != "unit"]
    return sorted(own, key=lambda each: each.datatype == "anyURI")


def _people_rows(claims: Iterable[Claim], language: str) -> Iterator[list[str]]:
    """The headings in words, then a row for each claim."""
    locale = locale_of(language)
    columns = _people_columns(language)
    told = [locale.gettext(column.heading or column.holds) for column in columns]
    addresses = [each.datatype == "anyURI" for each in columns]
    yield [f"{words} (IRI)" if is_ else words for words, is_ in zip(told, addresses, strict=True)]
    for claim in claims:
        status = claim.modality.label(language).value if claim.modality else claim.status
        is_fact = locale.gettext("yes") if claim.is_fact else locale.gettext("no")
        in_words = {"status": status, "is_fact": is_fact}
        yield [in_words.get(each.name) or each.read(claim) for each in columns]


def _as_text(cell: str) -> str:
    """``cell`` as a spreadsheet shows it and does not run it; a number is no formula."""
    return f"'{cell}" if cell.startswith(_RUN) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell))


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
            **({} if column.name in ("claim", "status", "is_fact") else {"separator": SEPARATOR}),
        }
        for column in FOR_PROGRAMS
    ]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        **({"dc:license": {"@id": license_}} if license_ else {}),
        "dialect": {"delimiter": ",", "encoding": "utf-8", "header": True},
        "tableSchema": {"aboutUrl": "{+claim}", "primaryKey": "claim", "columns": columns},
    }


def _csv(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
