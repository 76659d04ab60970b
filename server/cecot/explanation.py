"""Better words for a query that does not parse: what is wrong, where, and the cure.

Oxigraph says what its parser looked for last ("expected OPTIONAL"), often far from the mistake. The
common mistakes of SPARQL 1.1 query text can be told from its tokens; only where none of them is
found do Oxigraph's position and notes remain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from cecot.errors import CecotError, QuerySyntaxError, Refused
from cecot.keywords import FOREIGN, FORMS, KEYWORDS, UPDATES, closest
from cecot.syntax import Decoded, Token, tokens

LONGEST_EXPLAINED = 100_000
"""Code points. Of a longer query only Oxigraph's own position is told."""

_POSITION = re.compile(r"^error at (\d+):(\d+): expected (.*)$", re.DOTALL)
_NOTE = re.compile(r"(?:expected|one of|,) ((?:[A-Z][a-z]*|IRI|language) [a-zA-Z][^,\[\]]{8,200})")
_CLOSING = {"{": "}", "(": ")", "[": "]"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
_SMART = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb"
_INVISIBLE = "\u00a0\u200a\u2009\u202f\u2003\u2002\u200b\u2060\ufeff\u3000"
_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class _Finding:
    offset: int
    message: str
    hint: str
    error: type[CecotError] = QuerySyntaxError


_Check = Callable[[list[Token], Mapping[str, str]], _Finding | None]


def explain(query: Decoded, words: str, prefixes: Mapping[str, str]) -> CecotError:
    """Build the error for ``query``, of which Oxigraph said ``words``.

    ``prefixes`` (name to IRI) are those that a hint may offer. The error is a QuerySyntaxError with
    line and column in the client's own text, or Refused where the text is a LOAD.
    """
    if len(query.text) <= LONGEST_EXPLAINED:
        found = list(tokens(query.text))
        for check in _CHECKS:
            finding = check(found, prefixes)
            if finding:
                line, column = query.position(finding.offset)
                return finding.error(finding.message, hint=finding.hint, line=line, column=column)
    return _fallback(query, words)


def _fallback(query: Decoded, words: str) -> QuerySyntaxError:
    match = _POSITION.match(words)
    if not match:
        return QuerySyntaxError(f"The query does not parse: {words[:300]}")
    offset = _offset(query.text, int(match[1]), int(match[2]))
    line, column = query.position(offset)
    hint = (
        "Compare this place with the grammar of SPARQL 1.1: https://www.w3.org/TR/sparql11-query/"
    )
    note = _NOTE.search(words)
    if note:
        message = f"{note[1].strip()}."
    elif offset >= len(query.text.rstrip()):
        message = "The query ends before it is complete."
    else:
        message = f"Something is wrong at or before {_excerpt(query.text, offset)}."
    return QuerySyntaxError(message, hint=hint, line=line, column=column)


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, len(text))


def _excerpt(text: str, offset: int) -> str:
    found = next(tokens(text[offset : offset + 200]), None)
    return repr(found.text[:40]) if found else "the end"


def _nothing(found: list[Token], prefixes: Mapping[str, str]) -> _Finding | None:
    del prefixes
    if found:
        return None
    return _Finding(0, "The query is empty.", "Try SELECT * WHERE { ?s ?p ?o } LIMIT 10")


def _update(found: list[Token], prefixes: Mapping[str, str]) -> _Finding | None:
    del prefixes
    for token in _heads(found):
        if token.text.upper() == "LOAD":
            return _Finding(
                token.start,
                "LOAD is refused: this endpoint fetches nothing from other addresses.",
                "A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE.",
                Refused,
            )
    for token in _heads(found):
        if token.text.upper() in UPDATES:
            return _Finding(
                token.start,
                f"{token.text.upper()} is an update, and this is a query.",
                "A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE.",
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


def _stray_character(found: list[Token], prefixes: Mapping[str, str]) -> _Finding | None:
    del prefixes
    for token in found:
        at = next((i for i, c in enumerate(token.text) if c in _SMART + _INVISIBLE), -1)
        if token.kind in ("other", "word", "name", "variable") and at >= 0:
            character = token.text[at]
            if character in _SMART:
                return _Finding(
                    token.start + at,
                    f"{character} is a typographic quotation mark.",
                    "Strings stand between straight quotation marks: \"...\" or '...'.",
                )
            return _Finding(
                token.start + at,
                f"There is an invisible character here (U+{ord(character):04X}).",
                "Replace it by an ordinary space; it often comes with text copied from a page.",
            )
    return None


def _open_string(found: list[Token], prefixes: Mapping[str, str]) -> _Finding | None:
    del prefixes
    for token in found:
        if token.kind == "other" and token.text in "\"'":
            return _Finding(
                token.start,
                "This string has no end.",
                'Close it on the same line, or write """...""" for a string of several lines;'
                " a quotation mark or a backslash inside is written with a backslash before it.",
            )
    return None


def _broken_iri(found: list[Token], prefixes: Mapping[str, str]) -> _Finding | None:
    del prefixes
    for token, after in pairwise(found):
        if token.text == "<" and after.text.lower().startswith(("http:", "https:", "urn:")):
            return _Finding(
                token.start,
                "This IRI holds a character that no IRI may hold, or it is not closed.",
                'Close it by ">"; write a space as %20; these need escaping too: " { } | ^ ` \\',
            )
    return None


def _two_queries(found: list[Token], prefixes: Mapping[str, str]) -> _Finding | None:
    del prefixes
    depth, forms = 0, 0
    for token in found:
        depth += (token.text == "{") - (token.text == "}")
        if token.kind == "word" and depth == 0 and token.text.upper() in FORMS:
            forms += 1
            if forms == 2:
                return _Finding(
                    token.start,
                    "A second query begins here; one request carries one query.",
                    "Send the two queries one after the other.",
                )
    return None


def _undeclared_prefix(found: list[Token], prefixes: Mapping[str, str]) -> _Finding | None:
    declared: set[str] = set()
    before = ""
    for token in found:
        if token.kind == "name":
            name = token.text.partition(":")[0]
            if before == "PREFIX":
                declared.add(name)
            elif name not in declared:
                known = prefixes.get(name)
                line = f"PREFIX {name}: <{known or 'IRI'}>"
                return _Finding(
                    token.start,
                    f'The prefix "{name}:" is not declared.',
                    f"Put this line first: {line}" if known else f"Put a line first: {line}",
                )
        before = token.text.upper()
    return None


def _relative_iri(found: list[Token], prefixes: Mapping[str, str]) -> _Finding | None:
    del prefixes
    before = ""
    for token in found:
        if before == "BASE":
            return None
        if token.kind == "iri" and not _SCHEME.match(token.text):
            return _Finding(
                token.start,
                f"{token.text[:80]} is a relative IRI, and the query has no BASE.",
                "Write the IRI in full, or put a line first: BASE <https://...>",
            )
        before = token.text.upper()
    return None


def _unknown_word(found: list[Token], prefixes: Mapping[str, str]) -> _Finding | None:
    del prefixes
    before = ""
    for token in found:
        word = token.text.upper()
        if before in ("PREFIX", "@PREFIX") and token.kind == "word":
            return _Finding(
                token.start, "PREFIX needs a colon after the name.", "PREFIX ex: <https://...>"
            )
        if token.kind == "word" and word not in KEYWORDS and token.text != "a":
            meant = FOREIGN.get(word) or closest(word)
            return _Finding(
                token.start,
                f"{token.text[:40]} is no word of SPARQL.",
                f"Did you mean {meant}?" if meant else "A variable begins with a question mark.",
            )
        before = word
    return None


def _brackets(found: list[Token], prefixes: Mapping[str, str]) -> _Finding | None:
    del prefixes
    opened: list[Token] = []
    for token in found:
        if token.text in _CLOSING:
            opened.append(token)
        elif token.text in _OPENING:
            if not opened:
                return _Finding(
                    token.start, f"Nothing is open that this {token.text} closes.", "Remove it."
                )
            if opened[-1].text != _OPENING[token.text]:
                last, wanted = opened[-1].text, _CLOSING[opened[-1].text]
                return _Finding(
                    token.start,
                    f"This {token.text} stands where {wanted} should close the last {last}.",
                    f"Write {wanted} before it.",
                )
            opened.pop()
    if not opened:
        return None
    bracket = opened[-1].text
    return _Finding(
        opened[-1].start, f"This {bracket} is never closed.", f"Add the {_CLOSING[bracket]}."
    )


_CHECKS: tuple[_Check, ...] = (
    _nothing,
    _stray_character,
    _open_string,
    _update,
    _broken_iri,
    _undeclared_prefix,
    _brackets,
    _two_queries,
    _unknown_word,
    _relative_iri,
)
