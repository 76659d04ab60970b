"""Units of measure: what they measure, and how much of it (UN/CEFACT Recommendation 20).

The codes are the verified ones of the model; words stand where no code is verified. A table, not a
library of units: docs/decisions/0013.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class Dimension(Enum):
    """What a unit measures, in words for a message."""

    LENGTH = "a length"
    AREA = "an area"
    VOLTAGE = "a voltage"
    TIME = "a time"
    COUNT = "a count"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: ``factor`` is how many metres, square metres, volts, days or pieces it is."""

    dimension: Dimension
    factor: Decimal


_METRE = Unit(Dimension.LENGTH, Decimal(1))
_CENTIMETRE = Unit(Dimension.LENGTH, Decimal("0.01"))
_FOOT = Unit(Dimension.LENGTH, Decimal("0.3048"))
_INCH = Unit(Dimension.LENGTH, Decimal("0.0254"))
_SQUARE_METRE = Unit(Dimension.AREA, Decimal(1))
_SQUARE_FOOT = Unit(Dimension.AREA, Decimal("0.09290304"))
_VOLT = Unit(Dimension.VOLTAGE, Decimal(1))

CODES = {
    "C62": Unit(Dimension.COUNT, Decimal(1)),
    "CMT": _CENTIMETRE,
    "FOT": _FOOT,
    "INH": _INCH,
    "MTK": _SQUARE_METRE,
    "MTR": _METRE,
    "VLT": _VOLT,
}
WORDS = {
    "metre": _METRE,
    "meter": _METRE,
    "metro": _METRE,
    "centimetre": _CENTIMETRE,
    "centimeter": _CENTIMETRE,
    "centímetro": _CENTIMETRE,
    "kilometre": Unit(Dimension.LENGTH, Decimal(1000)),
    "kilometer": Unit(Dimension.LENGTH, Decimal(1000)),
    "kilómetro": Unit(Dimension.LENGTH, Decimal(1000)),
    "mile": Unit(Dimension.LENGTH, Decimal("1609.344")),
    "milla": Unit(Dimension.LENGTH, Decimal("1609.344")),
    "foot": _FOOT,
    "pie": _FOOT,
    "inch": _INCH,
    "pulgada": _INCH,
    "square metre": _SQUARE_METRE,
    "square meter": _SQUARE_METRE,
    "metro cuadrado": _SQUARE_METRE,
    "square foot": _SQUARE_FOOT,
    "pie cuadrado": _SQUARE_FOOT,
    "hectare": Unit(Dimension.AREA, Decimal(10000)),
    "hectárea": Unit(Dimension.AREA, Decimal(10000)),
    "acre": Unit(Dimension.AREA, Decimal("4046.8564224")),
    "volt": _VOLT,
    "voltio": _VOLT,
    "day": Unit(Dimension.TIME, Decimal(1)),
    "día": Unit(Dimension.TIME, Decimal(1)),
    "week": Unit(Dimension.TIME, Decimal(7)),
    "semana": Unit(Dimension.TIME, Decimal(7)),
    "month": Unit(Dimension.TIME, Decimal("30.436875")),
    "mes": Unit(Dimension.TIME, Decimal("30.436875")),
    "year": Unit(Dimension.TIME, Decimal("365.2425")),
    "año": Unit(Dimension.TIME, Decimal("365.2425")),
}


def find_unit(codes: Iterable[str], words: Iterable[str]) -> Unit | None:
    """The unit of the first known code or word; None if none is known."""
    for code in codes:
        if code in CODES:
            return CODES[code]
    for word in words:
        known = WORDS.get(" ".join(word.lower().split()))
        if known:
            return known
    return None
