"""Every claim of the real text keeps the status that it was given, until somebody decides anew.

``tests/data/statuses.tsv`` holds the statuses of ontology 1.0.0, before acts and hedges were told
apart from them. A line that changes there is a decision, not a repair of the test.
"""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode

from cecot.dataset.content import Material
from cecot.vocabulary import CECOT

BEFORE = Path(__file__).parent / "data" / "statuses.tsv"
GONE = {"tcc-13-expected-to-assist", "tcc-41-opening-place"}
"""Line 13 holds one expectation: to assist is what the quelling was for. Line 41 gives the tour a
place, not the opening."""

NEW = {
    "tcc-05-opening-when": "Asserted",
    "tcc-17-attacks-led-to-violence": "Asserted",
    "tcc-39-accusation-of-conditions": "Alleged",
    "tcc-53-entrance": "Asserted",
}
"""Line 5 dates the opening; line 17 may be read in two ways; line 39 alleges two things; line 53 is
a caption as lines 55 and 56 are."""


def test_no_claim_changes_its_status_unseen(material: Material) -> None:
    before = dict(line.split("\t") for line in BEFORE.read_text(encoding="utf-8").splitlines())
    now = {
        triple.subject.value.rpartition("/")[2]: triple.object.value.rpartition("#")[2]
        for triple in material.graph
        if triple.predicate == NamedNode(str(CECOT.modality))
        and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, NamedNode)
    }
    kept = {claim: status for claim, status in before.items() if claim not in GONE}
    assert now == kept | NEW
