"""Finds every text of the program that is translated, and brings the ``.po`` files up to date.

``make translations`` runs it: new texts come without a translation, changed ones are new, and what
is gone is removed. Babel finds the texts; the keywords are those of gettext, and ``say``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from cecot.errors import kinds_of_errors
from cecot.locale.catalogue import FOLDER

PACKAGE = FOLDER.parent
_METHODS = [("**.py", "python"), ("**/templates/**", "jinja2")]
_OPTIONS = {"**/templates/**": {"trimmed": "true", "silent": "false"}}
_KEYWORDS = {
    "say": None,
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
_PLACE = re.compile(r"\{[a-z_]+(?:![a-z])?(?::[^{}]*)?\}|%\([a-z_]+\)s")
_UNFILLED = re.compile(
    rb'^"(?:POT-Creation-Date|Project-Id-Version|Generated-By|[^\n]*(?:@ADDRESS|YEAR-MO|@li\.org))[^\n]*\n',
    re.MULTILINE,
)
"""Lines of the head that nobody filled in, or that change with the tool."""
_COMMENT = "For translators:"
COMPLETE = ("en", "es")
"""The languages that say everything: a test demands it of them, and of no other."""


def extract() -> Catalog:
    """All texts of the package, each with the files that say it."""
    found = Catalog(charset="utf-8")
    for path, line, text, comments, context in extract_from_dir(
        PACKAGE, _METHODS, _OPTIONS, _KEYWORDS, (_COMMENT,), strip_comment_tags=True
    ):
        found.add(text, locations=[(path, line)], auto_comments=comments, context=context)
    for kind in kinds_of_errors():
        # The page of problems explains each kind by its first words.
        file = Path(*kind.__module__.split(".")[1:]).with_suffix(".py")
        found.add((kind.__doc__ or "").strip(), locations=[(str(file), 0)])
    return found


def updated(path: Path) -> bytes:
    """The file at ``path`` as it should be: every text that there is, and no other."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    catalogue.update(extract(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    for message in catalogue:
        message.flags -= _marks(message.id)
    written = BytesIO()
    write_po(written, catalogue, width=100, sort_by_file=True, include_lineno=False)
    return _UNFILLED.sub(b"", written.getvalue())


def untranslated(catalogue: Catalog) -> list[str | Sequence[str]]:
    """The texts that are shown in English, whole or in one of their plural forms."""
    return [
        each.id
        for each in catalogue
        if each.id and (each.fuzzy or not each.string or not all(each.string))
    ]


def places(text: str) -> set[str]:
    """Where values are filled in: ``{name}``, ``{count:,}``, ``%(link)s``."""
    return set(_PLACE.findall(text))


def _marks(text: str | Sequence[str]) -> set[str]:
    """Babel's marks of a text with values that are wrong: SPARQL has braces of its own."""
    found = places(text if isinstance(text, str) else text[-1])
    marks = {"{": "python-brace-format", "%": "python-format"}
    return {mark for sign, mark in marks.items() if not any(each[0] == sign for each in found)}


def main() -> None:
    """Bring all files up to date; name those that lack a translation."""
    for path in sorted(FOLDER.glob("*.po")):
        path.write_bytes(updated(path))
        with path.open("rb") as file:
            count = len(untranslated(read_po(file, locale=path.stem)))
        sys.stdout.write(f"{path.name}: {count} text{'' if count == 1 else 's'} to translate\n")


if __name__ == "__main__":
    main()
