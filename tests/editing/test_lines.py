"""An editor reads of a claim what every reader does: the line stands in its sentence."""

from __future__ import annotations

import pytest

from cecot.dataset.derive import statements
from cecot.editing.index import Index
from cecot.rdf.terms import link
from cecot.vocabulary import CECOT
from workbenches import practice_index
from worlds import build_store


@pytest.mark.parametrize("which", ["rooms", "practice"])
def test_the_line_of_a_claim_is_what_its_sentence_says(which: str, index: Index) -> None:
    chosen = index if which == "rooms" else practice_index()[0]
    told = list(statements(build_store(chosen.material)))
    assert len(told) == 2 * len(chosen.claims)
    for quad in told:
        line = chosen.sentence(quad.subject.value, quad.object.language)
        assert line
        assert line in quad.object.value


def test_a_claim_that_only_answers_another_says_what_it_does_to_it(index: Index) -> None:
    answer = index.material.namespace + "answer"
    answered = index.material.namespace + "tcc-29-space-per-prisoner"
    more = [link(answer, CECOT.respondsTo, answered), link(answer, CECOT.saying, CECOT.Deny)]
    said = index.with_triples(more).sentence(answer)
    assert index.sentence(answered) in said
    assert said.startswith(index.label(CECOT.Deny))
