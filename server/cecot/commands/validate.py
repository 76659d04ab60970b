"""``cecot validate``: the rooms against their rules, with file, line and cure of each mistake."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from cecot.commands import rooms_option
from cecot.errors import UsageError
from cecot.rooms import Rooms
from cecot.validation import Report, Severity, validate
from cecot.validation.data import read_rooms
from cecot.validation.formats import FORMATS, Showing

PATIENCE = 1.0
COLOURS = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


@click.command("validate")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(sorted(FORMATS)),
    default="text",
    show_default=True,
    help="How to write the report.",
)
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option(
    "--source-text",
    "texts",
    metavar="FILE",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The text of a source, known by its SHA-256: prove the quotations in it. Repeatable.",
)
@rooms_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    paths: tuple[Path, ...],
    form: str,
    strict: bool,
    texts: tuple[Path, ...],
    rooms: Rooms,
) -> None:
    """Check the three rooms by the rules in shapes/.

    The whole is always checked, for many rules are about the whole. With PATHS, files or folders in
    the rooms, only what is found in them is shown, and counts.

    Exit code 0: conforms. 1: a rule is broken. 2: could not run, as with a file that is not Turtle.
    """
    chosen = [_inside(path, rooms) for path in paths]
    with _progress() as progress:
        progress("reading the rooms")
        report = validate(read_rooms(rooms), texts=texts, progress=progress)
    if chosen:
        report = report.within(chosen)
    showing = Showing(Path.cwd(), strict, _paint)
    click.echo(FORMATS[form](report, showing), nl=False, color=ctx.color)
    if form == "text" and not texts and _has_quotations(report):
        click.echo(
            "Quotations were not compared with the text. To do it, give the file of the text:"
            " --source-text FILE",
            err=True,
        )
    ctx.exit(0 if report.conforms(strict=strict) else 1)


def _has_quotations(report: Report) -> bool:
    """Whether there are claims, and a rule by which a text proves their quotations."""
    return bool(report.claims) and any(each.iri.endswith("#SourceText") for each in report.rules)


def _inside(path: Path, rooms: Rooms) -> Path:
    """``path`` without ``..``; raises UsageError if it is in none of the rooms."""
    whole = Path(os.path.abspath(path))
    root = Path(os.path.abspath(rooms.root))
    folders = [root / folder.name for folder in (rooms.ontology, rooms.graph, rooms.shapes)]
    if whole == root or any(whole.is_relative_to(folder) for folder in folders):
        return whole
    raise UsageError(
        f"{path} is in none of the rooms.",
        hint=f"The rooms are ontology/, graph/ and shapes/ in {root}; --rooms DIR means others.",
    )


def _paint(text: str, severity: Severity) -> str:
    return click.style(text, fg=COLOURS[severity], bold=True)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Tell on a terminal what is being done, once it has taken a second."""
    error = sys.stderr
    if not error.isatty():
        yield lambda _: None
        return
    doing = ""
    lock = threading.Lock()
    late = threading.Event()

    def show() -> None:
        error.write(f"\r\033[K{doing} ...")
        error.flush()

    def be_late() -> None:
        with lock:
            late.set()
            show()

    def tell(step: str) -> None:
        nonlocal doing
        with lock:
            doing = step
            if late.is_set():
                show()

    timer = threading.Timer(PATIENCE, be_late)
    timer.daemon = True
    timer.start()
    try:
        yield tell
    finally:
        timer.cancel()
        with lock:
            if late.is_set():
                error.write("\r\033[K")
                error.flush()
