"""What a tool can be asked for: one table that makes the schema and reads the arguments.

JSON Schema 2020-12, as the Model Context Protocol wants it. A misspelt argument is an error: a
filter that is silently ignored would make everything look like an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cecot.errors import BadRequest
from cecot.mcp.words import LANGUAGES

LONGEST = 500
"""Code points of a text, unless the parameter says otherwise."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A text, one of ``choices``, or, where ``most`` is given, a whole number from 1.

    Without a ``default`` it must be given; a text whose default is empty may be left out.
    """

    name: str
    help: str
    default: str | int | None = None
    choices: tuple[str, ...] = ()
    most: int = 0
    longest: int = LONGEST

    def schema(self) -> dict[str, object]:
        """Its JSON Schema."""
        schema: dict[str, object] = {"type": "string", "description": self.help}
        if self.most:
            schema |= {"type": "integer", "minimum": 1, "maximum": self.most}
        elif self.choices:
            schema["enum"] = list(self.choices)
        else:
            schema["maxLength"] = self.longest
        if self.default not in (None, ""):
            schema["default"] = self.default
        return schema

    def read(self, value: object) -> str | int:
        """The value that was given; raises BadRequest that says what it may be."""
        if self.most:
            number = int(value) if isinstance(value, str) and value.isdecimal() else value
            if isinstance(number, int) and not isinstance(number, bool) and number >= 1:
                return min(number, self.most)
            raise self._wrong(value, f"a whole number from 1 to {self.most}")
        if not isinstance(value, str):
            raise self._wrong(value, "a text")
        text = value.strip()
        if self.choices:
            if text.lower() in self.choices:
                return text.lower()
            raise self._wrong(value, f"one of {', '.join(self.choices)}")
        if len(text) > self.longest:
            raise self._wrong(f"{text[:50]}...", f"at most {self.longest} characters long")
        if not text and self.default is None:
            raise self._wrong(value, "a text")
        return text

    def _wrong(self, value: object, what: str) -> BadRequest:
        return BadRequest(
            f"{self.name} is {str(value)[:60]!r}, and should be {what}.",
            hint=self.help,
            where=self.name,
        )


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a tool was asked for, by the names of its parameters."""

    values: Mapping[str, str | int]

    def text(self, name: str) -> str:
        """The text that was given; empty if it may be left out and was."""
        return str(self.values[name])

    def count(self, name: str) -> int:
        """The number that was given."""
        return int(self.values[name])

    @property
    def language(self) -> str:
        """The language of the answer."""
        return self.text("language")


LANGUAGE = Parameter(
    "language", "Language of labels, descriptions and notes: English or Spanish.", "en", LANGUAGES
)
"""Every tool takes it."""


def schema_of(parameters: Iterable[Parameter]) -> dict[str, object]:
    """The JSON Schema of all arguments together; others are not allowed."""
    parameters = tuple(parameters)
    return {
        "type": "object",
        "properties": {each.name: each.schema() for each in parameters},
        "required": [each.name for each in parameters if each.default is None],
        "additionalProperties": False,
    }


def read_arguments(parameters: Iterable[Parameter], given: Mapping[str, object]) -> Arguments:
    """Read what was given; null counts as left out.

    Raises BadRequest for a parameter that there is not, that is missing, or that cannot be read.
    """
    known = {each.name: each for each in parameters}
    takes = f"It takes {', '.join(known)}."
    for name in given:
        if name not in known:
            raise BadRequest(f"There is no parameter {name[:60]!r}.", hint=takes, where=name[:60])
    values: dict[str, str | int] = {}
    for name, each in known.items():
        value = given.get(name)
        if value is not None:
            values[name] = each.read(value)
        elif each.default is not None:
            values[name] = each.default
        else:
            raise BadRequest(f"{name} is missing.", hint=each.help, where=name)
    return Arguments(values)
