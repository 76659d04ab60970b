"""``cecot validate``: Turtle against its rules, with file, line and cure of each mistake."""

from __future__ import annotations

import glob
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import click

from cecot.commands import (
    PATHS,
    Command,
    GivenPath,
    are_meant,
    encoded,
    files_in,
    is_readable,
    rooms_folder_option,
    show_error,
    texts_option,
    write_file,
    write_out,
)
from cecot.errors import CecotError, UsageError
from cecot.rdf.reading import ENDINGS, IN_FOLDERS, ending, format_of
from cecot.rooms import (
    Rooms,
    changes,
    files_of_rooms,
    find_rooms,
    text_files,
)
from cecot.validation import Report, Severity, validate
from cecot.validation.baseline import without_known, written_baseline
from cecot.validation.data import Files, read_files, read_rooms
from cecot.validation.formats import FORMATS, tell_notices
from cecot.validation.report import Showing
from cecot.validation.running import CHECKS, ENGINES, kebab, unreadable

PATIENCE = 1.0
COLOURS = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def _checks(
    _: click.Context, __: click.Parameter, values: tuple[str, ...]
) -> frozenset[str] | None:
    """The checks that options name, with commas between them, or ``none``."""
    if not values:
        return None
    known = {kebab(name): name for name in CHECKS}
    given = [name.strip() for each in values if each != "none" for name in each.split(",")]
    for name in given:
        if name not in known:
            raise click.BadParameter(f"{name!r} is none of {', '.join(sorted(known))}, none.")
    return frozenset(known[name] for name in given)


def _also(
    _: click.Context, __: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, Path], ...]:
    """Formats and files of ``FORMAT=FILE``."""
    found = []
    for value in values:
        form, _sign, path = value.partition("=")
        if form not in FORMATS or not path:
            raise click.BadParameter(f"{value!r} is not FORMAT=FILE, one of {', '.join(FORMATS)}.")
        found.append((form, Path(path)))
    return tuple(found)


def _glob(name: str, words: str) -> Callable[[Command], Command]:
    return click.option(name, metavar="GLOB", multiple=True, type=GivenPath(), help=words)


@click.command("validate")
@click.argument("paths", nargs=-1, type=PATHS)
@rooms_folder_option()
@_glob("--data", "RDF to check, wherever it lies.")
@_glob("--shapes", "The rules for --data, in SHACL.")
@_glob("--ontology", "What the data take for granted: classes and their subclasses.")
@click.option(
    "--format",
    "form",
    type=click.Choice(sorted(FORMATS)),
    default="text",
    show_default=True,
    help="How to write the report.",
)
@click.option(
    "--also",
    metavar="FORMAT=FILE",
    multiple=True,
    callback=_also,
    help="Write the same report into a file too. Repeatable.",
)
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@click.option(
    "--baseline",
    metavar="FILE",
    type=GivenPath(click.Path(readable=False, dir_okay=False, path_type=Path)),
    help="Leave out what this file holds: only new findings count.",
)
@click.option("--write-baseline", is_flag=True, help="Write all findings into the baseline.")
@click.option(
    "--checks",
    metavar="NAMES",
    multiple=True,
    callback=_checks,
    help="Checks beside SHACL: "
    + ", ".join(sorted(map(kebab, CHECKS)))
    + ", or none.  [default: those that the shapes describe]",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="queries",
    show_default=True,
    help="What runs the shapes: queries over the store, or pySHACL.",
)
@texts_option
@click.pass_context
def validate_command(
    ctx: click.Context,
    *,
    paths: tuple[Path, ...],
    rooms: Path | None,
    data: tuple[str, ...],
    shapes: tuple[str, ...],
    ontology: tuple[str, ...],
    form: str,
    also: tuple[tuple[str, Path], ...],
    strict: bool,
    baseline: Path | None,
    write_baseline: bool,
    checks: frozenset[str] | None,
    engine: str,
    texts: tuple[Path, ...],
    watch: bool,
) -> None:
    """Check the graph by its rules, or any RDF by any SHACL shapes.

    The rules are those in shapes/.

    With --data and --shapes no folders are imposed: each names a file, a folder with all the RDF in
    it, or a pattern in quotation marks such as 'data/**/*.ttl'. Repeatable. Turtle, TriG,
    N-Triples, N-Quads, JSON-LD and RDF/XML are read, by the ending of the name, and with .gz too.

    The whole is always checked, for many rules are about the whole. With PATHS, files or folders,
    only what is found in them is shown, and counts.

    Exit code 0: conforms. 1: a rule is broken. 2: could not run, as with a file that is not Turtle.
    """
    showing = Showing(Path.cwd(), strict, _paint)

    def check() -> int:
        try:
            files = _files(data, shapes, ontology) if data or shapes or ontology else None
            own = None if files else find_rooms(rooms)
            if files and rooms:
                raise UsageError("--rooms and --data exclude each other.", hint="Give one of them.")
            chosen = [_inside(path, own) if own else path.absolute() for path in paths]
            with _progress() as progress:
                progress("reading the files")
                given = text_files(own, texts) if own else texts
                read = read_files(files) if files else read_rooms(own or find_rooms(rooms))
                report = validate(
                    read, texts=given, engine=engine, checks=checks, progress=progress
                )
            if baseline and write_baseline:
                write_file(baseline, written_baseline(report, baseline))
            elif write_baseline:
                raise UsageError("There is no baseline to write.", hint="Give --baseline FILE.")
            if baseline:
                report = without_known(report, baseline)
        except CecotError as error:
            if form != "text" or also:
                _write(unreadable(error), showing, "" if form == "text" else form, also, ctx.color)
            raise
        if chosen:
            report = report.within(chosen)
        _write(report, showing, form, also, ctx.color)
        if form == "text" and not given and _has_quotations(report):
            click.echo(
                "Quotations were not compared with the text. To do it, put it into texts/KEY.txt"
                " beside the rooms, or give the file: --source-text FILE",
                err=True,
            )
        if form in {"text", "turtle"}:  # the other formats hold them
            for words in tell_notices(report, showing):
                click.echo(words, err=True)
        if own and not are_meant(own):
            click.echo(
                f"There are no rooms here: those in {own.root} were checked. To check your own"
                " files: cecot validate --data 'data/**/*.ttl' --shapes shapes.ttl",
                err=True,
            )
        return 0 if report.conforms(strict=strict) else 1

    if watch:
        _keep_checking(check, lambda: _watched((*data, *shapes, *ontology), rooms))
    else:
        ctx.exit(check())


def _keep_checking(check: Callable[[], int], files: Callable[[], Iterable[Path]]) -> None:
    """Check at once and whenever one of ``files`` changes, until Ctrl-C."""
    for number, _ in enumerate(changes(files)):
        if number:
            click.echo(f"\n{datetime.now():%H:%M:%S}", err=True)
        try:
            check()
        except CecotError as error:
            show_error(error)
        sys.stdout.flush()
        click.echo("Watching the files; Ctrl-C ends it.", err=True)


def _watched(patterns: tuple[str, ...], rooms: Path | None) -> list[Path]:
    """The files that are checked, as far as they are there now."""
    with suppress(CecotError):
        return list(_found(patterns)) if patterns else files_of_rooms(find_rooms(rooms))
    return []


def _write(
    report: Report,
    showing: Showing,
    form: str,
    also: tuple[tuple[str, Path], ...],
    color: bool | None,
) -> None:
    for other, path in also:
        write_file(path, FORMATS[other](report, Showing(showing.folder, showing.strict)))
    if not form:
        return
    content = FORMATS[form](report, showing)
    if form == "text" and not (color or (color is None and sys.stdout.isatty())):
        content = click.unstyle(content)
    write_out(encoded(content))


def _has_quotations(report: Report) -> bool:
    """Whether there are claims, and a rule by which a text proves their quotations."""
    return bool(report.claims) and any(each.iri.endswith("#SourceText") for each in report.rules)


def _files(data: tuple[str, ...], shapes: tuple[str, ...], ontology: tuple[str, ...]) -> Files:
    """The files that the options name; raises UsageError."""
    if not data or not shapes:
        missing = "--shapes" if data else "--data"
        raise UsageError(
            f"{missing} is missing.",
            hint="Give both: cecot validate --data 'data/**/*.ttl' --shapes shapes.ttl; in the"
            " configuration of pre-commit as args: [--data, data, --shapes, shapes.ttl]; to the"
            " action on GitHub as its inputs data: and shapes:.",
        )
    # However a file is called, it is read once: its blank nodes would be others each time.
    once: dict[str, Path] = {}
    return Files(*(_each_once(_found(each), once) for each in (ontology, data, shapes)))


def _each_once(files: Iterable[Path], once: dict[str, Path]) -> tuple[Path, ...]:
    """``files`` by the names that they have in ``once``, which holds them by where they lie."""
    return tuple(dict.fromkeys(once.setdefault(os.path.realpath(file), file) for file in files))


def _found(patterns: tuple[str, ...]) -> tuple[Path, ...]:
    found: dict[Path, None] = {}
    for pattern in patterns:
        path = Path(pattern)
        is_one = path.exists() or path.is_symlink()
        given = [path] if is_one else map(Path, sorted(glob.glob(pattern, recursive=True)))
        files = [file for each in given for file in (_rdf_in(each) if each.is_dir() else [each])]
        if not files:
            raise UsageError(
                f"There is no {'RDF in' if path.is_dir() else 'file'} {pattern}.",
                hint="Give a file, a folder with RDF in it, or a pattern in quotation marks.",
            )
        found |= dict.fromkeys(files)
    for file in found:
        if not is_readable(file):
            raise UsageError(
                f"{file} is not a regular file.",
                hint="Write what it gives into one, and name that.",
            )
        if format_of(file) is None:
            raise UsageError(
                f"{file} is not RDF, by its name.",
                hint=f"Its name ends in one of {', '.join(ENDINGS)}, or one of these and .gz.",
            )
    return tuple(found)


def _rdf_in(folder: Path) -> list[Path]:
    return [path for path in files_in(folder) if ending(path) in IN_FOLDERS]


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
    """Tell on a terminal what begins, once the whole has taken a second."""
    error = sys.stderr
    if not error.isatty():
        yield lambda _: None
        return
    start, is_told = time.perf_counter(), False

    def tell(step: str) -> None:
        nonlocal is_told
        if time.perf_counter() - start > PATIENCE:
            is_told = True
            error.write(f"\r\033[K{step} ...")
            error.flush()

    try:
        yield tell
    finally:
        if is_told:
            error.write("\r\033[K")
            error.flush()
