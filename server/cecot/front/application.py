"""The RSGI application: answers from the cache, else from the WSGI application in a thread.

An answer goes out as bytes or as a file, never as a stream: the server sends both without a thread
of ours, however slowly the client reads. A client that goes away is noticed while its request is
worked on, and whatever works for it is interrupted.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from http import HTTPStatus

from cecot.errors import CecotError, Overloaded
from cecot.front.addresses import TrustedProxies, address_of
from cecot.front.answer_cache import KEY_HEADERS, AnswerCache, Kept, Key
from cecot.front.bodies import Bodies
from cecot.front.express import PATH, Express
from cecot.front.outgoing_files import OutgoingFiles
from cecot.front.refusals import refusal
from cecot.front.rsgi import Channel, Scope, said
from cecot.front.workers import Workers
from cecot.front.wsgi import Application, Request, WholeResponse, call
from cecot.messages import say
from cecot.protocol.problem import defect
from cecot.service.caller import Caller, calling
from cecot.service.lane import too_many_of
from cecot.turns import Turns

URGENT = frozenset(("/health",))
"""Paths that are answered however many queries wait."""

ASKED = (PATH, "/graph-store")
"""How paths begin at which clients ask what they like; what the others ask is ours."""

QUERY_ID = "x-query-id"
"""The header that names a query as the log does."""

UNHEARD = 499
"""The status that is told of a response that nobody waits for."""

LOOK = 0.05
"""Seconds between two looks at requests under way, for clients that have gone."""

_KEPT_METHODS = frozenset(("GET", "HEAD"))
_UNKEPT_HEADERS = ("authorization", "range", "cookie")

_LOG = logging.getLogger(__name__)

Inside = Callable[[Request], WholeResponse]
"""Answers a request at once, in the event loop."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the front for one graph: exchanged whole when there is another."""

    application: Application
    express: Express
    cache: AnswerCache


@dataclass(slots=True, eq=False)
class _Visit:
    """A request under way: whom it is for, what answers it, and where it would be kept."""

    request: Request
    channel: Channel
    caller: Caller
    behind: Behind
    key: Key | None
    is_watched: bool = False


class Front:
    """One front: two sets of threads, and what stands behind them."""

    def __init__(
        self,
        behind: Behind,
        proxies: TrustedProxies,
        *,
        inside: Mapping[str, Inside],
        responded: Callable[[Request, Caller, int, float], None],
        refused: Callable[[str, Caller, CecotError], None],
        problems: str,
        threads: int,
        bodies: Bodies,
    ) -> None:
        """``inside`` are paths that are answered here, without the application.

        ``responded`` is told of each response of the application: its status, and the seconds since
        the request; ``refused`` of each that was turned away unread, with its path. ``problems``
        is the address that explains the kinds of errors.
        """
        self.behind = behind
        self._proxies = proxies
        self._inside = inside
        self._responded, self._refused = responded, refused
        self._problems = problems
        self._asking: Counter[str] = Counter()
        self._bodies = bodies
        self._workers = Workers(threads, "request")
        self._urgent = Workers(2, "urgent")
        # Most threads wait for evaluators. Of all that compute in Python the event loop is one, and
        # most clients wait for it: it has few beside it, one for pages and one for what is asked.
        self._page_turns, self._turns = Turns(), Turns()
        self._most_pending = threads * 8
        self._visits: set[_Visit] = set()
        self._files = OutgoingFiles()
        self._watcher: asyncio.Task[None] | None = None

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin the threads, and to watch for clients that go."""
        for workers in (self._workers, self._urgent):
            workers.begin()
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
        """Answer one request; a defect of ours is logged, and told as one."""
        try:
            await self._take(scope, channel)
        except Exception:  # noqa: BLE001 (the log tells it, and the client hears of it)
            caller = Caller(address_of(scope.client))
            _LOG.exception("request %s: %s %s failed", caller.id, scope.method, scope.path)
            self._refuse(scope, channel, caller, defect(caller.id))

    async def _take(self, scope: Scope, channel: Channel) -> None:
        behind, method, headers = self.behind, scope.method, scope.headers
        key: Key | None = None
        if method in _KEPT_METHODS and not any(name in headers for name in _UNKEPT_HEADERS):
            key = (scope.path, scope.query_string, *(said(headers, name) for name in KEY_HEADERS))
            kept = behind.cache.get(key)
            if kept is not None:
                known = said(headers, "if-none-match"), headers.get("if-modified-since")
                _send_kept(channel, kept, method, known)
                return
        headers = headers.items()
        client = self._proxies.client(scope.client, headers)
        # Behind a proxy a connection tells nothing of the client.
        connection = scope.client if client == address_of(scope.client) else ""
        is_asked = scope.path.startswith(ASKED)
        urgent = scope.path in URGENT or scope.path in self._inside
        caller = Caller(client, connection, urgent=urgent, is_page=not urgent and not is_asked)
        workers = self._urgent if urgent else self._workers
        try:
            self._check(behind, caller, workers)
            body = await self._bodies.read(scope, channel)
            if body:  # much may have come meanwhile
                self._check(behind, caller, workers)
        except CecotError as error:
            self._refuse(scope, channel, caller, error)
            return
        request = Request(
            method=method,
            path=scope.path,
            query_string=scope.query_string,
            protocol=scope.http_version,
            scheme=scope.scheme,
            server=scope.server,
            client=client,
            headers=headers,
            body=body,
        )
        self._asking[client] += is_asked
        try:
            await self._answer(_Visit(request, channel, caller, behind, key), workers)
        finally:
            self._asking[client] -= is_asked
            if not self._asking[client]:
                del self._asking[client]

    def _check(self, behind: Behind, caller: Caller, workers: Workers) -> None:
        """Raise Overloaded if too much is under way, of all or of this client."""
        if caller.urgent:
            return
        # Pages have as much room again: they do not wait behind what is asked.
        if workers.pending >= self._most_pending * (1 + caller.is_page):
            raise Overloaded(say("Too many requests wait already."))
        under_way = self._asking[caller.address]
        if not caller.is_page and behind.express.has_too_many(caller, under_way):
            raise too_many_of(under_way)

    def _refuse(self, scope: Scope, channel: Channel, caller: Caller, error: CecotError) -> None:
        headers, body = refusal(error, scope, self._problems)
        if scope.path == PATH:
            headers.append((QUERY_ID, caller.id))
        channel.response_bytes(error.status, headers, body)
        self._refused(scope.path, caller, error)

    async def _answer(self, visit: _Visit, workers: Workers) -> None:
        inside = self._inside.get(visit.request.path)
        if inside is not None:
            self._send(visit, inside(visit.request))
            return
        express = visit.behind.express
        response = await express.answer(visit.request, visit.caller)
        if response is not None:
            self._respond(visit, response)
            return
        self._visits.add(visit)
        try:
            await workers.submit(lambda: self._call(visit))
        finally:
            self._visits.discard(visit)
            express.forget(visit.caller)

    def _call(self, visit: _Visit) -> None:
        """Call the application and send its response; runs in a thread."""
        caller = visit.caller
        if caller.has_gone:
            self._responded(visit.request, caller, UNHEARD, time.perf_counter() - caller.began)
            return
        turns = self._page_turns if caller.is_page else self._turns
        turn = nullcontext() if caller.urgent else turns.computing()
        with calling(caller), turn:
            response = call(visit.behind.application, visit.request)
        self._respond(visit, response)
        seconds = time.perf_counter() - caller.began
        self._responded(visit.request, caller, response.status, seconds)

    def _respond(self, visit: _Visit, response: WholeResponse) -> None:
        request, body = visit.request, response.body
        if request.path == PATH:
            response.headers.append((QUERY_ID, visit.caller.id))
        self._send(visit, response)
        if visit.key is None or request.method != "GET":
            return
        if response.kept:
            visit.behind.cache.keep(visit.key, response.kept)
        elif isinstance(body, bytes):
            visit.behind.cache.put(visit.key, response.status, response.headers, body)

    def _send(self, visit: _Visit, response: WholeResponse) -> None:
        channel, status, headers = visit.channel, response.status, response.headers
        body, is_head = response.body, visit.request.method == "HEAD"
        if not isinstance(body, bytes):
            if is_head:
                body.close()
                channel.response_empty(status, headers)
            else:
                channel.response_file(status, headers, self._files.path_of(body))
        elif is_head or not body:
            channel.response_empty(status, headers)
        else:
            channel.response_bytes(status, headers, body)

    async def _watch(self) -> None:
        """Look at requests that take long; one whose client goes is interrupted."""
        waiting: set[asyncio.Task[None]] = set()
        before: set[_Visit] = set()
        while True:
            await asyncio.sleep(LOOK)
            self._files.tidy()
            for visit in before & self._visits:
                if not visit.is_watched:
                    visit.is_watched = True
                    task = asyncio.ensure_future(_miss(visit))
                    waiting.add(task)
                    task.add_done_callback(waiting.discard)
            before = set(self._visits)


async def _miss(visit: _Visit) -> None:
    await visit.channel.client_disconnect()
    visit.caller.leave()


def _send_kept(
    channel: Channel, kept: Kept, method: str, known: tuple[str | None, str | None]
) -> None:
    if kept.matches(*known):
        channel.response_empty(HTTPStatus.NOT_MODIFIED, kept.not_modified)
    elif method == "HEAD":
        channel.response_empty(HTTPStatus.OK, kept.headers)
    else:
        channel.response_bytes(HTTPStatus.OK, kept.headers, kept.body)
