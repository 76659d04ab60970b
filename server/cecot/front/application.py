"""The RSGI application: answers from the cache, else from the WSGI application in a thread.

An answer goes out as bytes or as a file, never as a stream: the server sends both without a thread
of ours, however slowly the client reads. A client that goes away is noticed while its request is
worked on, and whatever works for it is interrupted.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any, Protocol

from cecot.errors import Overloaded
from cecot.front.addresses import TrustedProxies
from cecot.front.answer_cache import KEY_HEADERS, AnswerCache, Headers, Key
from cecot.front.express import PATH, Express
from cecot.front.outgoing_files import OutgoingFiles
from cecot.front.workers import Workers
from cecot.front.wsgi import Application, Request, Response, call
from cecot.service.caller import Caller, calling

URGENT = frozenset(("/health",))
"""Paths that are answered however many queries wait."""

QUERY_ID = "x-query-id"
"""The header that names a query as the log does."""

LOOK = 0.05
"""Seconds between two looks at requests under way, for clients that have gone."""

_KEPT_METHODS = frozenset(("GET", "HEAD"))
_WITHOUT_BODY = frozenset(("GET", "HEAD", "OPTIONS"))
_UNKEPT_HEADERS = ("authorization", "range", "cookie")


class Scope(Protocol):
    """What RSGI says of a request."""

    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    headers: Any


class Channel(Protocol):
    """How RSGI takes the response: once, from any thread."""

    def __aiter__(self) -> Any:
        """Give the pieces of the body."""
        ...

    async def client_disconnect(self) -> None:
        """Wait until the client has gone."""
        ...

    def response_empty(self, status: int, headers: Headers) -> None:
        """Answer without a body."""
        ...

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer with bytes."""
        ...

    def response_file(self, status: int, headers: Headers, file: str) -> None:
        """Answer with the file at a path."""
        ...


Inside = Callable[[Request], Response]
"""Answers a request at once, in the event loop."""


@dataclass(slots=True, eq=False)
class _UnderWay:
    """A request in a thread: whom it is for, and how its client would be missed."""

    channel: Channel
    caller: Caller
    is_watched: bool = False


class Front:
    """One front: a cache, two sets of threads, and the WSGI application behind them."""

    def __init__(
        self,
        application: Application,
        express: Express,
        cache: AnswerCache,
        proxies: TrustedProxies,
        *,
        inside: Mapping[str, Inside],
        responded: Callable[[Request, Caller, int, float], None],
        threads: int,
        body_limit: int,
        body_patience: float,
    ) -> None:
        """``inside`` are paths that are answered here, without the application.

        ``responded`` is told of each response of the application: its status, and the seconds since
        the request. ``body_limit`` is in bytes, ``body_patience`` the seconds a body may take.
        """
        self.cache = cache
        self._application = application
        self._express = express
        self._proxies = proxies
        self._inside = inside
        self._responded = responded
        self._body_limit = body_limit
        self._body_patience = body_patience
        self._workers = Workers(threads, "request")
        self._urgent = Workers(2, "urgent")
        self._most_pending = threads * 8
        self._under_way: set[_UnderWay] = set()
        self._files = OutgoingFiles()
        self._watcher: asyncio.Task[None] | None = None

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to watch for clients that go."""
        self._watcher = loop.create_task(self._watch())

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the threads."""
        del loop
        if self._watcher:
            self._watcher.cancel()
        for workers in (self._workers, self._urgent):
            workers.close()
        self._files.close()

    async def __rsgi__(self, scope: Scope, channel: Channel) -> None:
        """Answer one request."""
        method, headers = scope.method, scope.headers
        key: Key | None = None
        if method in _KEPT_METHODS and not any(name in headers for name in _UNKEPT_HEADERS):
            key = (scope.path, scope.query_string, *(headers.get(name) for name in KEY_HEADERS))
            kept = self.cache.get(key)
            if kept is not None:
                known = headers.get("if-none-match"), headers.get("if-modified-since")
                if kept.matches(*known):
                    channel.response_empty(304, kept.not_modified)
                elif method == "HEAD":
                    channel.response_empty(200, kept.headers)
                else:
                    channel.response_bytes(200, kept.headers, kept.body)
                return
        await self._ask(scope, channel, key)

    async def _ask(self, scope: Scope, channel: Channel, key: Key | None) -> None:
        urgent = scope.path in URGENT
        workers = self._urgent if urgent else self._workers
        if workers.pending >= self._most_pending:
            channel.response_bytes(503, *_too_many())
            return
        body = b""
        headers = scope.headers.items()
        if scope.method not in _WITHOUT_BODY:
            try:
                async with asyncio.timeout(self._body_patience):
                    body = await self._body(channel)
            except TimeoutError:
                channel.response_empty(408, [("connection", "close")])
                return
        client = self._proxies.client(scope.client, headers)
        request = Request(
            scope.method,
            scope.path,
            scope.query_string,
            scope.http_version,
            scope.scheme,
            scope.server,
            client,
            headers,
            body,
        )
        caller = Caller(client, urgent=urgent)
        if request.path in self._inside:
            self._send(request, channel, self._inside[request.path](request))
            return
        response = await self._express.answer(request, caller)
        if response is not None:
            self._respond(request, channel, response, key, caller)
            return
        under_way = _UnderWay(channel, caller)
        self._under_way.add(under_way)
        try:
            await workers.submit(lambda: self._work(request, under_way, key))
        finally:
            self._under_way.discard(under_way)
            self._express.forget(caller)

    async def _body(self, channel: Channel) -> bytes:
        """Gather the body; of one that passes the limit only so much that this can be seen."""
        pieces, length = [], 0
        async for piece in channel:
            pieces.append(bytes(piece))
            length += len(piece)
            if length > self._body_limit:
                break
        return b"".join(pieces)

    def _work(self, request: Request, under_way: _UnderWay, key: Key | None) -> None:
        """Call the application and send its response; runs in a thread."""
        started = time.perf_counter()
        with calling(under_way.caller):
            response = call(self._application, request)
        self._respond(request, under_way.channel, response, key, under_way.caller)
        seconds = time.perf_counter() - started
        self._responded(request, under_way.caller, response.status, seconds)

    def _respond(
        self,
        request: Request,
        channel: Channel,
        response: Response,
        key: Key | None,
        caller: Caller,
    ) -> None:
        if request.path == PATH:
            response.headers.append((QUERY_ID, caller.id))
        self._send(request, channel, response)
        if key is not None and request.method == "GET" and isinstance(response.body, bytes):
            self.cache.put(key, response.status, response.headers, response.body)

    def _send(self, request: Request, channel: Channel, response: Response) -> None:
        status, headers, body = response.status, response.headers, response.body
        if isinstance(body, bytes):
            if request.method == "HEAD" or not body:
                channel.response_empty(status, headers)
            else:
                channel.response_bytes(status, headers, body)
        elif request.method == "HEAD":
            body.close()
            channel.response_empty(status, headers)
        else:
            self._send_file(channel, status, headers, body)

    def _send_file(self, channel: Channel, status: int, headers: Headers, body: IO[bytes]) -> None:
        channel.response_file(status, headers, self._files.path_of(body))

    async def _watch(self) -> None:
        """Look at requests that take long; one whose client goes is interrupted."""
        waiting: set[asyncio.Task[None]] = set()
        before: set[_UnderWay] = set()
        while True:
            await asyncio.sleep(LOOK)
            for under_way in before & self._under_way:
                if not under_way.is_watched:
                    under_way.is_watched = True
                    task = asyncio.ensure_future(self._miss(under_way))
                    waiting.add(task)
                    task.add_done_callback(waiting.discard)
            before = set(self._under_way)

    async def _miss(self, under_way: _UnderWay) -> None:
        await under_way.channel.client_disconnect()
        under_way.caller.leave()


def _too_many() -> tuple[Headers, bytes]:
    error = Overloaded("Too many requests wait already.")
    body = json.dumps(
        {"title": error.title, "status": error.status, "detail": error.message}
    ).encode()
    return [
        ("content-type", "application/problem+json"),
        ("retry-after", str(error.retry_after)),
        ("access-control-allow-origin", "*"),
        ("cache-control", "no-store"),
    ], body
