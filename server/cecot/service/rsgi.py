"""What RSGI 1 hands to an application: a request, and the one way to answer it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Protocol

from cecot.protocol.answers import Headers


def headers_of(scope: Scope) -> dict[str, str]:
    """Read all that a request says in its headers, once; values of one name joined (9110, 5.2)."""
    pairs: list[tuple[str, str]] = scope.headers.items()
    headers = dict(pairs)
    if len(headers) < len(pairs):
        headers = {}
        for name, value in pairs:
            headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


class Scope(Protocol):
    """What is said of a request; ``client`` and ``server`` are ``address:port``.

    Of the path the server has read what was percent-encoded; what is not visible ASCII in a header
    it does not show.
    """

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
