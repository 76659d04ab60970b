"""Memory in huge pages, so that a fork copies one entry of a page table and not 512.

Linux 6.1 and later, madvise(2) with MADV_COLLAPSE; elsewhere nothing happens.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HUGE: Final = 2 << 20
"""Bytes of a huge page where a small one has 4 KiB: on x86-64, and mostly on ARM."""

SMALL: Final = 4096
ENTRY: Final = 8
"""Bytes of an entry of /proc/self/pagemap."""

MOSTLY: Final = HUGE // SMALL * 3 // 4
"""Small pages that must be in memory, lest much be taken that nobody asked for."""

_PRESENT: Final = 0x80
_MADV_COLLAPSE: Final = 25
_LIBRARY: Final = ctypes.CDLL(None, use_errno=True)


def collapse() -> int:
    """Put what this process has in memory into huge pages; give the bytes that are in them now."""
    madvise = getattr(_LIBRARY, "madvise", None)
    if madvise is None or os.sysconf("SC_PAGE_SIZE") != SMALL:
        return 0
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    try:
        return sum(HUGE for start in _full() if madvise(start, HUGE, _MADV_COLLAPSE) == 0)
    except OSError:  # no /proc here
        return 0


def _full() -> Iterator[int]:
    """Give where huge pages could begin: most of the room of each is in memory already."""
    with Path("/proc/self/pagemap").open("rb", buffering=0) as pages:
        for begin, end in list(_private()):
            for start in range(-(-begin // HUGE) * HUGE, end - HUGE + 1, HUGE):
                pages.seek(start // SMALL * ENTRY)
                entries = pages.read(HUGE // SMALL * ENTRY)
                if sum(flags & _PRESENT > 0 for flags in entries[ENTRY - 1 :: ENTRY]) >= MOSTLY:
                    yield start


def _private() -> Iterator[tuple[int, int]]:
    """Give beginning and end of each stretch of memory that belongs to no file."""
    for line in Path("/proc/self/maps").read_text(encoding="ascii", errors="replace").splitlines():
        words = line.split()
        if words[1] == "rw-p" and words[5:] in ([], ["[heap]"]):
            begin, end = words[0].split("-")
            yield int(begin, 16), int(end, 16)
