"""An answer while it arrives: in memory while it is small, else in a file without a name."""

from __future__ import annotations

import tempfile
from typing import IO

from cecot.errors import Unavailable

IN_MEMORY = 1 << 20
"""Bytes of an answer that are kept in memory."""


class Gathering:
    """Takes the bytes of one answer."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._pieces: list[bytes] = []
        self._held = 0
        self._file: IO[bytes] | None = None

    def add(self, data: bytes) -> None:
        """Take what follows; raises Unavailable if there is no room for it."""
        self._pieces.append(data)
        self._held += len(data)
        if self._held > IN_MEMORY or self._file:
            self._write()

    def finish(self, last: bytes) -> bytes | IO[bytes]:
        """Give the whole answer, after its ``last`` bytes; a file stands at its start."""
        if not self._file:
            return b"".join((*self._pieces, last)) if self._pieces else last
        self.add(last)
        file, self._file = self._file, None
        file.seek(0)
        return file

    def discard(self) -> None:
        """Forget what has arrived."""
        self._pieces, self._held = [], 0
        if self._file:
            self._file.close()
            self._file = None

    def _write(self) -> None:
        try:
            if not self._file:
                self._file = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115
            for piece in self._pieces:
                left = memoryview(piece)
                while left:
                    left = left[self._file.write(left) :]
        except OSError as error:
            self.discard()
            raise Unavailable(
                "There is no room for an answer of this size at this moment.",
                hint="Ask for less, or again in a moment.",
            ) from error
        self._pieces, self._held = [], 0
