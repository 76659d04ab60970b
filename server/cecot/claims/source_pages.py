"""Where the sources of a graph are published: who finds an error in one has to go there."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from cecot.claims.nodes import Node, Reader
from cecot.claims.subgraph import gather_nodes, iri_of
from cecot.engine import Engine
from cecot.sparql.asking import select
from cecot.vocabulary import CECOT, PROV, SCHEMA

MOST = 100
_PAGES = f"""
SELECT DISTINCT ?source ?page {{
  ?source a <{CECOT.Source}> .
  OPTIONAL {{ ?source <{SCHEMA.url}>|<{PROV.wasQuotedFrom}> ?page }}
}} ORDER BY ?source ?page LIMIT {MOST}"""


@dataclass(frozen=True, slots=True)
class SourcePages:
    """A source, and the addresses of the web at which it stands."""

    node: Node
    pages: tuple[str, ...]


def read_source_pages(engine: Engine) -> tuple[SourcePages, ...]:
    """The sources, in the order of their IRIs. Raises what the engine raises."""
    pages: dict[NamedNode, list[str]] = {}
    for row in select(engine, _PAGES):
        if isinstance(source := row["source"], NamedNode):
            found = iri_of(row["page"]) if "page" in row else ""
            pages.setdefault(source, []).append(found)
    reader = Reader(gather_nodes(engine, pages))
    return tuple(
        SourcePages(reader.node(source), tuple(each for each in found if _is_page(each)))
        for source, found in pages.items()
    )


def _is_page(address: str) -> bool:
    return address.startswith(("https://", "http://"))
