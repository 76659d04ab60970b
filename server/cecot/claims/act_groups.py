"""Alleged acts and their groups (SKOS, section 8.1), which are ours and nobody's allegation."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import NamedNode

from cecot.engine import Engine
from cecot.sparql.asking import select
from cecot.vocabulary import SKOS

_BROADER = f"""
SELECT ?act ?group {{
  VALUES ?act {{ $acts }}
  ?act <{SKOS.broader}> ?group
}} ORDER BY ?act ?group"""

Grouped = list[tuple[NamedNode, tuple[NamedNode, ...]]]


def grouped(engine: Engine, acts: Sequence[NamedNode]) -> Grouped:
    """``acts`` in their order, each with those that it is the group of; an act stands once.

    Raises what the engine raises.
    """
    if not acts:
        return []
    group_of: dict[NamedNode, NamedNode] = {}
    for row in select(engine, _BROADER, acts=acts):
        act, group = row["act"], row["group"]
        if isinstance(act, NamedNode) and isinstance(group, NamedNode) and group in acts:
            group_of.setdefault(act, group)
    return [
        (act, tuple(each for each in acts if group_of.get(each) == act))
        for act in acts
        if act not in group_of or group_of.get(group_of[act]) is not None
    ]
