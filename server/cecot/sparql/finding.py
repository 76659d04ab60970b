"""What a look at the tokens of a query that does not parse can find (see explanation)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cecot.errors import CecotError, QuerySyntaxError
from cecot.sparql.syntax import Token


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake: where it is in the decoded text, what it is, and the cure."""

    offset: int
    message: str
    hint: str
    error: type[CecotError] = QuerySyntaxError


@dataclass(frozen=True, slots=True)
class Suspect:
    """A query that does not parse: its tokens, what Oxigraph said, and what a hint may offer."""

    tokens: list[Token]
    words: str
    prefixes: Mapping[str, str] = field(default_factory=dict)
    has_base: bool = False


Check = Callable[[Suspect], Finding | None]
