"""A claim in the form of a page is the claim: nothing is lost on the way there and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from cecot.editing.form import PassageText, form_of
from cecot.rooms import Rooms
from cecot.workbench.desk import Desk
from cecot.workbench.fields import FieldReader, fields_of, spans_of


def unlike(desk: Desk, language: str) -> dict[str, object]:
    """What differs after each claim went through its page unchanged."""
    found: dict[str, object] = {}
    for claim in desk.index.claims:
        form = form_of(desk.index, claim)
        place = desk.passages.one(form.passage)
        assert place.words
        fields = fields_of(desk.index, form, place, language)
        entered = FieldReader(desk.index, desk.names, place, fields).read(form)
        candidate = desk.workspace.with_claim(entered.form, place, entered.things)
        if entered.wrong or entered.things or candidate.after:
            found[claim] = (entered.wrong, candidate.differences())
    return found


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_claim_of_the_practice_text_is_the_same_after_its_page(
    practice: Rooms, language: str
) -> None:
    desk = Desk(practice, ())
    assert len(desk.index.claims) > 50
    assert not unlike(desk, language)


def test_each_claim_of_the_real_text_is_the_same_after_its_page(
    rooms: Rooms, shared_dir: Path
) -> None:
    text = shared_dir / "sources" / "terrorism-confinement-center.txt"
    desk = Desk(rooms, (text,))
    assert len(desk.index.claims) > 150
    assert not unlike(desk, "en")


@pytest.mark.parametrize(
    ("given", "spans"),
    [
        ({"start": "10", "end": "12"}, [(10, 12)]),
        ({"start": "9" * 4301, "end": "12"}, []),
        ({"start": "10", "end": "12", "words": "c d"}, [(13, 16)]),
    ],
)
def test_a_span_is_where_its_words_stand(
    given: dict[str, str], spans: list[tuple[int, int]]
) -> None:
    place = PassageText("a:1", "a-1", "a:", 1, 10, 16, "ab c d", "en")
    assert spans_of(place, given) == spans
