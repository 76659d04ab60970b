"""``cecot query``, ``terms``, ``export``, ``check-engine``, ``load``: the graph asked and given."""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import click

from cecot.commands import (
    GivenPath,
    language_option,
    rooms_option,
    settings_options,
    write_file,
    write_out,
)
from cecot.dataset.content import read_material
from cecot.dataset.description import read_replaced, read_used
from cecot.dataset.store import EXPORTS, export_store, load_store
from cecot.editing.index import Index, find_terms
from cecot.engine import Form, Query
from cecot.errors import CecotError, NotAcceptable, QuerySyntaxError
from cecot.messages import escaped
from cecot.rdf.reading import decoded
from cecot.remote.connecting import (
    Verdict,
    check,
    connect,
    find_cap,
    open_engine,
    patient,
    reader_of,
)
from cecot.remote.loading import load
from cecot.rooms import Rooms
from cecot.settings import read_settings
from cecot.sparql.formats import FORMATS, GRAPHS, RESULTS, formats_of, table
from cecot.sparql.hints import Vocabulary, hints_on, may_be_hinted, words_of

TABLE = "table"
_ROWS = [TABLE, *(each.name for each in RESULTS)]
_GRAPHS = [each.name for each in GRAPHS]


@click.command("query")
@click.argument(
    "file",
    type=GivenPath(click.Path(readable=False, exists=True, dir_okay=False, allow_dash=True)),
)
@click.option(
    "--format",
    "name",
    type=click.Choice([*dict.fromkeys(_ROWS + _GRAPHS)]),
    help=f"{', '.join(_ROWS)} for rows; {', '.join(_GRAPHS)} for CONSTRUCT and DESCRIBE.  "
    "[default: table on a terminal, else csv; turtle for a graph]",
)
@settings_options("engine")
@rooms_option
def query_command(file: str, name: str | None, rooms: Rooms, **given: object) -> None:
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
        others = (each.name for each in FORMATS if each.media_type in error.offered)
        error.hint = f"It can be written by --format {', '.join(others)}."
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
    with suppress(CecotError):  # the answer stands; what may be said of it is beside it
        known = Vocabulary(names.prefixes, names.own, names.base, replaced=read_replaced(engine))
        if may_be_hinted(query.text, answer, known):
            for hint in hints_on(engine, query, answer, read_used(engine, known)):
                words = escaped(" ".join(words_of(hint, names.prefixes.compact)))
                click.echo(f"{click.style('hint:', fg='cyan')} {words}", err=True)


def _text(file: str) -> str:
    with click.open_file(file, "rb") as source:
        return decoded(source.read(), _shown(file))


def _shown(file: str) -> str:
    return "standard input" if file == "-" else file


def _media_type(form: Form, name: str) -> str | None:
    """The media type of the format called ``name`` if it can carry ``form``; a table is JSON."""
    wanted = "json" if name == TABLE and form is not Form.GRAPH else name
    return next((each.media_type for each in formats_of(form) if each.is_called(wanted)), None)


@click.command("terms")
@click.argument("word", required=False, default="")
@language_option
@rooms_option
@click.pass_context
def terms_command(ctx: click.Context, *, word: str, language: str, rooms: Rooms) -> None:
    """List the classes and properties, with what each is for.

    All of the ontology, or those that speak of WORD.

    WORD is looked for in names, labels and comments of both languages. Each comes with its comment,
    what it is made for, how often it is used, and an example from the graph.

    Exit code 1: no term speaks of WORD.
    """
    found = list(find_terms(Index(read_material(rooms)), word, language))
    for term in found:
        click.echo(click.style(escaped(term.name), bold=True) + escaped(f"  {term.title}"))
        for line in term.lines:
            click.echo(escaped(f"    {line}"))
    if not found:
        click.echo(f"No class or property speaks of {word!r}.", err=True)
        ctx.exit(1)


_COLOURS = {Verdict.PASSED: "green", Verdict.WARNING: "yellow", Verdict.FAILED: "red"}


@click.command("check-engine")
@click.argument("url", required=False)
@settings_options("engine", but=("engine_rows",))
@rooms_option
def check_engine_command(url: str | None, rooms: Rooms, **given: object) -> None:
    """Check an existing SPARQL engine before anybody is served from it.

    It stands at URL. Told is what it holds, what it does otherwise, and what it cuts. Exit code 1
    if the graph should not be served from it.
    """
    settings = read_settings({**given, **({"engine": url} if url else {})})
    loaded = load_store(rooms)
    names = loaded.names
    engine = connect(patient(settings), names, reader_of(names))
    failed = False
    try:
        for each in check(engine, names, None if settings.engine_any_version else loaded):
            failed |= each.verdict is Verdict.FAILED
            mark = click.style(f"{each.verdict.value:8}", fg=_COLOURS[each.verdict])
            click.echo(mark + escaped(f"{each.what}{': ' if each.found else ''}{each.found}"))
            if each.cure:
                click.echo(escaped(f"        {each.cure}"))
        if not failed and engine.remote.dialect.may_cut:
            cap = find_cap(engine)
            told = f"answers of {cap:,} rows or more are refused" if cap else "no answer was cut"
            click.echo(f"{'':8}{told}")
    finally:
        engine.close()
    click.get_current_context().exit(1 if failed else 0)


@click.command("load")
@settings_options("engine", but=("engine_rows", "engine_any_version", "engine_graph"))
@rooms_option
def load_command(rooms: Rooms, **given: object) -> None:
    """Write the graph into an existing SPARQL engine.

    The ontology and the rules go with it. Readers keep the graph that is there until all of the
    new one has come, counted.
    """
    settings = read_settings(given)
    loaded = load_store(rooms)
    engine = connect(patient(settings), loaded.names, reader_of(loaded.names))
    try:
        stated = load(loaded, engine, lambda text: click.echo(text, err=True))
    finally:
        engine.close()
    click.echo(stated.version)


@click.command("export")
@click.option(
    "--format",
    "name",
    type=click.Choice(list(EXPORTS)),
    default="turtle",
    show_default=True,
    help="nquads and trig carry the named graphs too; turtle12 writes claims as RDF 1.2 reifiers.",
)
@click.option(
    "--output",
    "-o",
    type=GivenPath(click.Path(dir_okay=False, path_type=Path)),
    help="The file to write.  [default: standard output]",
)
@rooms_option
def export_command(name: str, output: Path | None, rooms: Rooms) -> None:
    """Write the whole graph in one file.

    The ontology, the graph, and what is derived. The same rooms give the same bytes, on every run.
    """
    loaded = load_store(rooms)
    content = export_store(loaded.store, loaded.names.prefixes, name)
    if output is None:
        write_out(content)
    else:
        write_file(output, content)
