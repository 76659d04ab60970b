"""Engines of other people to put behind ``cecot serve``: started on ports of their own, and ended.

Tests use these too. An engine begins empty; ``cecot load`` fills it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.servers import free_port, stop
from bench.wire import BadReplyError, Target, ask, target

PATIENCE = 60.0
"""Seconds that an engine may take to start on a machine that does much else."""

PASSWORD = "dba"
"""Of the user of that name, as a new Virtuoso has it."""

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
NumberOfBuffers = {buffers}
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 20
ServerRoot = .
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = {seconds}
"""


@dataclass(slots=True)
class EngineProcess:
    """An engine: where it answers, who we are there, what starts it in which folder."""

    address: str
    query: str
    kind: str
    words: tuple[str, ...]
    user: str = ""
    folder: Path | None = None
    process: subprocess.Popen[bytes] | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """What ``cecot`` is told of it; the password is in the environment."""
        named = ("--engine", self.address, "--engine-kind", self.kind)
        return (*named, "--engine-user", self.user) if self.user else named

    @property
    def has_ended(self) -> bool:
        """Whether it ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def load(self, rooms: Path) -> None:
        """Have ``cecot load`` write ``rooms`` to it; raises RuntimeError with what it said."""
        command = [sys.executable, "-m", "cecot", "load", *self.options, "--rooms", str(rooms)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"cecot load ended with {done.returncode}:\n{done.stderr}")

    def start(self) -> None:
        """Start it, or start it again; raises RuntimeError if it does not answer."""
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            self.words, cwd=self.folder, stdout=quiet, stderr=quiet, start_new_session=True
        )
        until = time.monotonic() + PATIENCE
        while not _answers(target(self.query)):
            if self.has_ended:
                raise RuntimeError(f"{self.words[0]} ended with {self.process.returncode}")
            if time.monotonic() > until:
                raise RuntimeError(f"{self.words[0]} does not answer")

    def stop(self) -> None:
        """End it, by force if it does not end within 20 seconds."""
        if self.process is not None:
            stop(self.process)


@contextlib.contextmanager
def oxigraph(port: int = 0, seconds: int = 20) -> Iterator[EngineProcess]:
    """An Oxigraph server in memory that ends a query after ``seconds``."""
    port = port or free_port()
    program = str(Path(sysconfig.get_path("scripts"), "oxigraph"))
    words = (program, "serve", "--bind", f"127.0.0.1:{port}", "--timeout-s", str(seconds))
    address = f"http://127.0.0.1:{port}/"
    with _running(EngineProcess(address, f"{address}query", "oxigraph", words)) as engine:
        yield engine


def has_virtuoso() -> bool:
    """Whether Virtuoso is installed (Debian: virtuoso-opensource-7-bin)."""
    return shutil.which("virtuoso-t") is not None


@contextlib.contextmanager
def virtuoso(
    folder: Path, *, rows: int = 10_000_000, seconds: int = 30, buffers: int = 20_000
) -> Iterator[EngineProcess]:
    """A Virtuoso in ``folder`` that cuts at ``rows`` and ends a query after ``seconds``.

    Its password is in the environment for as long as it runs.
    """
    port = free_port()
    settings = VIRTUOSO_INI.format(
        sql=free_port(), http=port, rows=rows, seconds=seconds, buffers=buffers
    )
    (folder / "virtuoso.ini").write_text(settings, encoding="utf-8")
    words = ("virtuoso-t", "+foreground", "+configfile", "virtuoso.ini")
    address = f"http://127.0.0.1:{port}/"
    made = EngineProcess(address, f"{address}sparql", "virtuoso", words, "dba", folder)
    with _password(), _running(made) as engine:
        yield engine


STARTS: dict[str, Callable[[Path, int], contextlib.AbstractContextManager[EngineProcess]]] = {
    "oxigraph": lambda _, seconds: oxigraph(seconds=seconds),
    "virtuoso": lambda folder, seconds: virtuoso(folder, seconds=seconds, buffers=170_000),
}
"""Each kind: started in a folder of its own, with the seconds that a query may take."""


@contextlib.contextmanager
def _password() -> Iterator[None]:
    name = "CECOT_ENGINE_PASSWORD"
    before = os.environ.get(name)
    os.environ[name] = PASSWORD
    try:
        yield
    finally:
        del os.environ[name]
        if before is not None:
            os.environ[name] = before


@contextlib.contextmanager
def _running(engine: EngineProcess) -> Iterator[EngineProcess]:
    try:
        engine.start()
        yield engine
    finally:
        engine.stop()


def _answers(where: Target) -> bool:
    try:
        return ask(where, where.get("ASK {}"), timeout=1.0).status == 200
    except (OSError, BadReplyError):
        time.sleep(0.05)
        return False
