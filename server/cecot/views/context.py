"""What every view shares: the context of an application, the files of pages, the way to respond.

No module holds state of its own. Style sheets and other files of the pages stand each at an address
that holds the hash of its bytes: what it gives never changes, so clients keep it for good (RFC
8246). A style sheet that names another of the files gets the address of that into its place.
Responses carry the headers that all of them have (RFC 9110).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from flask import Response, request

from cecot.claims.answers import Tellings
from cecot.claims.names import short_name
from cecot.claims.nodes import Node
from cecot.dataset.description import Description
from cecot.engine import Engine
from cecot.errors import NotFound
from cecot.messages import say
from cecot.protocol.answers import (
    DATA_POLICY,
    NO_STORE,
    OPEN,
    PUBLIC,
    SECURITY,
    VARY,
    Endpoint,
    endpoint_of,
    entity_tag,
    is_known,
    require_version,
)
from cecot.protocol.negotiation import HTML, SMALLEST_PACKED, accepts_gzip, pack
from cecot.render.citations import Citation, cite_dataset
from cecot.render.dumps import Dumps, read_dumps
from cecot.render.urls import Urls
from cecot.rooms import SourceTexts, State, read_state
from cecot.settings import Settings
from cecot.sparql.formats import content_type

FOLDER = Path(__file__).parent / "static"
_DIGITS = 12
_UNKNOWN = "application/octet-stream"
# Not every system knows these.
_TYPES = {".woff2": "font/woff2", ".js": "text/javascript"}
_URL = re.compile(rb"url\(\"?(?:\./)?([\w.-]+)\"?\)")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, read once: plain and, where that is smaller, in gzip (else empty)."""

    path: str
    tag: str
    media_type: str
    body: bytes
    packed: bytes


def read_assets(folder: Path = FOLDER) -> Mapping[str, Asset]:
    """All files below ``folder``, by their name there: ``site.css`` has ``site.0a1b2c.css``."""
    files = [e for e in folder.rglob("*") if e.is_file() and not e.name.startswith(".")]
    assets: dict[str, Asset] = {}
    # Sheets come last: they name the addresses of the others.
    for file in sorted(files, key=lambda each: (each.suffix == ".css", each)):
        name = file.relative_to(folder)
        assets[str(name)] = _read(name, file.read_bytes(), assets)
    return assets


def _read(name: Path, body: bytes, others: Mapping[str, Asset]) -> Asset:
    """The file ``name`` of the pages, which holds ``body`` and may name ``others``."""
    if name.suffix == ".css":
        body = _URL.sub(lambda url: _linked(url, name.parent, others), body)
    media_type = _TYPES.get(name.suffix) or mimetypes.guess_type(name.name)[0] or _UNKNOWN
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    packed = gzip.compress(body, 9, mtime=0) if len(body) >= SMALLEST_PACKED else b""
    tag = hashlib.sha256(body).hexdigest()[:_DIGITS]
    path = name.with_name(f"{name.stem}.{tag}{name.suffix}")
    return Asset(str(path), tag, media_type, body, packed if len(packed) < len(body) else b"")


def _linked(url: re.Match[bytes], folder: Path, others: Mapping[str, Asset]) -> bytes:
    """``url`` of a sheet in ``folder``, with the address of the file that it names."""
    other = others.get(str(folder / url[1].decode()))
    return f'url("{Path(other.path).name}")'.encode() if other else url[0]


@dataclass(frozen=True)
class Context:
    """The engine, the dataset that it answers from, the settings, the files of the pages.

    ``downloads`` is the folder of the files that hold everything, if they are written; ``texts``
    are the texts of sources, if they were given; ``state`` is the file of what is wrong with the
    rooms, if they are watched.
    """

    engine: Engine
    description: Description
    settings: Settings
    downloads: Path | None = None
    texts: SourceTexts = field(default_factory=SourceTexts)
    state: Path | None = None
    assets: Mapping[str, Asset] = field(default_factory=read_assets)
    _whole: dict[str, Citation] = field(default_factory=dict)

    @cached_property
    def tellings(self) -> Tellings:
        """The answers to questions in sentences."""
        return Tellings(self.engine)

    def whole(self, language: str) -> Citation:
        """The citation of the dataset, of which all others are parts. Raises as the engine."""
        if language not in self._whole:
            self._whole[language] = cite_dataset(self.engine, self.description, language)
        return self._whole[language]

    @property
    def endpoint(self) -> Endpoint:
        """What requests to the query addresses are read against."""
        return endpoint_of(self.description, self.settings)

    @property
    def urls(self) -> Urls:
        """Addresses as pages link to them: right on whatever host the page was reached."""
        return Urls(self.description.names, urlsplit(self.settings.root).path)

    @property
    def site(self) -> Urls:
        """Whole addresses: from the settings, never from what a client sent."""
        return Urls(self.description.names, self.settings.root)

    @property
    def dumps(self) -> Dumps | None:
        """The files that are ready now; None if none are written at all."""
        return read_dumps(self.downloads) if self.downloads else None

    @property
    def rooms(self) -> State:
        """What is wrong with the rooms, as far as anybody watches them."""
        return read_state(self.state) if self.state else State()

    def asset(self, name: str) -> str:
        """The path of a file of the pages: ``site.css``."""
        return f"/static/{self.assets[name].path}"

    def short(self, node: Node) -> str:
        """``node`` as the addresses of pages name it."""
        return short_name(self.description.names, node.iri)


PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def nothing_here() -> NotFound:
    """What is said of an address that leads nowhere."""
    return NotFound(
        say("Nothing has this address."),
        hint=say("The home page says what is here."),
        where=request.path,
    )


def not_offered(suffix: str, offers: Iterable[str]) -> NotFound:
    """What is said of a file in a format that there is not."""
    return NotFound(
        say("This is not offered as {suffix}.", suffix=suffix[:20]),
        hint=say("Offered: {offers}.", offers=", ".join(offers)),
        where=request.path,
    )


def gzip_asked() -> bool:
    """Whether this request may be answered in gzip."""
    return accepts_gzip(request.headers.get("Accept-Encoding"))


def respond(
    body: bytes,
    media_type: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A response that carries ``body``, in gzip where that is asked for."""
    length, coded = len(body), len(body) >= SMALLEST_PACKED and gzip_asked()
    packed, length = pack(body, length) if coded else (body, length)
    response = Response(cast("bytes", packed), status)
    response.headers["Content-Type"] = content_type(media_type)
    response.headers["Content-Length"] = str(length)
    if coded:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.update(VARY)
    response.headers.update(headers or {})
    return response


def as_json(told: object) -> str:
    """``told`` as people can read it too."""
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def respond_kept(
    context: Context, text: str, media_type: str, *, is_final: bool = True
) -> Response:
    """A response that carries ``text``, with the tag of that; for nobody to keep until final."""
    tag = entity_tag(media_type, text, gzip=gzip_asked()) if is_final else None
    return kept(respond(text.encode(), media_type), context, tag)


def kept(response: Response, context: Context, tag: str | None) -> Response:
    """``response`` with what caches need; 304 if the client has it already (RFC 9110, 13.2)."""
    response.vary.update(VARY)
    if tag is None or request.method == "POST" or context.settings.watch:
        response.headers["Cache-Control"] = NO_STORE
        return response
    response.headers["Cache-Control"] = PUBLIC
    response.set_etag(tag)
    response.last_modified = context.description.since
    return conditional(response)


def kept_as_sent(response: Response, context: Context) -> Response:
    """``response`` as ``kept`` has it, with the tag of its bytes."""
    digest = hashlib.sha256(response.get_data()).hexdigest()
    return kept(response, context, entity_tag(digest, gzip=gzip_asked()))


def conditional(response: Response) -> Response:
    """``response``, or that the client has it already; raises PreconditionFailed (RFC 9110, 13)."""
    if request.method in ("GET", "HEAD"):
        asked, (tag, _), modified = request.headers, response.get_etag(), response.last_modified
        require_version(tag, modified, asked.get("If-Match"), asked.get("If-Unmodified-Since"))
        since = asked.get("If-Modified-Since")
        if is_known(tag, modified, asked.get("If-None-Match"), since):
            response.status_code = 304
    return response


def dressed(response: Response) -> Response:
    """``response`` with the headers of every response: security, and any origin may read it."""
    is_page = (response.mimetype or "") == HTML
    headers = response.headers
    headers.setdefault("Content-Security-Policy", PAGE_POLICY if is_page else DATA_POLICY)
    for name, value in SECURITY.items():
        headers.setdefault(name, value)
    headers.update(OPEN)
    if request.method == "OPTIONS" and response.status_code == 200:
        response.status_code = 204
        del headers["Content-Type"]
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        asked = request.headers.get("Access-Control-Request-Headers", "Accept, Content-Type")
        headers["Access-Control-Allow-Methods"] = headers.get("Allow", "GET, HEAD, OPTIONS")
        headers["Access-Control-Allow-Headers"] = asked
        headers["Access-Control-Max-Age"] = "86400"
        response.vary.add("Access-Control-Request-Headers")
    return response
