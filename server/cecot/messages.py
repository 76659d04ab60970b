"""Sentences for people: in English where they arise, in another language where they are shown.

As with gettext, the English template is the key to its translations: ``say("No {x}.", x=thing)`` is
the English text, and remembers template and values for whoever translates it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Value = str | int | float

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
"""Controls of a terminal, of lines, and of the direction of writing (Unicode TR 9, 2)."""


class Message(str):
    """A text that remembers the template and the values which it was made of.

    Without values the template is the text as it stands, braces and all.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Value]

    def __new__(cls, template: str, values: Mapping[str, Value]) -> Message:
        """Fill ``template`` (of ``str.format``); raises KeyError for a place without a value."""
        message = super().__new__(cls, template.format_map(values) if values else template)
        message.template, message.values = template, values
        return message

    def __reduce__(self) -> tuple[type[Message], tuple[str, Mapping[str, Value]]]:
        """Let it pass from process to process with what it remembers."""
        return Message, (self.template, self.values)


def say(template: str, /, **values: Value) -> Message:
    """``template`` with ``values`` in its places; a value that is a message is translated too."""
    return Message(template, values)


def escaped(text: str) -> str:
    """``text`` for a terminal: a control character, which may hide or forge a line, as its escape.

    So are those that turn the direction of writing: what follows them reads as something else.
    Tabulators and line ends stay.
    """
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04X}", text)


def as_data(text: str, most: int) -> object:
    """``text`` as what JSON can hold, its parts cut to ``most`` characters; see ``from_data``."""
    if not isinstance(text, Message):
        return text[:most]
    values = {
        name: as_data(value, most) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    return [text.template, values]


def from_data(data: object) -> str:
    """The text of which ``as_data`` made ``data``; raises TypeError if it made no such thing."""
    match data:
        case str():
            return data
        case [str() as template, dict() as values]:
            return say(
                template,
                **{
                    name: value if isinstance(value, int | float) else from_data(value)
                    for name, value in values.items()
                },
            )
    raise TypeError(f"{data!r} is not a text")
