"""The operator's log: one line per query, as text or as JSON, written by a thread of its own."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO

from cecot.front.observation import Observation

LONGEST_QUEUE = 10_000
"""Lines that wait for a log that does not take them; more are lost, and counted."""

GATHER = 0.1
"""Seconds in which lines are gathered before they are written together."""


class QueryLog:
    """Writes lines without making anybody wait, not even when nobody reads them."""

    def __init__(self, stream: IO[str], form: str, *, addresses: bool) -> None:
        """``form`` is ``text`` or ``json``; ``addresses`` says whether clients are named."""
        self.lost = 0
        self._stream = stream
        self._write: Callable[[dict[str, object]], str] = _json if form == "json" else _text
        self._addresses = addresses
        self._lines: deque[tuple[datetime, Observation]] = deque()
        self._some, self._closing = threading.Event(), threading.Event()
        self.before_writing: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._keep_writing, name="query-log", daemon=True)
        self._thread.start()

    def observe(self, seen: Observation) -> None:
        """Have a line written."""
        if len(self._lines) >= LONGEST_QUEUE:
            self.lost += 1
            return
        self._lines.append((datetime.now(UTC), seen))
        if not self._some.is_set():
            self._some.set()

    def close(self, patience: float = 1.0) -> None:
        """Write what waits, for ``patience`` seconds at most."""
        self._closing.set()
        self._some.set()
        self._thread.join(patience)

    def _keep_writing(self) -> None:
        while True:
            self._some.wait()
            self._closing.wait(GATHER)
            self._some.clear()
            self.before_writing()
            pieces = []
            while self._lines:
                pieces.append(self._write(self._members(*self._lines.popleft())))
            try:
                self._stream.write("".join(pieces))
                self._stream.flush()
            except (OSError, ValueError):
                self.lost += len(pieces)
            if self._closing.is_set() and not self._lines:
                return

    def _members(self, at: datetime, seen: Observation) -> dict[str, object]:
        members: dict[str, object] = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "event": "query",
            "id": seen.id,
            "outcome": seen.outcome,
            "ms": round(seen.seconds * 1000, 1),
            "evaluation_ms": round(seen.evaluation * 1000, 1),
            "form": seen.form or "-",
            "bytes": seen.size,
            "digest": seen.digest,
        }
        if self._addresses:
            members["client"] = seen.client
        return members


def _json(members: dict[str, object]) -> str:
    return json.dumps(members) + "\n"


def _text(members: dict[str, object]) -> str:
    time, event = members["time"], members["event"]
    rest = " ".join(
        f"{name}={value}" for name, value in members.items() if name not in ("time", "event")
    )
    return f"{time} {event} {rest}\n"
