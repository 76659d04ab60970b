"""Dates against their EDTF string and their words (rule 17)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from rdflib.term import Literal, Node

from cecot.claims.dates import Edtf, months, read_edtf
from cecot.validation.checked import Checked
from cecot.validation.report import Found
from cecot.vocabulary import CECOT, SCHEMA

_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|º|\.º)?(?![\d,])")


def check_days(checked: Checked) -> Iterator[Found]:
    """The EDTF string is one, and the first and last day lie inside what it allows."""
    for node, text, edtf in _dates(checked):
        if edtf is None:
            words = "not an EDTF date such as 2023-02-01, 2023-01, 2022 or 198X"
            yield checked.breach("DateWithinEdtf", node, words, path=CECOT.edtf, value=text)
            continue
        for path in (SCHEMA.startDate, SCHEMA.endDate):
            literal = checked.literal(node, path)
            day = _day(literal)
            if day is not None and not edtf.first <= day <= edtf.last:
                words = f"“{text}” allows {edtf.first} to {edtf.last}"
                yield checked.breach("DateWithinEdtf", node, words, path=path, value=literal)


def check_precision(checked: Checked) -> Iterator[Found]:
    """The EDTF string names no day or month that the words do not name."""
    for node, text, edtf in _dates(checked):
        written = checked.literal(node, CECOT.asWritten)
        if edtf is None or written is None:
            continue
        for part in _unsaid(edtf, written):
            words = f"it names {part}, “{written}” does not"
            yield checked.breach("DateAsPrecise", node, words, path=CECOT.edtf, value=text)


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
