"""Bodies of requests, read as they come: bounded in length and in time, and only whole ones."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from cecot.errors import BadRequest, Overloaded, RequestTimeout
from cecot.messages import say
from cecot.service.rsgi import Channel, Scope

ROOM = 64
"""How many bodies of the greatest length may be read at once; of short ones there may be more."""

_WITHOUT_BODY = frozenset(("GET", "HEAD", "OPTIONS"))


@dataclass(slots=True)
class Bodies:
    """How long a body may be, in bytes, and how many seconds it may take; what is held of all."""

    limit: int
    patience: float
    held: int = 0

    async def read(self, scope: Scope, channel: Channel) -> bytes:
        """Read the body. Of one that passes the limit only so much that this can be seen.

        Raises RequestTimeout if it takes too long, BadRequest if it ends before its length, and
        Overloaded if there is no room for it beside others.
        """
        if scope.method in _WITHOUT_BODY:
            return b""
        pieces: list[bytes] = []
        length = 0
        try:
            async with asyncio.timeout(self.patience):
                async for piece in channel:
                    pieces.append(bytes(piece))
                    length += len(piece)
                    self.held += len(piece)
                    if length > self.limit:
                        break
                    if self.held > ROOM * self.limit:
                        raise Overloaded(say("Too many requests wait already."))
        except TimeoutError:
            raise RequestTimeout(
                say("The body did not come in time."),
                hint=say("Send it at once, with the head."),
                where="body",
            ) from None
        finally:
            self.held -= length
        # The server tells nothing of a body that was cut off.
        if length < min(_announced(scope), self.limit):
            raise BadRequest(
                say("The body ends before its Content-Length."),
                hint=say("Send it whole."),
                where="body",
            )
        return b"".join(pieces)


def _announced(scope: Scope) -> int:
    """Give the length that the request has by its head; 0 if that says nothing of it."""
    length = scope.headers.get("content-length") or ""
    return int(length) if length.isascii() and length.isdigit() else 0
