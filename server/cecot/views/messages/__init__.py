"""What errors say, in the languages of the pages: by the English template of each sentence.

The modules here hold the translations of one part of the program each; ``cecot.messages`` tells
how a sentence carries its template.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping

from cecot.errors import CecotError
from cecot.messages import translated
from cecot.views.merging import merged
from cecot.views.numbers import numbers_in

CATALOGUES: Mapping[str, Mapping[str, str]] = {
    "en": {},
    "es": merged(__name__, __path__, "SPANISH"),
}
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
