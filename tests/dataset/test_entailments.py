"""What the ontology says of its properties entails nothing of the graph that no one has written.

A tool that draws the conclusions of RDFS makes whatever has a property an instance of its domain,
and whatever it points to one of its range: an alleged act must not become a claim by it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store

from cecot.dataset.store import load_store
from cecot.rooms import Rooms

ENTAILED = """
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?thing ?property ?class {
  { ?property rdfs:domain ?class . ?thing ?property ?any }
  UNION
  { ?property rdfs:range ?class . ?any ?property ?thing . FILTER (isIRI(?thing)) }
  ?property rdfs:isDefinedBy ?ontology .
  FILTER NOT EXISTS { ?thing rdf:type/rdfs:subClassOf* ?class }
}"""


@pytest.fixture(scope="module", params=["the text", "the practice texts"])
def store(request: pytest.FixtureRequest, rooms: Rooms) -> Store:
    practice = Path(__file__).parents[1] / "practice"
    return load_store(rooms if request.param == "the text" else Rooms(practice)).store


def test_no_domain_or_range_gives_a_thing_a_class_that_it_has_not(store: Store) -> None:
    assert [tuple(map(str, row)) for row in store.query(ENTAILED)] == []
