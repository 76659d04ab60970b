"""``cecot draft``: the claims of a passage as its words give them, as Turtle to confirm."""

from __future__ import annotations

from pathlib import Path

import click

from cecot.commands import rooms_option
from cecot.dataset.content import read_material
from cecot.dataset.source_texts import read_texts, text_files
from cecot.editing.drafts import Drafter
from cecot.editing.index import Index
from cecot.editing.lexicon import read_lexicon
from cecot.editing.names import NameIndex
from cecot.editing.passages import Passages
from cecot.editing.skeletons import skeleton
from cecot.errors import UsageError
from cecot.messages import say
from cecot.rooms import Rooms


@click.command("draft")
@click.argument("key")
@click.argument("line", metavar="[NN]", required=False, type=click.IntRange(min=1))
@click.option(
    "--source-text",
    "texts",
    metavar="FILE",
    multiple=True,
    type=click.Path(readable=False, exists=True, dir_okay=False, path_type=Path),
    help="The text of the source.  [default: texts/KEY.txt beside the rooms]",
)
@rooms_option
def command(*, key: str, line: int | None, texts: tuple[Path, ...], rooms: Rooms) -> None:
    """Propose the claims of a passage, as Turtle to confirm.

    It is line NN of the source KEY; without NN, each passage that has no claim yet.

    Rules read who speaks, how sure, figures, dates and known names; what they guess is marked
    "# confirm". Where two readings are possible, the one that makes no fact is proposed; a report
    in words that no list has may still be taken for the text's own voice. Nothing is written;
    cecot format refuses what is still marked.
    """
    index = Index(read_material(rooms))
    passages = Passages(index, read_texts(text_files(rooms, texts)))
    source = index.material.namespace + key
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
        click.echo(f"# line {place.line}: {' '.join(place.words.split())}")
        click.echo(skeleton(index, place, drafter.propose(place)))
