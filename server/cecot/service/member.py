"""A long-lived process that is started again when it dies, and says once when it is ready."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable

from cecot.service.processes import fork

SHORT_LIFE = 10.0
"""Seconds. Whatever lives shorter is started again only after a pause, longer each time."""

LONGEST_PAUSE = 5.0


class Member:
    """One process of the service.

    ``work`` is given a descriptor: it writes what it has to say when it is ready, and closes it.
    """

    def __init__(self, name: str, work: Callable[[int], None]) -> None:
        self.name = name
        self.process = 0
        self.is_leaving = False
        self.due: float | None = None
        self._work = work
        self._pipe: int | None = None
        self._said = b""
        self._born = 0.0
        self.failures = 0

    def start(self) -> int:
        """Fork, and give the descriptor from which its word can be read."""
        self.stop_listening()
        self._pipe, ours = os.pipe()
        pipe = self._pipe

        def work() -> None:
            os.close(pipe)
            self._work(ours)

        self.process = fork(work, name=f"cecot-{self.name}")
        os.close(ours)
        os.set_blocking(self._pipe, False)
        self._born, self._said, self.due = time.monotonic(), b"", None
        return self._pipe

    def listen(self) -> bytes | None:
        """Read on; give the whole word once it is said (empty if it died before), else None."""
        if self._pipe is None:
            return None
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self._pipe, 65536):
                self._said += data
            self.stop_listening()
            return self._said
        return None

    def stop_listening(self) -> None:
        """Close the pipe."""
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None

    @property
    def descriptor(self) -> int | None:
        """Where its word is read from, while it has not been said."""
        return self._pipe

    def has_died(self) -> None:
        """Note its death, and when it shall be started again."""
        now = time.monotonic()
        self.failures = self.failures + 1 if now - self._born < SHORT_LIFE else 0
        pause = 0.05 * 2**self.failures if self.failures > 1 else 0.0
        self.process = 0
        self.due = now + min(pause, LONGEST_PAUSE)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it lives."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process, number)

    def leave(self) -> None:
        """Tell it to finish (SIGTERM); it is not started again."""
        self.is_leaving = True
        self.due = None
        self.signal(signal.SIGTERM)
