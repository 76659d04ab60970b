"""What errors say, in the languages of the pages: by the English template of each sentence.

The modules here hold the translations of one part of the program each; ``cecot.messages`` tells
how a sentence carries its template.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from cecot.errors import CecotError
from cecot.messages import translated
from cecot.views.numbers import numbers_in


def _merged(name: str) -> dict[str, str]:
    """The translations that the modules here have under ``name``; none is made twice."""
    translations: dict[str, str] = {}
    for found in iter_modules(__path__):
        own: Mapping[str, str] = getattr(import_module(f"{__name__}.{found.name}"), name)
        if twice := translations.keys() & own.keys():
            raise ValueError(f"{found.name} translates {', '.join(sorted(twice))} a second time")
        translations.update(own)
    return translations


CATALOGUES: Mapping[str, Mapping[str, str]] = {"en": {}, "es": _merged("SPANISH")}
"""By language, from English template to template; English needs no translation."""


def in_language(text: str, language: str) -> str:
    """``text`` as readers of ``language`` read it; in English if it has no translation."""
    return translated(text, CATALOGUES[language], numbers_in(language))


def error_in(error: CecotError, language: str) -> CecotError:
    """``error`` with its title, message and hint in ``language``."""
    told = copy.copy(error)
    told.title = in_language(error.title, language)
    told.message = in_language(error.message, language)
    told.hint = in_language(error.hint, language)
    return told
