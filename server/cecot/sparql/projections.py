"""What a SELECT query selects, read from its tokens (SPARQL 1.1, 16.1 and 18.2.4)."""

from __future__ import annotations

from cecot.sparql.syntax import tokens

LABEL = "Label"
"""The end of the name of a variable that says what we call the thing of the name before it."""


def naming_things(query: str) -> str:
    """``query`` with ``?thing`` selected after each ``?thingLabel``, if it can be.

    Each row then names the things that it speaks of. A query that groups stays as it is.
    """
    found = list(tokens(query))
    words = [each.text.upper() for each in found if each.kind == "word"]
    if "SELECT" not in words or "GROUP" in words:
        return query
    start = next(place for place, each in enumerate(found) if each.text.upper() == "SELECT")
    variables = {each.text for each in found if each.kind == "variable"}
    projected, depth = [], 0
    for each in found[start + 1 :]:
        depth += {"(": 1, ")": -1}.get(each.text, 0)
        if each.text == "{" or each.text.upper() in ("WHERE", "FROM"):
            break
        if each.kind == "variable" and not depth:
            projected.append(each)
    names = {each.text for each in projected}
    for each in reversed(projected):
        thing = each.text.removesuffix(LABEL)
        if thing != each.text and thing in variables and thing not in names:
            end = each.start + len(each.text)
            query = f"{query[:end]} {thing}{query[end:]}"
    return query


def is_distinct(query: str) -> bool:
    """Whether ``query`` selects each row once."""
    words = [each.text.upper() for each in tokens(query)]
    return "SELECT" in words and words[words.index("SELECT") + 1] in ("DISTINCT", "REDUCED")
