from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecot.dates import read_edtf


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023-02-01", date(2023, 2, 1), date(2023, 2, 1)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("198X", date(1980, 1, 1), date(1989, 12, 31)),
        ("19XX", date(1900, 1, 1), date(1999, 12, 31)),
    ],
)
def test_a_string_allows_its_days(text: str, first: date, last: date) -> None:
    edtf = read_edtf(text)
    assert edtf is not None
    assert (edtf.first, edtf.last) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "2023-02-31", "2023-13", "202", "2023/01", "2023-1", "198X-01", "1XXX", "0000", "2022~",
     "late 2022", "2023-01/2023-02", " 2022", "2022\n", "٢٠٢٣"],
)  # fmt: skip
def test_anything_else_is_no_date(text: str) -> None:
    assert read_edtf(text) is None


@given(st.dates())
def test_every_day_is_inside_its_month_year_and_decade(day: date) -> None:
    text = f"{day.year:04}-{day.month:02}-{day.day:02}"
    for wider in (text, text[:7], text[:4], text[:3] + "X"):
        edtf = read_edtf(wider)
        if wider == "000X":
            # The year 0 is no year of this calendar.
            assert edtf is None
            continue
        assert edtf is not None
        assert edtf.first <= day <= edtf.last


@given(st.dates(min_value=date(2, 1, 1)))
def test_a_month_ends_the_day_before_the_next(day: date) -> None:
    edtf = read_edtf(f"{day.year:04}-{day.month:02}")
    assert edtf is not None
    assert edtf.last == date.max or (edtf.last + timedelta(days=1)).day == 1


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    edtf = read_edtf(text)
    assert edtf is None or edtf.first <= edtf.last
