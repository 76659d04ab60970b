"""``cecot diff``: a change of the rooms told as claims."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from cecot.commands import rooms_option
from cecot.dataset.content import read_material
from cecot.editing.change_formats import CHANGE_FORMATS
from cecot.editing.comparison import compare
from cecot.errors import UsageError
from cecot.rooms import ROOMS, Rooms, find_rooms


@click.command("diff")
@click.argument("before", metavar="[REV | DIR]", default="HEAD")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(CHANGE_FORMATS)),
    default="text",
    show_default=True,
    help="How to write it; markdown is for a pull request.",
)
@click.option(
    "--language",
    type=click.Choice(["en", "es"]),
    default="en",
    show_default=True,
    help="Whose names and sentences to take.",
)
@rooms_option
def command(*, before: str, form: str, language: str, rooms: Rooms) -> None:
    """Tell a change as claims: added, withdrawn, another status or speaker.

    BEFORE is a folder with rooms in it, or a revision that git knows; without it, the last commit.

    Claims that were added or withdrawn, that have another status or another speaker; facts and
    silences gained and lost. The order of lines and files is no change.
    """
    with _rooms_before(before, rooms) as old:
        change = compare(read_material(old), read_material(rooms), language)
    click.echo(CHANGE_FORMATS[form](change), nl=False)


@contextmanager
def _rooms_before(name: str, rooms: Rooms) -> Iterator[Rooms]:
    """The rooms that ``name`` means: those of a folder, or those of a revision, laid out apart."""
    if Path(name).is_dir():
        yield find_rooms(Path(name))
        return
    with TemporaryDirectory(prefix="cecot-diff-") as folder:
        with tarfile.open(fileobj=io.BytesIO(_archive(name, rooms))) as archive:
            archive.extractall(folder, filter="data")
        for room in ROOMS:
            Path(folder, room).mkdir(exist_ok=True)
        yield Rooms(Path(folder))


def _archive(revision: str, rooms: Rooms) -> bytes:
    """The rooms as they stand in ``revision``, as a tar file; raises UsageError."""
    hint = "Give a revision (main, HEAD~1, a tag), or a folder with rooms in it."
    if revision.startswith("-"):
        raise UsageError(f"{revision!r} is no revision.", hint=hint)
    paths = [path for room in ROOMS if (path := f"{room}/") in _tree(revision, rooms, hint)]
    return _git(rooms, hint, "archive", "--format=tar", revision, "--", *paths)


def _tree(revision: str, rooms: Rooms, hint: str) -> set[str]:
    """The folders that stand in ``revision`` where the rooms stand now."""
    names = _git(rooms, hint, "ls-tree", "-d", "--name-only", "-z", revision)
    found = {f"{name}/" for name in names.decode().split("\0") if name in ROOMS}
    if not found:
        raise UsageError(f"There are no rooms in {revision}.", hint=hint, where=str(rooms.root))
    return found


def _git(rooms: Rooms, hint: str, *arguments: str) -> bytes:
    git = shutil.which("git")
    if git is None:
        raise UsageError("A revision is read by git, which is not installed.", hint=hint)
    try:
        done = subprocess.run([git, *arguments], cwd=rooms.root, capture_output=True, check=False)
    except OSError as error:
        raise UsageError(f"git cannot be run: {error.strerror}.", hint=hint) from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise UsageError(
            f"git says: {said[0].removeprefix('fatal: ')}.", hint=hint, where=str(rooms.root)
        )
    return done.stdout
