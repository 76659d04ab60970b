"""What a command writes is whole or stays as it was: a full disk, links, modes, pipes."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cecot.cli import run
from cecot.commands import write_file
from cecot.errors import UsageError
from workbenches import practice_rooms

LOOSE = "<urn:a> <urn:p> 1 , 2 .\n" * 100
CANONICAL = "<urn:a>\n    <urn:p> 1 ;\n    <urn:p> 2 ;\n.\n"


def on_a_full_disk(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``cecot`` where no file may have more than a kilobyte."""
    command = shlex.join([sys.executable, "-m", "cecot", *arguments])
    return subprocess.run(
        ["bash", "-c", f"ulimit -f 1; exec {command}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def held(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    "arguments",
    [
        ("format", "graph/sources/article/07.ttl"),
        ("export", "--format", "turtle", "--output", "old.ttl"),
        ("export", "--format", "turtle", "--output", "new.ttl"),
        ("validate", "--baseline", "old.toml", "--write-baseline"),
        ("rename", "concert", "the-concert"),
    ],
)
def test_a_full_disk_leaves_every_file_as_it_was(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    rooms = practice_rooms(tmp_path / "rooms")
    path = rooms.graph / "sources/article/07.ttl"
    wrong = "".join(f"id:article-07-{n} a cecot:Claim .\n" for n in range(40))
    path.write_text(path.read_text().replace(" ;\n    ", " ; ") + wrong)
    for name in ("old.ttl", "old.toml"):
        (rooms.root / name).write_text("# old\n" * 500)
    before = held(rooms.root)
    done = on_a_full_disk(rooms.root, *arguments, "--rooms", ".")
    assert done.returncode != 0
    assert "Cannot be written: File too large" in done.stderr
    assert held(rooms.root) == before


def test_a_new_file_that_does_not_fit_is_not_there(tmp_path: Path) -> None:
    code = "from pathlib import Path; from cecot.commands import write_file as w\n"
    code += "w(Path('new/a'), 'x' * 5000, new=True)"
    command = shlex.join([sys.executable, "-c", code])
    done = subprocess.run(["bash", "-c", f"ulimit -f 1; {command}"], cwd=tmp_path, check=False)
    assert done.returncode != 0
    assert not held(tmp_path)


def test_a_link_stays_a_link_and_a_mode_a_mode(tmp_path: Path) -> None:
    outside = tmp_path / "outside.ttl"
    outside.write_text(LOOSE)
    outside.chmod(0o640)
    link = tmp_path / "link.ttl"
    link.symlink_to("outside.ttl")
    write_file(link, "new")
    assert link.is_symlink()
    assert outside.read_text() == "new"
    assert outside.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(tmp_path)) == ["link.ttl", "outside.ttl"]


def test_a_file_that_was_not_there_has_the_mode_of_any_other(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("")
    for name, is_new in (("a", False), ("b/c", True)):
        write_file(tmp_path / name, "x", new=is_new)
        assert (tmp_path / name).stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_new_file_takes_the_place_of_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(UsageError, match="File exists"):
        write_file(tmp_path / "a", "new", new=True)
    assert (tmp_path / "a").read_text() == "old"


def test_links_that_go_round_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(UsageError, match="Too many levels of symbolic links"):
        write_file(tmp_path / "a", "new")


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_file(pipe, "words")
    reader.join()
    assert read == ["words"]
    assert pipe.is_fifo()


def test_what_a_process_has_open_is_written_on_and_not_replaced(tmp_path: Path) -> None:
    code = "from pathlib import Path; from cecot.commands import write_file as w\n"
    code += "w(Path('/dev/stdout'), 'one '); print('two', flush=True)"
    with (tmp_path / "out").open("ab") as out:
        subprocess.run([sys.executable, "-c", code], stdout=out, check=True)
    assert (tmp_path / "out").read_text() == "one two\n"


@pytest.mark.parametrize("change", ["format", "rename"])
def test_a_file_of_the_graph_that_is_a_link_stays_one(
    tmp_path: Path, change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rooms = practice_rooms(tmp_path / "rooms")
    path, outside = rooms.graph / "events.ttl", tmp_path / "elsewhere.ttl"
    path.rename(outside)
    outside.write_text(outside.read_text().replace(" ;\n    ", " ; "))
    outside.chmod(0o640)
    path.symlink_to(outside)
    before = outside.read_bytes()
    arguments: dict[str, list[str]] = {"format": [], "rename": ["concert", "the-concert"]}
    assert run([change, *arguments[change], "--rooms", str(rooms.root)]) == 0, capsys.readouterr()
    assert path.is_symlink()
    assert outside.read_bytes() != before
    assert outside.stat().st_mode & 0o777 == 0o640
    assert not list(tmp_path.glob(".*"))
