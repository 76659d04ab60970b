"""``cecot add-source``: the record and the passages of a new text."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from cecot.commands import rooms_option, shown, write_file
from cecot.dataset.adding import Record, passages, source_files
from cecot.dataset.content import read_material
from cecot.editing.lexicon import read_lexicon
from cecot.editing.sentences import one_a_line
from cecot.errors import UsageError
from cecot.messages import say
from cecot.rdf.reading import decoded, read_bytes
from cecot.rooms import Rooms

_SHOWN = 5


@click.command("add-source")
@click.argument(
    "file", type=click.Path(readable=False, exists=True, dir_okay=False, path_type=Path)
)
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
def command(
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
        click.echo(f"{passage.line:4}  {_in_short(words)}")
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
