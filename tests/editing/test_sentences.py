from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecot.editing.lexicon import read_lexicon
from cecot.editing.passages import one_a_line
from cecot.rooms import find_rooms

ROOMS = find_rooms(Path(__file__).parents[2])


def split(text: str, language: str = "en") -> list[str]:
    return one_a_line(text, read_lexicon(ROOMS, language)).split("\n")


@given(
    st.one_of(
        st.text(max_size=80),
        st.text(alphabet='Aab .?!"“”\n\r\u00a0)(', max_size=60),
    ),
    st.sampled_from(["en", "es"]),
)
def test_every_character_is_kept(text: str, language: str) -> None:
    written = one_a_line(text, read_lexicon(ROOMS, language))
    kept = 0
    for char in written:
        if kept < len(text) and char == text[kept]:
            kept += 1
        else:
            assert char == "\n"
    assert kept == len(text)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It opened. It closed.", ["It opened. ", "It closed."]),
        ("Dr. Ana Ruiz paid approx. 3.5 m.", ["Dr. Ana Ruiz paid approx. 3.5 m."]),
        ('"It may close. We hope not," said Ana.', ['"It may close. We hope not," said Ana.']),
        ('He said "no. She left. It rained.', ['He said "no. She left. ', "It rained."]),
        ("One sentence\nA caption", ["One sentence", "A caption"]),
        ("See No. 5 of vol. 3. It is red.", ["See No. 5 of vol. 3. ", "It is red."]),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


def test_spaces_of_any_kind_are_no_obstacle() -> None:
    assert split('It rose?"\u00a0(by 3\u00a0m).\u200aThen it fell.')[-1].endswith("Then it fell.")


def test_spanish_sentences() -> None:
    text = "El Sr. Pérez vino a las 5 p. m. del lunes. ¿Quién pagó? «Nadie. Nunca», dijo."
    assert split(text, "es") == [
        "El Sr. Pérez vino a las 5 p. m. del lunes. ",
        "¿Quién pagó? ",
        "«Nadie. Nunca», dijo.",
    ]


def test_a_text_of_one_sentence_a_line_stays_as_it_is(shared_dir: Path) -> None:
    text = (shared_dir / "sources" / "terrorism-confinement-center.txt").read_bytes().decode()
    assert one_a_line(text, read_lexicon(ROOMS, "en")) == text
