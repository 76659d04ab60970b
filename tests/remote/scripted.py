"""An HTTP server whose replies are written byte by byte, so that each kind of lie can be told."""

from __future__ import annotations

import contextlib
import socketserver
import ssl
import threading
from collections.abc import Callable
from urllib.parse import parse_qsl

Write = Callable[[bytes], None]
Script = Callable[[Write], None]
"""Writes one reply, or a part of one; the connection is closed after it if it returns normally."""


class Scripted:
    """Answers each request with the next of ``replies``, the last of them again and again.

    ``asked`` are the requests so far: their parameters. ``released`` is set at the end, so that a
    reply can wait for it: "for longer than the test".
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.replies: list[bytes | Script] = []
        self.asked: list[list[tuple[str, str]]] = []
        self.connections = 0
        self.released = threading.Event()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                outer.connections += 1
                with contextlib.suppress(OSError):
                    while outer._one(self.rfile, self.wfile.write):
                        pass

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self._server = Server(("127.0.0.1", 0), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if tls else "http"
        self.address = f"{scheme}://127.0.0.1:{self._server.server_address[1]}/sparql"

    def __enter__(self) -> Scripted:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def _one(self, rfile: object, write: Write) -> bool:
        """Read one request and answer it; return whether the connection stays open."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = rfile.readline()  # type: ignore[attr-defined]
            if not line:
                return False
            head += line
        length = next(
            (
                int(line[15:])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length:")
            ),
            0,
        )
        body = rfile.read(length)  # type: ignore[attr-defined]
        self.asked.append(parse_qsl(body.decode(), keep_blank_values=True))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if callable(reply):
            reply(write)
            return False
        write(reply)
        return True


def reply(
    body: str | bytes,
    kind: str = "application/sparql-results+json",
    status: str = "200 OK",
    *,
    length: int | None = None,
    **headers: str,
) -> bytes:
    """A reply of HTTP/1.1; ``length`` is what it says of its length, if that is not the truth."""
    data = body.encode() if isinstance(body, str) else body
    said = {"Content-Type": kind, "Content-Length": str(len(data) if length is None else length)}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + data
