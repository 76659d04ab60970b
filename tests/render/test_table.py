"""The table of claims, and the page that explains it."""

from __future__ import annotations

import re
from pathlib import Path

from cecot.locale.catalogue import locales
from cecot.render.table import COLUMNS

PAGE = Path(__file__).parents[2] / "docs" / "export.md"


def test_each_column_is_explained() -> None:
    explained = set(re.findall(r"`(\w+)`", PAGE.read_text("utf-8")))
    ending = re.compile(rf"(_label)?_({'|'.join(locales())})$")
    things = {ending.sub("", each.name) for each in COLUMNS}
    told = {ending.sub("", each) for each in explained}
    assert things - told == set()
