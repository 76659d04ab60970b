"""A defect of the front is no silence: the client is told, and the log has it under its number."""

from __future__ import annotations

import http.client
import json
import logging
from contextlib import closing

import pytest
from speaking import speaking

from cecot.service.cache import AnswerCache
from cecot.service.front import Behind, Front
from cecot.service.scheduler import Scheduler
from cecot.settings import Settings


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
    with caplog.at_level(logging.ERROR), speaking(lambda: front) as service:
        connection = http.client.HTTPConnection("127.0.0.1", service.port)
        with closing(connection):
            connection.request("GET", "/sparql?query=x")
            response = connection.getresponse()
            problem = json.load(response)
    number = response.headers["x-query-id"]
    assert response.status == 500
    assert problem["hint"].endswith(f"{number}.")
    (record,) = caplog.records
    assert record.getMessage() == f"request {number}: GET /sparql failed"
    assert record.exc_info
    assert refused == [500]
