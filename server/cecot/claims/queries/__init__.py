"""The queries that pages are made from, a file each (SPARQL 1.1), with places for values.

A place is written ``$thing``, as ``cecot.sparql.asking`` binds it. A query of ``?s ?p ?o`` is a
part, and several parts make one fetch (see ``cecot.claims.subgraph``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

_PREFIX = re.compile(r"PREFIX \S+ <[^>]*>\n")


@cache
def query(name: str) -> str:
    """The text of the file ``name``.rq."""
    return files(__package__).joinpath(f"{name}.rq").read_text("utf-8")


def union(names: Iterable[str]) -> str:
    """One query that selects what all the parts ``names`` select."""
    texts = [query(name) for name in names]
    prefixes = dict.fromkeys(prefix for text in texts for prefix in _PREFIX.findall(text))
    parts = " UNION ".join(f"{{ {_PREFIX.sub('', text).strip()} }}" for text in texts)
    return f"{''.join(prefixes)}SELECT ?s ?p ?o {{ {parts} }}"
