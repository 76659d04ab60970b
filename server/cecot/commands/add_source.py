"""``cecot add-source``: the record and the passages of a new text."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from cecot.commands import rooms_option, shown, write_file
from cecot.dataset.adding import Record, source_files
from cecot.dataset.content import read_material
from cecot.rdf.reading import read_bytes
from cecot.rooms import Rooms


@click.command("add-source")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", required=True, help="The short word that its names begin with, as tcc.")
@click.option("--title", default="", help="The title of the text.  [default: the file's name]")
@click.option("--language", default="en", show_default=True, help="Its language tag.")
@click.option("--url", default="", help="The page where the text is found.")
@click.option("--license", "licence", default="", help="The IRI of the terms for quotations.")
@click.option("--genre", default="", help="What kind of text it is, in its language.")
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
    rooms: Rooms,
) -> None:
    """Take in a new text: write its record, and one file for each line of FILE that has words.

    FILE is read as it is, in UTF-8, and stays where it is: the graph holds offsets and digests, not
    the text. Write one statement or paragraph per line before.

    Then write the claims of each passage into its file; cecot validate lists the passages that have
    none.
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
    files = source_files(read_material(rooms), record, read_bytes(file), where=str(file))
    for path, turtle in files.items():
        write_file(path, turtle, new=True)
    record_file, *lines = (shown(path) for path in files)
    click.echo(f"{record_file}: the record of the source")
    click.echo(f"{lines[0]} to {lines[-1]}: {len(lines)} passages")
    click.echo("Next: write what each passage says as claims; cecot validate names those without.")
