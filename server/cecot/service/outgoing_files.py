"""Files on their way out: kept open until the server has opened them by their path (Linux)."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import IO

LONGEST = 20.0
"""Seconds that a file is kept for the server to open it; it does so within milliseconds."""

SHORTEST, MOST = 3.0, 16
"""Seconds that a file is kept at least, and how many are kept longer."""


class OutgoingFiles:
    """Keeps nameless files open for a while; the server's own descriptor keeps them after."""

    def __init__(self) -> None:
        self._files: deque[tuple[float, IO[bytes]]] = deque()
        self._lock = threading.Lock()

    def path_of(self, file: IO[bytes]) -> str:
        """Give a path at which ``file`` can be opened once more, for the next seconds."""
        with self._lock:
            self._files.append((time.monotonic(), file))
        self.tidy()
        return f"/proc/self/fd/{file.fileno()}"

    def tidy(self) -> None:
        """Close what has been kept for long enough."""
        now = time.monotonic()
        with self._lock:
            while self._files:
                enough = SHORTEST if len(self._files) > MOST else LONGEST
                if self._files[0][0] + enough > now:
                    return
                self._files.popleft()[1].close()

    def close(self) -> None:
        """Close all files."""
        with self._lock:
            while self._files:
                self._files.popleft()[1].close()
