"""Sentences for people: in English where they arise, in another language where they are shown.

As with gettext, the English template is the key to its translations: ``say("No {x}.", x=thing)`` is
the English text, and remembers template and values for whoever translates it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Value = str | int | float


class Said(str):
    """A text that remembers the template and the values which it was made of."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Value]

    def __new__(cls, template: str, values: Mapping[str, Value]) -> Said:
        """Fill ``template`` (of ``str.format``); raises KeyError for a place without a value."""
        said = super().__new__(cls, template.format_map(values))
        said.template, said.values = template, values
        return said

    def __reduce__(self) -> tuple[type[Said], tuple[str, Mapping[str, Value]]]:
        """Let it pass from process to process with what it remembers."""
        return Said, (self.template, self.values)


def say(template: str, **values: Value) -> Said:
    """``template`` with ``values`` in its places; a value that was said itself is translated too.

    A sentence without values needs none of this: it is its own template.
    """
    return Said(template, values)


def translated(
    text: str, catalogue: Mapping[str, str], number: Callable[[int], str] | None = None
) -> str:
    """``text`` by ``catalogue``, from English template to template; as it is where that has none.

    ``number`` writes the whole numbers in it.
    """
    if not isinstance(text, Said):
        return catalogue.get(text, text)
    if text.template not in catalogue:
        return text

    def written(value: Value) -> Value:
        if isinstance(value, Said):
            return translated(value, catalogue, number)
        return number(value) if number and isinstance(value, int) else value

    values = {name: written(value) for name, value in text.values.items()}
    return Said(catalogue[text.template], values)


def as_data(text: str, most: int) -> object:
    """``text`` as what JSON can hold, its parts cut to ``most`` characters; see ``from_data``."""
    if not isinstance(text, Said):
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
    raise TypeError(f"{data!r} is no text")
