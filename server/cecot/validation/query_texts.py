"""The queries that shapes hold, read before anything is asked (SHACL 1.0, 5 and 6).

A query that is no SPARQL is told even if nothing in the data would have it run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import pyoxigraph as ox
from rdflib.namespace import SH
from rdflib.term import Literal, Node

from cecot.errors import CecotError
from cecot.sparql.diagnostics import explain
from cecot.sparql.lexer import decode, find_service
from cecot.validation.prebinding import declared_prefixes, with_path
from cecot.validation.shapes import IllFormed, Shapes, written

_HOLDING = (SH.select, SH.ask, SH.construct)
"""What gives a query to a constraint, a target, a validator, a rule or a function."""

_LEADING = (SH.validator, SH.nodeValidator, SH.propertyValidator, SH.rule)


def faults(shapes: Shapes) -> Iterator[IllFormed]:
    """The queries that cannot be read."""
    for parameter in _HOLDING:
        for holder, query in shapes.graph.subject_objects(parameter):
            if isinstance(query, Literal) and not shapes.says(holder, SH.deactivated):
                yield from _fault(shapes, holder, parameter, query)


def _fault(shapes: Shapes, holder: Node, parameter: Node, query: Literal) -> Iterator[IllFormed]:
    ours = [s for how in (SH.sparql, SH.target) for s in shapes.graph.subjects(how, holder)]
    owners = ours or [s for how in _LEADING for s in shapes.graph.subjects(how, holder)]
    above = declared_prefixes(shapes, holder)
    if not ours:  # pySHACL runs it, which knows the prefixes of the files
        above = heading(shapes.prefixes) + above
    name = shapes.name(owners[0] if owners else holder)
    if find_service(decode(str(query)).text) is not None:  # which reading an ASK would call
        yield IllFormed(
            f"The query of {name}: SERVICE is not allowed in it (SHACL 5.3.1).",
            "Nothing is fetched: give the data with --data or --ontology.",
            shape=holder,
            parameter=parameter,
            value=query,
        )
        return
    told = explained(above + with_path(str(query), _path(shapes, owners)), shapes)
    if told is not None:
        cure = told.hint
        if told.hint.startswith("Put this line first"):
            cure += "\nor declare the prefix with sh:declare, and name its owner with sh:prefixes."
        yield IllFormed(
            f"The query of {name} does not parse: {told.message}",
            cure,
            shape=holder,
            parameter=parameter,
            value=query,
            below=max((told.line or 1) - above.count("\n") - 1, 0),
        )


def heading(prefixes: Mapping[str, str]) -> str:
    """The PREFIX lines of ``prefixes``."""
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes.items())


def _path(shapes: Shapes, owners: list[Node]) -> str:
    """What may stand in the place of $PATH."""
    for owner in owners:
        if shapes.value(owner, SH.path) is None:
            continue
        try:
            path = shapes.path(owner)
        except IllFormed:  # which is told beside this
            continue
        if path is not None:
            return written(path)
    return "<urn:x-cecot:path>"


def explained(text: str, shapes: Shapes) -> CecotError | None:
    """What is wrong with a query, in the words of the query editor; None if it parses."""
    try:
        parse(text)
    except SyntaxError as error:
        return explain(decode(text), str(error), shapes.prefixes)
    return None


@cache
def parse(text: str) -> None:
    """Raise SyntaxError if Oxigraph cannot read ``text``."""
    ox.Store().query(text)
