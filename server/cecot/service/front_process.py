"""The front process: an event loop, and granian on the socket of the supervisor."""

from __future__ import annotations

import asyncio
import gc
import resource
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import uvloop
from granian._granian import SocketHolder
from granian.constants import HTTPModes
from granian.http import HTTP1Settings
from granian.server.embed import Server

from cecot.service.assembly import Assembly
from cecot.service.front import Front
from cecot.service.processes import freeze
from cecot.settings import Settings

CONNECTIONS = 8192
"""Connections that are kept at the same time, idle ones among them."""

SWITCH = 0.000_1
"""Seconds after which a thread lets others go on: the event loop waits for one of these for each
thread that computes."""

COLLECT = (700, 10, 100)
"""When the garbage collector looks: at everything a tenth as often as Python would, for all threads
stand still meanwhile, some 20 ms where pages are being written."""

HEADERS = HTTP1Settings(header_read_timeout=15_000, max_buffer_size=64 * 1024)
"""Milliseconds that the head of a request may take, and the bytes that it may have."""


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
    server = _Server(assembly.front, listener, backlog, settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    loop.add_signal_handler(signal.SIGHUP, assembly.renew)
    watching = loop.create_task(assembly.watch()) if settings.engine else None
    with open(pipe, "wb") as said:
        said.write(b"ready")
    await server.serve()
    if watching:
        watching.cancel()
    assembly.close()


class _Server(Server):
    """granian in this process, on a socket that lives longer than it."""

    def __init__(
        self, front: Front, listener: socket.socket, backlog: int, settings: Settings
    ) -> None:
        super().__init__(
            front,
            address=settings.host,
            port=settings.port,
            http=HTTPModes.http1,
            http1_settings=HEADERS,
            websockets=False,
            backlog=backlog,
            backpressure=CONNECTIONS,
            log_enabled=False,
        )
        self._listener, self._backlog = listener, backlog

    def _init_shared_socket(self) -> None:
        # granian would bind with SO_REUSEPORT, and two services could share a port unawares. On a
        # socket of the supervisor's, clients also wait while a front is started again.
        hold = cast("Callable[[int, bool, int], object]", SocketHolder)
        vars(self).update(_ssp=None, _shd=hold(self._listener.fileno(), False, self._backlog))


def _raise_descriptors() -> None:
    """Allow as many descriptors as this user may have: each connection is one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
