"""The graph that is checked: rdflib's memory for SHACL Core, Oxigraph for its SPARQL (SHACL 5).

pySHACL walks a graph in many small steps, which rdflib's own memory answers fastest, and it asks
SPARQL queries, which Oxigraph answers fastest: docs/decisions/0010.
"""

from __future__ import annotations

from typing import Any

from oxrdflib import OxigraphStore
from pyoxigraph import Store
from rdflib import Graph
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.query import Result

from cecot.dataset.content import Material
from cecot.dataset.store import build_store
from cecot.errors import QuerySyntaxError
from cecot.validation.terms import fill


class CheckedGraph(Graph):
    """All that a Material says, with what is derived, in one graph that Oxigraph is asked about."""

    def __init__(self, material: Material, store: Store | None = None) -> None:
        super().__init__()
        fill(self, material.facts)
        self._queries = Graph(
            OxigraphStore(store=store or build_store(material)), identifier=DATASET_DEFAULT_GRAPH_ID
        )

    def query(self, query_object: Any, *_: Any, **options: Any) -> Result:
        """Evaluate the query of a rule; raises QuerySyntaxError, with its text as the hint."""
        text = str(query_object)
        bindings = options.get("initBindings") or {}
        try:
            return self._queries.query(text, initBindings=bindings)
        except SyntaxError as error:
            raise QuerySyntaxError(str(error), hint=text) from None
