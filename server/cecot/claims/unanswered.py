"""What stands in the place of an answer that has no row: what no text says, told plainly.

A question whose query names a thing and a figure that no claim gives it has its answer in that
silence (see ``things.silences``), whatever the thing is.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from cecot.claims.silence import Unsaid, read_unsaid
from cecot.engine import Engine
from cecot.material.questions import Question
from cecot.sparql.mentions import mentions

MOST_RELATED = 3
"""Questions that are offered beside one that has no answer."""


def read_unanswered(engine: Engine, question: Question) -> tuple[Unsaid, ...]:
    """The figures and dates that ``question`` asks for and no claim gives.

    Raises what the engine raises.
    """
    named = tuple(map(NamedNode, mentions(question.query).iris))
    return read_unsaid(engine, named, named)


def related(
    questions: Iterable[Question], question: Question, unsaid: Iterable[Unsaid]
) -> list[Question]:
    """The questions that have an answer and ask for the same of other things."""
    asked = {each.silence.property_.iri for each in unsaid}
    found = [
        each
        for each in questions
        if each is not question and each.rows != 0 and asked & set(mentions(each.query).iris)
    ]
    return found[:MOST_RELATED]
