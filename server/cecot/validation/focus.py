"""The nodes that a shape is asked about: patterns, and graphs of the store (SHACL 1.0, 2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox
from rdflib import Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from cecot.errors import QuerySyntaxError
from cecot.validation.constraints import functions
from cecot.validation.report import Found
from cecot.validation.shapes import AnyPath, Shapes, nullable, written
from cecot.validation.terms import OxTerm, solutions, term

_MARK = "<urn:x-cecot:set> <urn:x-cecot:holds>"

Breach = tuple[OxTerm, Found]
"""A focus node of the shape that was asked about, and a result; that of a property shape below a
path has a focus node of its own."""


class Asked:
    """One shape and the nodes that it is asked about, with the pattern of their value nodes.

    ``scope`` is a pattern that binds ``?f`` to the focus nodes; it has no other variable that
    a constraint may name.
    """

    def __init__(self, shapes: Shapes, shape: Node, scope: str) -> None:
        self.shape = shape
        self.scope = scope
        self.path: AnyPath | None = shapes.path(shape)
        self.text = "" if self.path is None else written(self.path)
        self.nullable = self.path is not None and nullable(self.path)
        self.includes_focus = self.path is None or self.nullable
        self.value = "?f" if self.path is None else "?v"
        self._messages = [m for m in shapes.values(shape, SH.message) if isinstance(m, Literal)]
        self._severity = str(shapes.value(shape, SH.severity) or SH.Violation)

    @property
    def body(self) -> str:
        """Binds focus nodes and value nodes."""
        if self.path is None:
            return self.scope
        along = f"{self.scope} ?f {self.text} ?v ."
        if not self.nullable:
            return along
        # Oxigraph goes no way of no length from a node that is not in the graph.
        return f"{{ {along} }} UNION {{ {self.scope} BIND (?f AS ?v) }}"

    @property
    def optional(self) -> str:
        """Binds focus nodes, and value nodes where there are any."""
        if self.nullable:
            return self.body
        return f"{self.scope} OPTIONAL {{ ?f {self.text} ?v }}"

    def found(
        self,
        component: URIRef,
        focus: OxTerm,
        value: OxTerm | None = None,
        path: AnyPath | None = None,
        messages: Iterable[Literal] | None = None,
        *,
        source: Node | None = None,
    ) -> Found:
        """The result for ``focus``."""
        return Found(
            self.shape,
            focus=term(focus),
            path=path if path is not None else self.path,
            value=None if value is None else term(value),
            component=component,
            source=source,
            severity=self._severity,
            messages=tuple(self._messages if messages is None else messages),
        )


class Sets:
    """Asks the store, and keeps sets of nodes in graphs of it for as long as a shape needs them.

    Queries of others are asked of ``values``: the same store, or one whose literals they can read.
    """

    def __init__(self, store: ox.Store, values: ox.Store) -> None:
        self._store = store
        self._values = values
        self._functions = functions()
        self._made = 0

    def put(self, nodes: Iterable[OxTerm], variable: str) -> str:
        """A pattern that holds where ``variable`` is one of ``nodes``."""
        graph = self._new()
        subject, predicate = (ox.NamedNode(each[1:-1]) for each in _MARK.split())
        self._store.bulk_extend(ox.Quad(subject, predicate, node, graph) for node in nodes)
        return f"GRAPH {graph} {{ {_MARK} {variable} }}"

    def gathered(self, pattern: str, variable: str) -> str:
        """A pattern that binds ``?f`` to all that ``variable`` is in ``pattern``."""
        graph = self._new()
        into = f"INSERT {{ GRAPH {graph} {{ {_MARK} {variable} }} }}"
        self._store.update(f"{into} WHERE {{ {pattern} }}", custom_functions=self._functions)
        return f"GRAPH {graph} {{ {_MARK} ?f }}"

    def selected(self, prefixes: str, query: str) -> str:
        """A pattern that holds where ``?f`` is what a query selects as ``?this``."""
        return self.put({row["this"] for row in self.rows(prefixes + query, query)}, "?f")

    def forget(self) -> None:
        """Empty all sets."""
        for at in range(1, self._made + 1):
            self._store.remove_graph(_graph(at))
        self._made = 0

    def select(self, query: str) -> Iterator[ox.QuerySolution]:
        """The rows of a query that this package wrote."""
        return iter(solutions(self._store.query(query, custom_functions=self._functions)))

    def distinct(self, names: str, body: str) -> Iterator[ox.QuerySolution]:
        """The different rows of ``body``."""
        return self.select(f"SELECT DISTINCT {names} WHERE {{ {body} }}")

    def pairs(self, body: str, value: str) -> list[tuple[OxTerm, OxTerm]]:
        """Focus node and value node of each row of ``body``."""
        names = "?f" if value == "?f" else f"?f {value}"
        return [(row[0], row[-1]) for row in map(tuple, self.distinct(names, body))]

    def rows(self, text: str, query: str) -> Iterator[dict[str, OxTerm]]:
        """The rows of ``text``, made of ``query``; raises QuerySyntaxError, with this as hint."""
        try:
            rows = self._values.query(text, custom_functions=self._functions)
        except SyntaxError as error:
            raise QuerySyntaxError(str(error), hint=query) from None
        if not isinstance(rows, ox.QuerySolutions):
            raise QuerySyntaxError("it is not a SELECT query", hint=query)
        names = [variable.value for variable in rows.variables]
        for row in rows:
            yield {
                name: value
                for name, value in zip(names, row, strict=True)
                if value is not None and not isinstance(value, ox.Triple)
            }

    def _new(self) -> ox.NamedNode:
        self._made += 1
        return _graph(self._made)


def _graph(number: int) -> ox.NamedNode:
    return ox.NamedNode(f"urn:x-cecot:set-{number}")
