"""``cecot terms``: the classes and properties, what each is for, and how often it is used."""

from __future__ import annotations

import click

from cecot.commands import rooms_option
from cecot.dataset.content import read_material
from cecot.editing.glossary import find_terms
from cecot.editing.index import Index
from cecot.rooms import Rooms


@click.command("terms")
@click.argument("word", required=False, default="")
@click.option(
    "--language",
    type=click.Choice(["en", "es"]),
    default="en",
    show_default=True,
    help="Whose labels and comments to take.",
)
@rooms_option
@click.pass_context
def command(ctx: click.Context, *, word: str, language: str, rooms: Rooms) -> None:
    """List the classes and properties, with what each is for.

    All of the ontology, or those that speak of WORD.

    WORD is looked for in names, labels and comments of both languages. Each comes with its comment,
    what it is made for, how often it is used, and an example from the graph.

    Exit code 1: no term speaks of WORD.
    """
    found = list(find_terms(Index(read_material(rooms)), word, language))
    for term in found:
        click.echo(click.style(term.name, bold=True) + f"  {term.label} ({term.kind})")
        for line in (term.comment, term.between, term.use):
            if line:
                click.echo(f"    {line}")
    if not found:
        click.echo(f"No class or property speaks of {word!r}.", err=True)
        ctx.exit(1)
