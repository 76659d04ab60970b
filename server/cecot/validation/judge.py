"""pySHACL: the judge of what is not translated into queries, or of everything (SHACL 1.0, 3.4)."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from traceback import walk_tb
from types import FrameType
from typing import Any

import rdflib
from rdflib import RDF, Graph
from rdflib.extras.shacl import build_shacl_path, parse_shacl_path
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.namespace import SH
from rdflib.paths import Path as PropertyPath
from rdflib.query import Result
from rdflib.term import BNode, Literal, Node, URIRef

from cecot.errors import CecotError, QuerySyntaxError
from cecot.validation.constraints import Untranslated
from cecot.validation.data import Data
from cecot.validation.queries import Queries
from cecot.validation.query_texts import heading, mentions, parse
from cecot.validation.report import Found
from cecot.validation.shapes import TARGETS, AnyPath, IllFormed, Shapes, plainer
from cecot.validation.terms import quiet


class JudgedGraph(Graph):
    """The data in rdflib's memory, which pySHACL walks.

    A query whose pattern has no variable that is bound before is answered by Oxigraph: such are the
    rules about the whole, for which rdflib takes minutes. The others are rdflib's.
    """

    def __init__(self, data: Data) -> None:
        from oxrdflib import OxigraphStore  # noqa: PLC0415 (as pySHACL below)

        super().__init__(bind_namespaces="none")
        self += data.graph()
        for prefix, namespace in data.prefixes.items():
            self.bind(prefix, namespace)
        self._queries = Graph(OxigraphStore(store=data.store), identifier=DATASET_DEFAULT_GRAPH_ID)
        self._rows: defaultdict[Node, list[tuple[str, dict[str, Node]]]] = defaultdict(list)

    def query(
        self,
        query_object: Any,
        processor: Any = "sparql",
        result: Any = "sparql",
        initNs: Any = None,  # noqa: N803
        initBindings: Any = None,  # noqa: N803
        *arguments: Any,
        **options: Any,
    ) -> Result:
        """Evaluate the query of a rule; raises QuerySyntaxError, with its text as the hint."""
        text, bound = str(query_object), initBindings or {}
        pattern = text.partition("{")[2]
        try:
            if initNs or any(mentions(pattern, str(name)) for name in bound):
                # rdflib raises whatever it has of a query that it cannot read.
                parse(heading(initNs or dict(self.namespaces())) + text)
                found = super().query(
                    query_object, processor, result, initNs, initBindings, *arguments, **options
                )
            else:
                found = self._queries.query(text, initBindings=bound)
        except SyntaxError as error:
            raise QuerySyntaxError(str(error), hint=text) from None
        if any(str(name) == "message" for name in found.vars or ()):
            for row in found.bindings:
                said = {str(name): value for name, value in {**bound, **row}.items()}
                self._rows[said["this"]].append((text, said))
        return found

    def message(
        self, select: str, focus: Node, path: Node | None, value: Node | None
    ) -> list[Node]:
        """What a query selects as ?message for a result (SHACL 5.3.2), which pySHACL loses."""
        for text, row in self._rows.get(focus, ()):
            parts = row.get("path", path), row.get("value", value)
            if parts == (path, value) and "message" in row and select in text:
                return [row["message"]]
        return []


def run_shapes(data: Data, progress: Callable[[str], None] = lambda _: None) -> Iterator[Found]:
    """What breaks the shapes, by queries; pySHACL judges the shapes that these do not tell exactly.

    Raises IllFormed if the shapes themselves are not in order, QuerySyntaxError if a query in them
    does not parse.
    """
    shapes = data.shapes
    if any(shapes.graph.subjects(SH.rule)):
        # Rules add to the data before anything is checked.
        yield from judge(data, shapes.graph)
        return
    queries = Queries(data.store, shapes, graph=data.shapes_graph, written=data.written)
    left: dict[Node, set[Node]] = {}
    for shape in shapes.roots():
        progress(f"running the SHACL rules: {shapes.name(shape)}")
        try:
            yield from (_as_written(found, data) for found in queries.results(shape))
        except Untranslated:
            told = queries.parts(shape)
            left[shape] = set(told)
            yield from (_as_written(found, data) for part in told.values() for found in part)
        except RecursionError:
            raise _too_deep(shape, shapes) from None
    if left:
        progress(f"running the SHACL rules that are left to pySHACL: {len(left)}")
        yield from judge(data, _only(shapes, left))


def judge(data: Data, shapes: Graph) -> Iterator[Found]:
    """What breaks ``shapes`` by pySHACL; raises what ``run_shapes`` raises."""
    import pyshacl  # noqa: PLC0415 (a quarter of the time of a small validation; few need it)

    # What it logs is an error that it raises too.
    logging.getLogger("pyshacl-validate").disabled = True
    judged = JudgedGraph(data)
    given = Graph(bind_namespaces="none")
    given += shapes  # which are kept for the next validation, and are not pySHACL's to change
    for shape in set(shapes.subjects(SH.target)):  # by which pySHACL knows no shape
        kind = SH.NodeShape if data.shapes.value(shape, SH.path) is None else SH.PropertyShape
        given.add((shape, RDF.type, kind))
    for shape in set(given.subjects(SH.path)) & data.shapes.rules.keys():
        way = data.shapes.path(shape)
        if isinstance(way, PropertyPath) and plainer(way) != way:
            given.set((shape, SH.path, build_shacl_path(plainer(way), given)[0]))
    normal = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        # What it prints would stand in the midst of a report.
        with quiet(), redirect_stdout(StringIO()):
            _, report, text = pyshacl.validate(
                judged, shacl_graph=given, advanced=True, inplace=True
            )
    except CecotError:
        raise
    except Exception as error:
        # It raises whatever there is of what it does not take into account.
        raise _stumbled(error, data.shapes) from error
    finally:
        rdflib.NORMALIZE_LITERALS = normal
    if not isinstance(report, Graph):
        raise IllFormed(text.strip())
    for result in report.objects(None, SH.result):
        found = _found(report, data.shapes, result)
        select = data.shapes.value(found.source, SH.select) if found.source is not None else None
        if select is not None and found.focus is not None:
            path = report.value(result, SH.resultPath)
            own = judged.message(str(select), found.focus, path, found.value)
            said = tuple(each for each in own if isinstance(each, Literal))
            found = replace(found, messages=said or found.messages)
        yield found


def _stumbled(error: Exception, shapes: Shapes) -> IllFormed:
    """What pySHACL raised, with the shape that it was at when it did."""
    from pyshacl.errors import ReportableRuntimeError  # noqa: PLC0415 (as above)

    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    held = (getattr(each, "node", each) for frame in reversed(frames) for each in _held(frame))
    parts = shapes.rules.keys() | shapes.graph.subjects(RDF.type, SH.ConstraintComponent)
    shape = next((each for each in held if isinstance(each, Node) and each in parts), None)
    words = str(error).strip()
    for node in {each for each in shapes.graph.all_nodes() if isinstance(each, BNode)}:
        words = words.replace(f"_:{node}", "[ ... ]").replace(str(node), "[ ... ]")
    too_deep = isinstance(error, RecursionError) or words.startswith("Validation path too deep")
    if too_deep and shape is not None:
        return _too_deep(shape, shapes)
    if not isinstance(error, ReportableRuntimeError | NotImplementedError):
        at = f" at {shapes.name(shape)}" if shape is not None else ""
        words = f"pySHACL fails{at}: {type(error).__name__}: {words}".rstrip(": ")
    return IllFormed(
        words,
        "It judges what queries do not tell: see whether the shape asks for what SHACL 1.0 has not,"
        " or the data hold values that it cannot compare.",
        shape=shape,
    )


def _too_deep(shape: Node, shapes: Shapes) -> IllFormed:
    return IllFormed(
        f"In {shapes.name(shape)} shapes stand in shapes, too deeply to be asked.",
        "Let it refer to fewer in a row with sh:node, sh:property, sh:not and their like.",
        shape=shape,
    )


def _held(frame: FrameType) -> list[object]:
    """What a function of pySHACL works on: itself, the shape of it, its other variables."""
    own = frame.f_locals.get("self")
    return [own, getattr(own, "shape", None), *frame.f_locals.values()]


def _only(shapes: Shapes, left: Mapping[Node, Iterable[Node]]) -> Graph:
    """The shapes graph in which what is ``left`` alone has targets; the rest may be referred to.

    Of each shape that is left the property shapes are given that are not: they are told already.
    """
    graph = Graph(bind_namespaces="none")
    graph += shapes.graph
    for shape, told in left.items():
        for part in told:
            graph.remove((shape, SH.property, part))
    for shape in set(shapes.roots()) - left.keys():
        for target in TARGETS:
            graph.remove((shape, target, None))
        if shapes.is_class(shape):
            graph.remove((shape, RDF.type, None))
            graph.add((shape, RDF.type, SH.NodeShape))
    return graph


def _as_written(found: Found, data: Data) -> Found:
    """``found``, with the value that a query of the shapes selects as the file writes it."""
    if found.component == SH.SPARQLConstraintComponent:
        triple: Any = (found.focus, found.path, found.value)
        for written in data.spelt.get(triple, ())[:1]:
            return replace(found, value=written)
    return found


def _found(report: Graph, shapes: Shapes, result: Node) -> Found:
    shape = report.value(result, SH.sourceShape)
    component = report.value(result, SH.sourceConstraintComponent)
    if shape is None or not isinstance(component, URIRef):
        raise IllFormed("pySHACL tells a result without a shape or a component.")
    said = [m for m in report.objects(result, SH.resultMessage) if isinstance(m, Literal)]
    own = [m for m in shapes.values(shape, SH.message) if isinstance(m, Literal)]
    if component.startswith(str(SH)) and component != SH.SPARQLConstraintComponent:
        # What it says of a shape without a message is less than ours.
        said = own
    else:
        # It loses the language tags of SPARQL-based constraints.
        tagged = {str(message): message for message in own}
        said = [tagged.get(str(message), message) for message in said]
    path = report.value(result, SH.resultPath)
    return Found(
        shape,
        focus=report.value(result, SH.focusNode),
        path=_path(report, shapes, shape, path),
        value=report.value(result, SH.value),
        component=component,
        source=_source(report, shapes, shape, result),
        severity=str(report.value(result, SH.resultSeverity) or SH.Violation),
        messages=tuple(said),
    )


def _source(report: Graph, shapes: Shapes, shape: Node, result: Node) -> Node | None:
    """The constraint that has a node of its own; the report holds a copy of one without a name."""
    copy = report.value(result, SH.sourceConstraint)
    if copy is None or isinstance(copy, URIRef):
        return copy
    select = report.value(copy, SH.select)
    alike = (s for s in shapes.values(shape, SH.sparql) if shapes.value(s, SH.select) == select)
    return next(alike, None)


def _path(report: Graph, shapes: Shapes, shape: Node, path: Node | None) -> AnyPath | None:
    """The copy that the report makes of a path is not needed where the shape has it."""
    own = shapes.path(shape)
    if own is not None and plainer(own) == path:
        return own
    if path is None or isinstance(path, URIRef):
        return path
    return own or parse_shacl_path(report, path)
