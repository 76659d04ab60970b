"""Mistakes that come with a habit: words and signs of other languages, a query within something."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from cecot.messages import say
from cecot.sparql.lexer import Token
from cecot.sparql.lexical_errors import Check, Mistake, Suspect

_FENCE = "`"


def _within_json(suspect: Suspect) -> Iterator[Mistake]:
    kinds = [each.kind for each in suspect.tokens[:3]]
    if kinds == ["other", "string", "name"] and suspect.tokens[0].text == "{":
        message = say("This is JSON, in which the query is a value.")
        hint = say('Send the text of the query alone: what stands behind "query".')
        yield Mistake(suspect.tokens[0].start, message, hint)


def _within_a_fence(suspect: Suspect) -> Iterator[Mistake]:
    for token in suspect.tokens:
        if token.text == _FENCE:
            message = say("{mark} is a mark of the page that the query stands in.", mark=_FENCE * 3)
            yield Mistake(token.start, message, say("Send the query without the marks around it."))


def _capital_boolean(suspect: Suspect) -> Iterator[Mistake]:
    for token in suspect.tokens:
        right = token.word.lower()
        if right in ("true", "false") and token.text != right:
            message = say("This engine reads {word} in small letters only.", word=token.text)
            yield Mistake(token.start, message, say("Write {right}.", right=right))


def _base_without_brackets(suspect: Suspect) -> Iterator[Mistake]:
    for token, after in pairwise(suspect.tokens):
        if token.word == "BASE" and after.kind != "iri":
            message = say("The IRI of a BASE stands between < and >.")
            yield Mistake(after.start, message, say("Write {right}.", right="BASE <https://...>"))


def _foreign_operator(suspect: Suspect) -> Iterator[Mistake]:
    depth = 0
    for token, after in pairwise(suspect.tokens):
        depth += (token.text == "(") - (token.text == ")")
        if token.text == after.text == "=" and after.start == token.start + 1:
            yield _instead(token, "==", "=")
        is_operand = token.kind in ("variable", "number", "string") or token.text == ")"
        if after.text == "<>" and is_operand and depth > 0:
            yield _instead(after, "<>", "!=")
        if token.word == "NOT" and after.word not in ("IN", "EXISTS"):
            yield _instead(token, token.text, "!")


def _instead(token: Token, wrong: str, right: str) -> Mistake:
    message = say("{sign} is not an operator of SPARQL.", sign=wrong)
    return Mistake(token.start, message, say("Write {right}.", right=right))


def _limit_with_comma(suspect: Suspect) -> Iterator[Mistake]:
    found = suspect.tokens
    for word, first, comma, second in zip(found, found[1:], found[2:], found[3:], strict=False):
        if word.word == "LIMIT" and comma.text == "," and first.kind == second.kind == "number":
            message = say("LIMIT takes one number.")
            right = f"LIMIT {second.text} OFFSET {first.text}"
            yield Mistake(comma.start, message, say("Write {right}.", right=right))


def _reified_value(suspect: Suspect) -> Iterator[Mistake]:
    is_values = False
    for token, after in pairwise(suspect.tokens):
        is_values = (is_values or token.word == "VALUES") and token.text != "}"
        if is_values and token.text == after.text == "<":
            message = say("VALUES takes no reified triple, for that is a pattern of its own.")
            hint = say("Write a triple term: <<( subject predicate object )>>")
            yield Mistake(token.start, message, hint)


CHECKS_OF_HABITS: tuple[Check, ...] = (
    _within_json,
    _within_a_fence,
    _base_without_brackets,
    _limit_with_comma,
    _foreign_operator,
    _capital_boolean,
)
"""Before all others, which would take such a text for something else."""

LAST_CHECKS: tuple[Check, ...] = (_reified_value,)
"""After all others."""
