"""Numbers and dates as readers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecot.claims.quantities import (
    UNITS,
    find_unit,
    readable_number,
    readable_quantity,
    readable_unit,
)
from cecot.dates import readable_date


@pytest.mark.parametrize(
    ("number", "english", "spanish"),
    [
        ("0.6", "0.6", "0,6"),
        ("19", "19", "19"),
        ("2500", "2,500", "2500"),
        ("55000", "55,000", "55\u00a0000"),
        ("-12000.25", "\u221212,000.25", "\u221212\u00a0000,25"),
        ("tens of thousands", "tens of thousands", "tens of thousands"),
        ("1e9", "1e9", "1e9"),
    ],
)
def test_a_number_is_written_as_its_reader_writes_it(
    number: str, english: str, spanish: str
) -> None:
    assert readable_number(number, "en") == english
    assert readable_number(number, "es") == spanish


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12)))
def test_no_digit_is_lost_or_added(number: object) -> None:
    text = str(number)
    if "E" not in text:
        kept = [each for each in readable_number(text, "en") if each.isdigit()]
        assert kept == [each for each in text if each.isdigit()]


def test_a_unit_follows_its_number_and_a_count_has_none() -> None:
    assert readable_quantity("0.6", "MTK", "es") == "0,6\u00a0m²"
    assert readable_quantity("19", "C62", "en") == "19"
    assert readable_quantity("7", "month", "en") == "7\u00a0month"


@pytest.mark.parametrize(
    ("edtf", "english", "spanish"),
    [
        ("2023-02-01", "1 February 2023", "1 de febrero de 2023"),
        ("2023-01", "January 2023", "enero de 2023"),
        ("2022", "2022", "2022"),
        ("198X", "1980s", "años 1980"),
        ("19XX", "1900\N{EN DASH}1999", "1900\N{EN DASH}1999"),
        ("2023-13", "2023-13", "2023-13"),
        ("2023-02-31", "2023-02-31", "2023-02-31"),
        ("2023-05-00", "2023-05-00", "2023-05-00"),
        ("2023-02-29", "2023-02-29", "2023-02-29"),
        ("20XX-05", "20XX-05", "20XX-05"),
        ("0000", "0000", "0000"),
        ("2023?", "2023?", "2023?"),
        ("", "", ""),
    ],
)
def test_a_date_is_read_no_more_precisely_than_it_is(edtf: str, english: str, spanish: str) -> None:
    assert readable_date(edtf, "en") == english
    assert readable_date(edtf, "es") == spanish


def test_a_language_without_month_names_reads_the_english_ones() -> None:
    assert readable_date("2023-01", "xx") == "January 2023"


def test_units_have_names_in_both_languages_wherever_they_have_a_sign() -> None:
    assert all(each.english and each.spanish for each in UNITS)
    assert all(find_unit([each.code]) is each for each in UNITS if each.symbol)
    assert find_unit([], ["Pies", "pie"]) is find_unit(["FOT"])
    assert find_unit([], ["one"]) is None
    assert readable_unit("MTK", "es") == "metro cuadrado"
    assert readable_unit("MTK", "fr") == "square metre"
    assert readable_unit("XYZ", "en") == ""
