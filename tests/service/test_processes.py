"""What processes of the service do for themselves."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cecot.service.processes import promote

CLAIMING = """
import sys
from pathlib import Path
from cecot.service.processes import claim
claim(Path(sys.argv[1]))
print("claimed", flush=True)
sys.stdin.read()
"""


def test_that_a_process_has_ended_does_not_mean_that_nothing_is_allowed() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    assert promote(ended.pid)


def test_a_folder_that_is_claimed_is_locked_until_the_process_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CLAIMING, str(tmp_path)]
    descriptor = os.open(tmp_path, os.O_RDONLY)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "claimed\n"
        # So does systemd-tmpfiles look whether it may clear a folder away.
        with pytest.raises(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(descriptor)
