"""Several files written as one: all of them or none, and none that has changed (docs: editing).

New contents are written beside the files and flushed; a journal then names them, and from there on
the save is carried to its end, by the next start if this one is killed.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cecot.errors import Changed, UsageError
from cecot.messages import say
from cecot.rooms import Rooms

JOURNAL = ".saving.json"
_BESIDE = ".{}.saving"


def save(rooms: Rooms, before: Mapping[Path, bytes], after: Mapping[Path, bytes]) -> None:
    """Write ``after``, where each file still holds ``before`` (or is not there).

    Raises Changed, and UsageError where a file cannot be written; then nothing was written.
    """
    with _locked(rooms):
        finish(rooms)
        for path in after:
            if (path.read_bytes() if path.is_file() else None) != before.get(path):
                raise Changed(
                    say(
                        "{file} has changed since it was read; nothing was written.",
                        file=rooms.short(path),
                    ),
                    hint=say("Open the page again, and compare."),
                    where=str(path),
                )
        journal = rooms.graph / JOURNAL
        beside = {path: path.with_name(_BESIDE.format(path.name)) for path in after}
        try:
            for path, content in after.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                _write(beside[path], content)
            names = [path.relative_to(rooms.graph).as_posix() for path in after]
            _write(journal.with_name(f"{JOURNAL}.new"), json.dumps(names).encode())
        except OSError as error:
            for path in beside.values():
                if path.parent.is_dir():
                    path.unlink(missing_ok=True)
            raise UsageError(
                say(
                    "Cannot be written: {reason}; nothing was written.", reason=str(error.strerror)
                ),
                where=str(error.filename or rooms.graph),
            ) from error
        journal.with_name(f"{JOURNAL}.new").rename(journal)
        _flush(rooms.graph)
        finish(rooms)


def finish(rooms: Rooms) -> bool:
    """Carry a save that was interrupted to its end, and sweep one that had not begun.

    True if there was one to carry on.
    """
    journal = rooms.graph / JOURNAL
    if not journal.is_file():
        journal.with_name(f"{JOURNAL}.new").unlink(missing_ok=True)
        for path in rooms.graph.rglob(_BESIDE.format("*")):
            path.unlink()
        return False
    for name in json.loads(journal.read_bytes()):
        path = rooms.graph / name
        beside = path.with_name(_BESIDE.format(path.name))
        if beside.is_file():
            beside.replace(path)
            _flush(path.parent)
    journal.unlink()
    _flush(rooms.graph)
    return True


@contextmanager
def _locked(rooms: Rooms) -> Iterator[None]:
    """One save at a time, of all processes that save into these rooms."""
    folder = os.open(rooms.graph, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
