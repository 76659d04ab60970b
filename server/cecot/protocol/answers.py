"""A query over HTTP: what is asked of the engine, how its answer is dressed, what may be kept.

RFC 9110 (8.8 and 13) and RFC 9111. ``prepare`` and ``render`` are all that stands between a
request and an engine, wherever it is answered: in the event loop of the service, or by the Flask
application under any server. Both are pure; between them somebody asks an engine.

Tags and conditions are shared by the views and by the answer cache in front of them. They look at
what anybody may send, where everybody waits for it: their time grows with the length of a text, no
faster, and a long text is looked through by nothing that is slow, for the interpreter stands still
meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from typing import IO, NamedTuple
from urllib.parse import quote

from cecot import __version__
from cecot.dataset.description import Description
from cecot.engine import Answer, Dataset, Query
from cecot.errors import NotAcceptable, PreconditionFailed
from cecot.messages import say
from cecot.protocol.negotiation import (
    SMALLEST_PACKED,
    accepts_gzip,
    is_browser,
    pack,
    remembered,
)
from cecot.protocol.requests import (
    GRAPH_STORE,
    Operation,
    Request,
    offered,
    read,
    read_direct,
    read_indirect,
)
from cecot.settings import Settings
from cecot.sparql.deviations import Hint
from cecot.sparql.formats import FORMATS, content_type

NO_STORE = "no-store"
PUBLIC = "public, max-age=60, must-revalidate"
"""Anyone may keep an answer for a minute, then must ask whether it still holds."""


LONGEST_READ = 64 * 1024
"""Code points of a text in which calls are told from names that sound like them."""

_PROGRAM = __version__.encode()
_OF_TEXT = 20
"""Digits of the 32 of a tag that are those of the text of a query: 80 bits."""

_CALLS = ("RAND", "NOW", "UUID", "BNODE")
_TEMPLATE = re.compile(r"CONSTRUCT[^}]*+", re.IGNORECASE)
_FRESH = re.compile(r"_:|[\[(~]|<<|\{\|")
_CLOSED = re.compile(
    r"""<[^<>"{}|^`\\\x00-\x20]*+> | "[^"\\\r\n]++" | '[^'\\\r\n]++'""", re.VERBOSE
)
_MAY_HIDE = re.compile(r"[\"'#\\]")
_ESCAPE = re.compile(r"\\u00([0-9A-Fa-f]{2})|\\U000000([0-9A-Fa-f]{2})")
_VOLATILE = re.compile(
    rf"(?<![?$])(?:(?:{'|'.join(_CALLS)})[ \t\r\n]*+[(#]|SERVICE)", re.IGNORECASE
)


def is_volatile(text: str) -> bool:
    """Tell whether the answer to the same query on the same graph may differ the next time.

    So it may with RAND, NOW, UUID, STRUUID, BNODE and SERVICE, and where triples with blank nodes
    are made. In doubt it does: a string that holds such a call counts too, for to know it better
    is to parse; and in a long text whatever sounds like one.
    """
    plain = text
    if "\\" in text:
        plain = _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), text)
    upper = plain.upper()
    # Single signs and words are looked for first: most queries have none of them.
    sounds = "SERVICE" in upper or ("(" in plain and any(map(upper.__contains__, _CALLS)))
    if sounds and (len(plain) > LONGEST_READ or _VOLATILE.search(plain)):
        return True
    is_plain = plain == text and len(plain) <= LONGEST_READ
    return "CONSTRUCT" in upper and _makes_blank_nodes(plain, is_plain=is_plain)


def _makes_blank_nodes(text: str, *, is_plain: bool) -> bool:
    """Whether the template of a CONSTRUCT may hold what is a new blank node for each row.

    That is a blank node, a collection, an annotation, a reifier, a triple that is reified. A
    template ends at its bracket; where a string or a comment may hold that, or the text is long or
    not plain, it ends where the text does.
    """
    for found in _TEMPLATE.finditer(text):
        template = found[0]
        if not is_plain or _MAY_HIDE.search(_CLOSED.sub("", template)):
            return _FRESH.search(text, found.start()) is not None
        if _FRESH.search(template):
            return True
    return False


def entity_tag(version: str, *parts: str | None, gzip: bool = False) -> str:
    """A strong entity tag, without quotes, of what ``parts`` name in this version of the graph.

    Parts are what the bytes depend on: what was asked, and the media type. They depend on the
    version of the program too.
    """
    said = _PROGRAM + b"".join(map(_netstring, (version, *parts)))
    return sha256(said).hexdigest()[:32] + ("-gzip" if gzip else "")


def _netstring(part: str | None) -> bytes:
    data = b"-" if part is None else b"+" + part.encode("utf-8", "surrogatepass")
    return b"%d:%b" % (len(data), data)


@remembered
def digest(text: str) -> str:
    """64 hexadecimal digits that stand for a query; the text cannot be read from them.

    They are asked for twice: for the tag, and for the log when the answer is there.
    """
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def query_tag(version: str, query: Query, *, gzip: bool = False) -> str | None:
    """The entity tag of the answer to ``query``; None if it may differ the next time (no-store).

    It holds for each form of answer, so it is known before the query is evaluated.
    """
    text, media_types = query.text, (query.select, query.ask, query.graph)
    if is_volatile(text):
        return None
    return digest(text)[:_OF_TEXT] + around(version, query.dataset, media_types, gzip)


@lru_cache(maxsize=16)
def around(
    version: str,
    dataset: Dataset,
    media_types: tuple[str | None, ...],
    gzip: bool,
) -> str:
    """How the tags of many queries end, which have these in common."""
    graphs = (*dataset.default_graphs, None, *dataset.named_graphs, None)
    return entity_tag(version, *graphs, *media_types, gzip=gzip)[_OF_TEXT:]


def has_tag(if_none_match: str, tag: str) -> bool:
    """Whether the If-None-Match header names the entity tag (RFC 9110, 13.1.2)."""
    return any(
        each.strip().removeprefix("W/").strip('"') == tag for each in if_none_match.split(",")
    )


def is_known(
    tag: str | None,
    modified: datetime | None,
    if_none_match: str | None,
    if_modified_since: str | None,
) -> bool:
    """Whether the client has an answer already (RFC 9110, 13.2); ``tag`` is without its quotes."""
    if if_none_match is not None:
        return if_none_match.strip() == "*" or (tag is not None and has_tag(if_none_match, tag))
    since = instant_of(if_modified_since)
    return since is not None and modified is not None and since >= modified


def instant_of(date: str | None) -> datetime | None:
    """The instant of an HTTP-date; None if it is none, and then it counts for nothing (13.1.3)."""
    if not date:  # as with nearly each query
        return None
    try:
        instant = parsedate_to_datetime(date)
    except (TypeError, ValueError, OverflowError):
        return None
    return instant if instant.tzinfo else None


def require_version(
    tag: str | None,
    modified: datetime | None,
    wanted: str | None,
    if_unmodified_since: str | None,
) -> None:
    """Raise PreconditionFailed if the client wants another version only; ``wanted``: If-Match."""
    until = instant_of(if_unmodified_since)
    if wanted is not None:
        is_wanted = wanted.strip() == "*" or any(
            each.strip() == f'"{tag}"' for each in wanted.split(",") if tag
        )
    else:
        is_wanted = until is None or modified is None or until >= modified
    if not is_wanted:
        raise PreconditionFailed(
            say("The answer is of another version of the graph."),
            hint=say("Send the request without If-Match and If-Unmodified-Since."),
            where="If-Match" if wanted is not None else "If-Unmodified-Since",
        )


DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
VARY = ("Accept", "Accept-Encoding")
_VARY = "vary", ", ".join(VARY)
QUERY_HINT = "X-Query-Hint"
"""The header that says why an answer may be empty."""

EXPOSED = f"Allow, Content-Length, ETag, Link, Retry-After, Server-Timing, {QUERY_HINT}, X-Query-Id"
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}
"""Any page of any origin may read what is here."""

LONGEST_HINTS = 4096
"""Bytes of the header: many clients and proxies bear 8 KB of all headers together."""

_LONGEST = {"text": 200, "term": 200, "cure": 200}
_PLAIN = " !#$&'()*+,-./:;<=>?@[]^_`{|}~"

OF_DATA = [
    ("content-security-policy", DATA_POLICY),
    *((name.lower(), value) for name, value in (SECURITY | OPEN).items()),
]
"""The headers of every response that is no page."""

_OF_A_304 = [each for each in OF_DATA if each[0].startswith("access-control-")]

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What a request to a query address is read against: one version of one dataset.

    ``base`` is where its names begin; ``graphs`` are those of its named graphs.
    """

    version: str
    modified: datetime
    base: str
    graphs: Collection[str]
    settings: Settings


class Prepared(NamedTuple):
    """A request that has been read: its query, and how to answer it.

    There is no query where nothing is to be evaluated: the request asks what the service is, or is
    that of a browser, which is led to the editor with the text of its operation.
    ``tag`` is the entity tag that the answer will have, without quotes; None if nobody may keep it.
    ``has_it`` says that the client has this very answer: there is nothing to evaluate.
    """

    request: Request
    operation: Operation
    query: Query | None
    tag: str | None
    packs: bool
    has_it: bool
    modified: datetime

    @property
    def may_be_kept(self) -> bool:
        """Whether the client, and whoever is between, may keep the answer."""
        return self.tag is not None and self.request.method != "POST"

    @property
    def is_known(self) -> bool:
        """Whether the client has the answer, now that there is one."""
        asked = self.request
        return self.may_be_kept and is_known(
            self.tag, self.modified, asked.if_none_match, asked.if_modified_since
        )


class Response(NamedTuple):
    """A whole response; the body is bytes, or an open file that somebody must close.

    The names of headers are in lower case.
    """

    status: int
    headers: Headers
    body: bytes | IO[bytes]


def endpoint_of(description: Description, settings: Settings) -> Endpoint:
    """The endpoint at which the dataset of ``description`` is asked."""
    return Endpoint(
        description.version,
        description.since,
        description.names.base,
        description.graphs,
        settings,
    )


def prepare(request: Request, endpoint: Endpoint, operation: Operation | None = None) -> Prepared:
    """Read ``request`` to ``endpoint``, unless its ``operation`` is known already.

    Raises BadRequest, NotAcceptable, NotFound, TooLarge, UriTooLong, UnsupportedMediaType.
    """
    is_endpoint = operation is None and not request.path.startswith(GRAPH_STORE)
    operation = operation or _read(request, endpoint)
    packs = accepts_gzip(request.accept_encoding)
    if operation.text is None or (is_endpoint and _is_for_a_reader(request, operation)):
        return Prepared(request, operation, None, None, packs, False, endpoint.modified)
    query = operation.query()
    tag = query_tag(endpoint.version, query, gzip=packs)
    if request.if_match is not None or request.if_unmodified_since is not None:
        require_version(tag, endpoint.modified, request.if_match, request.if_unmodified_since)
    # Whoever knows the tag had this very answer, whole: there is nothing to evaluate.
    known = request.if_none_match
    has_it = bool(tag and known and request.method != "POST" and has_tag(known, tag))
    return Prepared(request, operation, query, tag, packs, has_it, endpoint.modified)


def _is_for_a_reader(request: Request, operation: Operation) -> bool:
    """Whether a browser opens the address of a query (docs/decisions/0086)."""
    return (
        is_browser(operation.accept)
        and request.method != "POST"
        and not operation.asked
        and not operation.dataset
    )


def _read(request: Request, endpoint: Endpoint) -> Operation:
    path = request.path
    if not path.startswith(GRAPH_STORE):
        return read(request, endpoint.settings)
    name = path.removeprefix(GRAPH_STORE).lstrip("/")
    if not name:
        return read_indirect(request.query_string, request.accept, endpoint.graphs)
    # A graph has the IRI of its address; or the one that the same path has below the base.
    names = (f"{endpoint.settings.root}{GRAPH_STORE}/{name}", endpoint.base + name)
    return read_direct(names, request.query_string, request.accept, endpoint.graphs)


def render(
    prepared: Prepared, answer: Answer, *, seconds: float, hints: Iterable[Hint] = ()
) -> Response:
    """Dress ``answer`` to what was ``prepared``, ``seconds`` after its request came."""
    body, length = answer.body, answer.length
    if prepared.is_known:
        if not isinstance(body, bytes):
            body.close()
        return not_modified(prepared)
    packed = prepared.packs and length >= SMALLEST_PACKED
    if packed:
        body, length = pack(body, length)
    headers = [
        ("content-type", content_type(answer.media_type)),
        ("content-length", str(length)),
        ("server-timing", server_timing(answer.seconds, seconds)),
        _VARY,
        *_keeping(prepared),
        *OF_DATA,
    ]
    if packed:
        headers.append(("content-encoding", "gzip"))
    if told := query_hint(hints):
        headers.append((QUERY_HINT.lower(), told))
    return Response(HTTPStatus.OK, headers, body)


def not_modified(prepared: Prepared) -> Response:
    """Tell a client that it has the answer already (RFC 9110, 15.4.5)."""
    headers = [_VARY, *_keeping(prepared), *_OF_A_304]
    return Response(HTTPStatus.NOT_MODIFIED, headers, b"")


def explained(error: NotAcceptable) -> NotAcceptable:
    """``error`` as whoever asked over HTTP can mend it: with what is offered."""
    if not error.where:
        error.hint = offered(each for each in FORMATS if each.media_type in error.offered)
    return error


def headers_to_keep(prepared: Prepared, response: Response) -> Headers:
    """The headers under which ``response``, to whatever method, is kept for a GET."""
    if prepared.may_be_kept:
        return response.headers
    others = [each for each in response.headers if each[0] != "cache-control"]
    return [*others, *_of_a_get(prepared)]


def _keeping(prepared: Prepared) -> Headers:
    return _of_a_get(prepared) if prepared.may_be_kept else [("cache-control", NO_STORE)]


def _of_a_get(prepared: Prepared) -> Headers:
    modified = _http_date(prepared.modified)
    return [("cache-control", PUBLIC), ("etag", f'"{prepared.tag}"'), ("last-modified", modified)]


@lru_cache(maxsize=4)
def _http_date(instant: datetime) -> str:
    return format_datetime(instant, usegmt=True)


def query_hint(hints: Iterable[Hint]) -> str:
    r"""The X-Query-Hint header: a structured list (RFC 9651, 3.1) of what may be wrong.

    In a string, what is not printable ASCII, and ``"``, ``%`` and ``\``, is percent-encoded UTF-8.
    What would make the header longer than LONGEST_HINTS is left out.
    """
    told = ""
    for item in map(_item, hints):
        longer = f"{told}, {item}" if told else item
        told = longer if len(longer) <= LONGEST_HINTS else told
    return told


def _item(hint: Hint) -> str:
    told = ((name, value[: _LONGEST.get(name)]) for name, value in hint.told.items() if value)
    return hint.kind + "".join(f';{name}="{quote(value, safe=_PLAIN)}"' for name, value in told)


def server_timing(evaluation: float, total: float) -> str:
    """The Server-Timing header: seconds of evaluation, and from the request to the answer."""
    return f"evaluate;dur={evaluation * 1000:.1f}, total;dur={total * 1000:.1f}"
