"""Bodies of requests, read as they come: bounded in length and in time, and only whole ones."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

from cecot.front.rsgi import Channel, Scope

WRONG = {
    HTTPStatus.REQUEST_TIMEOUT: b"The body did not come in time. Send it at once, with the head.\n",
    HTTPStatus.BAD_REQUEST: b"The body ended before its Content-Length. Send it whole.\n",
}
"""What is told of a body that was not read to its end."""

_WITHOUT_BODY = frozenset(("GET", "HEAD", "OPTIONS"))


@dataclass(frozen=True, slots=True)
class Bodies:
    """How long a body may be, in bytes, and how many seconds it may take."""

    limit: int
    patience: float

    async def read(self, scope: Scope, channel: Channel) -> bytes | HTTPStatus:
        """Read the body; give a status if it takes too long, or ends before its length.

        Of one that passes the limit only so much is read that this can be seen.
        """
        if scope.method in _WITHOUT_BODY:
            return b""
        pieces, length = [], 0
        try:
            async with asyncio.timeout(self.patience):
                async for piece in channel:
                    pieces.append(bytes(piece))
                    length += len(piece)
                    if length > self.limit:
                        break
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT
        # The server tells nothing of a body that was cut off.
        if length < min(_announced(scope), self.limit):
            return HTTPStatus.BAD_REQUEST
        return b"".join(pieces)


def _announced(scope: Scope) -> int:
    """Give the length that the request has by its head; 0 if that says nothing of it."""
    length = scope.headers.get("content-length") or ""
    return int(length) if length.isascii() and length.isdigit() else 0
