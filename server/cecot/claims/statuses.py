"""The statuses that a claim can have, as the ontology explains them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from cecot.claims.claim import STATUSES
from cecot.claims.nodes import Node, Reader, Texts, texts_of
from cecot.claims.subgraph import gather_nodes, iri_of
from cecot.engine import Engine
from cecot.sparql.asking import select
from cecot.vocabulary import CECOT, RDFS

_COMMENTS = (
    "SELECT ?status ?comment { VALUES ?status { $statuses } "
    f"?status <{RDFS.comment}> ?comment }}"
)


@dataclass(frozen=True, slots=True)
class Status:
    """A status: its node with its labels, and what it means."""

    name: str
    node: Node
    meaning: Texts


def read_statuses(engine: Engine) -> Mapping[str, Status]:
    """The statuses by name, in the order of the ontology. Raises what the engine raises."""
    nodes = [NamedNode(str(CECOT[name])) for name in STATUSES]
    reader = Reader(gather_nodes(engine, nodes))
    rows = select(engine, _COMMENTS, statuses=nodes)
    return {
        name: Status(
            name,
            reader.node(node),
            texts_of(row["comment"] for row in rows if iri_of(row["status"]) == node.value),
        )
        for name, node in zip(STATUSES, nodes, strict=True)
    }
