"""Rows that are there twice, or once, against SPARQL 1.1: alternative paths, a graph named twice.

Two ways of a path between the same two nodes are two rows (18.4: a union); Oxigraph gives one. A
default graph made of a graph that is named twice has each triple once (13.2.1); Oxigraph gives two.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import combinations
from typing import NamedTuple

from pyoxigraph import NamedNode

from cecot.engine import Answer, Dataset, Engine, Form
from cecot.sparql.asking import ask
from cecot.sparql.lexer import (
    AGGREGATES,
    LONGEST,
    Resolver,
    Token,
    select_clauses,
    tokens,
    with_those_before,
)
from cecot.vocabulary import RDF

_MOST_ASKED = 10
_COUNTING = frozenset(("COUNT", "SUM", "AVG", "GROUP_CONCAT"))
_AS_WRITTEN = Dataset()


class _Way(NamedTuple):
    """One of the alternatives of a path: a predicate, perhaps the other way round."""

    predicate: Token
    is_inverse: bool
    start: int


class _Bar(NamedTuple):
    """A bar of a path, the token at a place: what stands beside it, where that is a predicate."""

    left: _Way | None
    right: _Way | None
    start: int
    end: int


def find_merged(
    engine: Engine, text: str, found: list[Token], answer: Answer, base: str
) -> Iterator[str]:
    """The alternative paths of a query by which ``answer`` may have fewer rows than it should.

    ``found`` are the tokens of ``text``. The engine is asked whether there are two nodes between
    which two of the alternatives lead.
    """
    bars = list(_bars(found)) if _counts_rows(found, answer) else []
    ways: list[_Way] = []
    resolver = Resolver(found, base)
    for place, bar in enumerate(bars):
        if bar.left is None or bar.right is None:
            ways = []
            yield text[bar.start : bar.end]
            continue
        ways = [*(ways or [bar.left]), bar.right]
        following = bars[place + 1].left if place + 1 < len(bars) else None
        if following != bar.right:
            if _share_ends(engine, ways, resolver):
                yield text[ways[0].start : bar.end]
            ways = []


def _counts_rows(found: list[Token], answer: Answer) -> bool:
    """Whether it matters how often the same row is there."""
    aggregates = [place for place, token in enumerate(found) if token.word in AGGREGATES]
    if aggregates or any(token.word == "GROUP" for token in found):
        return any(
            found[place].word in _COUNTING
            and not any(each.word == "DISTINCT" for each in found[place + 2 : place + 3])
            for place in aggregates
        )
    clause = next(select_clauses(found), [])
    is_distinct = bool(clause) and clause[0].word in ("DISTINCT", "REDUCED")
    return answer.form is Form.SELECT and not is_distinct


def _bars(found: list[Token]) -> Iterator[_Bar]:
    """The bars of paths, but those of paths of any length, of negations, of EXISTS and MINUS."""
    closing = _closing(found)
    opened: list[int] = []
    told: set[int] = set()
    for place, token in enumerate(found):
        if token.text in ("(", "{"):
            opened.append(place)
        elif token.text in (")", "}") and opened:
            opened.pop()
        if not _is_bar(found, place) or any(
            _loses_nothing(found, closing, each) for each in opened
        ):
            continue
        around = opened[-1] if opened else 0
        if around and found[around - 1].text == "!":
            inside = found[around : closing.get(around, len(found) - 1) + 1]
            if around not in told and _goes_both_ways(inside):
                told.add(around)
                yield _Bar(None, None, found[around - 1].start, inside[-1].start + 1)
            continue
        left, right = _before(found, place), _behind(found, place)
        last = right.predicate if right else found[place + 1]
        yield _Bar(left, right, found[place - 1].start, last.start + len(last.text))


def _is_bar(found: list[Token], place: int) -> bool:
    """Whether a token is the bar of a path: not one of ``||``, and of no annotation."""
    if found[place].text != "|" or not 0 < place < len(found) - 1:
        return False
    return not {found[place - 1].text, found[place + 1].text} & {"|", "{", "}"}


def _closing(found: list[Token]) -> dict[int, int]:
    """The places of closing brackets by those of the opening ones."""
    opened: list[int] = []
    closing: dict[int, int] = {}
    for place, token in enumerate(found):
        if token.text in ("(", "{"):
            opened.append(place)
        elif token.text in (")", "}") and opened:
            closing[opened.pop()] = place
    return closing


def _loses_nothing(found: list[Token], closing: dict[int, int], opening: int) -> bool:
    """Whether what stands in a bracket gives each row once (``+``), or none at all."""
    if found[opening].text == "{":
        return opening > 0 and found[opening - 1].word in ("EXISTS", "MINUS")
    after = closing.get(opening, len(found)) + 1
    return after < len(found) and found[after].text in ("*", "+", "?")


def _goes_both_ways(inside: list[Token]) -> bool:
    ways = {before == "^" for token, before, _ in with_those_before(inside) if _is_predicate(token)}
    return len(ways) == 2


def _is_predicate(token: Token) -> bool:
    return token.kind in ("iri", "name") or token.text == "a"


def _before(found: list[Token], place: int) -> _Way | None:
    """The predicate before a bar; None if there stands a longer path."""
    token, at = found[place - 1], place - 2
    is_inverse = at >= 0 and found[at].text == "^"
    start = found[at].start if is_inverse else token.start
    at -= is_inverse
    if not _is_predicate(token) or (at >= 0 and found[at].text in ("/", "^", "!")):
        return None
    return _Way(token, is_inverse, start)


def _behind(found: list[Token], place: int) -> _Way | None:
    """The predicate behind a bar; None if there stands a longer path."""
    is_inverse = found[place + 1].text == "^"
    at = place + 1 + is_inverse
    after = found[at + 1].text if at + 1 < len(found) else ""
    if at >= len(found) or not _is_predicate(found[at]) or after in ("/", "*", "+", "?"):
        return None
    return _Way(found[at], is_inverse, found[place + 1].start)


def _share_ends(engine: Engine, ways: list[_Way], resolver: Resolver) -> bool:
    """Whether two of the ``ways`` lead between the same two nodes."""
    patterns: list[tuple[str, str]] = []
    for way in ways:
        iris = [RDF.type] if way.predicate.text == "a" else [*resolver.iri(way.predicate)]
        for iri in iris:
            with suppress(ValueError):
                ends = ("?o", "?s") if way.is_inverse else ("?s", "?o")
                patterns.append((f"{ends[0]} {NamedNode(str(iri))} {ends[1]}", str(iri)))
    pairs = [f"{{ {one} . {other} }}" for (one, _), (other, _) in combinations(patterns, 2)]
    return bool(pairs) and ask(engine, f"ASK {{ {' UNION '.join(pairs[:_MOST_ASKED])} }}")


def merged_dataset(text: str, base: str) -> Dataset:
    """The dataset that a query names by FROM, each graph once, if it names one of them twice.

    An empty one for any other query: the engine reads it as it stands.
    """
    if text.upper().count("FROM") < 2 or len(text) > LONGEST:  # asked of every query
        return _AS_WRITTEN
    found = list(tokens(text))
    resolver = Resolver(found, base)
    default: list[str] = []
    named: list[str] = []
    depth = 0
    for token, before, earlier in with_those_before(found):
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0 and token.kind in ("iri", "name"):
            if before == "FROM":
                default += resolver.iri(token)
            elif before == "NAMED" and earlier == "FROM":
                named += resolver.iri(token)
    is_plain = not any("\\" in each for each in (*default, *named))
    if len(set(default)) == len(default) or not is_plain:
        return _AS_WRITTEN
    return Dataset(tuple(dict.fromkeys(default)), tuple(dict.fromkeys(named)))
