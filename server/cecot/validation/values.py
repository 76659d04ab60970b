"""Dates and figures against their words, their conversions and their properties (rules 14-17)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from rdflib.namespace import RDF
from rdflib.term import Literal, Node, URIRef

from cecot.claims.quantities import (
    DIMENSIONS,
    Dimension,
    Unit,
    find_unit,
    read_number,
    says_at_least,
)
from cecot.dates import Edtf, months, read_edtf
from cecot.validation.checks import Checked
from cecot.validation.report import Found
from cecot.validation.terms import CECOT, SCHEMA

TOLERANCE = Decimal("0.02")

_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|º|\.º)?(?![\d,])")


def check_days(checked: Checked) -> Iterator[Found]:
    """The EDTF string is one, and the first and last day lie inside what it allows."""
    for node, text, edtf in _dates(checked):
        if edtf is None:
            words = "not an EDTF date such as 2023-02-01, 2023-01, 2022 or 198X"
            yield checked.breach(node, words, path=CECOT.edtf, value=text)
            continue
        for path in (SCHEMA.startDate, SCHEMA.endDate):
            literal = checked.literal(node, path)
            day = _day(literal)
            if day is not None and not edtf.first <= day <= edtf.last:
                words = f"“{text}” allows {edtf.first} to {edtf.last}"
                yield checked.breach(node, words, path=path, value=literal)


def check_precision(checked: Checked) -> Iterator[Found]:
    """The EDTF string names no day or month that the words do not name."""
    for node, text, edtf in _dates(checked):
        written = checked.literal(node, CECOT.asWritten)
        if edtf is None or written is None:
            continue
        for part in _unsaid(edtf, written):
            words = f"it names {part}, “{written}” does not"
            yield checked.breach(node, words, path=CECOT.edtf, value=text)


def _dates(checked: Checked) -> Iterator[tuple[Node, Literal, Edtf | None]]:
    for node in checked.instances(CECOT.DateValue):
        text = checked.literal(node, CECOT.edtf)
        if text is not None:
            yield node, text, read_edtf(str(text))


def _day(literal: Literal | None) -> date | None:
    """The day of ``literal``; None if it is none (another rule says so)."""
    try:
        return None if literal is None else date.fromisoformat(str(literal))
    except ValueError:
        return None


def _unsaid(edtf: Edtf, written: Literal) -> Iterator[str]:
    """The parts of ``edtf`` that ``written`` does not name."""
    text = written.lower()
    names = months((written.language or "").partition("-")[0])
    years = _YEAR.findall(text)
    if years and not any(_fits(edtf.year, year) for year in years):
        yield f"the year {edtf.year}"
    if edtf.month and not re.search(rf"\b{names[edtf.month - 1].lower()}\b", text):
        yield f"the month {edtf.month:02}"
    if edtf.day and edtf.day not in {int(day) for day in _DAY.findall(text)}:
        yield f"the day {edtf.day:02}"


def _fits(pattern: str, year: str) -> bool:
    return re.fullmatch(pattern.replace("X", r"\d"), year) is not None


def check_numbers(checked: Checked) -> Iterator[Found]:
    """Rule 14: the number is the one that ``cecot:asWritten`` writes."""
    for node in checked.instances(SCHEMA.QuantitativeValue):
        written = checked.literal(node, CECOT.asWritten)
        if written is not None:
            words = _disagreement(checked, node, written)
            if words:
                path = CECOT.asWritten
                yield checked.breach(node, words, path=path, value=written)


def _disagreement(checked: Checked, node: Node, written: Literal) -> str:
    said = read_number(str(written), written.language)
    values, minimums = (checked.literals(node, each) for each in (SCHEMA.value, SCHEMA.minValue))
    if len(values + minimums) > 1:
        return ""  # The shapes say so already.
    value, least = (_number(next(iter(each), None)) for each in (values, minimums))
    given = value if value is not None else least
    if said is None:
        return "" if given is None else f"no number is written, the number given is {given}"
    if given is None:
        return f"neither schema:value nor schema:minValue gives the number {said}"
    if said != given:
        return f"the number given is {given}"
    if says_at_least(str(written), written.language) != (value is None):
        rather = "schema:minValue" if least is None else "schema:value"
        return f"the number belongs in {rather}"
    return ""


def check_same_quantities(checked: Checked) -> Iterator[Found]:
    """Rule 15: figures joined by ``cecot:sameQuantityAs`` agree within 2 % after conversion."""
    for node, other in sorted(checked.data.subject_objects(CECOT.sameQuantityAs), key=str):
        first, second = _amount(checked, node), _amount(checked, other)
        words = ""
        if first is None or second is None:
            unknown = [text for one in (node, other) for text in _unknown_units(checked, one)]
            words = f"no conversion is known for “{unknown[0]}”" if unknown else ""
        elif first[1].dimension is not second[1].dimension:
            words = f"one is {first[1].dimension.value}, the other {second[1].dimension.value}"
        else:
            one, two = (number * unit.factor for number, unit in (first, second))
            share = abs(one - two) / max(abs(one), abs(two), Decimal("1e-9"))
            if share > TOLERANCE:
                words = f"they differ by {share * 100:.1f} %"
        if words:
            path = CECOT.sameQuantityAs
            yield checked.breach(node, words, path=path, value=other)


def check_units(checked: Checked) -> Iterator[Found]:
    """Rule 16: the unit of a figure fits the property that a claim gives it with."""
    uses = [
        (claim, predicate, value)
        for predicate in DIMENSIONS
        for claim in checked.data.subjects(RDF.predicate, URIRef(predicate))
        for value in checked.data.objects(claim, RDF.object)
    ]
    uses += [
        (claim, CECOT.allegedQuantity, value)
        for claim, value in checked.data.subject_objects(CECOT.allegedQuantity)
    ]
    for claim, predicate, value in sorted(uses, key=str):
        wanted = DIMENSIONS[str(predicate)]
        if (value, RDF.type, SCHEMA.QuantitativeValue) not in checked.data:
            continue
        unit = _unit(checked, value)
        if unit is None and not _unknown_units(checked, value):
            continue  # It has none, or a code that is not verified: the shapes say so already.
        # What is counted is often named in words ("arrest"): that is a count too.
        actual = unit.dimension if unit else Dimension.COUNT
        if actual is not wanted:
            name = checked.data.prefixes.compact(str(predicate))
            words = f"{name} asks for {wanted.value}, the figure is {actual.value}"
            yield checked.breach(claim, words, path=RDF.object, value=value)


def _amount(checked: Checked, node: Node) -> tuple[Decimal, Unit] | None:
    number = _number(checked.literal(node, SCHEMA.value) or checked.literal(node, SCHEMA.minValue))
    unit = _unit(checked, node)
    return None if number is None or unit is None else (number, unit)


def _unit(checked: Checked, node: Node) -> Unit | None:
    codes, words = checked.literals(node, SCHEMA.unitCode), checked.literals(node, SCHEMA.unitText)
    return find_unit(map(str, codes), map(str, words))


def _unknown_units(checked: Checked, node: Node) -> list[str]:
    """The words that ``node`` has in the place of a unit, if none of them is a known one."""
    words = [str(word) for word in checked.literals(node, SCHEMA.unitText)]
    return words if _unit(checked, node) is None else []


def _number(literal: Literal | None) -> Decimal | None:
    """The number of ``literal``; None for what is no number (another rule says so)."""
    try:
        return None if literal is None else Decimal(str(literal))
    except InvalidOperation:
        return None
