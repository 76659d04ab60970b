"""The words of the pages in each language; every module here holds those of one kind of page."""

from __future__ import annotations

from collections.abc import Mapping

from cecot.views.merging import merged

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español"}
"""The languages of the pages, each by the name that its readers know; the first is the default."""

WORDS: Mapping[str, Mapping[str, str]] = {
    language: merged(__name__, __path__, name)
    for language, name in (("en", "ENGLISH"), ("es", "SPANISH"))
}
"""What the pages say, by language and by the name that templates use."""
