"""Memory in huge pages: what is full goes into them, and nothing is taken that was not there."""

from __future__ import annotations

import mmap
from pathlib import Path

from cecot.service.processes import HUGE, SMALL, collapse, in_a_child

PRIVATE = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
BLOCKS = 16
MADV_COLLAPSE = 25


def test_full_memory_goes_into_huge_pages_and_keeps_what_is_in_it() -> None:
    said, huge, is_whole = in_a_child(_with_full_memory)()
    assert is_whole
    assert huge >= said
    assert said >= (BLOCKS - 2) * HUGE if _is_possible() else said == 0


def test_no_memory_is_taken_for_what_is_mostly_empty() -> None:
    before, after = in_a_child(_with_sparse_memory)()
    assert after - before < BLOCKS * HUGE // 2


def _with_full_memory() -> tuple[int, int, bool]:
    memory = mmap.mmap(-1, BLOCKS * HUGE, flags=PRIVATE)
    numbers = [(at, at.to_bytes(8, "big")) for at in range(0, BLOCKS * HUGE, SMALL)]
    for at, number in numbers:
        memory[at : at + 8] = number
    said = collapse()
    return said, _bytes("AnonHugePages"), all(memory[at : at + 8] == n for at, n in numbers)


def _with_sparse_memory() -> tuple[int, int]:
    memory = mmap.mmap(-1, BLOCKS * HUGE, flags=PRIVATE)
    for at in range(0, BLOCKS * HUGE, 2 * SMALL):
        memory[at] = 1
    before = _bytes("Rss")
    collapse()
    return before, _bytes("Rss")


def _bytes(what: str) -> int:
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) << 10
    raise LookupError(what)


def _is_possible() -> bool:
    """Whether the kernel puts memory into huge pages when it is asked to."""
    memory = mmap.mmap(-1, 2 * HUGE, flags=PRIVATE)
    memory.write(bytes(2 * HUGE))
    try:
        memory.madvise(MADV_COLLAPSE)
    except OSError:
        return False
    return True
