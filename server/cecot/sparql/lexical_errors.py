"""Mistakes in the words of a query: characters, names, brackets (SPARQL 1.1, section 19)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise

from cecot.errors import CecotError, QuerySyntaxError, Refused
from cecot.messages import say
from cecot.sparql.lexer import BEFORE_BRACES, FORMS, KEYWORDS, UPDATES, Token, with_those_before

_CLOSING = {"{": "}", "(": ")", "[": "]"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
_SMART = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb"
_INVISIBLE = "\u00a0\u200a\u2009\u202f\u2003\u2002\u200b\u2060\ufeff\u3000"
_INVISIBLE += "".join(map(chr, (*range(9), 11, 12, *range(14, 32), 127)))
_SURROGATE = re.compile(r"\\u[Dd][89A-Fa-f][0-9A-Fa-f]{2}")
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


Check = Callable[[Suspect], Iterator[Mistake]]
"""Looks for one kind of mistake; the first that it finds is told."""


def _nothing(suspect: Suspect) -> Iterator[Mistake]:
    if not suspect.tokens:
        hint = say("Try SELECT * WHERE { ?s ?p ?o } LIMIT 10")
        yield Mistake(0, say("The query is empty."), hint)


def _update(suspect: Suspect) -> Iterator[Mistake]:
    for token in _heads(suspect.tokens):
        if token.word == "LOAD":
            yield Mistake(
                token.start,
                say("LOAD is refused: this endpoint fetches nothing from other addresses."),
                say("A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE."),
                Refused,
            )
    for token in _heads(suspect.tokens):
        if token.word in UPDATES:
            yield Mistake(
                token.start,
                say("{word} is an update, and this is a query.", word=token.word),
                say("A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE."),
            )


def _heads(found: list[Token]) -> Iterable[Token]:
    """Give the words with which an operation can begin: first after a prologue or a semicolon."""
    begins, depth = True, 0
    for token in found:
        depth += (token.text == "{") - (token.text == "}")
        if begins and token.word and token.word not in ("PREFIX", "BASE", "VERSION"):
            yield token
            begins = False
        begins = begins or (token.text == ";" and depth == 0)


def _stray_character(suspect: Suspect) -> Iterator[Mistake]:
    for token in suspect.tokens:
        at = next((i for i, c in enumerate(token.text) if c in _SMART + _INVISIBLE), -1)
        if token.kind in ("other", "word", "name", "variable") and at >= 0:
            character = token.text[at]
            if character in _SMART:
                yield Mistake(
                    token.start + at,
                    say("{character} is a typographic quotation mark.", character=character),
                    say("Strings stand between straight quotation marks: \"...\" or '...'."),
                )
            yield Mistake(
                token.start + at,
                say("There is an invisible character here (U+{code:04X}).", code=ord(character)),
                say(
                    "Replace it by an ordinary space; it often comes with text copied from a page."
                ),
            )


def _foreign_letter(suspect: Suspect) -> Iterator[Mistake]:
    for token in suspect.tokens:
        if token.kind == "other" and token.text.isalpha():
            yield Mistake(
                token.start,
                say(
                    "{character} (U+{code:04X}) is a letter of no word of SPARQL.",
                    character=token.text,
                    code=ord(token.text),
                ),
                say("Words of SPARQL have the letters A to Z; a name of the graph has a prefix."),
            )


def _language_tag(suspect: Suspect) -> Iterator[Mistake]:
    for token, after in pairwise(suspect.tokens):
        if token.kind == "string" and after.text == "@":
            message = say("A language tag begins with a letter, directly behind the @.")
            yield Mistake(after.start, message, say('For instance "..."@en'))


def _open_string(suspect: Suspect) -> Iterator[Mistake]:
    for token in suspect.tokens:
        if token.kind == "other" and token.text in "\"'":
            yield Mistake(
                token.start,
                say("This string has no end."),
                say(
                    'Close it on the same line, or write """...""" for a string of several lines;'
                    " a quotation mark or a backslash inside is written with a backslash before it."
                ),
            )


def _half_a_character(suspect: Suspect) -> Iterator[Mistake]:
    for token in suspect.tokens:
        if half := _SURROGATE.search(token.text):
            message = say("{escape} is half of a character.", escape=half[0])
            hint = say("Write the character itself, or its code with eight digits: \\U0001F600")
            yield Mistake(token.start + half.start(), message, hint)


def _broken_iri(suspect: Suspect) -> Iterator[Mistake]:
    for token, after in pairwise(suspect.tokens):
        if token.text == "<" and after.text.lower().startswith(("http:", "https:", "urn:")):
            yield Mistake(
                token.start,
                say("This IRI holds a character that no IRI may hold, or it is not closed."),
                say(
                    'Close it by ">"; write a space as %20; these need escaping too: " { } | ^ ` \\'
                ),
            )


def _two_queries(suspect: Suspect) -> Iterator[Mistake]:
    depth, forms = 0, 0
    for token in suspect.tokens:
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0 and token.word in FORMS:
            forms += 1
            if forms == 2:
                yield Mistake(
                    token.start,
                    say("A second query begins here; one request carries one query."),
                    say("Send the two queries one after the other."),
                )


def _undeclared_prefix(suspect: Suspect) -> Iterator[Mistake]:
    declared: set[str] = set()
    for token, before, _ in with_those_before(suspect.tokens):
        if token.kind == "name":
            name = token.text.partition(":")[0]
            if before == "PREFIX":
                declared.add(name)
            elif name not in declared:
                message = say('The prefix "{name}:" is not declared.', name=name)
                line = f"PREFIX {name}: <{suspect.prefixes.get(name, 'IRI')}>"
                yield Mistake(token.start, message, say("Put this line first: {line}", line=line))


def _prefix_declaration(suspect: Suspect) -> Iterator[Mistake]:
    found = suspect.tokens
    for token, name, after in zip(found, found[1:], found[2:], strict=False):
        if token.word != "PREFIX" or name.kind != "name":
            continue
        if not name.text.endswith(":"):
            message = say("PREFIX gives a name that ends with its colon.")
            yield Mistake(name.start, message, say("PREFIX ex: <https://...>"))
        if after.kind != "iri":
            message = say("The IRI of a PREFIX stands between < and >.")
            yield Mistake(after.start, message, say("PREFIX {name} <https://...>", name=name.text))


def _relative_iri(suspect: Suspect) -> Iterator[Mistake]:
    if suspect.has_base:
        return
    for token, before, _ in with_those_before(suspect.tokens):
        if before == "BASE":
            return
        if token.kind == "iri" and not _SCHEME.match(token.text):
            yield Mistake(
                token.start,
                say("{iri} is a relative IRI, and the query has no BASE.", iri=token.text[:80]),
                say("Write the IRI in full, or put a line first: BASE <https://...>"),
            )


def _unknown_word(suspect: Suspect) -> Iterator[Mistake]:
    for token, before, _ in with_those_before(suspect.tokens):
        if token.word and before.upper() in ("PREFIX", "@PREFIX"):
            message = say("PREFIX needs a colon after the name.")
            yield Mistake(token.start, message, say("PREFIX ex: <https://...>"))
        if token.word and token.word not in KEYWORDS and token.text != "a":
            meant = _FOREIGN.get(token.word) or _closest(token.word)
            hint = say("A variable begins with a question mark.")
            yield Mistake(
                token.start,
                say("{word} is not a word of SPARQL.", word=token.text[:40]),
                say("Did you mean {meant}?", meant=meant) if meant else hint,
            )


def _unopened_pattern(suspect: Suspect) -> Iterator[Mistake]:
    """Find a word that a pattern in braces follows, where the first of the braces is missing."""
    for token, after in pairwise(suspect.tokens):
        name = token.word
        if name in BEFORE_BRACES and after.text != "{":
            message = say("{name} is followed by a pattern in braces.", name=name)
            yield Mistake(after.start, message, say("Write {wanted} before it.", wanted="{"))


def _brackets(suspect: Suspect) -> Iterator[Mistake]:
    opened: list[Token] = []
    for token in suspect.tokens:
        if token.text in _CLOSING:
            opened.append(token)
        elif token.text in _OPENING:
            if not opened:
                yield from _unopened_pattern(suspect)
                opening = _OPENING[token.text]
                yield Mistake(
                    token.start,
                    say("Nothing is open that this {bracket} closes.", bracket=token.text),
                    say("Remove it, or put the {bracket} where it belongs.", bracket=opening),
                )
                return
            if opened[-1].text != _OPENING[token.text]:
                opening, wanted = opened[-1].text, _CLOSING[opened[-1].text]
                message = say(
                    "This {bracket} stands where {wanted} should close the last {last}.",
                    bracket=token.text,
                    wanted=wanted,
                    last=opening,
                )
                yield Mistake(token.start, message, say("Write {wanted} before it.", wanted=wanted))
            opened.pop()
    for last in reversed(opened):
        message = say("This {bracket} is never closed.", bracket=last.text)
        yield Mistake(last.start, message, say("Add the {bracket}.", bracket=_CLOSING[last.text]))


def _closest(word: str) -> str:
    """Give the word of SPARQL that ``word`` (in capitals) most likely stands for, or ""."""
    found = get_close_matches(word, KEYWORDS - {"A", "AS", "IN", "BY"}, n=1, cutoff=0.7)
    return found[0] if found else ""


CHECKS_OF_WORDS: tuple[Check, ...] = (
    _nothing,
    _stray_character,
    _foreign_letter,
    _language_tag,
    _open_string,
    _half_a_character,
    _update,
    _prefix_declaration,
    _broken_iri,
    _undeclared_prefix,
    _brackets,
    _two_queries,
    _unknown_word,
    _relative_iri,
)
