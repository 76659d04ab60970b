"""What stands in the place of an answer that has no row: what no text says, told plainly.

A question whose query names a thing and a figure that no claim gives it has its answer in that
silence (see ``things.silences``), whatever the thing is.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from cecot.engine import Engine
from cecot.material.questions import Question
from cecot.sparql.syntax import tokens
from cecot.things.silences import Unsaid, read_unsaid

MOST_RELATED = 3
"""Questions that are offered beside one that has no answer."""


def read_unanswered(engine: Engine, question: Question) -> tuple[Unsaid, ...]:
    """The figures and dates that ``question`` asks for and no claim gives.

    Raises what the engine raises.
    """
    named = tuple(map(NamedNode, named_in(question.query)))
    return read_unsaid(engine, named, named)


def related(
    questions: Iterable[Question], question: Question, unsaid: Iterable[Unsaid]
) -> list[Question]:
    """The questions that have an answer and ask for the same of other things."""
    asked = {each.silence.property_.iri for each in unsaid}
    found = [
        each
        for each in questions
        if each is not question and each.rows != 0 and asked & set(named_in(each.query))
    ]
    return found[:MOST_RELATED]


def named_in(query: str) -> tuple[str, ...]:
    """The IRIs that stand in ``query``, in full or by a prefix that it declares, each once."""
    prefixes: dict[str, str] = {}
    found: dict[str, None] = {}
    before = ("", "")
    for token in tokens(query):
        iri = token.text[1:-1] if token.kind == "iri" else ""
        if iri and before[0].upper() == "PREFIX":
            prefixes[before[1]] = iri
        elif iri:
            found[iri] = None
        elif token.kind == "name" and before[1].upper() != "PREFIX":
            prefix, _, local = token.text.partition(":")
            if prefix in prefixes:
                found[prefixes[prefix] + local] = None
        before = (before[1], token.text.removesuffix(":"))
    return tuple(iri for iri in found if ":" in iri)
