"""One front, put together: engine, application, cache, log and counters."""

from __future__ import annotations

import sys
import threading
import time
from http import HTTPStatus
from pathlib import Path
from typing import cast

from cecot.dataset.description import Description
from cecot.errors import CecotError
from cecot.front.addresses import Networks, TrustedProxies
from cecot.front.answer_cache import AnswerCache
from cecot.front.application import Behind, Front
from cecot.front.bodies import Bodies
from cecot.front.express import PATH, Express
from cecot.front.metrics import CONTENT_TYPE, Metrics
from cecot.front.observation import GONE, Observation, ObservedEngine, outcome_of
from cecot.front.query_log import QueryLog
from cecot.front.wsgi import Application, Request, WholeResponse
from cecot.protocol.requests import RequestLimits as Limits
from cecot.service.admission import most_under_way
from cecot.service.caller import Caller
from cecot.service.downloads import downloads_beside
from cecot.service.forked_engine import ForkedEngine
from cecot.service.supervision import read_current
from cecot.settings import Settings
from cecot.views.app import create_app

BODY_PATIENCE = 20.0
"""Seconds that the body of a request may take."""


class Assembly:
    """What one front process holds; ``front`` is the RSGI application.

    What depends on the graph (engine, application, cache) is exchanged whole when there is another
    graph. The log and the counters go on.
    """

    def __init__(self, current: Path, settings: Settings) -> None:
        """Answer from the graph that the file ``current`` names."""
        self._current = current
        self._renewing = threading.Lock()
        self._settings = settings
        self._log = QueryLog(sys.stdout, settings.log_format, addresses=settings.log_addresses)
        self._metrics = Metrics(self._log)
        self._log.before_writing = self._metrics.count
        self._readers = Networks(settings.metrics_from)
        self._engine, behind = self._behind()
        self.front = Front(
            behind,
            TrustedProxies(Networks(settings.trusted_proxies)),
            inside={"/metrics": self._tell},
            responded=self._responded,
            refused=self._refused,
            problems=f"{settings.public_url}problems",
            threads=most_under_way(settings) + settings.threads,
            bodies=Bodies(settings.body_limit, BODY_PATIENCE),
        )

    def renew(self) -> None:
        """Answer from the graph that is named now; requests under way end with the one before."""
        with self._renewing:  # of two that come together the later must not be overtaken
            before = self._engine
            self._engine, self.front.behind = self._behind()
            before.close()

    def close(self) -> None:
        """End the evaluators that wait, and write what the log still holds."""
        self._engine.close()
        self._log.close()

    def _behind(self) -> tuple[ForkedEngine, Behind]:
        address, description = read_current(self._current)
        engine = ForkedEngine(address, self._settings, description.version)
        cache = AnswerCache(self._settings.cache)
        self._metrics.look_at(engine, cache, description.version)
        behind = Behind(
            self._application(engine, description, address),
            Express(engine, description, cache, limits=self._limits, observe=self._observe),
            cache,
        )
        return engine, behind

    def _application(
        self, engine: ForkedEngine, description: Description, address: Path
    ) -> Application:
        observed = ObservedEngine(engine, self._observe)
        downloads = downloads_beside(address) if self._settings.downloads else None
        application = create_app(observed, description, self._settings, downloads)
        for template in application.jinja_env.list_templates():
            # Nobody's first page should wait for its compilation, nor queries beside it.
            application.jinja_env.get_template(template)
        return cast("Application", application)

    @property
    def _limits(self) -> Limits:
        return Limits(self._settings.address_limit, self._settings.body_limit)

    def _observe(self, seen: Observation) -> None:
        self._metrics.observe(seen)
        self._log.observe(seen)

    def _responded(self, request: Request, caller: Caller, status: int, seconds: float) -> None:
        self._metrics.responded(status)
        if request.path == PATH and status >= HTTPStatus.BAD_REQUEST and not caller.has_asked:
            # The request was no query: nothing has been told of it yet.
            outcome = GONE if caller.has_gone else f"status-{status}"
            self._observe_unread(caller, outcome, seconds)

    def _refused(self, path: str, caller: Caller, error: CecotError) -> None:
        self._metrics.responded(error.status)
        if path == PATH:
            seconds = time.perf_counter() - caller.began
            self._observe_unread(caller, outcome_of(error, caller), seconds)

    def _observe_unread(self, caller: Caller, outcome: str, seconds: float) -> None:
        self._observe(Observation(caller.id, outcome, seconds, 0, 0, "", "-", caller.address))

    def _tell(self, request: Request) -> WholeResponse:
        """Answer ``/metrics`` for those who may read it."""
        if request.client not in self._readers:
            return WholeResponse(
                HTTPStatus.NOT_FOUND, [("content-type", "text/plain")], b"Not found.\n"
            )
        headers = [("content-type", CONTENT_TYPE), ("cache-control", "no-store")]
        return WholeResponse(HTTPStatus.OK, headers, self._metrics.text())
