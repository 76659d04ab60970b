"""Better words for a query that does not parse: what is wrong, where, and the cure.

Oxigraph says what its parser looked for last ("expected OPTIONAL"), often far from the mistake. The
common mistakes of SPARQL 1.1 query text can be told from its tokens; only where none of them is
found do Oxigraph's position and notes remain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from cecot.errors import CecotError, QuerySyntaxError
from cecot.messages import say
from cecot.sparql.habits import CHECKS_OF_HABITS, LAST_CHECKS
from cecot.sparql.lexer import (
    AGGREGATES,
    BEFORE_BRACES,
    FORMS,
    FUNCTIONS,
    Decoded,
    select_clauses,
    tokens,
)
from cecot.sparql.lexical_errors import CHECKS_OF_WORDS, Check, Mistake, Suspect

LONGEST_EXPLAINED = 100_000
"""Code points. Of a longer query only Oxigraph's own position is told."""

_POSITION = re.compile(r"^error at (\d+):(\d+): expected (.*)$", re.DOTALL)
_NOTE = re.compile(r"(?:expected|one of|,) ((?:[A-Z][a-z]*|IRI|language) [a-zA-Z][^,\[\]]{8,200})")
_GRAMMAR = "https://www.w3.org/TR/sparql11-query/#sparqlGrammar"
_TERMS = frozenset(("variable", "iri", "name", "string", "number", "blank"))
_MODIFIERS = {"GROUP": 0, "HAVING": 1, "ORDER": 2, "LIMIT": 3, "OFFSET": 3, "VALUES": 4}
MOST_ROWS = 2**64 - 1
"""The largest number that Oxigraph reads behind LIMIT and OFFSET."""

_DIGITS, _LONGEST_LINE = 25, 500
_WORDS_OF_TERMS = frozenset(("A", "TRUE", "FALSE"))


def explain(
    query: Decoded, words: str, prefixes: Mapping[str, str], *, has_base: bool = False
) -> CecotError:
    """Build the error for ``query``, of which Oxigraph said ``words``.

    ``prefixes`` (name to IRI) are those that a hint may offer; ``has_base`` says that relative IRIs
    are no mistake. The error is a QuerySyntaxError with line and column in the client's own text,
    or Refused where the text is a LOAD.
    """
    if len(query.text) <= LONGEST_EXPLAINED:
        suspect = Suspect(list(tokens(query.text)), words, prefixes, has_base)
        for check in (*CHECKS_OF_HABITS, *CHECKS_OF_WORDS, *CHECKS_OF_CLAUSES, *LAST_CHECKS):
            for mistake in check(suspect):
                line, column = query.position(mistake.offset)
                return mistake.error(mistake.message, hint=mistake.hint, line=line, column=column)
    return _as_oxigraph_says(query, words)


def _as_oxigraph_says(query: Decoded, words: str) -> QuerySyntaxError:
    match = _POSITION.match(words)
    if not match:
        return QuerySyntaxError(say("The query does not parse: {words}", words=words[:300]))
    offset = _start(query.text, _offset(query.text, int(match[1]), int(match[2])))
    line, column = query.position(offset)
    note = _NOTE.search(words)
    if note:
        message = say("{note}.", note=note[1].strip().rstrip("."))
    elif offset < len(query.text.rstrip()):
        message = say(
            "The query does not parse at or before {excerpt}.", excerpt=_excerpt(query.text, offset)
        )
    else:
        message = say("The query does not parse; the mistake is somewhere before its end.")
    return QuerySyntaxError(
        message,
        hint=say("The grammar of SPARQL: {address}", address=_GRAMMAR),
        line=line,
        column=column,
    )


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, len(text))


def _start(text: str, offset: int) -> int:
    """Where the word at ``offset`` begins: Oxigraph may stop within it."""
    begin = max(text.rfind("\n", 0, offset) + 1, offset - _LONGEST_LINE)
    for token in tokens(text[begin : offset + 1]):
        is_within = token.kind in ("word", "variable", "name") and offset > begin + token.start
        if is_within and begin + token.start + len(token.text) > offset:
            return begin + token.start
    return offset


def _excerpt(text: str, offset: int) -> str:
    found = next(tokens(text[offset : offset + 200]), None)
    return repr(found.text[:40]) if found else say("the end")


def _select_items(suspect: Suspect) -> Iterator[Mistake]:
    for clause in select_clauses(suspect.tokens):
        for token in clause:
            if token.text == ",":
                message = say("The variables of a SELECT stand without commas between them.")
                yield Mistake(token.start, message, say("Write SELECT ?a ?b"))
            if token.word in FUNCTIONS:
                name = token.word
                message = say(
                    "An expression in SELECT stands in brackets and gets a name: {name}.", name=name
                )
                yield Mistake(token.start, message, say("Write ({name}(...) AS ?name)", name=name))


def _ungrouped(suspect: Suspect) -> Iterator[Mistake]:
    if "variable that is unbound" not in suspect.words:
        return
    grouped, collects = set(), False
    for token in suspect.tokens:
        if token.word == "GROUP":
            collects = True
        elif token.word in ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"):
            collects = False
        elif collects and token.kind == "variable":
            grouped.add(token.text[1:])
    for clause in select_clauses(suspect.tokens):
        for token in clause:
            if token.kind == "variable" and token.text[1:] not in grouped:
                name = token.text
                message = say("{name} is selected, but neither grouped nor aggregated.", name=name)
                hint = say("Add {name} to GROUP BY, or select (SAMPLE({name}) AS ?any).", name=name)
                yield Mistake(token.start, message, hint)


def _renamed(suspect: Suspect) -> Iterator[Mistake]:
    if "overrides an existing variable" not in suspect.words:
        return
    for token, after in pairwise(suspect.tokens):
        if token.word == "AS" and after.kind == "variable":
            message = say("{name} has a value in the pattern already.", name=after.text)
            yield Mistake(
                after.start, message, say("Give what stands before AS a name of its own.")
            )


def _needs_brackets(suspect: Suspect) -> Iterator[Mistake]:
    for token, after in pairwise(suspect.tokens):
        name = token.word
        if name in BEFORE_BRACES and after.text != "{":
            message = say("{name} is followed by a pattern in braces.", name=name)
            yield Mistake(after.start, message, say("Write {name} {{ ?s ?p ?o }}", name=name))
        is_call = after.kind in ("iri", "name") or after.word in FUNCTIONS | {"EXISTS", "NOT"}
        if token.word == "FILTER" and after.text != "(" and not is_call:
            message = say("FILTER is followed by an expression in brackets.")
            yield Mistake(after.start, message, say("Write FILTER(?a > 3)"))
        if token.word in ("LIMIT", "OFFSET") and after.kind != "number":
            message = say("{name} is followed by a whole number.", name=name)
            yield Mistake(after.start, message, say("Write {name} 10", name=name))
        is_number = after.text.isdecimal() and after.text.isascii()
        if (
            token.word in ("LIMIT", "OFFSET")
            and is_number
            and int(after.text[:_DIGITS]) > MOST_ROWS
        ):
            message = say("{name} is at most {most}.", name=name, most=MOST_ROWS)
            yield Mistake(after.start, message, say("Write {name} 10", name=name))
        if token.word in ("GROUP", "ORDER") and after.word != "BY":
            message = say("{name} is followed by BY.", name=name)
            yield Mistake(after.start, message, say("Write {name} BY ?a", name=name))


def _selected_twice(suspect: Suspect) -> Iterator[Mistake]:
    """Find a variable that one SELECT names twice (18.2.4.4)."""
    for clause in select_clauses(suspect.tokens):
        seen: set[str] = set()
        for token in clause:
            if token.kind == "variable" and token.text[1:] in seen:
                message = say("{name} is selected twice.", name=token.text)
                yield Mistake(token.start, message, say("Name it once."))
            if token.kind == "variable":
                seen.add(token.text[1:])


def _star_of_groups(suspect: Suspect) -> Iterator[Mistake]:
    """Find a SELECT of everything that has a GROUP BY of its own (19.8, note 14)."""
    found = suspect.tokens
    for start, token in enumerate(found):
        if token.text != "*":
            continue
        before = [e for e in found[:start][-2:] if e.word not in ("DISTINCT", "REDUCED")]
        if not (before and before[-1].word == "SELECT"):
            continue
        depth = 0
        for each in found[start + 1 :]:
            depth += (each.text == "{") - (each.text == "}")
            if depth < 0:
                break
            if depth == 0 and each.word == "GROUP":
                message = say("SELECT * does not go with GROUP BY.")
                hint = say("Name the variables that are grouped, and put the others together.")
                yield Mistake(token.start, message, hint)


def _label_in_two_groups(suspect: Suspect) -> Iterator[Mistake]:
    """Find a label of a blank node that stands in two groups (4.1.4)."""
    groups, count = [0], 0
    stands: dict[str, int] = {}
    for token in suspect.tokens:
        if token.text == "{":
            count += 1
            groups.append(count)
        elif token.text == "}" and len(groups) > 1:
            groups.pop()
        elif token.kind == "blank" and stands.setdefault(token.text, groups[-1]) != groups[-1]:
            message = say("The label {label} stands in two groups.", label=token.text)
            yield Mistake(token.start, message, say("Use a variable in its place."))


def _order_of_modifiers(suspect: Suspect) -> Iterator[Mistake]:
    depth, last, last_word = 0, -1, ""
    for token in suspect.tokens:
        depth += (token.text in "{(") - (token.text in "})")
        word = token.word
        if depth == 0 and word in _MODIFIERS:
            if _MODIFIERS[word] < last:
                message = say(
                    "{word} stands before {last}, not after it.", word=word, last=last_word
                )
                hint = say("The order is GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET, VALUES.")
                yield Mistake(token.start, message, hint)
            last, last_word = _MODIFIERS[word], word
        if depth == 0 and word in FORMS:
            last = -1


@dataclass(slots=True)
class _Row:
    """A place where terms stand in a row, and how many may."""

    most: float
    count: int = 0

    def begin(self, most: float) -> None:
        self.most, self.count = most, 0


def _terms_in_a_row(suspect: Suspect) -> Iterator[Mistake]:
    """Find a term too many in a triple: a full stop, a semicolon or a comma is missing."""
    found = suspect.tokens
    if any(token.text == "<" == after.text for token, after in pairwise(found)):
        return  # a triple term has rows of its own
    rows = [_Row(float("inf"))]
    before = ""
    for token in found:
        text, row = token.text, rows[-1]
        joins = text in ("/", "|") or (text == "^" == before)  # of a path, of a literal's type
        before = text
        if text in ("{", "[", "("):
            rows.append(_Row({"{": 3, "[": 2}.get(text, float("inf"))))
            if text == "{" and row.most == _IN_VALUES:
                rows[-1].begin(float("inf"))
        elif text in ("}", "]", ")") and len(rows) > 1:
            rows.pop()
            rows[-1].count += 1
            if text == "}":
                rows[-1].begin(3 if len(rows) > 1 else float("inf"))
        elif text in (".", ";", ",") and row.most <= 3:
            row.begin({".": 3, ";": 2, ",": 1}[text])
        elif joins:
            row.count -= 1
        elif token.kind in _TERMS or token.word in _WORDS_OF_TERMS:
            row.count += 1
            if row.count > row.most:
                message = say("A full stop is missing before {term}.", term=text[:40])
                hint = say(
                    "A triple has three terms: a full stop parts it from the next one, a semicolon"
                    " from one of the same subject."
                )
                yield Mistake(token.start, message, hint)
        elif token.word:
            row.begin(_IN_VALUES if token.word == "VALUES" else float("inf"))


_IN_VALUES = 1e9


def _bound_twice(suspect: Suspect) -> Iterator[Mistake]:
    """Find a BIND for a variable that stands in a pattern of the same group before it."""
    groups: list[set[str]] = [set()]
    brackets: list[str] = []
    for before, token in pairwise(suspect.tokens):
        name = token.text[1:]
        if token.text == "(":
            brackets.append(before.text.upper())
        elif token.text == ")" and brackets:
            brackets.pop()
        elif token.text == "{":
            groups.append(set())
        elif token.text == "}" and len(groups) > 1:
            inner = groups.pop()
            groups[-1] |= inner
        elif token.kind == "variable" and brackets == ["BIND"] and before.word == "AS":
            if name in groups[-1]:
                message = say("{name} has a value before this BIND already.", name=token.text)
                yield Mistake(token.start, message, say("BIND to another variable, then compare."))
            groups[-1].add(name)
        elif token.kind == "variable" and not brackets:
            groups[-1].add(name)


def _misplaced_aggregate(suspect: Suspect) -> Iterator[Mistake]:
    for token, after in pairwise(suspect.tokens):
        if token.word in ("FILTER", "BIND"):
            depth = 0
            for each in suspect.tokens[suspect.tokens.index(after) :]:
                depth += (each.text == "(") - (each.text == ")")
                if each.word in AGGREGATES:
                    message = say(
                        "{aggregate} cannot stand in {clause}.",
                        aggregate=each.word,
                        clause=token.word,
                    )
                    hint = say("Count in SELECT with GROUP BY; HAVING filters groups.")
                    yield Mistake(each.start, message, hint)
                if depth == 0:
                    break


CHECKS_OF_CLAUSES: tuple[Check, ...] = (
    _select_items,
    _ungrouped,
    _renamed,
    _needs_brackets,
    _order_of_modifiers,
    _misplaced_aggregate,
    _terms_in_a_row,
    _bound_twice,
    _selected_twice,
    _star_of_groups,
    _label_in_two_groups,
)
