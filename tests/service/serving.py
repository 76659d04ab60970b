"""A running service for tests of the front: what it is asked, what it writes, raw connections."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60.0

BUSY = 4.0
"""Seconds by which a machine that runs other tests as well may be late."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Service:
    """``lines`` is what it has written to its log so far, ``told`` what it said beside it."""

    port: int
    process: int
    lines: list[str]
    told: list[str]

    def send(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Reply:
        """Send a request; underscores in the names of headers stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, target, body, named)
            response = connection.getresponse()
            said = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, said, response.read())
        finally:
            connection.close()

    def ask(self, text: str, method: str = "GET", **headers: str) -> Reply:
        """Ask a query by GET or HEAD, in JSON unless an Accept header says otherwise."""
        headers.setdefault("Accept", "application/sparql-results+json")
        return self.send(method, target_of(text), **headers)

    def connect(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)


def target_of(text: str, **parameters: str) -> str:
    return "/sparql?" + urllib.parse.urlencode({"query": text, **parameters})


def until(condition: Callable[[], bool]) -> None:
    """Wait until ``condition`` holds; AssertionError if it does not within PATIENCE seconds."""
    give_up = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < give_up, "the condition never held"
        time.sleep(0.005)


@contextmanager
def serving(rooms: Path, *options: str) -> Iterator[Service]:
    command = [sys.executable, "-m", "cecot", "serve", "--port", "0", "--rooms", str(rooms)]
    process = subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    lines: list[str] = []
    told: list[str] = []
    listeners = [
        threading.Thread(target=lambda: lines.extend(iter(process.stdout.readline, ""))),
        threading.Thread(target=lambda: told.extend(iter(process.stderr.readline, ""))),
    ]
    try:
        said: list[str] = []
        while "Serving at" not in "".join(said[-1:]):
            said.append(process.stderr.readline())
            assert said[-1], f"the service ended before it served: {''.join(said)}"
        port = int(said[-1].split("http://127.0.0.1:")[1].split("/")[0])
        for listener in listeners:
            listener.start()
        yield Service(port, process.pid, lines, told)
    finally:
        process.terminate()
        process.wait(60)
        for listener in listeners:
            if listener.ident:
                listener.join()
        process.stdout.close()
        process.stderr.close()
