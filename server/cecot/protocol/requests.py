"""From an HTTP request to what it asks for, without any HTTP library.

SPARQL 1.1 Protocol, section 2; SPARQL 1.1 Graph Store HTTP Protocol, sections 4 and 5.2. Plain
values come in; what goes out knows nothing of HTTP any more.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from cecot.engine import Dataset, Form, Query
from cecot.errors import (
    BadRequest,
    NotAcceptable,
    NotFound,
    TooLarge,
    UnsupportedMediaType,
    UriTooLong,
)
from cecot.messages import say
from cecot.protocol.coding import unpack
from cecot.protocol.negotiation import negotiated
from cecot.protocol.parameters import (
    FORMAT_PARAMETERS,
    Parameters,
    asked_formats,
    decoded,
    graph_names,
    parameters_of,
)
from cecot.sparql.formats import formats_of

FORM_TYPE = "application/x-www-form-urlencoded"
QUERY_TYPE = "application/sparql-query"
UPDATE_TYPE = "application/sparql-update"

SPARQL, GRAPH_STORE = "/sparql", "/graph-store"
"""The addresses at which clients ask what they like."""

WHOLE_GRAPH = "CONSTRUCT WHERE { ?s ?p ?o }"


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """What one request may bring, in bytes: its address, and its body packed and unpacked."""

    address: int = 16 * 1024
    body: int = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent: the raw query string, the headers that matter here, and the body.

    ``path`` is percent-decoded. A body of ``limit + 1`` bytes is enough to show that it passes its
    limit.
    """

    method: str = "GET"
    query_string: bytes = b""
    content_type: str | None = None
    content_encoding: str | None = None
    accept: str | None = None
    body: bytes = b""
    path: str = SPARQL
    accept_encoding: str | None = None
    if_none_match: str | None = None
    if_modified_since: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks for: a query, or (``text`` is None) the description of the service."""

    text: str | None
    dataset: Dataset
    asked: tuple[str, ...]
    accept: str | None

    def query(self) -> Query:
        """The query with the media type that each possible form of answer would be written in.

        Raises NotAcceptable if no form can be written in anything that the client accepts.
        """
        select, ask, graph = negotiated(self.accept, self.asked)
        if select is None and ask is None and graph is None:
            raise NotAcceptable(
                say("No format that the request accepts is offered here."),
                hint=offered(),
                where="format" if self.asked else "Accept",
            )
        return Query(self.text or "", select, ask, graph, self.dataset)


def offered() -> str:
    """One sentence that lists every format: for the hint of a 406 (RFC 9110, 15.5.7)."""
    results, graphs = (
        ", ".join(f"{each.media_type} (format={each.name})" for each in formats_of(form))
        for form in (Form.SELECT, Form.GRAPH)
    )
    return say(
        "Offered for SELECT and ASK: {results}. For CONSTRUCT and DESCRIBE: {graphs}.",
        results=results,
        graphs=graphs,
    )


def read(request: Request, limits: RequestLimits = RequestLimits()) -> Operation:
    """The operation that ``request`` asks for.

    Raises BadRequest, TooLarge, UriTooLong, UnsupportedMediaType.
    """
    if len(request.query_string) > limits.address:
        raise UriTooLong(
            say("The address has more than {limit:,} bytes of parameters.", limit=limits.address),
            hint=say("Send the query by POST."),
            where="address",
        )
    if len(request.body) > limits.body:
        raise TooLarge(
            say("The body has more than {limit:,} bytes.", limit=limits.body),
            hint=say("Send a shorter query."),
            where="body",
        )
    parameters = parameters_of(request.query_string, "address")
    if request.method == "POST":
        parameters += _from_body(request, limits)
    _refuse_updates(parameters)
    texts = [value for name, value in parameters if name == "query"]
    if not texts:
        _expect_no_question(request.method, [name for name, _ in parameters])
    if len(texts) > 1:
        raise BadRequest(
            say(
                "The request has {count} parameters named query; it may have one.", count=len(texts)
            ),
            hint=say("Send one query per request."),
            where="query",
        )
    return Operation(
        _checked(texts[0]) if texts else None,
        Dataset(
            graph_names(parameters, "default-graph-uri"),
            graph_names(parameters, "named-graph-uri"),
        ),
        asked_formats(parameters),
        request.accept,
    )


def _from_body(request: Request, limits: RequestLimits) -> Parameters:
    """The parameters that the body of a POST adds to those of its address (2.1.2, 2.1.3)."""
    media_type, charset = _media_type(request.content_type)
    if not request.body and media_type != QUERY_TYPE:
        return []  # R's WikidataQueryServiceR posts nothing, and the query in the address
    if media_type not in (FORM_TYPE, QUERY_TYPE):
        raise _wrong_type(media_type)
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType(
            say("The charset {charset!r} is not read here.", charset=charset),
            hint=say("SPARQL is UTF-8: send the query in UTF-8."),
            where="Content-Type",
        )
    body = unpack(request.body, request.content_encoding, limits.body)
    if media_type == QUERY_TYPE:
        return [("query", decoded(body, "body"))]
    return parameters_of(body, "body")


def _wrong_type(media_type: str) -> UnsupportedMediaType:
    if media_type == UPDATE_TYPE:
        return UnsupportedMediaType(
            say("This address answers queries; it takes no updates."),
            hint=say(
                "The service is read only. Send a query, with Content-Type: {type}.",
                type=QUERY_TYPE,
            ),
            where="Content-Type",
        )
    said = say("Content-Type {type!r} is not read here.", type=media_type)
    return UnsupportedMediaType(
        said if media_type else say("There is no Content-Type."),
        hint=say(
            "Send the query alone as {alone}, or as query=… in {form}.",
            alone=QUERY_TYPE,
            form=FORM_TYPE,
        ),
        where="Content-Type",
    )


def _media_type(content_type: str | None) -> tuple[str, str]:
    """A Content-Type header as its media type and its charset, both in lower case."""
    media_type, _, parameters = (content_type or "").partition(";")
    charset = re.search(r"(?i)(?:^|;)\s*charset\s*=\s*\"?([^\";\s]+)", parameters)
    return media_type.strip().lower(), charset[1].lower() if charset else ""


def _expect_no_question(method: str, names: list[str]) -> None:
    """Without a query only a GET makes sense, which asks what this is: in a format, a language."""
    others = sorted({name[:50] for name in names if name not in (*FORMAT_PARAMETERS, "lang")})
    if method == "POST":
        raise BadRequest(
            say("There is no parameter named query."),
            hint=say(
                "Send query=… in the body, or the query alone with Content-Type: {type}.",
                type=QUERY_TYPE,
            ),
            where="query",
        )
    if others:
        raise BadRequest(
            say(
                "There is no parameter named query, but {names}.",
                names=", ".join(map(repr, others[:5])),
            ),
            hint=say(
                "Send the query as ?query=…, percent-encoded. Without parameters, this address "
                "describes the service."
            ),
            where="query",
        )


def _refuse_updates(parameters: Parameters) -> None:
    for name, _ in parameters:
        if name == "update":
            raise BadRequest(
                say("This address answers queries; it takes no updates."),
                hint=say("The service is read only. Send the parameter query."),
                where="update",
            )
        if name in ("using-graph-uri", "using-named-graph-uri"):
            raise BadRequest(
                say("{name} belongs to updates, which this address does not take.", name=name),
                hint=say("For a query, use default-graph-uri and named-graph-uri."),
                where=name,
            )


def _checked(text: str) -> str:
    if not text.strip():
        raise BadRequest(
            say("The query is empty."),
            hint=say("Send for instance: SELECT * { ?s ?p ?o } LIMIT 10"),
            where="query",
        )
    return text


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
            say("There is no such graph here."),
            hint=say(
                "Named graphs: {graphs}. The default graph is ?default.", graphs=_listed(graphs)
            ),
            where="graph",
        )
    return Operation(WHOLE_GRAPH, Dataset((name,)), asked, accept)


def _listed(graphs: Collection[str]) -> str:
    return ", ".join(sorted(graphs)) or say("there are none")
