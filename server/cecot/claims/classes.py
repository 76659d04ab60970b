"""The things of a class, a page at a time (design: site)."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from cecot.claims.nodes import Node, Reader
from cecot.claims.subgraph import gather_nodes
from cecot.engine import Engine
from cecot.sparql.asking import select

_LISTED = "SELECT ?thing {{ ?thing a $type {rest} }} {order} LIMIT {size}"


def list_class(
    engine: Engine, type_: NamedNode, size: int, after: str | None = None, *, ordered: bool = True
) -> tuple[list[Node], bool]:
    """The first things of a class after the IRI ``after``, by IRI; whether there are more.

    A class of very many things is better not ``ordered``. Raises what the engine raises.
    """
    query = _LISTED.format(
        rest="FILTER(STR(?thing) > $after)" if after else "",
        order="ORDER BY ?thing" if ordered else "",
        size=size + 1,
    )
    rows = select(engine, query, type=type_, **({"after": Literal(after)} if after else {}))
    found = [node for row in rows if isinstance(node := row["thing"], NamedNode)]
    reader = Reader(gather_nodes(engine, found[:size]))
    return [reader.node(each) for each in found[:size]], len(found) > size
