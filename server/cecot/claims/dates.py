"""EDTF dates and the days they allow (ISO 8601-2:2019, level 0; level 1: unspecified digits).

Written here rather than taken from the edtf package: docs/decisions/0011.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_DATE = re.compile(
    r"(?P<year>\d{4}|\d{3}X|\d{2}XX)(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Edtf:
    """The first and last day that a string allows; ``month`` and ``day`` are None if not named.

    ``year`` is as written, with X for a digit that is left open.
    """

    first: date
    last: date
    year: str
    month: int | None
    day: int | None


def read_edtf(text: str) -> Edtf | None:
    """Read ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, ``YYYX`` or ``YYXX``; None for anything else."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = match["year"], match["month"], match["day"]
    if "X" in year and month:
        return None
    try:
        first = date(int(year.replace("X", "0")), int(month or 1), int(day or 1))
        last_year, last_month = int(year.replace("X", "9")), int(month or 12)
        last = date(last_year, last_month, int(day or monthrange(last_year, last_month)[1]))
    except ValueError:
        return None
    return Edtf(first, last, year, int(month) if month else None, int(day) if day else None)
