"""The practice text in rooms to write in, and the workbench over them, on a free port."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cecot.cli import run
from cecot.dataset.content import read_material
from cecot.editing.index import Index
from cecot.editing.passages import Passages
from cecot.editing.workspace import Workspace
from cecot.rooms import Rooms, find_rooms, read_texts, text_files
from running import stop

PRACTICE = Path(__file__).parent / "practice"


def practice_rooms(folder: Path, without: Iterable[str] = ()) -> Rooms:
    """A copy of the practice rooms with its texts, without the claims that are named."""
    shutil.copytree(PRACTICE, folder)
    rooms = find_rooms(folder)
    for name in without:
        workspace = Workspace(rooms)
        candidate = workspace.without_claim(workspace.material.namespace + name)
        for path, content in candidate.after.items():
            path.write_bytes(content)
    return rooms


def empty_rooms(folder: Path) -> Rooms:
    """Rooms with the practice texts as ``cecot add-source`` takes them in, and without a claim."""
    folder.mkdir()
    for room in ("ontology", "shapes"):
        shutil.copytree(PRACTICE / room, folder / room)
    (folder / "graph").mkdir()
    for source in ("Article “The Alder Street Library”", "Leaflet “News from the Town Council”"):
        key = source.partition(" ")[0].lower()
        text = str(PRACTICE / "texts" / f"{key}.txt")
        told = ["--key", key, "--title", source, "--received", "2025-01-15"]
        assert run(["add-source", text, *told, "--rooms", str(folder)]) == 0
    return find_rooms(folder)


def practice_index() -> tuple[Index, Passages]:
    """What the practice texts say, as it was written by hand."""
    rooms = find_rooms(PRACTICE)
    index = Index(read_material(rooms))
    return index, Passages(index, read_texts(text_files(rooms, ())))


def graph_files(rooms: Rooms) -> dict[str, str]:
    """The files of the graph by their names in it."""
    return {
        path.relative_to(rooms.graph).as_posix(): path.read_text("utf-8")
        for path in rooms.graph_files()
    }


@contextmanager
def workbench(rooms: Rooms, *arguments: str) -> Iterator[str]:
    """Run ``cecot edit`` and yield the address that it tells, with its token."""
    command = [sys.executable, "-m", "cecot", "edit", "--rooms", str(rooms.root), *arguments]
    server = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert server.stdout is not None
    try:
        line = server.stdout.readline()
        assert line.startswith("Open http://127.0.0.1:"), line
        yield line.removeprefix("Open ").strip()
    finally:
        stop(server)
        server.stdout.close()
