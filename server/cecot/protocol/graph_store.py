"""Which graph a request names (SPARQL 1.1 Graph Store HTTP Protocol, section 4), for reading."""

from __future__ import annotations

from collections.abc import Collection

from cecot.engine import Dataset
from cecot.errors import BadRequest, NotFound
from cecot.messages import say
from cecot.protocol.parameters import asked_formats, graph_names, parameters_of
from cecot.protocol.requests import Operation

WHOLE_GRAPH = "CONSTRUCT WHERE { ?s ?p ?o }"


def read_indirect(query_string: bytes, accept: str | None, graphs: Collection[str]) -> Operation:
    """The graph that ``?default`` or ``?graph=`` names (4.2); ``graphs`` are those that exist.

    Raises BadRequest if it names none, or two; NotFound if there is no such graph.
    """
    parameters = parameters_of(query_string, "address")
    named = graph_names(parameters, "graph")
    default = sum(name == "default" for name, _ in parameters)
    if len(named) + default != 1:
        raise BadRequest(
            say("The address names {count} graphs; it must name one.", count=len(named) + default),
            hint=say("Use ?default, or ?graph= with one of: {graphs}.", graphs=_listed(graphs)),
            where="address",
        )
    return _whole(named[0] if named else None, asked_formats(parameters), accept, graphs)


def read_direct(
    names: Collection[str], query_string: bytes, accept: str | None, graphs: Collection[str]
) -> Operation:
    """The graph whose IRI the address is (4.1): the first of ``names`` that exists.

    Raises NotFound if none of them does.
    """
    parameters = parameters_of(query_string, "address")
    chosen = next((name for name in names if name in graphs), "")
    return _whole(chosen, asked_formats(parameters), accept, graphs)


def _whole(
    name: str | None, asked: tuple[str, ...], accept: str | None, graphs: Collection[str]
) -> Operation:
    if name is None:
        return Operation(WHOLE_GRAPH, Dataset(), asked, accept)
    if name not in graphs:
        raise NotFound(
            "There is no such graph here.",
            hint=say(
                "Named graphs: {graphs}. The default graph is ?default.", graphs=_listed(graphs)
            ),
            where="graph",
        )
    return Operation(WHOLE_GRAPH, Dataset((name,)), asked, accept)


def _listed(graphs: Collection[str]) -> str:
    return ", ".join(sorted(graphs)) or say("there are none")
