"""What the system does not let a command read is told in a sentence, and never passed over.

Whether it may be read is found by reading. To ask beforehand, access(2), is to ask for another: it
knows nothing of the rights that a service manager gives to a process.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cecot.rooms import Rooms

WITHOUT_RIGHTS = (
    ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
)
"""Root reads everything by these two rights; without them its own files are closed to it too."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with files, and a folder, that cannot be read."""
    closed = tmp_path / "closed"
    (closed / "inner").mkdir(parents=True)
    for name in ("x.ttl", "inner/x.ttl"):
        (closed / name).write_text("<urn:a> <urn:b> 1 .\n")
    for name in ("closed.ttl", "closed.rq", "closed.txt"):
        (closed / name).write_text("")
        (closed / name).chmod(0)
    (closed / "inner").chmod(0)
    yield closed
    (closed / "inner").chmod(0o700)


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "closed.rq"],
        ["format", "closed.ttl"],
        ["format", "inner"],
        ["format", "."],
        ["validate", "--data", "closed.ttl", "--shapes", "x.ttl"],
        ["validate", "--data", "x.ttl", "--shapes", "inner"],
        ["validate", "--data", ".", "--shapes", "x.ttl"],
        ["validate", "--rooms", "inner"],
        ["validate", "--source-text", "closed.txt"],
        ["draft", "tcc", "--source-text", "closed.txt"],
        ["edit", "--source-text", "closed.txt", "--port", "0"],
        ["add-source", "closed.txt", "--key", "new", "--title", "New"],
        ["serve", "--source-text", "closed.txt", "--port", "0"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_read_is_told(rooms: Rooms, folder: Path, arguments: list[str]) -> None:
    named = any(each in arguments for each in ("--rooms", "--data"))
    done = subprocess.run(
        [*WITHOUT_RIGHTS, sys.executable, "-m", "cecot", *arguments]
        + ([] if named else ["--rooms", str(rooms.root)]),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("error: ")
    assert "Permission denied" in done.stderr
    assert "Traceback" not in done.stderr
