"""``cecot format``: Turtle files in the one form that they have in git (canonical Turtle)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path

import click

from cecot.commands import (
    PATHS,
    are_meant,
    files_in,
    is_readable,
    require_meant,
    rooms_option,
    show_error,
    shown,
    write_file,
)
from cecot.errors import TurtleError, UsageError
from cecot.messages import escaped
from cecot.rdf.reading import parse_text, read_bytes
from cecot.rdf.terms import Prefixes, read_prefixes
from cecot.rdf.writing import format_turtle
from cecot.rooms import Rooms


@click.command("format")
@click.argument("paths", nargs=-1, type=PATHS)
@click.option("--check", is_flag=True, help="Write nothing: list the files that would change.")
@rooms_option
@click.pass_context
def format_command(ctx: click.Context, paths: tuple[Path, ...], check: bool, rooms: Rooms) -> None:
    """Write Turtle files in their canonical form, or check that they are.

    PATHS are files or folders; without any, all files of the three rooms are meant, and written
    only if one stands in them or names them. Prefixes come from ontology/prefixes.ttl; those that a
    file uses and does not declare are added. A file outside the rooms keeps its own. The comment
    block at the top of a file is kept; another comment is an error, for it would be lost.

    Exit code 0: all is canonical. 1: with --check, something is not. 2: a file is not Turtle.
    """
    if not paths and not check:
        require_meant(rooms, "Name the files: cecot format data shapes.ttl. ")
    prefixes = read_prefixes(rooms)
    given = turtle_files(paths) if paths else rooms.rdf_files()
    files = [path for path in given if path.suffix == ".ttl"]
    changed = broken = 0
    for path in files:
        try:
            content = read_bytes(path)
            is_own = path.resolve().is_relative_to(rooms.root.resolve())
            table = prefixes if is_own else Prefixes(parse_text(content, where=str(path)).prefixes)
            canonical = format_turtle(content, table, where=str(path))
        except TurtleError as error:
            show_error(error, ctx.color)
            broken += 1
            continue
        if content == canonical.encode():
            continue
        changed += 1
        if check:
            click.echo(escaped(difference(shown(path), content.decode(), canonical)))
        else:
            write_file(path, canonical)
            click.echo(escaped(f"{shown(path)}: rewritten"))
    click.echo(summary(len(files), changed, broken, check), err=True)
    if not paths and not are_meant(rooms):
        click.echo(
            f"There are no rooms here: those in {rooms.root} were looked at. To look at your own"
            " files: cecot format --check data shapes.ttl",
            err=True,
        )
    ctx.exit(2 if broken else 1 if check and changed else 0)


def turtle_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The Turtle files in ``paths``, and what is in its folders; raises UsageError for others."""
    for path in paths:
        if path.is_dir():
            yield from files_in(path)
        elif path.suffix != ".ttl":
            raise UsageError(f"{shown(path)} is not a Turtle file.", hint="Its name ends in .ttl.")
        elif is_readable(path):
            yield path
        else:
            raise UsageError(
                f"{shown(path)} is not a regular file.", hint="Only these are written."
            )


def difference(name: str, text: str, canonical: str) -> str:
    """The first line in which a file differs from its canonical form, as three lines to read."""
    pairs = zip_longest(text.split("\n"), canonical.split("\n"))
    line, (is_now, should_be) = next(
        (number, pair) for number, pair in enumerate(pairs, 1) if pair[0] != pair[1]
    )
    return f"{name}:{line}: not in canonical form\n    - {_line(is_now)}\n    + {_line(should_be)}"


def summary(files: int, changed: int, broken: int, check: bool) -> str:
    """One sentence on the whole run."""
    of = f"of {files} file{'s' if files != 1 else ''}"
    parts = []
    if broken:
        parts.append(f"{broken} {of} left alone")
    if changed and check:
        parts.append(f"{changed} {of} would change (cecot format rewrites them)")
    elif changed:
        parts.append(f"{changed} {of} rewritten")
    if parts:
        return "; ".join(parts) + "."
    return f"All {files} files are in canonical form." if files != 1 else "It is in canonical form."


def _line(line: str | None) -> str:
    return "(end of the file)" if line is None else line if line.isprintable() else repr(line)
