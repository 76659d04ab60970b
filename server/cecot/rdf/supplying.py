"""Turtle that uses prefixes of the table without declaring them (Turtle 1.2, section 2.4).

Such a text is no Turtle yet, but what it means is plain: the table gives each prefix one namespace.
"""

from __future__ import annotations

import re

from cecot.errors import TurtleError
from cecot.rdf.prefixes import Prefixes
from cecot.rdf.reading import Parsed, decoded, parse_text

_UNDECLARED = "has not been declared"


def parse_supplied(content: str | bytes, prefixes: Prefixes, where: str = "") -> Parsed:
    """Parse ``content``, with those of ``prefixes`` that it declares nowhere.

    A prefix that it declares keeps its meaning, and is unknown above its declaration. Raises
    TurtleError with line and column in ``content``.
    """
    try:
        return parse_text(content, where=where)
    except TurtleError as error:
        if _UNDECLARED not in error.message:
            raise
    text = decoded(content, where) if isinstance(content, bytes) else content
    # All on one line before the first one, so that every line keeps its number.
    start = "".join(
        f"PREFIX {name}: <{namespace}> "
        for name, namespace in prefixes.items()
        if not re.search(rf"\bprefix\s+{re.escape(name)}:", text, re.IGNORECASE)
    )
    try:
        parsed = parse_text(start + text, where=where)
    except TurtleError as error:
        if error.line == 1 and error.column:
            error.column = max(1, error.column - len(start))
        raise
    return Parsed(text, parsed.triples, parsed.prefixes)
