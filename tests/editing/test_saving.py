"""Several files as one: whoever dies at any moment leaves the old ones or the new ones."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cecot.editing.workspace import finish, save
from cecot.errors import Changed, UsageError
from cecot.rooms import Rooms, find_rooms

# Ends the process at the n-th call of the operating system that changes anything.
KILLED = """
import os, sys
from pathlib import Path
from cecot.editing.workspace import save
from cecot.rooms import find_rooms
folder, limit = Path(sys.argv[1]), int(sys.argv[2])
count = 0
def counted(function):
    def call(*args, **named):
        global count
        count += 1
        if count == limit:
            os.kill(os.getpid(), 9)
        return function(*args, **named)
    return call
for name in ("open", "rename", "replace", "unlink", "mkdir"):
    setattr(Path, name, counted(getattr(Path, name)))
os.fsync = counted(os.fsync)
rooms = find_rooms(folder)
paths = [rooms.graph / "a.ttl", rooms.graph / "sources" / "b.ttl", rooms.graph / "new" / "c.ttl"]
save(rooms, {paths[0]: b"old a", paths[1]: b"old b"}, {path: b"new" for path in paths})
print("done", count)
"""


@pytest.fixture
def rooms_to_save(scratch: Path) -> Rooms:
    rooms = find_rooms(scratch)
    (rooms.graph / "sources").mkdir()
    (rooms.graph / "a.ttl").write_bytes(b"old a")
    (rooms.graph / "sources" / "b.ttl").write_bytes(b"old b")
    return rooms


def state(rooms: Rooms) -> tuple[bytes | None, ...]:
    paths = (rooms.graph / "a.ttl", rooms.graph / "sources/b.ttl", rooms.graph / "new/c.ttl")
    return tuple(path.read_bytes() if path.is_file() else None for path in paths)


OLD, NEW = (b"old a", b"old b", None), (b"new", b"new", b"new")


def reset(rooms: Rooms) -> None:
    (rooms.graph / "a.ttl").write_bytes(b"old a")
    (rooms.graph / "sources" / "b.ttl").write_bytes(b"old b")
    (rooms.graph / "new" / "c.ttl").unlink(missing_ok=True)


def test_killed_at_any_moment_the_files_are_the_old_or_the_new(rooms_to_save: Rooms) -> None:
    seen = set()
    for limit in range(1, 100):
        reset(rooms_to_save)
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(rooms_to_save.root), str(limit)],
            capture_output=True,
            text=True,
            check=False,
        )
        finish(rooms_to_save)
        after = state(rooms_to_save)
        assert after in (OLD, NEW), (limit, after)
        seen.add(after)
        left = [path.name for path in rooms_to_save.graph.rglob(".*") if path.is_file()]
        assert not left, (limit, left)
        if done.returncode == 0:
            break
    assert done.stdout.startswith("done"), done.stderr
    assert seen == {OLD, NEW}


def test_a_file_that_has_changed_is_not_written_over(rooms_to_save: Rooms) -> None:
    paths = [rooms_to_save.graph / "a.ttl", rooms_to_save.graph / "sources" / "b.ttl"]
    read = {path: path.read_bytes() for path in paths}
    paths[1].write_bytes(b"by somebody else")
    with pytest.raises(Changed, match=r"sources/b\.ttl has changed"):
        save(rooms_to_save, read, dict.fromkeys(paths, b"new"))
    assert [path.read_bytes() for path in paths] == [b"old a", b"by somebody else"]


def test_a_file_that_somebody_has_made_is_not_written_over(rooms_to_save: Rooms) -> None:
    path = rooms_to_save.graph / "c.ttl"
    path.write_bytes(b"made")
    with pytest.raises(Changed):
        save(rooms_to_save, {}, {path: b"new"})
    assert path.read_bytes() == b"made"


def test_what_is_written_elsewhere_at_this_moment_is_not_swept(
    rooms_to_save: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = rooms_to_save.graph / ".a.ttl.saving"
    beside.write_bytes(b"half of it")
    taken = os.open(rooms_to_save.graph, os.O_RDONLY)
    fcntl.flock(taken, fcntl.LOCK_EX)
    # Where one would wait for the other save, the system tells so.
    wait = fcntl.flock
    monkeypatch.setattr(fcntl, "flock", lambda folder, how: wait(folder, how | fcntl.LOCK_NB))
    with pytest.raises(BlockingIOError):
        finish(rooms_to_save)
    assert beside.read_bytes() == b"half of it"
    os.close(taken)
    assert finish(rooms_to_save) is False
    assert not beside.exists()


def test_a_link_stays_a_link_and_what_stands_beside_its_file_is_swept(
    rooms_to_save: Rooms, tmp_path: Path
) -> None:
    outside, link = tmp_path / "outside.ttl", rooms_to_save.graph / "link.ttl"
    outside.write_bytes(b"old")
    outside.chmod(0o640)
    link.symlink_to(outside)
    save(rooms_to_save, {link: b"old"}, {link: b"new"})
    assert link.is_symlink()
    assert outside.read_bytes() == b"new"
    assert outside.stat().st_mode & 0o777 == 0o640
    (tmp_path / ".outside.ttl.saving").write_bytes(b"half of it")
    finish(rooms_to_save)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outside.ttl", "rooms"]


def test_where_a_folder_is_a_file_nothing_is_written(rooms_to_save: Rooms) -> None:
    (rooms_to_save.graph / "new").write_bytes(b"in the way")
    paths = [rooms_to_save.graph / "a.ttl", rooms_to_save.graph / "new" / "c.ttl"]
    with pytest.raises(UsageError, match="nothing was written"):
        save(rooms_to_save, {paths[0]: b"old a"}, dict.fromkeys(paths, b"new"))
    assert paths[0].read_bytes() == b"old a"
    assert not list(rooms_to_save.graph.rglob(".*"))
