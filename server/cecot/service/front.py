"""What answers the requests of clients, in the event loop that reads their connections.

A request is answered from the cache; or it is a query: ``prepare``, the engine, ``render``; or it
is a page, which the Flask application makes in one of a few threads. An answer is whole before any
of it goes out. A client that goes away is noticed, and what works for it is interrupted.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import parse_qsl

from cecot.engine import Answer, Caller, Engine, Query, calling
from cecot.errors import (
    BadRequest,
    CecotError,
    MethodNotAllowed,
    NotAcceptable,
    Overloaded,
)
from cecot.locale.catalogue import Locale, locale_of, locales
from cecot.messages import say
from cecot.protocol import problem
from cecot.protocol.answers import (
    Endpoint,
    Prepared,
    Response,
    explained,
    headers_to_keep,
    not_modified,
    prepare,
    render,
)
from cecot.protocol.negotiation import HTML, language
from cecot.protocol.problem import defect
from cecot.protocol.requests import GRAPH_STORE, SPARQL, Request
from cecot.service.cache import AnswerCache, Kept, Key, by_tag, keepable
from cecot.service.engines import ServiceEngine
from cecot.service.exchange import Exchange
from cecot.service.gateway import (
    Application,
    Bodies,
    Networks,
    call,
    client_of,
    environ_of,
)
from cecot.service.monitoring import PageView
from cecot.service.scheduler import Scheduler
from cecot.settings import Settings
from cecot.sparql.deviations import Hint
from cecot.sparql.hints import Vocabulary, hints_on, may_be_hinted

URGENT = frozenset(("/health",))
"""Paths that are answered however many queries and pages wait."""

QUERY_ID = "x-query-id"
"""The header that names a query as the log does."""

UNHEARD = 499
"""The status that is told of a response that nobody waits for."""

LONGEST_REQUEST = 16 * 1024
"""Bytes of parameters and body that are read in the event loop; more takes a thread."""

LONGEST_PACKED = 64 * 1024
"""Bytes of an answer that is packed in the event loop; more takes a thread."""

BODY_PATIENCE = 20.0
"""Seconds that the body of a request may take."""

PAGES_WAITING = 64
"""Requests for pages that may wait for each thread that makes them."""

_QUERY_METHODS = frozenset(("GET", "HEAD", "POST"))
_KEPT_METHODS = frozenset(("GET", "HEAD"))
_LOG = logging.getLogger(__name__)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the front for one graph: exchanged whole when there is another.

    ``blocking`` is ``engine`` for threads; at ``posted`` the application takes a POST.
    """

    engine: ServiceEngine
    blocking: Engine
    endpoint: Endpoint
    vocabulary: Vocabulary
    application: Application
    cache: AnswerCache
    posted: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class _Visit:
    """A request under way: whom it is for, what answers it, and where it would be kept."""

    exchange: Exchange
    caller: Caller
    behind: Behind
    key: Key | None
    is_asked: bool
    body: bytes = b""


class Front:
    """One front: the event loop, a few threads for pages, and what stands behind them."""

    def __init__(
        self,
        behind: Behind,
        scheduler: Scheduler,
        settings: Settings,
        *,
        inside: Mapping[str, Callable[[str], Response]],
        responded: Callable[[int], None],
        refused: Callable[[Caller, CecotError], None],
        viewed: Callable[[PageView], None],
    ) -> None:
        """``inside`` are paths that are answered here, for the address of a client.

        ``responded`` is told the status of each response that is not from the cache; ``refused`` of
        each query that never came to the engine, ``viewed`` each page.
        """
        self.behind = behind
        self._scheduler = scheduler
        self._proxies = Networks(settings.trusted_proxies)
        self._inside = inside
        self._responded, self._refused, self._viewed = responded, refused, viewed
        self._problems = f"{settings.root}/problems"  # explains errors
        self._bodies = Bodies(settings.body_limit, BODY_PATIENCE)
        self._threads = ThreadPoolExecutor(settings.threads, "page")
        self._urgent = ThreadPoolExecutor(1, "urgent")
        self._most_pages = settings.threads * (1 + PAGES_WAITING)
        self._pages = 0

    def close(self) -> None:
        """End the threads."""
        for threads in (self._threads, self._urgent):
            threads.shutdown(wait=False, cancel_futures=True)

    def take(self, exchange: Exchange) -> None:
        """Answer one request: at once if the answer is kept, or else in a task."""
        head, behind, key = exchange.head, self.behind, None
        method, path = exchange.method, exchange.path
        if _has_host(exchange) and head.varying is not None and method in _KEPT_METHODS:
            key = (path, exchange.query_string, *head.varying)
            kept = behind.cache.get(key)
            if kept is not None:
                _send_kept(exchange, kept)
                if is_page(path):
                    self._viewed(PageView("-", path, HTTPStatus.OK, 0.0, self._client(exchange)))
                return
        is_asked, urgent = is_query(path), path in URGENT
        caller = Caller(self._client(exchange), urgent=urgent, is_page=not (urgent or is_asked))
        visit = _Visit(exchange, caller, behind, key, is_asked)
        caller.interrupt = asyncio.get_running_loop().create_task(self._visit(visit)).cancel
        exchange.when_gone = caller.leave

    def refuse(self, error: CecotError) -> Response:
        """Give what is answered to what is no request."""
        self._responded(error.status)
        return problem.told(error, None, locale_of(""), self._problems)

    async def _visit(self, visit: _Visit) -> None:
        """Answer one request; a defect of ours is logged, and told as one."""
        exchange, caller = visit.exchange, visit.caller
        try:
            await self._take(visit)
        except asyncio.CancelledError:
            if not caller.has_gone:
                raise
            self._responded(UNHEARD)
        except Exception:  # noqa: BLE001 (the log tells it, and the client hears of it)
            method, path = exchange.method, exchange.path
            _LOG.exception("request %s: %s %s failed", caller.id, method, path)
            self._tell(visit, defect(caller.id))

    async def _take(self, visit: _Visit) -> None:
        address, is_counted = visit.caller.address, False
        try:
            _look_at_head(visit.exchange)
            if visit.is_asked or _is_posted(visit):
                self._scheduler.begin(address)
                is_counted = True
            await self._answer(visit)
        except CecotError as error:
            await self._fail(visit, error)
        finally:
            if is_counted:
                self._scheduler.end(address)

    def _client(self, exchange: Exchange) -> str:
        said = exchange.head.headers.get("x-forwarded-for", "")
        return client_of(exchange.connection.client, said, self._proxies)

    async def _answer(self, visit: _Visit) -> None:
        exchange = visit.exchange
        method, path = exchange.method, exchange.path
        inside = self._inside.get(path)
        if inside is not None:
            if method not in _KEPT_METHODS:
                raise MethodNotAllowed.of(method, _KEPT_METHODS, path)
            self._respond(visit, inside(visit.caller.address))
            return
        asks = visit.is_asked and method in _methods_of_queries(path)
        # Who waits to be told to go on is told so where a body is of use; from others it comes all
        # the same, and most of them would take a connection that is closed meanwhile for a fault.
        if (method == "POST" and asks) or _is_posted(visit):
            visit.body = await self._bodies.read(exchange)
        elif method not in _KEPT_METHODS and not exchange.waits:
            await self._bodies.skip(exchange)
        if asks:
            said, endpoint = exchange.query_string.encode(), visit.behind.endpoint
            request = Request(method, said, visit.body, path, *exchange.head.said)
            if len(said) + len(visit.body) <= LONGEST_REQUEST:
                prepared = prepare(request, endpoint)
            else:
                prepared = await self._in_thread(lambda: prepare(request, endpoint))
            if prepared.query is not None:
                await self._answer_query(visit, prepared, prepared.query)
                return
        await self._answer_page(visit)

    async def _answer_query(self, visit: _Visit, prepared: Prepared, query: Query) -> None:
        behind, caller, method = visit.behind, visit.caller, visit.exchange.method
        if prepared.has_it:
            self._respond(visit, not_modified(prepared))
            return
        kept = behind.cache.find(by_tag(prepared.tag)) if prepared.tag else None
        if kept is not None:  # the same query, asked in another way
            if visit.key:
                behind.cache.keep(visit.key, kept)
            if prepared.is_known:
                self._respond(visit, not_modified(prepared))
            else:
                headers = kept.for_post() if method == "POST" else kept.headers.copy()
                self._respond(visit, Response(HTTPStatus.OK, headers, kept.body))
            return
        try:
            answer = await behind.engine.ask(query, caller)
        except NotAcceptable as error:
            raise explained(error) from None
        hints: tuple[Hint, ...] = ()
        if may_be_hinted(query.text, answer, behind.vocabulary):
            hints = await self._hints(visit, query, answer)
        seconds = time.perf_counter() - caller.began
        if isinstance(answer.body, bytes) and not (
            prepared.packs and answer.length > LONGEST_PACKED
        ):
            response = render(prepared, answer, seconds=seconds, hints=hints)
        else:
            response = await self._in_thread(
                lambda: render(prepared, answer, seconds=seconds, hints=hints)
            )
        self._respond(visit, response)
        body, tag = response.body, prepared.tag
        if tag and isinstance(body, bytes) and response.status == HTTPStatus.OK:
            # By its tag alone: most queries come once, and the second time finds this.
            headers = headers_to_keep(prepared, response)
            behind.cache.keep(by_tag(tag), keepable(headers, body, tag, prepared.modified))

    async def _hints(self, visit: _Visit, query: Query, answer: Answer) -> tuple[Hint, ...]:
        """Find why an answer may be empty or lack something; to ask that takes a thread."""
        behind = visit.behind
        asker = Caller(visit.caller.address, is_page=True)
        asker.id, asker.has_asked = visit.caller.id, True
        asker.began = time.perf_counter()

        def find() -> tuple[Hint, ...]:
            with calling(asker):
                return hints_on(behind.blocking, query, answer, behind.vocabulary)

        return await self._in_thread(find)

    async def _answer_page(self, visit: _Visit, error: CecotError | None = None) -> None:
        """Have the application answer; what it is given is an ``error``, or the request."""
        exchange, caller = visit.exchange, visit.caller
        path = exchange.path

        def work() -> Response | None:
            if caller.has_gone:
                return None
            environ = environ_of(exchange, caller.address, visit.body, error)
            with calling(caller):
                return call(visit.behind.application, environ)

        if caller.urgent:
            loop = asyncio.get_running_loop()
            response = await loop.run_in_executor(self._urgent, work)
        else:
            response = await self._in_thread(work)
        if response is None:
            self._responded(UNHEARD)
            return
        if is_page(path):
            seconds = time.perf_counter() - caller.began
            self._viewed(PageView(caller.id, path, response.status, seconds, caller.address))
        body = response.body
        if visit.key and exchange.method == "GET" and isinstance(body, bytes):
            visit.behind.cache.put(visit.key, response.status, response.headers, body)
        self._respond(visit, response)

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        """Do ``work`` in a thread of the pages; raises Overloaded if too much waits for one."""
        if self._pages >= self._most_pages:
            raise Overloaded(
                say("Too many requests wait already."), hint=say("Come back in a moment.")
            )
        self._pages += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, copy_context().run, work)
        finally:
            self._pages -= 1

    async def _fail(self, visit: _Visit, error: CecotError) -> None:
        """Tell ``error`` to the client: in problem details, text or, for a browser, a page."""
        if problem.media_type_of(visit.exchange.head.headers.get("accept")) == HTML:
            with suppress(Overloaded):
                await self._answer_page(visit, error)
                self._note_refused(visit, error)
                return
        self._tell(visit, error)

    def _tell(self, visit: _Visit, error: CecotError) -> None:
        """Tell ``error`` to the client, in problem details or text."""
        self._note_refused(visit, error)
        accept = visit.exchange.head.headers.get("accept")
        self._respond(visit, problem.told(error, accept, _reader(visit.exchange), self._problems))

    def _note_refused(self, visit: _Visit, error: CecotError) -> None:
        if visit.is_asked and not visit.caller.has_asked:
            self._refused(visit.caller, error)

    def _respond(self, visit: _Visit, response: Response) -> None:
        self._responded(response.status)
        if visit.is_asked:
            response.headers.append((QUERY_ID, visit.caller.id))
        visit.exchange.respond(*response)


def is_query(path: str) -> bool:
    """Whether clients ask what they like at ``path``."""
    return (
        path == SPARQL
        or path.rstrip("/") in (SPARQL, GRAPH_STORE)
        or path.startswith(f"{GRAPH_STORE}/")
    )


def _methods_of_queries(path: str) -> frozenset[str]:
    """The methods that ask at ``path``; by POST a graph store would be written (GSP, 5.5).

    Of doubled slashes the application leads to the address with one of each.
    """
    if "//" in path:
        return frozenset()
    return _KEPT_METHODS if path.startswith(GRAPH_STORE) else _QUERY_METHODS


def is_page(path: str) -> bool:
    """Whether the log tells of ``path`` as a page: it is no query, no probe, no file of pages."""
    return not (is_query(path) or path in URGENT or path.startswith("/static/"))


def _has_host(exchange: Exchange) -> bool:
    return exchange.head.has_host or exchange.version == "1.0"


def _is_posted(visit: _Visit) -> bool:
    return visit.exchange.method == "POST" and visit.exchange.path in visit.behind.posted


def _look_at_head(exchange: Exchange) -> None:
    """Raise BadRequest for a head that is no proper one."""
    if not _has_host(exchange):
        raise BadRequest(
            say("The request does not name one host."),
            hint=say("Send one Host header, with the name or the address of this service."),
            where="Host",
        )
    coding = exchange.head.headers.get("transfer-encoding")
    if coding is not None and coding.strip().lower() != "chunked":
        raise BadRequest(
            say("The body comes in a transfer coding that is not read here."),
            hint=say("Send it with a Content-Length, or with Transfer-Encoding: chunked."),
            where="Transfer-Encoding",
        )


def _reader(exchange: Exchange) -> Locale:
    """The language of the reader: asked for in the address, else preferred by the client."""
    said = exchange.query_string  # long, as a rule, where many are refused at once
    asked = dict(parse_qsl(said)).get("lang", "") if "lang=" in said else ""
    preferred = exchange.head.headers.get("accept-language")
    return locale_of(asked if asked in locales() else language(preferred, tuple(locales())))


def _send_kept(exchange: Exchange, kept: Kept) -> None:
    headers = exchange.head.headers
    if kept.matches(headers.get("if-none-match"), headers.get("if-modified-since")):
        exchange.respond(HTTPStatus.NOT_MODIFIED, kept.not_modified)
    else:
        exchange.respond(HTTPStatus.OK, kept.headers, kept.body)
