"""What RSGI 1 hands to an application: a request, and the one way to answer it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Protocol

Headers = list[tuple[str, str]]


class Scope(Protocol):
    """What is said of a request; ``client`` and ``server`` are ``address:port``."""

    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    headers: Any


class Channel(Protocol):
    """The body that comes in, and the response that goes out: once, from any thread."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the pieces of the body."""
        ...

    async def client_disconnect(self) -> None:
        """Wait until the client has gone."""
        ...

    def response_empty(self, status: int, headers: Headers) -> None:
        """Answer without a body."""
        ...

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer with bytes."""
        ...

    def response_file(self, status: int, headers: Headers, file: str) -> None:
        """Answer with the file at a path."""
        ...
