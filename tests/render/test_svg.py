"""What pictures are made of: nothing escapes, lines fit, statuses look as they do on the pages."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecot.claims.claim import STATUSES
from cecot.locale.catalogue import locale_of
from cecot.render.svg import LOOKS, Setting, element, link, picture, text_width, words, wrapped

VIEWS = Path(__file__).parents[2] / "server" / "cecot" / "views"
SVG = "{http://www.w3.org/2000/svg}"
any_words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=80)


@given(any_words)
def test_words_stay_words(text: str) -> None:
    setting = Setting(locale_of("en"), str, str, str, title=text, key="k")
    drawn = picture(link(f"/x?y={text}", words([text], 1, 2, 12), text), 100, 50, setting, text)
    root = ET.fromstring(drawn)
    assert (root[0].text or "") == text
    anchor = root.find(f"{SVG}a")
    assert anchor is not None
    assert anchor.get("href") == f"/x?y={text}"
    assert "".join(anchor.itertext()) == text
    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {
        "svg", "title", "desc", "rect", "a", "text", "tspan",
    }  # fmt: skip


@given(st.text(st.sampled_from("a\0\x01\t\x1f\ufffe\uffff<&'"), max_size=12))
def test_a_picture_is_xml_whatever_a_label_holds(text: str) -> None:
    setting = Setting(locale_of("en"), str, str, str, title=text, key="k")
    drawn = picture(link(f"/x?y={text}", words([text], 1, 2, 12), text), 100, 50, setting, text)
    shown = re.sub("[\0\x01\x1f\ufffe\uffff]", "\ufffd", text)
    assert (ET.fromstring(drawn)[0].text or "") == shown


@given(any_words, st.floats(60, 400), st.floats(8, 20), st.booleans())
def test_no_line_is_wider_than_its_room(text: str, width: float, size: float, bold: bool) -> None:
    for line in wrapped(text, width, size, bold=bold):
        assert text_width(line, size) <= width or len(line) <= 2


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=8), min_size=1, max_size=12))
def test_wrapping_keeps_every_word_that_fits(parts: list[str]) -> None:
    text = " ".join(parts)
    assert " ".join(wrapped(text, 120, 10, most=20)) == text


def test_what_does_not_fit_is_marked() -> None:
    lines = wrapped("one two three four five six seven", 40, 12, most=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")


def test_a_short_aside_is_not_torn() -> None:
    assert wrapped("Unidentified report (line 35)", 150, 12)[-1] == "(line\u00a035)"


def test_a_value_that_is_none_is_no_attribute() -> None:
    assert element("path", d="M0 0", fill=None, stroke_width=1.0) == (
        '<path d="M0 0" stroke-width="1"/>'
    )


def test_every_status_has_a_look_of_its_own() -> None:
    assert set(LOOKS) == set(STATUSES)
    for part in ("colour", "dashes", "sign"):
        assert len({getattr(each, part) for each in LOOKS.values()}) == len(STATUSES)


@pytest.mark.parametrize("status", STATUSES)
def test_pictures_and_pages_agree_on_colours_and_signs(status: str) -> None:
    sheet = (VIEWS / "static" / "site.css").read_text(encoding="utf-8")
    light = sheet.partition("@media")[0]
    assert f"--{status.lower()}: {LOOKS[status].colour};" in light
    macros = (VIEWS / "templates" / "macros.html").read_text(encoding="utf-8")
    symbol = re.search(rf'<symbol id="sign-{status.lower()}".*?</symbol>', macros)
    assert symbol
    # A circle has no path of its own in the symbol; what stands in it is the same.
    assert LOOKS[status].sign.rpartition("M")[2] in symbol[0]
