"""What an evaluator may do is held by the operating system, each limit by itself."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cecot.errors import BudgetExceeded, DeadlineExceeded, Unavailable
from cecot.service.processes import STACK, cause_of_death
from cecot.settings import Settings

LIMITS = Settings(memory=256 << 20, result=1 << 20, deadline=30)


def held(limits: Settings, then: str, path: str = os.devnull) -> subprocess.CompletedProcess[str]:
    """A process that sets these limits on itself and runs the program ``then``."""
    program = f"""
import json, os, resource, sys
from cecot.service.processes import ComputingTime, hold, size
from cecot.settings import Settings
path, before = sys.argv[1], size()
hold({limits!r}, before)
{then}
"""
    return subprocess.run(
        [sys.executable, "-c", program, path],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_nothing_can_be_written_even_where_files_can_be_opened(tmp_path: Path) -> None:
    """With federation descriptors are free: that no file grows is held by a limit of its own."""
    done = held(
        replace(LIMITS, federation=True),
        """
with open(path, "wb", buffering=0) as file:
    try:
        file.write(b"x")
    except OSError as error:
        os.write(1, str(error.errno).encode())
""",
        str(tmp_path / "written"),
    )
    assert done.stdout == str(errno.EFBIG), done.stderr
    assert (tmp_path / "written").read_bytes() == b""


def test_nothing_can_be_opened_beside_the_connection() -> None:
    done = held(LIMITS, "os.write(1, b'.')\nopen(path)")
    assert done.stdout == "."
    assert "Too many open files" in done.stderr


def test_every_limit_is_set() -> None:
    names = ("AS", "STACK", "FSIZE", "CORE", "NOFILE")
    told = "".join(f"resource.getrlimit(resource.RLIMIT_{name})[1], " for name in names)
    done = held(LIMITS, f"os.write(1, json.dumps([before, {told}]).encode())")
    before, space, *others = json.loads(done.stdout)
    assert space == before + LIMITS.memory
    hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
    stack = STACK if hard == resource.RLIM_INFINITY else min(STACK, hard)
    assert others == [stack, 0, 0, 1]


def test_more_memory_than_allowed_is_not_there() -> None:
    done = held(LIMITS, "bytearray(300 << 20)")
    assert "MemoryError" in done.stderr


def test_computing_longer_than_allowed_ends_the_process() -> None:
    done = held(LIMITS, "ComputingTime().allow(0.2)\nwhile True: pass")
    assert done.returncode == -signal.SIGXCPU


@pytest.mark.parametrize(
    ("status", "error", "where"),
    [
        (-signal.SIGXCPU, DeadlineExceeded, "deadline"),
        (-signal.SIGABRT, BudgetExceeded, "memory"),
        (-signal.SIGSEGV, BudgetExceeded, "nesting"),
        (-signal.SIGBUS, BudgetExceeded, "nesting"),
        (-signal.SIGKILL, Unavailable, ""),
        (1, Unavailable, ""),
    ],
)
def test_how_an_evaluator_ended_says_which_limit_it_passed(
    status: int, error: type[Exception], where: str
) -> None:
    told = cause_of_death(status, LIMITS)
    assert type(told) is error
    assert told.where == where
