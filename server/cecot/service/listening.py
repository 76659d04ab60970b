"""The one socket that clients connect to."""

from __future__ import annotations

import socket

from cecot.errors import UsageError
from cecot.settings import Settings

BACKLOG = 1024
"""Connections that wait to be accepted."""


def listen(settings: Settings) -> socket.socket:
    """Listen on the address of the settings; raises UsageError if somebody else does."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server(
            (settings.host, settings.port), family=family, backlog=BACKLOG
        )
    except OSError as error:
        raise UsageError(
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}.",
            where="--port",
            hint="Stop the other program, or choose another --port (0 takes a free one).",
        ) from None
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # Accepted connections inherit it. It also ends those whose reader takes nothing.
        milliseconds = int(settings.stall * 1000)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
    return listener


def address_of(listener: socket.socket, host: str) -> str:
    """Give the address at which clients on this machine reach ``listener``."""
    port = listener.getsockname()[1]
    # The address that stands for all of them is nobody's: a client cannot follow a link to it.
    host = {"0.0.0.0": "localhost", "::": "localhost", "": "localhost"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
