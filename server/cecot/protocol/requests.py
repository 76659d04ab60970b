"""From an HTTP request to what it asks for, without any HTTP library.

SPARQL 1.1 Protocol, section 2; SPARQL 1.1 Graph Store HTTP Protocol, sections 4 and 5.2. Parameters
of an address or a form are decoded in full, or refused (RFC 3986; WHATWG URL, 5.1). Plain values
come in; what goes out knows nothing of HTTP any more. What one request may use is told here too.
"""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterable
from typing import NamedTuple
from urllib.parse import quote_from_bytes, unquote

from pyoxigraph import NamedNode

from cecot.engine import Dataset, Query
from cecot.errors import (
    BadRequest,
    NotAcceptable,
    NotFound,
    TooLarge,
    UnsupportedMediaType,
    UriTooLong,
)
from cecot.messages import Message, say
from cecot.protocol.negotiation import negotiated, unpack
from cecot.remote.address import MOST_NESTING, MOST_WORDS
from cecot.settings import MIB, Settings
from cecot.sparql.formats import FORMATS, GRAPHS, RESULTS, Format

_PLUS = re.compile(r"(?<=[\w-]) (?=\w)")
FORMAT_PARAMETERS = ("format", "output", "results")
MOST = 1000
MOST_DIGITS = 18
Parameters = list[tuple[str, str]]

_ASCII = string.ascii_letters + string.digits + string.punctuation


def escaped(query_string: bytes) -> bytes:
    """``query_string`` as an address may hold it: other bytes are percent-encoded (RFC 3987, 3.1).

    Clients such as curl send an accented letter as it was typed.
    """
    if query_string.isascii():
        return query_string
    return quote_from_bytes(query_string, safe=_ASCII).encode("ascii")


def decoded(encoded: bytes, where: str) -> str:
    """``encoded`` as text; raises BadRequest if it is not UTF-8."""
    try:
        return encoded.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(
            say("This is not UTF-8: byte {byte} does not fit.", byte=error.start + 1),
            hint=say("SPARQL is UTF-8: send the query in UTF-8."),
            where=where,
        ) from error


def parameters_of(encoded: bytes, where: str) -> Parameters:
    """The parameters in an address or a form, decoded, in order; raises BadRequest."""
    text = decoded(encoded, where)
    if text.count("&") >= MOST:
        raise BadRequest(
            say("There are more than {most:,} parameters.", most=MOST),
            hint=say("A query needs a handful."),
            where=where,
        )
    pairs = [each.partition("=") for each in text.split("&") if each]
    try:
        return [(_percent_decoded(name), _percent_decoded(value)) for name, _, value in pairs]
    except UnicodeDecodeError as error:
        raise BadRequest(
            say("The parameters are not UTF-8 once percent-decoded."),
            hint=say("Encode the parameters as UTF-8, then percent-encode them."),
            where=where,
        ) from error


def _percent_decoded(encoded: str) -> str:
    r"""``encoded`` with a space for each ``+``; raises UnicodeDecodeError.

    A codec reads all escapes at once, where ``urllib`` reads each in Python: a query has dozens.
    What is no escape stays as it is, which only ``urllib`` knows.
    """
    text = encoded.replace("+", " ")
    if "%" not in text:
        return text
    escapes = text.replace("\\", "%5C").replace("%", "\\x").encode()
    try:
        return escapes.decode("unicode_escape").encode("latin-1").decode()
    except UnicodeDecodeError:
        return unquote(text, errors="strict")


def asked_formats(parameters: Parameters) -> tuple[str, ...]:
    """The values of the parameters that ask for a format, in the order in which they count.

    A space within a media type was a plus, as people type it: application/rdf+xml.
    """
    return tuple(
        _PLUS.sub("+", value)
        for key in FORMAT_PARAMETERS
        for name, value in parameters
        if name == key and value
    )


def graph_names(parameters: Parameters, key: str) -> tuple[str, ...]:
    """The absolute IRIs that the parameter ``key`` gives, each once.

    Raises BadRequest for another value. A graph that is named twice would be there twice.
    """
    iris = tuple(dict.fromkeys(value for name, value in parameters if name == key))
    for iri in iris:
        try:
            NamedNode(iri)
        except ValueError as error:
            raise BadRequest(
                say("{name} must be an absolute IRI, not {iri!r}.", name=key, iri=iri[:200]),
                hint=say(
                    "For instance {name}=https://example.org/graph, percent-encoded.", name=key
                ),
                where=key,
            ) from error
    return iris


def whole_number(said: str) -> int | None:
    """The number that a parameter says, in digits; None if it says none, or an endless one."""
    is_number = said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS
    return int(said) if is_number else None


FORM_TYPE = "application/x-www-form-urlencoded"
QUERY_TYPE = "application/sparql-query"
UPDATE_TYPE = "application/sparql-update"

SPARQL, GRAPH_STORE = "/sparql", "/graph-store"
"""The addresses at which clients ask what they like."""

WHOLE_GRAPH = "CONSTRUCT WHERE { ?s ?p ?o }"


HEADERS_READ = (
    "accept",
    "content-type",
    "content-encoding",
    "accept-encoding",
    "if-none-match",
    "if-modified-since",
    "if-match",
    "if-unmodified-since",
)
"""The headers that matter to a query, in the order of the last fields of a Request."""


class Request(NamedTuple):
    """What a client sent: the raw query string, the headers that matter here, and the body.

    ``path`` is percent-decoded. A body of ``limit + 1`` bytes is enough to show that it passes its
    limit.
    """

    method: str = "GET"
    query_string: bytes = b""
    body: bytes = b""
    path: str = SPARQL
    accept: str | None = None
    content_type: str | None = None
    content_encoding: str | None = None
    accept_encoding: str | None = None
    if_none_match: str | None = None
    if_modified_since: str | None = None
    if_match: str | None = None
    if_unmodified_since: str | None = None


class Operation(NamedTuple):
    """What a request asks for: a query, or (``text`` is None) the description of the service.

    ``is_graph`` says that it is a whole graph: whatever comes of it is triples.
    """

    text: str | None
    dataset: Dataset
    asked: tuple[str, ...]
    accept: str | None
    is_graph: bool = False

    def query(self) -> Query:
        """The query with the media type that each possible form of answer would be written in.

        Raises NotAcceptable if no form can be written in anything that the client accepts.
        """
        select, ask, graph = negotiated(self.accept, self.asked)
        if self.is_graph:
            select = ask = None
        if select is None and ask is None and graph is None:
            raise NotAcceptable(
                say("No format that the request accepts is offered here."),
                hint=offered(GRAPHS) if self.is_graph else offered_to_queries(),
                where="format" if self.asked else "Accept",
                offered=(each.media_type for each in (GRAPHS if self.is_graph else FORMATS)),
            )
        return Query(self.text or "", select, ask, graph, self.dataset)


def offered(formats: Iterable[Format]) -> Message:
    """One sentence that lists ``formats``: for the hint of a 406 (RFC 9110, 15.5.7)."""
    return say("Offered: {offers}.", offers=_named(formats))


def offered_to_queries() -> Message:
    """The same of every format, where nobody knows yet what the query answers with."""
    return say(
        "Offered for SELECT and ASK: {results}. For CONSTRUCT and DESCRIBE: {graphs}.",
        results=_named(RESULTS),
        graphs=_named(GRAPHS),
    )


def _named(formats: Iterable[Format]) -> str:
    return ", ".join(f"{each.media_type} (format={each.name})" for each in formats)


def read(request: Request, settings: Settings) -> Operation:
    """The operation that ``request`` asks for, within the limits of the ``settings``.

    Raises BadRequest, TooLarge, UriTooLong, UnsupportedMediaType.
    """
    limit = settings.address_limit
    if len(request.query_string) > limit:
        raise UriTooLong(
            say("The address has more than {limit:,} bytes of parameters.", limit=limit),
            hint=say("Send the query by POST."),
            where="address",
        )
    if len(request.body) > settings.body_limit:
        raise too_large(settings.body_limit)
    parameters = parameters_of(request.query_string, "address")
    if request.method == "POST":
        parameters += _from_body(request, settings.body_limit)
    if len(parameters) == 1 and parameters[0][0] == "query":  # as most are; the rest takes longer
        return Operation(_checked(parameters[0][1]), Dataset(), (), request.accept)
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


def too_large(limit: int) -> TooLarge:
    """The error of a body that has more bytes than ``limit``."""
    return TooLarge(
        say("The body has more than {limit:,} bytes.", limit=limit),
        hint=say("Send a shorter query."),
        where="body",
    )


def _from_body(request: Request, limit: int) -> Parameters:
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
    body = unpack(request.body, request.content_encoding, limit)
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
        return Operation(WHOLE_GRAPH, Dataset(), asked, accept, is_graph=True)
    if name not in graphs:
        raise NotFound(
            say("There is no such graph here."),
            hint=say(
                "Named graphs: {graphs}. The default graph is ?default.", graphs=_listed(graphs)
            ),
            where="graph",
        )
    return Operation(WHOLE_GRAPH, Dataset((name,)), asked, accept, is_graph=True)


def _listed(graphs: Collection[str]) -> str:
    return ", ".join(sorted(graphs)) or say("there are none")


def limits(settings: Settings) -> dict[str, dict[str, object]]:
    """Each limit with its value, its unit, the status that passing it has, and the way around."""
    later, shorter = say("Come back after Retry-After."), say("Send a shorter query.")
    told = {
        "deadline": _limit(
            settings.deadline,
            say("seconds"),
            504,
            say("Add LIMIT, or make the pattern more specific."),
        ),
        "memory": _limit(
            settings.memory, say("bytes"), 422, say("Sort, group and join less: filter first.")
        ),
        "result": _limit(
            settings.result, say("bytes"), 422, say("Add LIMIT and OFFSET, or fetch a graph.")
        ),
        "queries": _limit(settings.queries, say("queries at the same time"), 503, later),
        "waiting": _limit(settings.waiting, say("queries that wait"), 503, later),
        "patience": _limit(settings.patience, say("seconds of waiting"), 503, later),
        "per_client": _limit(
            settings.per_client, say("queries of one address under way"), 503, later
        ),
        "address": _limit(
            settings.address_limit, say("bytes of parameters"), 414, say("Send the query by POST.")
        ),
        "body": _limit(settings.body_limit, say("bytes, packed and unpacked"), 413, shorter),
    }
    if settings.engine:
        del told["memory"]  # it is the other engine's memory, of which nobody tells us
        told["words"] = _limit(MOST_WORDS, say("words and signs"), 422, shorter)
        told["nesting"] = _limit(MOST_NESTING, say("brackets within each other"), 422, shorter)
    return told


def budgets(settings: Settings) -> Message:
    """What one query may use, in one sentence or two."""
    if settings.engine:
        return say(
            "A query may take {seconds:g} seconds; its answer may have {result:g} MiB. Another "
            "engine evaluates it, whose memory is not limited here.",
            seconds=settings.deadline,
            result=settings.result / MIB,
        )
    return say(
        "A query may take {seconds:g} seconds and {memory:g} MiB of memory; its answer may have "
        "{result:g} MiB.",
        seconds=settings.deadline,
        memory=settings.memory / MIB,
        result=settings.result / MIB,
    )


def _limit(value: float, unit: Message, status: int, hint: Message) -> dict[str, object]:
    return {"value": value, "unit": unit, "status": status, "hint": hint}
