"""Mistakes in the words of a query: characters, names, brackets (SPARQL 1.1, section 19)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise

from cecot.errors import CecotError, QuerySyntaxError, Refused
from cecot.messages import say
from cecot.sparql.lexer import BEFORE_BRACES, FORMS, KEYWORDS, UPDATES, Token

_CLOSING = {"{": "}", "(": ")", "[": "]"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
_SMART = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb"
_INVISIBLE = "\u00a0\u200a\u2009\u202f\u2003\u2002\u200b\u2060\ufeff\u3000"
_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
_FOREIGN = {
    "AND": "&&",
    "OR": "||",
    "LIKE": say("REGEX or CONTAINS"),
    "TOP": "LIMIT",
    "JOIN": say("a second triple pattern"),
    "NULL": say("UNDEF, or BOUND to test"),
    "IS": "=",
    "LENGTH": "STRLEN",
    "LEN": "STRLEN",
    "UPPER": "UCASE",
    "LOWER": "LCASE",
    "SUBSTRING": "SUBSTR",
    "IFNULL": "COALESCE",
    "SORT": "ORDER BY",
    "STARTSWITH": "STRSTARTS",
    "ENDSWITH": "STRENDS",
    "INT": "xsd:integer",
    "CASE": "IF",
    "MEDIAN": say("ORDER BY with OFFSET and LIMIT"),
    "EXCEPT": "MINUS",
}
"""Words of other languages, and what SPARQL has for them."""


@dataclass(frozen=True, slots=True)
class Mistake:
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


Check = Callable[[Suspect], Mistake | None]


def _nothing(suspect: Suspect) -> Mistake | None:
    if suspect.tokens:
        return None
    return Mistake(0, say("The query is empty."), say("Try SELECT * WHERE { ?s ?p ?o } LIMIT 10"))


def _update(suspect: Suspect) -> Mistake | None:
    for token in _heads(suspect.tokens):
        if token.text.upper() == "LOAD":
            return Mistake(
                token.start,
                say("LOAD is refused: this endpoint fetches nothing from other addresses."),
                say("A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE."),
                Refused,
            )
    for token in _heads(suspect.tokens):
        if token.text.upper() in UPDATES:
            return Mistake(
                token.start,
                say("{word} is an update, and this is a query.", word=token.text.upper()),
                say("A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE."),
            )
    return None


def _heads(found: list[Token]) -> Iterable[Token]:
    """Give the words with which an operation can begin: first after a prologue or a semicolon."""
    begins, depth = True, 0
    for token in found:
        depth += (token.text == "{") - (token.text == "}")
        word = token.kind == "word"
        if begins and word and token.text.upper() not in ("PREFIX", "BASE", "VERSION"):
            yield token
            begins = False
        begins = begins or (token.text == ";" and depth == 0)


def _stray_character(suspect: Suspect) -> Mistake | None:
    for token in suspect.tokens:
        at = next((i for i, c in enumerate(token.text) if c in _SMART + _INVISIBLE), -1)
        if token.kind in ("other", "word", "name", "variable") and at >= 0:
            character = token.text[at]
            if character in _SMART:
                return Mistake(
                    token.start + at,
                    say("{character} is a typographic quotation mark.", character=character),
                    say("Strings stand between straight quotation marks: \"...\" or '...'."),
                )
            return Mistake(
                token.start + at,
                say("There is an invisible character here (U+{code:04X}).", code=ord(character)),
                say(
                    "Replace it by an ordinary space; it often comes with text copied from a page."
                ),
            )
    return None


def _open_string(suspect: Suspect) -> Mistake | None:
    for token in suspect.tokens:
        if token.kind == "other" and token.text in "\"'":
            return Mistake(
                token.start,
                say("This string has no end."),
                say(
                    'Close it on the same line, or write """...""" for a string of several lines;'
                    " a quotation mark or a backslash inside is written with a backslash before it."
                ),
            )
    return None


def _broken_iri(suspect: Suspect) -> Mistake | None:
    for token, after in pairwise(suspect.tokens):
        if token.text == "<" and after.text.lower().startswith(("http:", "https:", "urn:")):
            return Mistake(
                token.start,
                say("This IRI holds a character that no IRI may hold, or it is not closed."),
                say(
                    'Close it by ">"; write a space as %20; these need escaping too: " { } | ^ ` \\'
                ),
            )
    return None


def _two_queries(suspect: Suspect) -> Mistake | None:
    depth, forms = 0, 0
    for token in suspect.tokens:
        depth += (token.text == "{") - (token.text == "}")
        if token.kind == "word" and depth == 0 and token.text.upper() in FORMS:
            forms += 1
            if forms == 2:
                return Mistake(
                    token.start,
                    say("A second query begins here; one request carries one query."),
                    say("Send the two queries one after the other."),
                )
    return None


def _undeclared_prefix(suspect: Suspect) -> Mistake | None:
    declared: set[str] = set()
    before = ""
    for token in suspect.tokens:
        if token.kind == "name":
            name = token.text.partition(":")[0]
            if before == "PREFIX":
                declared.add(name)
            elif name not in declared:
                known = suspect.prefixes.get(name)
                line = f"PREFIX {name}: <{known or 'IRI'}>"
                hint = (
                    say("Put this line first: {line}", line=line)
                    if known
                    else say("Put a line first: {line}", line=line)
                )
                return Mistake(
                    token.start,
                    say('The prefix "{name}:" is not declared.', name=name),
                    hint,
                )
        before = token.text.upper()
    return None


def _prefix_declaration(suspect: Suspect) -> Mistake | None:
    found = suspect.tokens
    for token, name, after in zip(found, found[1:], found[2:], strict=False):
        if token.kind != "word" or token.text.upper() != "PREFIX" or name.kind != "name":
            continue
        if not name.text.endswith(":"):
            message = say("PREFIX gives a name that ends with its colon.")
            return Mistake(name.start, message, say("PREFIX ex: <https://...>"))
        if after.kind != "iri":
            message = say("The IRI of a PREFIX stands between < and >.")
            return Mistake(after.start, message, say("PREFIX {name} <https://...>", name=name.text))
    return None


def _relative_iri(suspect: Suspect) -> Mistake | None:
    if suspect.has_base:
        return None
    before = ""
    for token in suspect.tokens:
        if before == "BASE":
            return None
        if token.kind == "iri" and not _SCHEME.match(token.text):
            return Mistake(
                token.start,
                say("{iri} is a relative IRI, and the query has no BASE.", iri=token.text[:80]),
                say("Write the IRI in full, or put a line first: BASE <https://...>"),
            )
        before = token.text.upper()
    return None


def _unknown_word(suspect: Suspect) -> Mistake | None:
    before = ""
    for token in suspect.tokens:
        word = token.text.upper()
        if before in ("PREFIX", "@PREFIX") and token.kind == "word":
            return Mistake(
                token.start,
                say("PREFIX needs a colon after the name."),
                say("PREFIX ex: <https://...>"),
            )
        if token.kind == "word" and word not in KEYWORDS and token.text != "a":
            meant = _FOREIGN.get(word) or _closest(word)
            return Mistake(
                token.start,
                say("{word} is no word of SPARQL.", word=token.text[:40]),
                say("Did you mean {meant}?", meant=meant)
                if meant
                else say("A variable begins with a question mark."),
            )
        before = word
    return None


def _unopened_pattern(suspect: Suspect) -> Mistake | None:
    """Find a word that a pattern in braces follows, where the first of the braces is missing."""
    for token, after in pairwise(suspect.tokens):
        name = token.text.upper()
        if token.kind == "word" and name in BEFORE_BRACES and after.text != "{":
            message = say("{name} is followed by a pattern in braces.", name=name)
            return Mistake(after.start, message, say("Write {wanted} before it.", wanted="{"))
    return None


def _brackets(suspect: Suspect) -> Mistake | None:
    opened: list[Token] = []
    for token in suspect.tokens:
        if token.text in _CLOSING:
            opened.append(token)
        elif token.text in _OPENING:
            if not opened:
                opening = _OPENING[token.text]
                return _unopened_pattern(suspect) or Mistake(
                    token.start,
                    say("Nothing is open that this {bracket} closes.", bracket=token.text),
                    say("Remove it, or put the {bracket} where it belongs.", bracket=opening),
                )
            if opened[-1].text != _OPENING[token.text]:
                last, wanted = opened[-1].text, _CLOSING[opened[-1].text]
                return Mistake(
                    token.start,
                    say(
                        "This {bracket} stands where {wanted} should close the last {last}.",
                        bracket=token.text,
                        wanted=wanted,
                        last=last,
                    ),
                    say("Write {wanted} before it.", wanted=wanted),
                )
            opened.pop()
    if not opened:
        return None
    bracket = opened[-1].text
    return Mistake(
        opened[-1].start,
        say("This {bracket} is never closed.", bracket=bracket),
        say("Add the {bracket}.", bracket=_CLOSING[bracket]),
    )


def _closest(word: str) -> str:
    """Give the word of SPARQL that ``word`` (in capitals) most likely stands for, or ""."""
    found = get_close_matches(word, KEYWORDS - {"A", "AS", "IN", "BY"}, n=1, cutoff=0.7)
    return found[0] if found else ""


CHECKS_OF_WORDS: tuple[Check, ...] = (
    _nothing,
    _stray_character,
    _open_string,
    _update,
    _prefix_declaration,
    _broken_iri,
    _undeclared_prefix,
    _brackets,
    _two_queries,
    _unknown_word,
    _relative_iri,
)
