"""A defect of the front is no silence: the client is told, and the log has it under its number."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from cecot.protocol.answers import Headers
from cecot.service.cache import AnswerCache
from cecot.service.front import Behind, Front
from cecot.service.scheduler import Scheduler
from cecot.settings import Settings


class HostAlone:
    """Headers of a request that names its host, and says nothing else."""

    def items(self) -> Headers:
        return [("host", "127.0.0.1")]


@dataclass
class Asked:
    http_version: str = "1.1"
    server: str = "127.0.0.1:80"
    client: str = "127.0.0.1:9"
    scheme: str = "http"
    method: str = "GET"
    path: str = "/sparql"
    query_string: str = "query=x"
    headers: HostAlone = field(default_factory=HostAlone)


@dataclass
class Told:
    replies: list[tuple[int, Headers, bytes]] = field(default_factory=list)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b""

    async def client_disconnect(self) -> None:
        await asyncio.Event().wait()

    def response_empty(self, status: int, headers: Headers) -> None:
        self.replies.append((status, headers, b""))

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        self.replies.append((status, headers, body))

    def response_file(self, status: int, headers: Headers, file: str) -> None:
        raise AssertionError(file)


def test_a_defect_of_the_front_is_told_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    behind = Behind(None, None, None, None, None, AnswerCache(1000))  # type: ignore[arg-type]
    refused: list[int] = []
    front = Front(
        behind,
        Scheduler(Settings()),
        Settings(threads=1),
        inside={},
        responded=lambda _: None,
        refused=lambda _, error: refused.append(error.status),
        viewed=lambda _: None,
    )
    told = Told()
    with caplog.at_level(logging.ERROR):
        asyncio.run(front.__rsgi__(Asked(), told))
    ((status, headers, body),) = told.replies
    number = dict(headers)["x-query-id"]
    assert status == 500
    assert json.loads(body)["hint"].endswith(f"{number}.")
    (record,) = caplog.records
    assert record.getMessage() == f"request {number}: GET /sparql failed"
    assert record.exc_info
    assert refused == [500]
