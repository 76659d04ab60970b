"""An axis gives each day its place, and leaves out the years in which nothing is dated."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecot.render.timeline import BREAK, NARROWEST, axis_of

LEFT, RIGHT = 10.0, 410.0
days = st.dates(min_value=date(1, 1, 1), max_value=date(9990, 1, 1))
spans = st.tuples(days, st.integers(0, 4000)).map(
    lambda pair: (pair[0], min(pair[0] + timedelta(pair[1]), date(9998, 12, 31)))
)


@given(st.lists(spans, min_size=1, max_size=12))
def test_every_day_stands_on_the_axis_in_order(found: list[tuple[date, date]]) -> None:
    axis = axis_of(found, LEFT, RIGHT)
    for first, last in found:
        start, end = axis.at(first), axis.at(last, after=True)
        assert LEFT - 0.01 <= start < end <= RIGHT + 0.01
    ordered = sorted(day for span in found for day in span)
    places = [axis.at(day) for day in ordered]
    assert places == sorted(places)


@given(st.lists(spans, min_size=1, max_size=12))
def test_no_two_parts_touch_and_all_years_named_have_room(
    found: list[tuple[date, date]],
) -> None:
    axis = axis_of(found, LEFT, RIGHT)
    for earlier, later in pairwise(axis.parts):
        assert later.left - earlier.right == pytest.approx(BREAK)
    for part in axis.parts:
        assert part.right - part.left >= NARROWEST - 0.01
        named = list(part.named())
        assert named[0] == part.start
        for year, following in pairwise(named):
            assert (following - year) * part.unit >= 33


def test_years_without_a_date_are_left_out() -> None:
    axis = axis_of(
        [(date(1980, 1, 1), date(1989, 12, 31)), (date(2023, 2, 1), date(2023, 2, 1))], LEFT, RIGHT
    )
    assert [(part.start, part.end) for part in axis.parts] == [(1980, 1990), (2023, 2024)]


def test_a_short_pause_does_not_break_the_axis() -> None:
    axis = axis_of(
        [(date(2020, 1, 1), date(2020, 1, 1)), (date(2023, 1, 1), date(2023, 1, 1))], LEFT, RIGHT
    )
    assert [(part.start, part.end) for part in axis.parts] == [(2020, 2024)]


def test_a_year_is_as_wide_as_its_days() -> None:
    axis = axis_of([(date(2023, 1, 1), date(2023, 12, 31))], 0, 365)
    assert axis.at(date(2023, 1, 1)) == 0
    assert axis.at(date(2023, 1, 1), after=True) == pytest.approx(1)
    assert axis.at(date(2023, 12, 31), after=True) == pytest.approx(365)


def test_many_lonely_years_still_fit() -> None:
    found = [(date(year, 1, 1), date(year, 1, 2)) for year in range(1000, 2000, 20)]
    axis = axis_of(found, LEFT, RIGHT)
    assert axis.parts[-1].right <= RIGHT + 0.01
