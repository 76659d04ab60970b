"""One call of a WSGI application (PEP 3333), from the plain values of a request."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from cecot.errors import CecotError
from cecot.protocol.answers import Headers, Response
from cecot.views.problems import ERROR

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Callable[[bytes], object]]], Iterable[bytes]]

_WITHOUT_PREFIX = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What the application is told of a request; ``client`` is an address without a port.

    With an ``error`` that is all that it has to answer: it makes the page that tells it.
    """

    method: str
    path: str
    query_string: str
    protocol: str
    scheme: str
    server: str
    client: str
    headers: Headers
    body: bytes
    error: CecotError | None = None


class FileBody:
    """``wsgi.file_wrapper``: hands a file over as it is, for who knows better than to read it."""

    def __init__(self, file: IO[bytes], block_size: int = 65536) -> None:
        self.file = file
        self._block_size = block_size

    def __iter__(self) -> Iterator[bytes]:
        """Read the file in blocks."""
        while block := self.file.read(self._block_size):
            yield block

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def call(application: Application, request: PageRequest) -> Response:
    """Call ``application`` and gather its whole response."""
    said: list[tuple[str, Headers]] = []
    pieces: list[bytes] = []

    def start_response(
        status: str, headers: Headers, _exc_info: object = None
    ) -> Callable[[bytes], object]:
        said.append((status, headers))
        return pieces.append

    body = application(environ_of(request), start_response)
    if isinstance(body, FileBody):
        status, headers = said[-1]
        return Response(int(status[:3]), headers, body.file)
    try:
        pieces.extend(body)
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()
    status, headers = said[-1]
    return Response(int(status[:3]), headers, b"".join(pieces))


def environ_of(request: PageRequest) -> Environ:
    """Build the environment of PEP 3333; text is latin-1, as it demands."""
    host, _, port = request.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": request.query_string.encode().decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{request.protocol}",
        "REMOTE_ADDR": request.client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileBody,
        # The whole body is here, so its length is known however it was sent.
        "wsgi.input_terminated": True,
        ERROR: request.error,
    }
    for name, value in request.headers:
        if "_" in name:  # it would pass for the header with hyphens
            continue
        key = _WITHOUT_PREFIX.get(name) or "HTTP_" + name.upper().replace("-", "_")
        before = environ.get(key)
        environ[key] = value if before is None else f"{before},{value}"
    return environ
