"""Servers to measure, each started on a free port with the same triples, and stopped again."""

from __future__ import annotations

import importlib.util
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.processes import computed, memory
from bench.wire import BadReplyError, Target, ask

PATIENCE = 600.0
"""Seconds that a server may take until it answers."""


@dataclass(frozen=True, slots=True)
class Material:
    """What to serve: rooms, and the same triples as one file of N-Triples."""

    rooms: Path
    triples: Path


@dataclass(slots=True)
class Server:
    """A running server (``pid`` leads its session) or, with ``pid`` 0, somebody else's.

    Seconds from its start until it answered, until it had all triples, and from then until it was
    at rest; bytes of memory when it had all triples and,
    once it has settled, at rest.
    """

    name: str
    where: Target
    pid: int = 0
    ready: float = 0.0
    loaded: float = 0.0
    calm: float = 0.0
    log: Path | None = None
    memory: int = field(default=0)


Start = Callable[[Material, int, tuple[str, ...]], tuple[list[str], str]]


def _cecot(material: Material, port: int, options: tuple[str, ...]) -> tuple[list[str], str]:
    own = ["--rooms", str(material.rooms), "--host", "127.0.0.1", "--port", str(port)]
    return [_program("cecot"), "serve", *own, *options], "/sparql"


def _oxigraph(_: Material, port: int, options: tuple[str, ...]) -> tuple[list[str], str]:
    return [_program("oxigraph"), "serve", "--bind", f"127.0.0.1:{port}", *options], "/query"


def _rdflib(material: Material, port: int, options: tuple[str, ...]) -> tuple[list[str], str]:
    own = ["--host", "127.0.0.1", "--port", str(port), str(material.triples)]
    return [_program("rdflib-endpoint"), "serve", *options, *own], "/"


STARTS: dict[str, Start] = {
    "cecot": _cecot,
    "oxigraph": _oxigraph,
    "rdflib-endpoint": _rdflib,
}


def installed(name: str) -> bool:
    """Whether the program behind ``name`` is there; rdflib's needs uvicorn beside it."""
    if name.startswith("rdflib"):
        return bool(_find("rdflib-endpoint")) and importlib.util.find_spec("uvicorn") is not None
    return bool(_find(name))


@contextmanager
def running(name: str, material: Material, options: tuple[str, ...] = ()) -> Iterator[Server]:
    """Start the server ``name``, wait until it answers from all triples, and stop it after."""
    server, process = start(name, material, options)
    try:
        yield server
    finally:
        stop(process)


def start(
    name: str,
    material: Material,
    options: tuple[str, ...] = (),
    *,
    port: int = 0,
    most_memory: int = 0,
) -> tuple[Server, subprocess.Popen[bytes]]:
    """Start the server ``name``; raises RuntimeError with the end of its log if it ends.

    ``most_memory`` bytes of address space are all that each of its processes gets (0: no limit).
    """
    port = port or free_port()
    words, path = STARTS[name](material, port, options)
    handle, log = tempfile.mkstemp(prefix=f"bench-{name}-", suffix=".log")
    began = time.perf_counter()
    process = subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=handle,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    os.close(handle)
    resource.prlimit(process.pid, resource.RLIMIT_CORE, (0, 0))
    if most_memory:
        resource.prlimit(process.pid, resource.RLIMIT_AS, (most_memory, most_memory))
    server = Server(name, Target("127.0.0.1", port, path), process.pid, log=Path(log))
    try:
        _await(server, process)
        server.ready = time.perf_counter() - began
        if name == "oxigraph":
            _fill(server, material.triples)
        server.loaded = time.perf_counter() - began
    except BaseException:
        stop(process)
        raise
    server.memory = memory(process.pid)
    return server, process


def settle(server: Server, most: float = 180.0) -> float:
    """Wait, ``most`` seconds at most, until the server has done what it does after its start.

    Returns the seconds that it took.
    """
    began = time.monotonic()
    before = computed(server.pid)
    while time.monotonic() < began + most:
        time.sleep(1.0)
        now = computed(server.pid)
        if now - before < 0.05:
            break
        before = now
    server.memory = memory(server.pid)
    return time.monotonic() - began


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the server, and its whole session if it does not end by itself within 20 seconds."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _find(program: str) -> str | None:
    beside = str(Path(sys.executable).parent)
    return shutil.which(program, path=beside) or shutil.which(program)


def _program(name: str) -> str:
    found = _find(name)
    if not found:
        raise RuntimeError(f"{name} is not installed; see bench/README.md")
    return found


def _await(server: Server, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if process.poll() is not None:
            assert server.log is not None
            tail = server.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise RuntimeError(f"{server.name} ended with {process.returncode}:\n{tail}")
        try:
            if ask(server.where, server.where.get("ASK {}"), timeout=5.0).status == 200:
                return
        except (OSError, BadReplyError):
            pass
        time.sleep(0.01)
    raise RuntimeError(f"{server.name} did not answer within {PATIENCE:.0f} s")


def _fill(server: Server, triples: Path) -> None:
    """Send the triples to Oxigraph's graph store, without a transaction: its bulk loader."""
    head = server.where.request(
        "POST",
        "/store?default&no_transaction",
        "Content-Type: application/n-triples",
        f"Content-Length: {triples.stat().st_size}",
    )
    with server.where.connect(PATIENCE) as connection, triples.open("rb") as file:
        connection.sendall(head)
        connection.sendfile(file)
        answer = connection.recv(4096)
    if not answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201", b"HTTP/1.1 204")):
        raise RuntimeError(f"oxigraph did not load: {answer[:200]!r}")
