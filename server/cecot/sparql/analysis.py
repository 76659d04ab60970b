"""What can be told of a query text from its tokens: what it names, what it selects.

SPARQL 1.1, sections 16.1, 18.2.4 and 19.8. Any text has tokens; no query, it names nothing much.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urljoin

from cecot.sparql.lexer import Token, decode, tokens

LONGEST = 20_000
"""Code points of a query that is read; a longer one is not."""

_ESCAPED = re.compile(r"\\([_~.!$&'()*+,;=/?#@%-])")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_GRAPHS = frozenset(("FROM", "NAMED", "GRAPH", "SERVICE", "BASE"))


@dataclass(frozen=True, slots=True)
class Mentions:
    """IRIs that stand for nodes and edges, plain strings that do, and the prefixes declared.

    Each once, in order.
    """

    iris: tuple[str, ...] = ()
    strings: tuple[str, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)


def mentions(text: str, base: str | None = None) -> Mentions:
    """What ``text`` names; relative IRIs are read against its BASE, else against ``base``."""
    if len(text) > LONGEST:
        return Mentions()
    found = list(tokens(decode(text).text))
    resolver = Resolver(found, base or "")
    iris = tuple(dict.fromkeys(_iris(found, resolver)))
    return Mentions(iris, tuple(dict.fromkeys(_strings(found))), resolver.prefixes)


class Resolver:
    """The IRIs of a text in full: its prefixes and its base, as they are declared on the way."""

    def __init__(self, found: list[Token], base: str) -> None:
        self.base = base
        self.prefixes: dict[str, str] = {}
        before = earlier = ""
        for token in found:
            if token.kind == "iri" and before == "BASE":
                self.base = _absolute(token.text[1:-1], self.base)
            elif token.kind == "iri" and earlier == "PREFIX":
                self.prefixes[before.removesuffix(":")] = _absolute(token.text[1:-1], self.base)
            before, earlier = token.text.upper() if token.kind == "word" else token.text, before

    def iri(self, token: Token) -> Iterator[str]:
        """The IRI that ``token`` stands for; none if its prefix is not declared."""
        if token.kind == "iri":
            yield _absolute(token.text[1:-1], self.base)
        prefix, _, local = token.text.partition(":")
        if token.kind == "name" and prefix in self.prefixes:
            yield self.prefixes[prefix] + _ESCAPED.sub(r"\1", local)


def _iris(found: list[Token], resolver: Resolver) -> Iterator[str]:
    """The IRIs that stand for nodes and edges."""
    before = earlier = ""
    for place, token in enumerate(found):
        after = found[place + 1].text if place + 1 < len(found) else ""
        is_declared = before in ("BASE", "PREFIX") or earlier == "PREFIX"
        is_type = before == "^" == earlier  # of a literal
        if not is_declared and not is_type and before not in _GRAPHS and after != "(":
            yield from resolver.iri(token)
        before, earlier = token.text.upper() if token.kind == "word" else token.text, before


def _absolute(iri: str, base: str) -> str:
    """``iri`` against ``base``, with the empty fragment that urljoin would take away."""
    if _SCHEME.match(iri):
        return iri
    return urljoin(base, iri) + ("#" if iri.endswith("#") else "")


def _strings(found: list[Token]) -> Iterator[str]:
    """Plain strings in a pattern, or compared with something: not the arguments of functions."""
    depth, before = 0, ""
    for place, token in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else Token("", "", 0)
        depth += (token.text == "(") - (token.text == ")")
        is_plain = token.kind == "string" and after.kind != "language" and after.text != "^"
        if is_plain and (not depth or "=" in (before, after.text[:1])):
            yield from value_of(token.text)
        before = token.text


def value_of(written: str) -> Iterator[str]:
    """The string that ``written`` stands for: SPARQL's quotes and escapes are among Python's."""
    with suppress(SyntaxError, ValueError):
        value = ast.literal_eval(written)
        if isinstance(value, str) and value.encode():
            yield value


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
