"""Files that are written whole or not at all: beside the one that is there, then in its place.

A link stays a link: what it leads to is replaced. The new file has the mode of the old one.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

BESIDE = ".{}.saving"
"""What the new file is called until it takes the place of the old one."""


def beside(path: Path) -> Path:
    """Where the new content of ``path`` stands until it takes its place."""
    whole = Path(os.path.realpath(path))  # not resolve(), which fails where links go round
    return whole.with_name(BESIDE.format(whole.name))


def write_beside(path: Path, content: bytes) -> None:
    """Write ``content`` on the disk beside ``path``; raises OSError, and then leaves nothing."""
    new = beside(path)
    if path.exists() or path.is_symlink():
        path.open("ab").close()  # what cannot be written is not replaced either
    try:
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, new)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def take_place(path: Path) -> None:
    """Put what stands beside ``path`` in its place; raises OSError."""
    whole = Path(os.path.realpath(path))
    beside(path).replace(whole)
    flush(whole.parent)


def flush(folder: Path) -> None:
    """Have the disk hold the names of the files in ``folder`` as they are."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
