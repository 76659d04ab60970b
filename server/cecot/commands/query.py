"""``cecot query``: a question to the graph in SPARQL, answered in this process."""

from __future__ import annotations

import shutil
import sys
from io import BytesIO

import click

from cecot.commands import rooms_option, settings_options
from cecot.dataset.description import read_replaced
from cecot.engine import Form, Query
from cecot.errors import NotAcceptable, QuerySyntaxError, UsageError
from cecot.remote.connecting import open_engine
from cecot.rooms import Rooms
from cecot.settings import read_settings
from cecot.sparql.asking import select
from cecot.sparql.formats import FORMATS, GRAPHS, RESULTS, formats_of
from cecot.sparql.hints import Vocabulary, hints_on, words_of
from cecot.sparql.results import table

TABLE = "table"
_PROPERTIES = "SELECT DISTINCT ?p { ?s ?p ?o }"
_NAMES = [TABLE, *dict.fromkeys(each.name for each in FORMATS)]


@click.command("query")
@click.argument(
    "file", type=click.Path(readable=False, exists=True, dir_okay=False, allow_dash=True)
)
@click.option(
    "--format",
    "name",
    type=click.Choice(_NAMES),
    help="table, csv, tsv, json and xml for rows; turtle and the like for CONSTRUCT and DESCRIBE.  "
    "[default: table on a terminal, else csv; turtle for a graph]",
)
@settings_options("engine")
@rooms_option
def command(file: str, name: str | None, rooms: Rooms, **given: object) -> None:
    """Ask the graph a question, in SPARQL.

    It stands in FILE (a .rq file), or in standard input: -. The graph is that of the rooms, or the
    one that an engine at --engine URL holds.
    """
    is_terminal = sys.stdout.isatty()
    chosen = name or (TABLE if is_terminal else "csv")
    engine, names = open_engine(rooms, read_settings(given))
    query = Query(
        _text(file),
        _media_type(Form.SELECT, chosen),
        _media_type(Form.ASK, chosen),
        _media_type(Form.GRAPH, name or "turtle"),
    )
    try:
        answer = engine.answer(query)
    except NotAcceptable as error:
        error.hint = "Rows: {}. Graphs: {}.".format(
            ", ".join([TABLE, *(each.name for each in RESULTS)]),
            ", ".join(each.name for each in GRAPHS),
        )
        raise
    except QuerySyntaxError as error:
        error.where = _shown(file)
        raise
    body = BytesIO(answer.body) if isinstance(answer.body, bytes) else answer.body
    with body:
        if answer.form is not Form.GRAPH and chosen == TABLE:
            width = shutil.get_terminal_size().columns if is_terminal else None
            click.echo("\n".join(table(body.read(), names.prefixes, width)))
        else:
            shutil.copyfileobj(body, sys.stdout.buffer)
    used = {str(row["p"])[1:-1] for row in select(engine, _PROPERTIES)}
    replaced = read_replaced(engine)
    vocabulary = Vocabulary(names.prefixes, names.own, used, names.base, replaced=replaced)
    hints = hints_on(engine, query.text, answer, vocabulary)
    for hint in hints:
        words = " ".join(words_of(hint, names.prefixes.compact))
        click.echo(f"{click.style('hint:', fg='cyan')} {words}", err=True)


def _text(file: str) -> str:
    with click.open_file(file, "rb") as source:
        try:
            text: str = source.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageError(
                f"Not UTF-8: byte {error.start + 1} does not fit.",
                hint="Queries are UTF-8 text.",
                where=_shown(file),
            ) from None
    return text


def _shown(file: str) -> str:
    return "standard input" if file == "-" else file


def _media_type(form: Form, name: str) -> str | None:
    """The media type of the format called ``name`` if it can carry ``form``; a table is JSON."""
    wanted = "json" if name == TABLE and form is not Form.GRAPH else name
    return next((each.media_type for each in formats_of(form) if each.is_called(wanted)), None)
