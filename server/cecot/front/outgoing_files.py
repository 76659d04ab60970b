"""Files on their way out: kept open until the server has opened them by their path (Linux)."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import IO

LONGEST = 30.0
"""Seconds that a file is kept for the server to open it; it does so within milliseconds."""


class OutgoingFiles:
    """Keeps nameless files open for a while; the server's own descriptor keeps them after."""

    def __init__(self) -> None:
        self._files: deque[tuple[float, IO[bytes]]] = deque()
        self._lock = threading.Lock()

    def path_of(self, file: IO[bytes]) -> str:
        """Give a path at which ``file`` can be opened once more, for the next LONGEST seconds."""
        now = time.monotonic()
        with self._lock:
            while self._files and self._files[0][0] < now:
                self._files.popleft()[1].close()
            self._files.append((now + LONGEST, file))
        return f"/proc/self/fd/{file.fileno()}"

    def close(self) -> None:
        """Close all files."""
        with self._lock:
            while self._files:
                self._files.popleft()[1].close()
