"""``cecot export``: the whole graph, what is derived included, in one file."""

from __future__ import annotations

from pathlib import Path

import click

from cecot.commands import rooms_option, write_file, write_out
from cecot.dataset.content import read_material
from cecot.dataset.export import FORMATS, export
from cecot.rooms import Rooms


@click.command("export")
@click.option(
    "--format",
    "name",
    type=click.Choice(list(FORMATS)),
    default="turtle",
    show_default=True,
    help="nquads and trig carry the named graphs too; turtle12 writes claims as RDF 1.2 reifiers.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write.  [default: standard output]",
)
@rooms_option
def command(name: str, output: Path | None, rooms: Rooms) -> None:
    """Write the whole graph in one file.

    The ontology, the graph, and what is derived. The same rooms give the same bytes, on every run.
    """
    content = export(read_material(rooms), name)
    if output is None:
        write_out(content)
    else:
        write_file(output, content)
