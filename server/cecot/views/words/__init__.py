"""The words of the pages in each language; every module here holds those of one kind of page."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español"}
"""The languages of the pages, each by the name that its readers know; the first is the default."""


def _merged(name: str) -> dict[str, str]:
    """The words that the modules here have under ``name``; no word is said twice."""
    words: dict[str, str] = {}
    for found in iter_modules(__path__):
        own: Mapping[str, str] = getattr(import_module(f"{__name__}.{found.name}"), name)
        if twice := words.keys() & own.keys():
            raise ValueError(f"{found.name} says {', '.join(sorted(twice))} a second time")
        words.update(own)
    return words


WORDS: Mapping[str, Mapping[str, str]] = {"en": _merged("ENGLISH"), "es": _merged("SPANISH")}
"""What the pages say, by language and by the name that templates use."""
