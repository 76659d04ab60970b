"""The front process: what it holds, put together, in an event loop on its socket."""

from __future__ import annotations

import asyncio
import gc
import os
import pickle
import resource
import signal
import socket
import sys
import time
from http import HTTPStatus
from pathlib import Path
from typing import cast

import uvloop
from flask import Flask

from cecot.dataset.description import Description
from cecot.engine import Caller
from cecot.errors import CecotError
from cecot.protocol.answers import Response, endpoint_of
from cecot.service.cache import AnswerCache
from cecot.service.connections import Connections
from cecot.service.engines import BlockingEngine, RelayEngine, ServiceEngine, watch
from cecot.service.forked_engine import ForkedEngine
from cecot.service.front import Behind, Front
from cecot.service.gateway import Application, Networks
from cecot.service.monitoring import (
    CONTENT_TYPE,
    Metrics,
    Observation,
    ObservedEngine,
    Observer,
    QueryLog,
    outcome_of,
)
from cecot.service.processes import freeze
from cecot.service.scheduler import Scheduler
from cecot.service.supervisor import current, downloads_beside, state_beside
from cecot.settings import CONNECTIONS, Settings
from cecot.views.app import create_app


class Assembly:
    """What one front process holds; ``front`` answers requests.

    What depends on the graph (engine, application, cache) is exchanged whole when there is another
    graph. The scheduler, the log and the counters go on. Made in the event loop of the front.
    """

    def __init__(self, file: Path, settings: Settings) -> None:
        """Answer from the graph that ``file`` names."""
        self._file = file
        self._loop = asyncio.get_running_loop()
        self._settings = settings
        self._renewing: asyncio.Task[None] | None = None
        self._scheduler = Scheduler(settings)
        self._log = QueryLog(sys.stdout, settings.log_format, addresses=settings.log_addresses)
        self._metrics = Metrics(self._log, self._scheduler)
        self._observer = Observer(self._log, self._metrics)
        self._readers = Networks(settings.metrics_from)
        address, description = self._graph()
        engine = self._engine(address, description)
        self.front = Front(
            self._behind(engine, self._application(engine, description, address), description),
            self._scheduler,
            settings,
            inside={"/metrics": self._tell},
            responded=self._metrics.responded,
            refused=self._refused,
            viewed=self._log.observe,
        )

    def renew(self) -> None:
        """Answer from the graph that is named now; requests under way end with the one before."""
        before = self._renewing

        async def renew() -> None:
            if before:  # of two that come together the later must not be overtaken
                await before
            address, description = self._graph()
            engine = self._engine(address, description)
            application = await self._loop.run_in_executor(
                None, self._application, engine, description, address
            )
            replaced = self.front.behind.engine
            self.front.behind = self._behind(engine, application, description)
            replaced.close()

        self._renewing = self._loop.create_task(renew())

    async def watch(self) -> None:
        """Look which graph another engine says counts; the process above reads it if it is another.

        That process checks the engine again too, and tells us when it has (SIGHUP, renew).
        """
        from cecot.remote.loading import read_version  # noqa: PLC0415 (few services need it)

        def is_other() -> bool:
            _, description = self._graph()
            stated = read_version(self.front.behind.blocking, description.names)
            return stated is not None and stated.version != description.version

        await watch(is_other, lambda: os.kill(os.getppid(), signal.SIGHUP))

    def close(self) -> None:
        """End the evaluators that wait, and write what the log still holds."""
        self.front.close()
        self.front.behind.engine.close()
        self._observer.tell()
        self._log.close()

    def _graph(self) -> tuple[Path, Description]:
        address, said = current(self._file)
        description: Description = pickle.loads(said)  # noqa: S301 (from the graph process)
        return address, description

    def _engine(self, address: Path, description: Description) -> ServiceEngine:
        engine: ServiceEngine = ForkedEngine(
            address, self._settings, self._scheduler, description.version
        )
        if self._settings.engine:
            from cecot.remote.connecting import engine_of  # noqa: PLC0415 (few services need it)

            remote = engine_of(self._settings, description)
            engine = RelayEngine(remote, engine, self._scheduler, self._settings)
        return ObservedEngine(engine, self._observer)

    def _behind(
        self, engine: ServiceEngine, application: Flask, description: Description
    ) -> Behind:
        cache = AnswerCache(self._settings.cache)
        self._metrics.look_at(engine, cache, description.version)
        return Behind(
            engine,
            BlockingEngine(engine, self._loop),
            endpoint_of(description, self._settings),
            description.vocabulary,
            cast("Application", application),
            cache,
            frozenset(
                each.rule
                for each in application.url_map.iter_rules()
                if "POST" in (each.methods or ())
            ),
        )

    def _application(self, engine: ServiceEngine, description: Description, address: Path) -> Flask:
        blocking = BlockingEngine(engine, self._loop)
        has_downloads = self._settings.downloads and not self._settings.engine
        downloads = downloads_beside(address) if has_downloads else None
        state = state_beside(self._file) if self._settings.watch else None
        application = create_app(blocking, description, self._settings, downloads, state)
        for template in application.jinja_env.list_templates():
            # Nobody's first page should wait for its compilation, nor queries beside it.
            application.jinja_env.get_template(template)
        return application

    def _refused(self, caller: Caller, error: CecotError) -> None:
        """Tell of a request for a query that never came to the engine."""
        seconds, outcome = time.perf_counter() - caller.began, outcome_of(error, caller)
        self._observer.see(Observation(time.time_ns(), None, caller, seconds, None, outcome))

    def _tell(self, client: str) -> Response:
        """Answer ``/metrics`` for those who may read it."""
        if client not in self._readers:
            plain = [("content-type", "text/plain")]
            return Response(HTTPStatus.NOT_FOUND, plain, b"Not found.\n")
        self._observer.tell()
        headers = [("content-type", CONTENT_TYPE), ("cache-control", "no-store")]
        return Response(HTTPStatus.OK, headers, self._metrics.text())


SWITCH = 0.000_1
"""Seconds after which a thread lets others go on: the event loop waits for one of these for each
thread that computes."""

COLLECT = (700, 10, 100)
"""When the garbage collector looks: at everything a tenth as often as Python would, for all threads
stand still meanwhile, some 20 ms where pages are being written."""


def serve_front(
    current: Path, settings: Settings, listener: socket.socket, backlog: int, pipe: int
) -> None:
    """Answer clients in this process until SIGTERM; then finish what has begun.

    The file ``current`` names the graph; it is read again at SIGHUP. At the ``listener`` wait no
    more than ``backlog`` connections.
    """
    _raise_descriptors()
    sys.setswitchinterval(SWITCH)
    uvloop.run(_serve(current, settings, listener, backlog, pipe))


async def _serve(
    current: Path, settings: Settings, listener: socket.socket, backlog: int, pipe: int
) -> None:
    assembly = Assembly(current, settings)
    freeze()
    gc.set_threshold(*COLLECT)
    # A quarter for one address: who has more to do has a proxy before us.
    connections = Connections(assembly.front, CONNECTIONS, CONNECTIONS // 4)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, connections.drain)
    loop.add_signal_handler(signal.SIGHUP, assembly.renew)
    watching = loop.create_task(assembly.watch()) if settings.engine else None
    with open(pipe, "wb") as said:
        said.write(b"ready")
    await connections.serve(listener, backlog)
    if watching:
        watching.cancel()
    assembly.close()


def _raise_descriptors() -> None:
    """Allow as many descriptors as this user may have: each connection is one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
