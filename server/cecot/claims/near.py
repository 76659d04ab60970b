"""What somebody may have meant who found nothing: near spellings, other names, near questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode

from cecot.claims.nodes import Node, Reader
from cecot.claims.queries import query
from cecot.claims.search import NAMES, Words, folded, words_in
from cecot.claims.subgraph import fetch
from cecot.dataset.questions import Question
from cecot.engine import Engine
from cecot.rdf.terms import local_name
from cecot.sparql.asking import select

MOST_NAMES = 20_000
"""Names that are compared: enough for thousands of things, and done within a second."""

MOST_OFFERED = 5
_LIKENESS = 0.75
"""How alike two words are that may be one mistyped (difflib): "buekle" and "bukele" are 0.83."""

_INITIALS = 2
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Near:
    """``spellings`` are other words to search for, ``things`` what the words are initials of."""

    spellings: tuple[str, ...] = ()
    things: tuple[Node, ...] = ()


def find_near(engine: Engine, words: Words) -> Near:
    """What is written nearly as ``words``. Raises what the engine raises."""
    names = names_of_things(engine)
    vocabulary = sorted({each for name, _ in names for each in words_in(name)})
    known = set(vocabulary)
    offered = {
        word: get_close_matches(word, vocabulary, MOST_OFFERED, _LIKENESS)
        for word in words.all
        if word not in known and not word.isdecimal()
    }
    spellings: list[str] = []
    if any(offered.values()):
        for place in range(max(map(len, offered.values()))):
            told = (_at(offered.get(word, ()), place, word) for word in words.all)
            spellings.append(" ".join(told))
    meant = {thing: None for name, thing in names for word in words.all if are_initials(word, name)}
    reader = Reader(fetch(engine, mentioned=meant))
    found = tuple(reader.node(each) for each in meant)[:MOST_OFFERED]
    return Near(tuple(dict.fromkeys(spellings))[:MOST_OFFERED], found)


def near_things(engine: Engine, text: str) -> list[Node]:
    """Things whose names, or ends of whose IRIs, are written nearly as ``text``, the nearest first.

    Raises what the engine raises.
    """
    asked = folded(text).replace("-", " ").strip()[:_LONGEST]
    known: dict[str, NamedNode] = {}
    for name, thing in names_of_things(engine):
        for each in (name, local_name(thing.value)):
            known.setdefault(folded(each).replace("-", " "), thing)
    found = get_close_matches(asked, known, MOST_OFFERED, _LIKENESS) if asked else []
    meant = list(dict.fromkeys(known[each] for each in found))
    reader = Reader(fetch(engine, mentioned=meant))
    return [reader.node(each) for each in meant]


def near_questions(questions: Iterable[Question], words: Words) -> list[Question]:
    """The questions that have some of the words, those with most of them first."""
    found = []
    for question in questions:
        titles = [*question.titles.values()]
        begun = words.found_in([*titles, *question.summaries.values(), *question.tags])[0]
        if begun:
            found.append((-begun, -words.found_in(titles)[0], question.number, question))
    return [question for *_, question in sorted(found, key=lambda each: each[:3])]


def names_of_things(engine: Engine) -> list[tuple[str, NamedNode]]:
    """What things are called, as many as can be compared. Raises what the engine raises."""
    rows = select(engine, query("names-of-things"), properties=NAMES, most=MOST_NAMES)
    return [
        (name.value, thing)
        for row in rows
        if isinstance(name := row["name"], Literal) and isinstance(thing := row["thing"], NamedNode)
    ]


def _at(offered: Iterable[str], place: int, word: str) -> str:
    """The offer at ``place``, the last one if there are fewer; ``word`` if there is none."""
    each = [*offered]
    return each[min(place, len(each) - 1)] if each else word


def are_initials(word: str, name: str) -> bool:
    """Whether ``word``, folded, is the first letters of the capitalised words of ``name``."""
    parts = [each[0] for each in name.split() if each[:1].isupper()]
    return len(word) > _INITIALS and folded("".join(parts)) == word
