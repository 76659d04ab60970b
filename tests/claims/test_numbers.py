from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecot.claims.quantities import read_number, says_at_least


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("19", "19"),
        ("over 55,000", "55000"),
        ("15,000-volt", "15000"),
        ("9.8-foot", "9.8"),
        ("3.0\u00a0m", "3.0"),
        ("2.5 million people", "2500000"),
        ("four", "4"),
        ("Seven months", "7"),
        ("two mega-prisons", "2"),
        ("twenty-three", "23"),
        ("one hundred and twenty thousand", "120000"),
        ("two million three hundred thousand and five", "2300005"),
        ("a hundred", "100"),
    ],
)
def test_english_numbers_are_read(text: str, number: str) -> None:
    assert read_number(text, "en") == Decimal(number)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("55.000", "55000"),
        ("0,6 metros cuadrados", "0.6"),
        ("doce mil reclusos", "12000"),
        ("mil", "1000"),
        ("treinta y cuatro", "34"),
        ("doscientos cinco", "205"),
        ("dos millones", "2000000"),
        ("una", "1"),
    ],
)
def test_spanish_numbers_are_read(text: str, number: str) -> None:
    assert read_number(text, "es") == Decimal(number)


@pytest.mark.parametrize(
    "text", ["tens of thousands", "thousands of arrests", "some", "hundreds", ""]
)
def test_where_no_number_is_written_none_is_read(text: str) -> None:
    assert read_number(text, "en") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("over 55,000", "en"),
        ("at  least three", "en"),
        ("More than 2", "en"),
        ("al menos tres", "es"),
    ],
)
def test_a_least_is_heard(text: str, language: str) -> None:
    assert says_at_least(text, language)


@pytest.mark.parametrize("text", ["19", "overall 3", "three"])
def test_a_number_alone_is_no_least(text: str) -> None:
    assert not says_at_least(text, "en")


def test_an_unknown_language_is_read_as_english() -> None:
    assert read_number("1,500", "xx") == read_number("1,500", None) == Decimal(1500)


@given(st.integers(0, 10**12))
def test_figures_with_commas_are_the_number(number: int) -> None:
    assert read_number(f"over {number:,} people", "en") == number


@given(st.text(), st.sampled_from(["en", "es", None]))
def test_no_words_break_the_reader(text: str, language: str | None) -> None:
    number = read_number(text, language)
    assert number is None or number >= 0
