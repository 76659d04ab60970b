"""The server under attack: kept running, its deaths counted; and the attackers themselves."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bench.attack.attack import Attack, Outcome
from bench.attack.families import Family
from bench.engines import EngineProcess
from bench.processes import memory, most_threads, tree
from bench.servers import Material, Server, start, stop
from bench.wire import BadReplyError, Target, ask, from_address

OTHERS_MEMORY = 4 << 30
"""Address space that servers other than ours get, lest a query takes all of the machine."""


@dataclass(slots=True)
class Besieged:
    """A server under attack; where it is ours it is started again whenever it has died."""

    server: Server
    process: subprocess.Popen[bytes] | None = None
    material: Material | None = None
    options: tuple[str, ...] = ()
    most_memory: int = 0
    engine: EngineProcess | None = None
    deaths: list[str] = field(default_factory=list)
    engine_deaths: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def where(self) -> Target:
        """Its address."""
        return self.server.where

    def memory(self) -> int:
        """Bytes of all its processes; 0 if it is somebody else's."""
        return memory(self.server.pid) if self.process else 0

    @property
    def is_ours(self) -> bool:
        """Whether it is a ``cecot serve`` that was started here."""
        return self.process is not None and self.server.name == "cecot"

    def threads(self) -> int:
        """Threads of its process that has most; 0 if it is somebody else's."""
        return most_threads(self.server.pid) if self.process else 0

    def processes(self) -> list[int]:
        """Its processes."""
        return [each.pid for each in tree(self.server.pid)] if self.process else []

    def tend(self, attack: str) -> None:
        """After ``attack`` met a fault: note whether the server died or hangs; start it again."""
        with self._lock:
            ended = self.process is not None and self.process.poll() is not None
            if not ended and self._answers():
                return
            self.deaths.append(f"{attack}: {'died' if ended else 'hung'}")
            if self.process is None or self.material is None:
                return
            self.process.kill()
            stop(self.process)
            self.server, self.process = start(
                self.server.name,
                self.material,
                self.options,
                port=self.where.port,
                most_memory=self.most_memory,
            )

    def tend_engine(self, attack: str) -> None:
        """After ``attack``: note whether the engine behind has died; start and fill it again."""
        with self._lock:
            if self.engine and self.material and self.engine.has_ended:
                ended = self.engine.process.returncode if self.engine.process else None
                self.engine_deaths.append(f"{attack} ({ended})")
                self.engine.start()
                self.engine.load(self.material.rooms)

    def close(self) -> None:
        """Stop it, if it is ours."""
        if self.process:
            stop(self.process)

    def _answers(self) -> bool:
        for _ in range(2):
            try:
                return ask(self.where, self.where.get("ASK {}"), timeout=8.0).status in (200, 503)
            except (OSError, BadReplyError):
                time.sleep(0.2)
        return False


def besiege(
    name: str, material: Material, budget: float, engine: EngineProcess | None = None
) -> Besieged:
    """Start the server ``name`` with ``budget`` seconds for one query, where it can be told.

    ``engine`` is one behind ours.
    """
    options: tuple[str, ...] = ()
    if name == "cecot":
        options = ("--deadline", f"{budget:g}", *(engine.options if engine else ()))
    elif name == "oxigraph":
        options = ("--timeout-s", f"{max(1, round(budget))}")
    most = 0 if name == "cecot" else OTHERS_MEMORY
    server, process = start(name, material, options, most_memory=most)
    return Besieged(server, process, material, options, most, engine)


def attack(
    besieged: Besieged,
    family: Family,
    steps: Iterable[Attack],
    budget: float,
    until: float | None = None,
) -> list[Outcome]:
    """Run ``steps`` from as many attackers as the family has; stop at ``until`` (monotonic).

    Attackers yield the processor to the polite clients: in life they have machines of their own.
    """
    waiting: Iterator[Attack] = iter(steps)
    lock = threading.Lock()
    outcomes: list[Outcome] = []
    stopping = threading.Event()

    def attacker(number: int) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)
        source = f"127.0.2.{1 + number % family.addresses}"
        while not stopping.is_set() and (until is None or time.monotonic() < until):
            with lock:
                step = next(waiting, None)
            if step is None:
                return
            outcome = step.run(from_address(besieged.where, source), budget)
            outcomes.append(outcome)
            besieged.tend_engine(f"{outcome.family}: {outcome.name}")
            if outcome.faults:
                besieged.tend(f"{outcome.family}: {outcome.name}")

    pool = ThreadPoolExecutor(family.attackers)
    try:
        for future in [pool.submit(attacker, number) for number in range(family.attackers)]:
            future.result()
    finally:
        stopping.set()
        pool.shutdown(wait=False, cancel_futures=True)
    return outcomes
