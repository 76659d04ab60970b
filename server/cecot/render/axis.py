"""An axis of years that leaves out the time in which nothing is dated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

BREAK = 22.0
"""Units between two parts of an axis."""

NARROWEST = 38.0
"""Units that a part takes at least: a year's number fits."""

_LABEL = 34.0
_NEAR = 2
"""Years without a date that do not interrupt a part."""

_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Part:
    """The years from ``start`` up to ``end`` (exclusive), from ``left`` on, ``unit`` wide each."""

    start: int
    end: int
    left: float
    unit: float

    @property
    def right(self) -> float:
        """Where the part ends."""
        return self.left + (self.end - self.start) * self.unit

    @property
    def step(self) -> int:
        """Of how many years one is named, so that the names do not touch."""
        return next((each for each in _STEPS if each * self.unit >= _LABEL), _STEPS[-1])

    def named(self) -> Iterator[int]:
        """The years that are named: the first, and then each one that the step divides."""
        yield self.start
        for year in range(self.start + 1, self.end):
            far = (year - self.start) * self.unit >= _LABEL
            if far and year % self.step == 0 and (self.end - year) * self.unit >= _LABEL:
                yield year


@dataclass(frozen=True, slots=True)
class Axis:
    """The parts of an axis, from left to right."""

    parts: tuple[Part, ...]

    def at(self, day: date, *, after: bool = False) -> float:
        """Where ``day`` begins; with ``after``, where it ends."""
        first, next_ = date(day.year, 1, 1), date(day.year + 1, 1, 1) if day.year < 9999 else day
        length = max(1, (next_ - first).days)
        years = day.year + ((day - first).days + after) / length
        part = next(each for each in self.parts if each.start <= day.year < each.end)
        return part.left + (years - part.start) * part.unit


def axis_of(spans: Iterable[tuple[date, date]], left: float, right: float) -> Axis:
    """The axis from ``left`` to ``right`` on which all ``spans`` (first and last day) have a place.

    Parts with many dates are wider, so a unit is another number of days in each part.
    """
    spans = list(spans)
    years = _merged(sorted((first.year, last.year + 1) for first, last in spans), _NEAR)
    most = max(1, int((right - left + BREAK) // (NARROWEST + BREAK)))
    while len(years) > most:
        nearest = min(later[0] - earlier[1] for earlier, later in pairwise(years))
        years = _merged(years, nearest)
    weights = [1 + sum(start <= first.year < end for first, _ in spans) for start, end in years]
    room = (right - left) - BREAK * (len(years) - 1) - NARROWEST * len(years)
    parts = []
    for (start, end), weight in zip(years, weights, strict=True):
        width = NARROWEST + max(0.0, room) * weight / sum(weights)
        parts.append(Part(start, end, left, width / (end - start)))
        left += width + BREAK
    return Axis(tuple(parts))


def _merged(years: Sequence[tuple[int, int]], gap: int) -> list[tuple[int, int]]:
    """Spans of years, those that overlap or lie no more than ``gap`` years apart as one."""
    merged: list[tuple[int, int]] = []
    for start, end in years:
        if merged and start - merged[-1][1] <= gap:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
