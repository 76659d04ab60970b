"""Spanish texts of ours translate the English words that they quote, and mark the translation."""

from __future__ import annotations

import re

from pyoxigraph import Literal

from cecot.dataset.content import Material

QUOTED = re.compile(r"«([^»]*)»(?! \(trad\. nuestra: [^)]+\))")
TITLES = {"Terrorism Confinement Center"}


def test_no_english_words_stand_in_a_spanish_text_without_a_translation(material: Material) -> None:
    bare: set[str] = set()
    for triple in material.graph:
        value = triple.object
        if isinstance(value, Literal) and value.language == "es":
            glossed = set(re.findall(r"«([^»]*)» \(trad\. nuestra", value.value))
            bare |= set(QUOTED.findall(value.value)) - glossed - TITLES
    assert not bare
