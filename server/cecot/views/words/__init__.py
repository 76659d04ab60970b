"""The words of the pages, in each language that they speak; one module for each kind of page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType

from cecot.views.words import claims, frame, home, searching, service, sources, things

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español"}
"""The languages of the pages, each by the name that its readers know; the first is the default."""


def _merged(modules: Iterable[ModuleType], name: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for module in modules:
        own: Mapping[str, str] = getattr(module, name)
        if twice := words.keys() & own.keys():
            raise ValueError(f"{module.__name__} says {', '.join(sorted(twice))} a second time")
        words.update(own)
    return words


_MODULES = (frame, home, things, claims, sources, searching, service)
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": _merged(_MODULES, "ENGLISH"),
    "es": _merged(_MODULES, "SPANISH"),
}
"""What the pages say, by language and by the name that templates use."""
