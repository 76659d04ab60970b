"""``cecot add-source``, ``draft``, ``edit``, ``rename``, ``diff``: for whoever edits the graph."""

from __future__ import annotations

import io
import re
import secrets
import shutil
import socket
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from cecot.commands import (
    FILE,
    language_option,
    require_meant,
    rooms_option,
    shown,
    texts_option,
    write_file,
)
from cecot.dataset.content import read_material
from cecot.editing.adding import Record, passages, source_files
from cecot.editing.comparison import CHANGE_FORMATS, compare
from cecot.editing.drafts import Drafter, skeleton
from cecot.editing.index import Index
from cecot.editing.lexicon import read_lexicon
from cecot.editing.names import NameIndex
from cecot.editing.passages import Passages, one_a_line
from cecot.editing.workspace import Workspace, finish, save
from cecot.errors import UsageError
from cecot.messages import escaped, say
from cecot.rdf.reading import decoded, read_bytes
from cecot.rooms import ROOMS, Rooms, find_rooms, read_texts, text_files
from cecot.validation import Severity, validate
from cecot.workbench.app import create_workbench

_SHOWN = 5


@click.command("add-source")
@click.argument("file", type=FILE)
@click.option("--key", required=True, help="The short word that its names begin with, as tcc.")
@click.option("--title", default="", help="The title of the text.  [default: the file's name]")
@click.option("--language", default="en", show_default=True, help="Its language tag.")
@click.option("--url", default="", help="The page where the text is found.")
@click.option("--license", "licence", default="", help="The IRI of the terms for quotations.")
@click.option("--genre", default="", help="What kind of text it is, in its language.")
@click.option("--as-lines", is_flag=True, help="Each line is a passage: split no line.")
@click.option("--dry-run", is_flag=True, help="Write nothing: show what would be written.")
@click.option(
    "--received",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which the text was received.  [default: today]",
)
@rooms_option
def add_source_command(
    *,
    file: Path,
    key: str,
    title: str,
    language: str,
    url: str,
    licence: str,
    genre: str,
    received: datetime | None,
    as_lines: bool,
    dry_run: bool,
    rooms: Rooms,
) -> None:
    """Take in a new text: its record, and a file for each sentence.

    FILE is UTF-8 and stays as it is. Its copy in texts/KEY.txt, which git ignores, has a line end
    more after each sentence that does not end its line; every other character is kept. The graph
    holds offsets and digests of that copy, not the text.

    Then write the claims of each passage (cecot edit, or cecot draft KEY); cecot validate lists the
    passages that have none.
    """
    if not dry_run:
        require_meant(rooms)
    record = Record(
        key=key,
        title=title or file.stem,
        received=(received or datetime.now(UTC).astimezone()).date(),
        language=language,
        url=url,
        licence=licence,
        genre=genre,
    )
    text = decoded(read_bytes(file), str(file))
    if not as_lines:
        text = one_a_line(text, read_lexicon(rooms, language))
    files = source_files(read_material(rooms), record, text.encode(), where=str(file))
    copy = rooms.texts / f"{key}.txt"
    if copy.exists() and copy.read_bytes() != text.encode():
        raise UsageError(
            say("Another text stands here already; nothing was written."),
            hint=say("Remove it, or take another --key."),
            where=str(copy),
        )
    for passage in passages(text):
        words = text[passage.start : passage.end].split()
        click.echo(f"{passage.line:4}  {escaped(_in_short(words))}")
    if not dry_run:
        for path, turtle in files.items():
            write_file(path, turtle, new=True)
        if not copy.exists():
            write_file(copy, text, new=True)
    record_file, *lines = (shown(path) for path in files)
    click.echo(f"{record_file}: the record of the source")
    click.echo(f"{lines[0]} to {lines[-1]}: {len(lines)} passages")
    click.echo(f"{shown(copy)}: the text, {len(text)} characters; git ignores it")
    if dry_run:
        click.echo("Nothing was written (--dry-run).")
    else:
        click.echo("Next: cecot edit, or cecot draft " + key)


def _in_short(words: list[str]) -> str:
    """The first and the last words of a sentence: enough to see where it was cut."""
    if len(words) <= 2 * _SHOWN:
        return " ".join(words)
    return f"{' '.join(words[:_SHOWN])} ... {' '.join(words[-_SHOWN:])}"


@click.command("draft")
@click.argument("key")
@click.argument("line", metavar="[NN]", required=False, type=click.IntRange(min=1))
@texts_option
@rooms_option
def draft_command(*, key: str, line: int | None, texts: tuple[Path, ...], rooms: Rooms) -> None:
    """Propose the claims of a passage, as Turtle to confirm.

    It is line NN of the source KEY; without NN, each passage that has no claim yet.

    Rules read who speaks, how sure, figures, dates and known names; what they guess is marked
    "# confirm". Where two readings are possible, the one that makes no fact is proposed; a report
    in words that no list has may still be taken for the text's own voice. Nothing is written;
    cecot format refuses what is still marked.
    """
    index = Index(read_material(rooms))
    passages = Passages(index, read_texts(text_files(rooms, texts)))
    source = passages.source(key)
    chosen = passages.of(source) if line is None else [passages.at(source, line)]
    if not any(each.words for each in chosen):
        raise UsageError(
            say("The text of {key} is not here.", key=key),
            hint=say(
                "Put it into texts/{key}.txt beside the rooms, or give --source-text.", key=key
            ),
        )
    names = NameIndex(index)
    for place in chosen:
        if line is None and passages.is_settled(place.iri):
            continue
        drafter = Drafter(index, names, read_lexicon(rooms, place.language))
        click.echo(escaped(f"# line {place.line}: {' '.join(place.words.split())}"))
        # In Turtle, where these stand in strings, an escape says the same.
        click.echo(escaped(skeleton(index, place, drafter.propose(place))))


@click.command("edit")
@texts_option
@click.option(
    "--port",
    default=0,
    show_default="a free one",
    type=click.IntRange(0, 65535),
    help="TCP port on this machine; nobody else reaches it.",
)
@rooms_option
def edit_command(*, texts: tuple[Path, ...], port: int, rooms: Rooms) -> None:
    """Open the workbench: from words of a passage to a claim that passes every rule.

    It answers on this machine alone, to whoever opens the address that it prints. It writes the
    files of the graph when you save, all of a change or nothing, and never commits.
    """
    require_meant(rooms)
    read_texts(text_files(rooms, texts))
    if finish(rooms):
        click.echo("A save that was interrupted has been carried to its end.", err=True)
    token = secrets.token_urlsafe(32)
    try:
        listening = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise UsageError(
            say("Port {port} cannot be used.", port=port), hint=say("Give another --port.")
        ) from error
    with listening:
        port = listening.getsockname()[1]
        app = create_workbench(rooms, texts, token, port)
        click.echo(f"Open http://127.0.0.1:{port}/?token={token}")
        click.echo("The address is for you alone. Ctrl-C ends the workbench.", err=True)
        serve(app, listening)


def serve(app: Flask, listening: socket.socket) -> None:
    """Answer at ``listening`` until the program is interrupted."""
    host, port = listening.getsockname()
    server = make_server(
        host, port, app, threaded=True, request_handler=_Silent, fd=listening.fileno()
    )
    try:
        server.serve_forever()
    finally:
        server.server_close()


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Log no request: the first one holds the token."""


_LOCAL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST = 100
"""Letters of a name: those that the workbench makes have 80."""


@click.command("rename")
@click.argument("old")
@click.argument("new")
@click.option("--dry-run", is_flag=True, help="Write nothing: show what would change.")
@rooms_option
def rename_command(*, old: str, new: str, dry_run: bool, rooms: Rooms) -> None:
    """Give the thing OLD the name NEW, everywhere it stands.

    Names are written id:nayib-bukele, nayib-bukele or as an IRI. The files of the graph and its
    questions are changed, all of them or none, in canonical form; labels stay as they are. Nothing
    is committed. A name that is taken is refused, and so is one that a rule is against, or that
    tells another line of a source.

    Others may have cited the old name: rename what has been published only for a grave reason.
    """
    if not dry_run:
        require_meant(rooms)
    workspace = Workspace(rooms)
    namespace = workspace.material.namespace
    was, is_now = (_whole(each, namespace) for each in (old, new))
    end = is_now.removeprefix(namespace)
    told = new if len(new) <= _LONGEST else f"{new[:_LONGEST]}…"
    if len(end) > _LONGEST or not _LOCAL.fullmatch(end):
        raise UsageError(
            say("{name} cannot be a name.", name=told),
            hint=say(
                "Take small letters, digits and hyphens, as nayib-bukele; {most} at most.",
                most=_LONGEST,
            ),
        )
    candidate = workspace.with_name(was, is_now)
    texts = text_files(rooms, ())
    known = {
        (str(each.rule.iri), detail)
        for each in validate(workspace.material, texts=texts).findings
        for detail in (each.detail, each.detail.replace(was, is_now))
    }
    for finding in validate(candidate.material, texts=texts).findings:
        is_new = (str(finding.rule.iri), finding.detail) not in known
        if is_new and finding.severity is Severity.VIOLATION:
            raise UsageError(
                say("A rule is against it: {rule}", rule=finding.message),
                hint=say("Nothing was written."),
            )
    for path, difference in candidate.differences().items():
        lines = sum(each.startswith("-") for each in difference.splitlines()[2:])
        click.echo(f"{path}: {lines} {'line' if lines == 1 else 'lines'}")
    if not dry_run:
        save(rooms, candidate.before, candidate.after)
    compact = workspace.material.prefixes.compact
    done = "would be called" if dry_run else "is now called"
    click.echo(f"{compact(was)} {done} {compact(is_now)}")


def _whole(name: str, namespace: str) -> str:
    """The IRI of a name as somebody writes it."""
    name = name.removeprefix("<").removesuffix(">")
    return name if name.startswith(namespace) else namespace + name.removeprefix("id:")


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
@language_option
@rooms_option
def diff_command(*, before: str, form: str, language: str, rooms: Rooms) -> None:
    """Tell a change as claims: added, withdrawn, another status or speaker.

    BEFORE is a folder with rooms in it, or a revision that git knows; without it, the last commit.

    Claims that were added or withdrawn, that have another status or another speaker; facts and
    silences gained and lost. The order of lines and files is no change.
    """
    with _rooms_before(before, rooms) as old:
        change = compare(read_material(old), read_material(rooms), language)
    click.echo(escaped(CHANGE_FORMATS[form](change)), nl=False)


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
        raise UsageError(f"{revision!r} is not a revision.", hint=hint)
    folders = _git(rooms, hint, "ls-tree", "-d", "--name-only", "-z", revision).split(b"\0")
    found = [room for room in ROOMS if room.encode() in folders]
    if not found:
        raise UsageError(f"There are no rooms in {revision}.", hint=hint, where=str(rooms.root))
    return _git(rooms, hint, "archive", "--format=tar", revision, "--", *found)


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
