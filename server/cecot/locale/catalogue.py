"""What is said in each language: English as it stands in the code, the others by their ``.po``.

The files are read as they are, without ``.mo`` files made from them (decision 0055). The format is
that of GNU gettext, and is told of in its manual (10, The Format of PO Files).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from cecot.messages import Message

FOLDER = Path(__file__).parent
SOURCE = "en"
"""The language of the code."""

_STYLE = re.compile(r"1(\D?)234 / 12(\D)345(\D)6")
_GROUPED = ","


@dataclass(frozen=True, slots=True)
class Style:
    """How numbers are written: what parts groups of three, four digits too, and the decimals."""

    group: str
    group_of_four: str
    point: str

    @classmethod
    def read(cls, text: str) -> Style:
        """The style of ``text``, which shows it by two numbers; raises ValueError."""
        found = _STYLE.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} does not show how numbers are written")
        return cls(group=found[2], group_of_four=found[1], point=found[3])

    def whole(self, value: int) -> str:
        """A whole number in groups of three."""
        group = self.group if abs(value) >= 10_000 else self.group_of_four
        return f"{value:,}".replace(",", group)


class Filling(Formatter):
    """Fills the places of a template; numbers as the readers of a language write them."""

    def __init__(self, style: Style) -> None:
        self._style = style

    def format_field(self, value: Any, format_spec: str) -> str:
        """``{count:,}`` is a whole number in groups, ``{seconds:.1f}`` one with decimals."""
        if isinstance(value, int) and format_spec == _GROUPED:
            return self._style.whole(value)
        text: str = super().format_field(value, format_spec)
        return text.replace(".", self._style.point) if isinstance(value, float) else text


@dataclass(frozen=True, slots=True)
class Locale:
    """A language with all that is said in it; the methods are named as in gettext.

    A text takes its values by name: ``gettext("No {thing}.", thing=name)``. Without values it is
    said as it stands. What has no translation is said in English.
    """

    code: str
    name: str
    style: Style
    catalogue: NullTranslations

    def gettext(self, text: str, /, **values: object) -> str:
        """``text``, or the message that it is, in this language."""
        if isinstance(text, Message):
            return self._message(text)
        if not text:
            return ""  # which gettext takes for the head of the file
        return self._filled(self.catalogue.gettext(text), values)

    def ngettext(self, one: str, many: str, count: int, /, **values: object) -> str:
        """``one`` or ``many`` by the number ``count``, which is a value of the text as well."""
        found = self.catalogue.ngettext(one, many, count)
        return self._filled(found, {"count": count, **values})

    def pgettext(self, context: str, text: str, /, **values: object) -> str:
        """``text`` where its words have another meaning than elsewhere: the one of ``context``."""
        return self._filled(self.catalogue.pgettext(context, text), values)

    @property
    def functions(self) -> dict[str, Callable[..., str]]:
        """What templates say things by: gettext's own names, and the short one."""
        names = ("gettext", "ngettext", "pgettext")
        return {"_": self.gettext, **{name: getattr(self, name) for name in names}}

    def _message(self, message: Message) -> str:
        values = {
            name: self._message(value) if isinstance(value, Message) else value
            for name, value in message.values.items()
        }
        return self.gettext(message.template, **values)

    def _filled(self, template: str, values: Mapping[str, object]) -> str:
        return Filling(self.style).vformat(template, (), values) if values else template


def in_all(message: Message) -> dict[str, str]:
    """``message`` by the code of each language that says it: words of English are of no other."""
    said = {each.code: each.gettext(message) for each in locales().values()}
    return {code: words for code, words in said.items() if code == SOURCE or words != said[SOURCE]}


def locale_of(code: str) -> Locale:
    """The language called ``code``; English if there is none."""
    return locales().get(code) or locales()[SOURCE]


@cache
def locales() -> Mapping[str, Locale]:
    """All languages by their codes, English first. Raises what reading a ``.po`` file raises."""
    return {each.code: each for each in _read()}


def _read() -> Iterator[Locale]:
    yield _locale(SOURCE, NullTranslations())
    for path in sorted(FOLDER.glob("*.po")):
        yield _locale(path.stem, read_catalogue(path))


def read_catalogue(path: Path) -> GNUTranslations:
    """What the file at ``path`` translates; what is marked fuzzy is not taken for a translation."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _locale(code: str, catalogue: NullTranslations) -> Locale:
    name = catalogue.pgettext("the name of this language, in this language", "English")
    numbers = catalogue.pgettext("how this language writes two numbers", "1,234 / 12,345.6")
    return Locale(code, name, Style.read(numbers), catalogue)
