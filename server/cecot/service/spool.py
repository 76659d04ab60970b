"""Long answers in files without a name, while they arrive.

To write takes as long as the disk does, so that is left to whoever has a thread for it.
"""

from __future__ import annotations

import os
import stat
import tempfile
from typing import IO

from cecot.errors import Unavailable
from cecot.messages import say

IN_MEMORY = 512 << 10
"""Bytes of an answer that are kept in memory."""

STEP = 64 << 20
"""Bytes after which a growing file looks again whether there is room."""


class Spool:
    """Takes the bytes of one answer, into a file in ``folder`` if there are many.

    All such files of this process, those among them that are being read, have ``room`` bytes.
    """

    def __init__(self, folder: str | None, room: int) -> None:
        self._folder = folder
        self._room = room
        self._pieces: list[bytes] = []
        self._held = 0
        self._written = 0
        self._file: IO[bytes] | None = None

    def add(self, data: bytes) -> bool:
        """Take what follows; tell whether it is time to ``write``."""
        self._pieces.append(data)
        self._held += len(data)
        return self._held > IN_MEMORY

    @property
    def is_long(self) -> bool:
        """Whether there is a file: then ``finish`` takes time."""
        return self._file is not None

    def finish(self, last: bytes) -> bytes | IO[bytes]:
        """Give the whole answer, after its ``last`` bytes; a file stands at its start.

        Raises Unavailable if there is no room for it.
        """
        if not self._file:
            return b"".join((*self._pieces, last)) if self._pieces else last
        self.add(last)
        self.write()
        file, self._file = self._file, None
        file.seek(0)
        return file

    def discard(self) -> None:
        """Forget what has arrived."""
        self._pieces, self._held, self._written = [], 0, 0
        if self._file:
            self._file.close()
            self._file = None

    def write(self) -> None:
        """Write to the file what is held; raises Unavailable if there is no room for it."""
        try:
            if not self._file:
                self._check_room()
                self._file = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115
            for piece in self._pieces:
                left = memoryview(piece)
                while left:
                    left = left[self._file.write(left) :]
            before, self._written = self._written, self._written + self._held
            if before // STEP != self._written // STEP:
                self._check_room()
        except OSError as error:
            self.discard()
            raise _no_room() from error
        self._pieces, self._held = [], 0

    def _check_room(self) -> None:
        if nameless_bytes() > self._room:
            self.discard()
            raise _no_room()


def nameless_bytes() -> int:
    """Give the bytes on disk of all files without a name that this process has open (Linux)."""
    sizes: dict[tuple[int, int], int] = {}
    for entry in os.scandir("/proc/self/fd"):
        try:
            status = os.fstat(int(entry.name))
        except OSError:
            continue  # closed by another thread
        if stat.S_ISREG(status.st_mode) and not status.st_nlink:
            sizes[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(sizes.values())


def _no_room() -> Unavailable:
    return Unavailable(
        say("There is no room for an answer of this size at this moment."),
        hint=say("Ask for less, or again in a moment."),
    )
