"""HTTP to one engine: pooled connections, one deadline for all of an exchange (RFC 9112).

One event loop in one thread does it for all who ask, whether they wait in threads or in an event
loop of their own; who stops waiting closes the connection, which is how engines hear of it. An
engine that does not answer is left alone for a while, so that nobody waits for it in vain.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import re
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import IO, Any, TypeVar, cast

import httpx2

from cecot.errors import BudgetExceeded, DeadlineExceeded, Overloaded, Unavailable, UsageError
from cecot.messages import say
from cecot.remote.address import Remote
from cecot.settings import Settings, flag
from cecot.sparql.evaluation import IN_MEMORY

CONNECTING = 2.0
"""Seconds to reach the engine: it stands nearby, and who waits for it waits in vain."""

GRACE = 1.0
"""Seconds beyond the deadline for an engine that ends its queries itself, so that it says so."""

FAILURES = 5
"""Failures in a row after which nothing is asked for a while."""

FIRST, LONGEST = 2.0, 30.0
"""Seconds of the first pause; each pause that did not help doubles the next, up to the longest."""

_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")

Said = TypeVar("Said")


class Breaker:
    """Counts failures of the engine, never of a query: no client can open it for the others."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._pause = FIRST
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether nothing is to be asked at this moment."""
        return self.seconds_left > 0

    @property
    def seconds_left(self) -> float:
        """Seconds until one is allowed to try again; 0 when anybody may."""
        return max(0.0, self._until - self._clock())

    def succeeded(self) -> None:
        """Note that the engine answered, whatever it said."""
        with self._lock:
            self._failures, self._pause, self._until = 0, FIRST, 0.0

    def failed(self) -> None:
        """Note that the engine did not answer."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES and not self.is_open:
                self._until = self._clock() + self._pause
                self._pause = min(2 * self._pause, LONGEST)


@dataclass(frozen=True, slots=True)
class HttpReply:
    """A whole reply. ``body`` is a binary file at its start, ``length`` its bytes.

    Whoever reads it has time until ``time.perf_counter`` passes ``until``.
    """

    status: int
    headers: Mapping[str, str]
    body: IO[bytes]
    length: int
    until: float = math.inf

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def beginning(self) -> str:
        """Give the first words, for a message: one line of at most 300 characters."""
        self.body.seek(0)
        text = self.body.read(2048).decode("utf-8", "replace")
        self.body.seek(0)
        if self.media_type == "text/html":
            text = _TAG.sub(" ", text)
        return " ".join(text.split())[:300]


class Client:
    """Sends requests to the engine at ``remote``.

    ``opened`` counts the connections to it that were begun, ``reached`` tells of the last of them.

    Follows no redirect, believes no proxy of the environment, and sends the password to nobody
    else. The ``settings`` say how long a reply may be, where it is kept, how many connections are.
    """

    def __init__(self, remote: Remote, settings: Settings) -> None:
        """Open nothing yet. Raises UsageError for a certificate that cannot be read."""
        self._remote, self._settings = remote, settings
        self._trust = _trust(remote)
        self._loop = _Loop()
        self.opened, self.reached = 0, True
        self._http: httpx2.AsyncClient | None = None

    def exchange(
        self, address: str, parameters: Sequence[tuple[str, str]], accept: str, seconds: float
    ) -> Future[HttpReply]:
        """Send ``parameters`` as a form by POST; the reply within ``seconds``, or an error.

        Raises, in the future, Unavailable, DeadlineExceeded, BudgetExceeded. Cancelling the future
        closes the connection.
        """
        form = str(httpx2.QueryParams(list(parameters))).encode()
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        return self._loop.run(self._try_twice("POST", address, headers, form, seconds))

    def send(
        self, method: str, address: str, seconds: float, *, content: IO[bytes] | None, kind: str
    ) -> Future[HttpReply]:
        """Send a file, or nothing (SPARQL 1.1 Graph Store Protocol). Raises as ``exchange``."""
        return self._loop.run(self._send(method, address, seconds, content, kind))

    def close(self) -> None:
        """Close all connections."""
        if self._http is not None:
            with contextlib.suppress(TimeoutError):
                self._loop.run(self._http.aclose()).result(timeout=1)
            self._http = None
        self._loop.stop()

    async def _send(
        self, method: str, address: str, seconds: float, content: IO[bytes] | None, kind: str
    ) -> HttpReply:
        headers = {"Accept": "*/*"}
        if content is None:
            return await self._try_twice(method, address, headers, b"", seconds)
        headers["Content-Type"] = kind
        if self._remote.dialect.digest:
            # The engine's challenge must come first, or the file would be sent twice.
            (await self._try_twice("HEAD", address, {"Accept": "*/*"}, b"", seconds)).body.close()
        headers["Content-Length"] = str(content.seek(0, 2))
        content.seek(0)
        try:
            return await self._once(method, address, headers, _pieces(content), seconds, seen={})
        except _BrokenOff as error:
            raise _broken_off(error) from None

    async def _try_twice(
        self, method: str, address: str, headers: dict[str, str], content: bytes, seconds: float
    ) -> HttpReply:
        for attempt in (1, 2):
            seen: dict[str, bool] = {}
            try:
                return await self._once(method, address, headers, content, seconds, seen=seen)
            except _BrokenOff as error:
                # An engine may close a connection that is idle at the moment in which it is used
                # again. What broke off on a new one, or after the answer began, is no such thing.
                if attempt == 2 or "new" in seen or "answered" in seen:
                    raise _broken_off(error) from None
        raise AssertionError("the second attempt returns or raises")

    async def _once(
        self,
        method: str,
        address: str,
        headers: dict[str, str],
        content: bytes | AsyncIterator[bytes],
        seconds: float,
        *,
        seen: dict[str, bool],
    ) -> HttpReply:
        async def trace(event: str, _: Mapping[str, object]) -> None:
            if event == "connection.connect_tcp.started":
                seen["new"] = True
                self.opened += 1
            elif event == "connection.connect_tcp.complete":
                self.reached = True
            elif event == "http11.receive_response_headers.complete":
                seen["answered"] = True

        until = time.perf_counter() + seconds + GRACE
        try:
            async with (
                asyncio.timeout(seconds + GRACE),
                self._client().stream(
                    method, address, headers=headers, content=content, extensions={"trace": trace}
                ) as response,
            ):
                return await self._read(response, until)
        except TimeoutError:
            raise late() from None
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            self.reached = False
            words, cure = _why(error)
            raise Unavailable(
                say("The engine cannot be reached: {error}.", error=words),
                hint=say("Send the query again in a moment."),
                cure=cure,
            ) from None
        except httpx2.PoolTimeout:
            raise Overloaded(
                say("All connections to the engine are taken."),
                hint=say("Send the query again in a moment."),
            ) from None
        except (httpx2.TransportError, httpx2.StreamError) as error:
            raise _BrokenOff(_words(error)) from None

    async def _read(self, response: httpx2.Response, until: float) -> HttpReply:
        longest = self._settings.result
        body = tempfile.SpooledTemporaryFile(  # noqa: SIM115 (the reply's body)
            IN_MEMORY, dir=self._settings.spool or None
        )
        length = 0
        try:
            async for piece in response.aiter_bytes():
                length += len(piece)
                if length > longest:
                    raise BudgetExceeded(
                        say("The answer is longer than {most} bytes.", most=longest),
                        hint=say("Ask for less: add LIMIT, or fetch it in parts."),
                        where="result",
                    )
                body.write(piece)
        except BaseException:
            body.close()
            raise
        body.seek(0)
        file = cast("IO[bytes]", body)
        return HttpReply(response.status_code, response.headers, file, length, until)

    def _client(self) -> httpx2.AsyncClient:
        if self._http is None:
            most = self._settings.engine_connections
            self._http = httpx2.AsyncClient(
                auth=_auth(self._remote),
                verify=self._trust,
                limits=httpx2.Limits(max_connections=most, max_keepalive_connections=most),
                timeout=httpx2.Timeout(None, connect=CONNECTING, pool=CONNECTING),
                follow_redirects=False,
                trust_env=False,
                headers={"User-Agent": "cecot", "Accept-Encoding": "identity"},
            )
        return self._http


def late() -> DeadlineExceeded:
    """The error of an answer that has not come, or cannot be read, within the deadline."""
    return DeadlineExceeded(
        say("The engine did not answer within the deadline."),
        hint=say("Ask for less: add LIMIT, or bind more of the pattern."),
    )


class _BrokenOff(Exception):
    """The connection ended before the reply did."""


def _broken_off(error: _BrokenOff) -> Unavailable:
    return Unavailable(
        say("The engine broke the connection off: {error}.", error=str(error)),
        hint=say("Send the query again in a moment."),
        cure="See its log. If it speaks TLS there, write https://.",
    )


class _Loop:
    """An event loop in a thread of its own, begun when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def run(self, work: Coroutine[Any, Any, Said]) -> Future[Said]:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name="cecot-engine", daemon=True
                )
                self._thread.start()
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def stop(self) -> None:
        with self._lock:
            if self._loop is not None and self._thread is not None:
                self._loop.call_soon_threadsafe(self._loop.stop)
                self._thread.join()
                self._loop.close()
                self._loop = None


def _trust(remote: Remote) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=remote.certificate or None)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"The certificate cannot be read: {error}.", where=remote.certificate
        ) from None


def _auth(remote: Remote) -> httpx2.Auth | None:
    if not remote.user:
        return None
    kind = httpx2.DigestAuth if remote.dialect.digest else httpx2.BasicAuth
    return kind(remote.user, remote.password)


def _words(error: BaseException) -> str:
    return str(error).rstrip(".") or type(error).__name__


def _why(error: Exception) -> tuple[str, str]:
    """Why nothing was reached, in the words of the first cause, and what an operator does then."""
    causes: list[BaseException] = [error]
    while following := causes[-1].__cause__ or causes[-1].__context__:
        causes.append(following)
    for cause in causes:
        match cause:
            case ssl.SSLCertVerificationError():
                return (
                    f"its certificate is not accepted: {cause.verify_message}",
                    "Renew it, name the host that it is for, or the file of the authority that "
                    f"vouches for it ({flag('engine_ca')}).",
                )
            case ssl.SSLError():
                return _words(cause), "If it does not speak TLS there, write http://."
            case socket.gaierror():
                return _words(cause), "Check the name, and whether this machine can resolve it."
            case ConnectionRefusedError():
                return "connection refused", "Start it, or name the port on which it listens."
    words = f"no answer in {CONNECTING:g} s" if isinstance(error, httpx2.TimeoutException) else ""
    return (
        words or _words(causes[-1]),
        "Check the address, and whether a firewall stands in between.",
    )


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := file.read(1 << 18):
        yield piece
