"""Real engines of other people, started for a test on ports of their own, and ended after it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from cecot.settings import Settings

PATIENCE = 60.0
"""Seconds that an engine may take to start on a machine that does much else."""

VIRTUOSO_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 20
NumberOfBuffers = 20000
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 20
ServerRoot = .
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = 30
"""


@contextlib.contextmanager
def oxigraph(port: int = 0) -> Iterator[Settings]:
    """An Oxigraph server in memory, at a port that is free if none is named."""
    port = port or free_port()
    program = Path(sysconfig.get_path("scripts"), "oxigraph")
    words = [str(program), "serve", "--bind", f"127.0.0.1:{port}", "--timeout-s", "20"]
    with _running(words, f"http://127.0.0.1:{port}/query"):
        yield Settings(engine=f"http://127.0.0.1:{port}/", engine_kind="oxigraph")


@contextlib.contextmanager
def virtuoso(folder: Path, rows: int = 1_000_000) -> Iterator[Settings]:
    """A Virtuoso in ``folder``, of Debian's package; skips where that is not installed."""
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("Virtuoso is absent: apt-get install virtuoso-opensource-7-bin")
    http = free_port()
    (folder / "virtuoso.ini").write_text(
        VIRTUOSO_INI.format(sql=free_port(), http=http, rows=rows), encoding="utf-8"
    )
    words = [program, "+foreground", "+configfile", "virtuoso.ini"]
    with _running(words, f"http://127.0.0.1:{http}/sparql", folder):
        yield Settings(
            engine=f"http://127.0.0.1:{http}/", engine_kind="virtuoso", engine_user="dba"
        )


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextlib.contextmanager
def _running(words: list[str], address: str, folder: Path | None = None) -> Iterator[None]:
    with subprocess.Popen(
        words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ}
    ) as process:
        try:
            until = time.monotonic() + PATIENCE
            while not _answers(address):
                assert process.poll() is None, f"{words[0]} ended with {process.returncode}"
                assert time.monotonic() < until, f"{words[0]} does not answer"
            yield
        finally:
            process.terminate()


def _answers(address: str) -> bool:
    try:
        found = httpx2.get(address, params={"query": "ASK {}"}, timeout=1.0, trust_env=False)
    except httpx2.TransportError:
        time.sleep(0.05)
        return False
    return found.status_code == 200
