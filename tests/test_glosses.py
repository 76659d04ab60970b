"""Spanish texts of ours translate the English words that they quote, and mark the translation."""

from __future__ import annotations

import re

from pyoxigraph import Literal

from cecot.dataset.content import Material

QUOTED = re.compile(r"«([^»]*)»(?! \(trad\. nuestra: [^)]+\))")
TITLES = {"Terrorism Confinement Center"}
OTHER_FIGURES = re.compile(r"\d,\d{3}|(?<!BY-SA )\d\.\d")
"""Figures written as English writes them: in Spanish "12,000" may be read as twelve."""


def test_no_english_words_stand_in_a_spanish_text_without_a_translation(material: Material) -> None:
    bare: set[str] = set()
    for triple in material.graph:
        value = triple.object
        if isinstance(value, Literal) and value.language == "es":
            glossed = set(re.findall(r"«([^»]*)» \(trad\. nuestra", value.value))
            bare |= set(QUOTED.findall(value.value)) - glossed - TITLES
    assert not bare


def test_figures_in_a_spanish_text_of_ours_are_written_as_spanish_writes_them(
    material: Material,
) -> None:
    assert not [
        triple.object.value
        for triple in material.graph
        if isinstance(triple.object, Literal)
        and triple.object.language == "es"
        and OTHER_FIGURES.search(re.sub(r"«[^»]*»", "", triple.object.value))
    ]
