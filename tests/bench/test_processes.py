"""What a tree of processes costs, read from a real one."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterator

import pytest
from bench.processes import own_memory

MIB = 1 << 20
SHARED = 32 * MIB
_FAMILY = f"""
    import os, sys
    memory = bytearray(os.urandom(1) * {SHARED})
    for_child, told = os.pipe()
    if not os.fork():
        os.read(for_child, 1)
        memory[:] = bytes({SHARED})
        print("copied", flush=True)
        sys.stdin.read()
        os._exit(0)
    print("forked", flush=True)
    sys.stdin.readline()
    os.write(told, b"x")
    os.wait()
"""


@pytest.fixture
def family() -> Iterator[subprocess.Popen[str]]:
    """A process whose child shares its memory, and copies it all at a line of input."""
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_FAMILY)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def test_what_a_child_copies_is_its_own_growth_and_not_its_parents(
    family: subprocess.Popen[str],
) -> None:
    assert family.stdout
    assert family.stdin
    assert family.stdout.readline() == "forked\n"
    before = own_memory(family.pid)
    family.stdin.write("\n")
    family.stdin.flush()
    assert family.stdout.readline() == "copied\n"
    after = own_memory(family.pid)

    grown = {pid: after[pid] - before[pid] for pid in before}
    assert grown.pop(family.pid) < MIB
    (child,) = grown.values()
    assert child > SHARED - MIB
