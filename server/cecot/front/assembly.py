"""One front, put together: engine, application, cache, log and counters."""

from __future__ import annotations

import sys
from http import HTTPStatus
from pathlib import Path
from typing import cast

from cecot.description import Description
from cecot.front.addresses import Networks, TrustedProxies
from cecot.front.answer_cache import AnswerCache
from cecot.front.application import Front
from cecot.front.express import PATH, Express
from cecot.front.metrics import CONTENT_TYPE, Metrics
from cecot.front.observation import Observation, ObservedEngine
from cecot.front.query_log import QueryLog
from cecot.front.wsgi import Application, Request, Response
from cecot.protocol import Limits
from cecot.service.caller import Caller
from cecot.service.downloads import downloads_beside
from cecot.service.forked_engine import ForkedEngine
from cecot.settings import Settings
from cecot.views.app import create_app

BODY_PATIENCE = 20.0
"""Seconds that the body of a request may take."""


class Assembly:
    """What one front process holds; ``front`` is the RSGI application."""

    def __init__(self, address: Path, description: Description, settings: Settings) -> None:
        """Answer from the graph process at ``address``, which ``description`` describes."""
        self._engine = ForkedEngine(address, settings, description.version)
        self._log = QueryLog(sys.stdout, settings.log_format, addresses=settings.log_addresses)
        self._readers = Networks(settings.metrics_from)
        cache = AnswerCache(settings.cache)
        self._metrics = Metrics(self._engine, cache, self._log, description.version)
        limits = Limits(settings.address_limit, settings.body_limit)
        observed = ObservedEngine(self._engine, self._observe)
        downloads = downloads_beside(address) if settings.downloads else None
        self.front = Front(
            cast("Application", create_app(observed, description, settings, downloads)),
            Express(self._engine, description, limits, self._observe),
            cache,
            TrustedProxies(Networks(settings.trusted_proxies)),
            inside={"/metrics": self._tell},
            responded=self._responded,
            threads=settings.queries + settings.heavy + 2 * settings.waiting + settings.threads,
            body_limit=settings.body_limit,
            body_patience=BODY_PATIENCE,
        )

    def close(self) -> None:
        """End the evaluators that wait, and write what the log still holds."""
        self._engine.close()
        self._log.close()

    def _observe(self, seen: Observation) -> None:
        self._metrics.observe(seen)
        self._log.observe(seen)

    def _responded(self, request: Request, caller: Caller, status: int, seconds: float) -> None:
        self._metrics.responded(status)
        if request.path == PATH and status >= HTTPStatus.BAD_REQUEST and not caller.has_asked:
            # The request was no query: nothing has been told of it yet.
            outcome = f"status-{status}"
            self._observe(Observation(caller.id, outcome, seconds, 0, 0, "", "-", caller.address))

    def _tell(self, request: Request) -> Response:
        """Answer ``/metrics`` for those who may read it."""
        if request.client not in self._readers:
            return Response(HTTPStatus.NOT_FOUND, [("content-type", "text/plain")], b"Not found.\n")
        headers = [("content-type", CONTENT_TYPE), ("cache-control", "no-store")]
        return Response(HTTPStatus.OK, headers, self._metrics.text())
