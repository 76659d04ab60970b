from __future__ import annotations

import pytest

from cecot.editing.drafts import Drafter
from cecot.editing.figures import find_dates, find_figures
from cecot.editing.index import Index
from cecot.editing.lexicon import Lexicon
from cecot.editing.names import NameIndex
from cecot.vocabulary import CECOT


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("a 9.8-foot (3.0\u00a0m) wall", [("9.8-foot", "9.8", "", "FOT", "3.0\u00a0m")]),
        ("60\u00a0cm (23.6-inch) thick", [("60\u00a0cm", "60", "", "CMT", "23.6-inch")]),
        ("15,000 volts", [("15,000 volts", "15000", "", "VLT", "")]),
        ("over 55,000 people", [("over 55,000", "", "55000", "C62", "")]),
        ("tens of thousands of people", []),
        ("at least twenty-three books", [("at least twenty-three", "", "23", "C62", "")]),
        ("an average of 0.6 square meters", [("0.6 square meters", "0.6", "", "MTK", "")]),
        ("one of them", []),
        ("a hundred and five readers", [("a hundred and five", "105", "", "C62", "")]),
        ("a room (11 ft) of a house", [("11 ft", "11", "", "FOT", "")]),
        ("[18] on May 4, in January 2024", []),
    ],
)  # fmt: skip
def test_figures_stand_with_their_units(
    english: Lexicon, sentence: str, expected: list[tuple[str, ...]]
) -> None:
    found = [
        (f.as_written, f.value, f.minimum, f.unit_code,
         f.converted.as_written if f.converted else "")
        for f in find_figures(sentence, english)
    ]  # fmt: skip
    assert found == expected
    for figure in find_figures(sentence, english):
        assert sentence[figure.start : figure.end].endswith(figure.as_written)


def test_spanish_writes_its_own_numbers(spanish: Lexicon) -> None:
    found = find_figures("más de 12.000 libros, 3,5 metros, veintitrés salas, siete meses", spanish)
    assert [(f.as_written, f.value or f.minimum, f.unit_code or f.unit_text) for f in found] == [
        ("más de 12.000", "12000", "C62"),
        ("3,5 metros", "3.5", "MTR"),
        ("veintitrés", "23", "C62"),
        ("siete meses", "7", "month"),
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("on 3 May 2019", [("3 May 2019", "2019-05-03", "2019-05-03", "2019-05-03")]),
        ("in January 2024", [("January 2024", "2024-01", "2024-01-01", "2024-01-31")]),
        ("in the 1980s", [("1980s", "198X", "1980-01-01", "1989-12-31")]),
        ("in late 2022", [("late 2022", "2022", "2022-07-01", "2022-12-31")]),
        ("in early 2022", [("early 2022", "2022", "2022-01-01", "2022-06-30")]),
        ("since 2010", [("2010", "2010", "2010-01-01", "2010-12-31")]),
        ("on May 4", []),
        ("2019 books", []),
        ("30 February 2019", []),
    ],
)
def test_a_date_is_as_precise_as_its_words(
    english: Lexicon, sentence: str, expected: list[tuple[str, ...]]
) -> None:
    found = [
        (d.as_written, d.edtf, d.first.isoformat(), d.last.isoformat())
        for d in find_dates(sentence, english)
    ]
    assert found == expected


def test_spanish_dates(spanish: Lexicon) -> None:
    found = find_dates("abrió a finales de 2019 y reabrió el 3 de mayo de 2020", spanish)
    assert [(d.as_written, d.edtf, d.first.month) for d in found] == [
        ("a finales de 2019", "2019", 7),
        ("3 de mayo de 2020", "2020-05-03", 5),
    ]


def test_a_figure_is_proposed_for_no_property_that_measures_something_else(
    english: Lexicon, index: Index
) -> None:
    drafter = Drafter(index, NameIndex(index), english)
    words = "a wall of 9.8 feet"
    (feet,) = find_figures(words, english)
    offered = drafter.properties(words, feet)
    assert CECOT.height in offered
    assert not {CECOT.capacity, CECOT.voltage, CECOT.spacePerPrisoner} & {*offered}
