"""Small queries answered in the event loop: no thread, no Flask, the same answer.

It does what the view of the endpoint does for the plainest of its answers: a query that was read
without an error and has a whole answer in memory soon. Whatever else comes out (an error, a long
answer, a query that takes its time) is left to the view, which goes on from what has been begun.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import cast

from cecot.dataset.description import Description
from cecot.engine import Answer, Query
from cecot.errors import CecotError
from cecot.front.answer_cache import AnswerCache, Kept, by_tag, keepable
from cecot.front.observation import Observe, observation
from cecot.front.rsgi import Headers, by_name
from cecot.front.wsgi import Request, WholeResponse
from cecot.protocol.answers import OF_DATA, VARY, server_timing
from cecot.protocol.caching import NO_STORE, PUBLIC, query_tag
from cecot.protocol.coding import SMALLEST_PACKED, pack
from cecot.protocol.negotiation import accepts_gzip
from cecot.protocol.requests import Request as Received
from cecot.protocol.requests import RequestLimits as Limits
from cecot.protocol.requests import read
from cecot.service.caller import Caller
from cecot.service.conversation import DiedError
from cecot.service.forked_engine import ForkedEngine
from cecot.service.question import Question
from cecot.sparql.emptiness import is_empty
from cecot.sparql.formats import content_type

PATH = "/sparql"
PATIENCE = 0.02
"""Seconds after which a query is left to a thread."""

LOOK = 0.006
"""Seconds after which it is seen whether a query should let others compute first."""

SOON = 0.001
"""Seconds that the event loop stands still for an answer when nobody else waits for one."""

LONGEST_REQUEST = 16 * 1024
"""Bytes of parameters and body that are read in the event loop, at most."""

LONGEST = 64 * 1024
"""Bytes of an answer that is packed in the event loop, at most."""


class Express:
    """The short way from a request to its answer."""

    def __init__(
        self,
        engine: ForkedEngine,
        description: Description,
        cache: AnswerCache,
        *,
        limits: Limits,
        observe: Observe,
    ) -> None:
        """``cache`` is asked by entity tag: the same query by another way is the same answer."""
        self._engine = engine
        self._cache = cache
        self._description = description
        self._limits = limits
        self._observe = observe
        self._waiting = 0

    def has_too_many(self, caller: Caller, under_way: int) -> bool:
        """Whether the address of ``caller``, with so many requests under way, must wait."""
        return self._engine.admission.has_too_many(caller, under_way)

    def forget(self, caller: Caller) -> None:
        """Free what was begun for ``caller`` and not taken."""
        self._engine.forget(caller)

    async def answer(self, request: Request, caller: Caller) -> WholeResponse | None:
        """Answer, if it goes without waiting; else None, and the caller may have a head start."""
        headers = by_name(request.headers)
        query = self._query(request, headers) if _is_plain(request, headers) else None
        if query is None:
            return None
        packs = accepts_gzip(headers.get("accept-encoding"))
        tag = query_tag(self._description.version, query, gzip=packs)
        kept = self._cache.find(by_tag(tag)) if tag else None
        if kept:
            return _of_kept(kept, request.method)
        answer = await self._evaluate(query, caller)
        if answer is None:
            return None
        packed = packs and answer.length >= SMALLEST_PACKED
        # Why an answer is empty, the view looks for: it may take a question of its own.
        left = (packed and answer.length > LONGEST) or is_empty(answer)
        if left or not isinstance(answer.body, bytes):
            caller.give_head_start(answer)
            return None
        body = cast("bytes", pack(answer.body, answer.length)[0]) if packed else answer.body
        seconds = time.perf_counter() - caller.began
        self._observe(observation(query, caller, seconds, answer))
        said = answer_headers(
            answer.media_type,
            len(body),
            packed=packed,
            tag=tag,
            modified=self._description.modified,
            timing=server_timing(answer.seconds, seconds),
        )
        return self._keep(said, body, tag, request.method)

    def _keep(self, said: Headers, body: bytes, tag: str | None, method: str) -> WholeResponse:
        """Keep an answer that has a tag, and give the response for ``method``."""
        if tag is None:
            return WholeResponse(HTTPStatus.OK, said, body)
        kept = keepable(said, body, dict(said))
        self._cache.keep(by_tag(tag), kept)
        if method == "POST":
            return WholeResponse(HTTPStatus.OK, _for_post(said), body)
        return WholeResponse(HTTPStatus.OK, said, body, kept)

    def _query(self, request: Request, headers: dict[str, str]) -> Query | None:
        """Read the request as the view will; None if it will find something to say."""
        received = Received(
            request.method,
            request.query_string.encode(),
            headers.get("content-type"),
            headers.get("content-encoding"),
            headers.get("accept"),
            request.body,
        )
        try:
            operation = read(received, self._limits)
            return operation.query() if operation.text is not None else None
        except CecotError:
            return None

    async def _evaluate(self, query: Query, caller: Caller) -> Answer | None:
        question = self._engine.begin(query, caller)
        if question is None:
            return None
        self._waiting += 1
        try:
            # Others that have come meanwhile begin now: then nobody stands still for one answer.
            await asyncio.sleep(0)
            if not question.conversation.hears_within(SOON if self._waiting == 1 else 0):
                await _hears(question)
            reply = question.hear()
        except DiedError:
            # The view hears of it once more, and asks again or says why it died.
            caller.give_head_start(question)
            return None
        except CecotError as error:
            self._engine.finish(question, caller)
            caller.give_head_start(error)
            return None
        except BaseException:
            self._engine.finish(question, caller)
            raise
        finally:
            self._waiting -= 1
        if reply is None:
            caller.give_head_start(question)
            return None
        self._engine.finish(question, caller)
        return reply.answer


async def _hears(question: Question) -> None:
    """Wait until there is something to hear, but not for long."""
    if not await _readable(question.conversation.descriptor, LOOK):
        question.let_others_compute()
        await _readable(question.conversation.descriptor, PATIENCE - LOOK)


def _is_plain(request: Request, headers: Mapping[str, str]) -> bool:
    """Whether nothing about the request asks for more than an answer to a short query."""
    return (
        request.path == PATH
        and request.method in ("GET", "POST")
        and "if-none-match" not in headers
        and "if-modified-since" not in headers
        and len(request.query_string) + len(request.body) <= LONGEST_REQUEST
    )


def _of_kept(kept: Kept, method: str) -> WholeResponse:
    if method == "POST":
        return WholeResponse(HTTPStatus.OK, _for_post(kept.headers), kept.body)
    return WholeResponse(HTTPStatus.OK, kept.headers.copy(), kept.body, kept)


def _for_post(headers: Headers) -> Headers:
    """Take out what only an answer to GET may carry: nobody else keeps this one."""
    plain = [each for each in headers if each[0] not in ("etag", "last-modified", "cache-control")]
    return [*plain, ("cache-control", NO_STORE)]


async def _readable(descriptor: int, patience: float) -> bool:
    """Wait until ``descriptor`` can be read, for ``patience`` seconds; tell whether it can."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[bool] = loop.create_future()

    def settle(can_be_read: bool) -> None:
        if not future.done():
            future.set_result(can_be_read)

    loop.add_reader(descriptor, settle, True)
    timer = loop.call_later(patience, settle, False)
    try:
        return await future
    finally:
        timer.cancel()
        loop.remove_reader(descriptor)
        # uvloop takes that from whatever it watches, and a thread may wait for the rest.
        os.set_blocking(descriptor, True)


def answer_headers(
    media_type: str,
    length: int,
    *,
    packed: bool,
    tag: str | None,
    modified: datetime | None,
    timing: str,
) -> list[tuple[str, str]]:
    """The headers of an answer of ``length`` bytes as they are sent, in gzip if ``packed``.

    ``tag`` is its entity tag without quotes, None if nobody may keep it; ``modified`` is in UTC.
    """
    headers = [
        ("content-type", content_type(media_type)),
        ("content-length", str(length)),
        ("server-timing", timing),
        ("vary", ", ".join(VARY)),
        *OF_DATA,
    ]
    if packed:
        headers.append(("content-encoding", "gzip"))
    if tag is None:
        headers.append(("cache-control", NO_STORE))
        return headers
    headers += [("cache-control", PUBLIC), ("etag", f'"{tag}"')]
    if modified:
        headers.append(("last-modified", format_datetime(modified, usegmt=True)))
    return headers
