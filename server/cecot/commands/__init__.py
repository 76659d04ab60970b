"""The commands of ``cecot``, a module for each subject, and what all of them share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from cecot.errors import CecotError, UsageError
from cecot.files import take_place, write_beside
from cecot.messages import escaped
from cecot.rooms import VARIABLE, Rooms, find_rooms, refuse_unread
from cecot.settings import table

Command = TypeVar("Command", bound=Callable[..., Any])


class GivenPath(click.ParamType[Any]):
    """A path, or a pattern of paths, that is not empty: ``Path("")`` is the current folder.

    An empty one comes from a variable that is not set.
    """

    name = "path"

    def __init__(self, kind: click.ParamType[Any] = click.STRING) -> None:
        self._kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Raise BadParameter if nothing is named."""
        if isinstance(value, str) and not value.strip():
            self.fail("It is empty. Is a variable not set?", param, ctx)
        return self._kind.convert(value, param, ctx)


FILE = GivenPath(click.Path(readable=False, exists=True, dir_okay=False, path_type=Path))
"""A file that is there; whether it can be read is told when it is."""

PATHS = GivenPath(click.Path(readable=False, exists=True, path_type=Path))
"""A file or a folder that is there."""


def is_readable(path: Path) -> bool:
    """Whether ``path`` ends when it is read: no pipe, socket or device, nor a folder.

    A link that leads nowhere is told when it is read.
    """
    return path.is_file() or not path.exists()


def files_in(folder: Path) -> list[Path]:
    """What stands in ``folder``, sorted: nothing hidden, no pipe, socket or device.

    Raises UsageError for a folder that cannot be read.
    """
    found: list[Path] = []
    for place, folders, files in os.walk(folder, onerror=refuse_unread):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += (Path(place, name) for name in files if not name.startswith("."))
    return sorted(filter(is_readable, found))


rooms_folder_option = partial(
    click.option,
    "--rooms",
    metavar="DIR",
    type=GivenPath(click.Path(readable=False, path_type=Path)),
    help="The folder that holds ontology/, graph/ and shapes/.  "
    f"[default: ${VARIABLE}, else those of the checkout one is in, else of the package]",
)
"""Adds ``--rooms DIR`` and passes the folder as ``rooms``."""

texts_option = click.option(
    "--source-text",
    "texts",
    metavar="FILE",
    multiple=True,
    type=FILE,
    help="The text of a source, known by its SHA-256: it proves quotations. Repeatable.  "
    "[default: texts/KEY.txt beside the rooms]",
)


def language_option(command: Command) -> Command:
    """Add ``--language``: one of those of the program."""
    from cecot.locale.catalogue import locales  # noqa: PLC0415 (other commands read no languages)

    return click.option(
        "--language",
        type=click.Choice(list(locales())),
        default="en",
        show_default=True,
        help="Whose names, sentences and comments to take.",
    )(command)


def rooms_option(command: Command) -> Command:
    """Add ``--rooms DIR`` and pass the Rooms that it means as ``rooms``; raises UsageError."""
    return rooms_folder_option(callback=_find)(command)


def are_meant(rooms: Rooms) -> bool:
    """Whether an option or the environment names ``rooms``, or one stands in them."""
    source = click.get_current_context().get_parameter_source("rooms")
    named = source is click.core.ParameterSource.COMMANDLINE or bool(os.environ.get(VARIABLE))
    return named or Path.cwd().is_relative_to(rooms.root)


def require_meant(rooms: Rooms, instead: str = "") -> None:
    """Raise UsageError where rooms would be written that nobody meant: those of the package.

    ``instead`` is what else one may give.
    """
    if not are_meant(rooms):
        raise UsageError(
            f"There are no rooms here, and those in {rooms.root} are not changed unasked.",
            hint=f"{instead}Go into a folder with rooms, or name it with --rooms DIR.",
        )


def settings_options(
    begins: str | tuple[str, ...] = "", but: tuple[str, ...] = ()
) -> Callable[[Command], Command]:
    """Offer settings as options: those whose names begin so, without those named in ``but``."""

    def offer(command: Command) -> Command:
        for row in reversed(table()):
            if not row.name.startswith(begins) or row.name in but:
                continue
            default = f"  [default: {row.default or 'none'}]"
            shape: dict[str, Any] = (
                {"is_flag": True, "default": None} if row.is_switch else {"metavar": row.metavar}
            )
            # What is on is turned off by --no-x.
            is_on = row.is_switch and row.default == "yes"
            names = f"{row.flag}/--no-{row.flag[2:]}" if is_on else row.flag
            command = click.option(names, row.name, help=row.help + default, **shape)(command)
        return command

    return offer


def shown(path: Path | str) -> str:
    """``path`` as one types it here: relative where it stands in the current folder."""
    path, here = Path(path).absolute(), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def write_out(content: bytes) -> None:
    """Write all of ``content`` to standard output; raises BrokenPipeError if its reader is gone."""
    rest = memoryview(content)
    while rest:
        # Where PYTHONUNBUFFERED is set, one call may take a part only.
        rest = rest[sys.stdout.buffer.write(rest) :]


def encoded(content: str) -> bytes:
    """``content`` in UTF-8; what a file name holds that is not is escaped."""
    return content.encode(errors="backslashreplace")


def write_file(path: Path, content: str | bytes, *, new: bool = False) -> None:
    """Write ``content``, text in UTF-8; raises UsageError if that cannot be.

    A ``new`` file gets the folders that it needs, and must not be there yet. A file is written
    whole or stays as it was, also where the disk is full; a pipe or a device has nothing to lose.
    """
    data = encoded(content) if isinstance(content, str) else content
    try:
        if new:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(exist_ok=False)
        # What a process has open, as /dev/stdout, may be a file that others write on.
        if not is_readable(path) or path.absolute().is_relative_to("/dev"):
            path.write_bytes(data)
            return
        try:
            write_beside(path, data)
            take_place(path)
        except OSError:
            if new:
                path.unlink()
            raise
    except OSError as error:
        raise UsageError(f"Cannot be written: {error.strerror}.", where=str(path)) from error


def show_error(error: CecotError, color: bool | None = None) -> None:
    """Write ``error`` to standard error: where, what, and what to do about it, in each file."""
    for each in error.each:
        where = Path(each.where)
        file = shown(where) if each.where and where.is_absolute() else each.where
        place = each.located(file)
        message = escaped(f"{place}: {each.message}" if place else str(each.message))
        click.echo(f"{click.style('error:', fg='red', bold=True)} {message}", err=True, color=color)
        if each.hint:
            click.echo(
                f"{click.style('hint:', fg='cyan')} {escaped(str(each.hint))}",
                err=True,
                color=color,
            )


def _find(_: click.Context, __: click.Parameter, value: Path | None) -> Rooms:
    return find_rooms(value)
