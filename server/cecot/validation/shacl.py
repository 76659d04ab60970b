"""Running the SHACL shapes of the rooms with pySHACL (SHACL 3.4: validation).

The data graph holds the ontology and what is derived: as a separate graph, a rule that asks
``?p a cecot:FactProperty`` would silently pass. ``advanced`` makes SPARQL targets select something.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from textwrap import dedent

import pyshacl
from pyshacl.errors import ReportableRuntimeError
from rdflib import Graph
from rdflib.extras.shacl import parse_shacl_path
from rdflib.term import Node, URIRef

from cecot.dataset.content import Material
from cecot.errors import QuerySyntaxError, UsageError
from cecot.validation.report import AnyPath, Found
from cecot.validation.terms import fill
from cecot.vocabulary import SH


def shapes_graph(material: Material) -> Graph:
    """The rules, and the prefix table that their queries use (SHACL 5.2.1)."""
    graph = fill(Graph(bind_namespaces="none"), material.shapes)
    return fill(graph, (t for t in material.ontology if t.predicate.value.startswith(str(SH))))


def run_shapes(data: Graph, shapes: Graph, material: Material) -> Iterator[Found]:
    """What breaks the shapes.

    A rule about the whole has one fixed target and answers with the culprit as its value: then the
    culprit is the node to blame. Raises UsageError if the shapes themselves are not in order,
    QuerySyntaxError if a query in them does not parse.
    """
    # What it logs is an error that it raises too.
    logging.getLogger("pyshacl-validate").disabled = True
    try:
        conforms, report, text = pyshacl.validate(
            data, shacl_graph=shapes, advanced=True, inplace=True
        )
    except ReportableRuntimeError as error:
        raise _broken(str(error)) from None
    except QuerySyntaxError as error:
        raise _unreadable(error, shapes, material) from None
    if not isinstance(report, Graph):
        raise _broken(text)
    if not conforms:
        for result in report.objects(None, SH.result):
            yield _found(report, shapes, result)


def _found(report: Graph, shapes: Graph, result: Node) -> Found:
    shape = report.value(result, SH.sourceShape)
    focus = report.value(result, SH.focusNode)
    value = report.value(result, SH.value)
    component = report.value(result, SH.sourceConstraintComponent)
    fixed = (shape, SH.targetNode, focus) in shapes
    if component == SH.SPARQLConstraintComponent and fixed and value != focus:
        focus, value = value, None
    elif value == focus:
        value = None
    # The copy that the report makes of a path is not needed: the shape has it.
    path = (shape and shapes.value(shape, SH.path)) or report.value(result, SH.resultPath)
    return Found(
        rule=str(_named(shapes, shape)),
        node=focus,
        path=_path(shapes, path),
        value=value,
        message=str(report.value(result, SH.resultMessage) or ""),
        component=component if isinstance(component, URIRef) else None,
    )


def _named(shapes: Graph, shape: Node | None) -> Node | None:
    """``shape``, or the shape that it is a nameless part of."""
    seen: set[Node] = set()
    while shape is not None and not isinstance(shape, URIRef) and shape not in seen:
        seen.add(shape)
        shape = next(shapes.subjects(None, shape), None)
    return shape


def _path(shapes: Graph, path: Node | None) -> AnyPath | None:
    return None if path is None else parse_shacl_path(shapes, path)


def _unreadable(error: QuerySyntaxError, shapes: Graph, material: Material) -> QuerySyntaxError:
    """The same error, with the shape that holds the query and the line of it."""
    query = next((q for q in shapes.objects(None, SH.select) if str(q) in error.hint), None)
    shape = _named(shapes, next(shapes.subjects(SH.select, query), None))
    path, line = material.lines.get(str(shape), (material.rooms.shapes, None))
    words = re.sub(r"^error at \d+:\d+: ", "", error.message)
    return QuerySyntaxError(
        f"The query of {material.prefixes.compact(str(shape))} does not parse: {words}.",
        hint=f"Correct its sh:select:\n{dedent(str(query)).strip()}",
        where=str(path),
        line=line,
    )


def _broken(words: str) -> UsageError:
    return UsageError(
        f"The rules cannot be run: {words.strip()}",
        hint="Correct the shape in shapes/; https://www.w3.org/TR/shacl/ says what it may hold.",
        where="shapes/",
    )
