"""``cecot check-engine``: what an existing SPARQL engine does otherwise, told before it serves."""

from __future__ import annotations

import click

from cecot.commands import rooms_option, settings_options
from cecot.dataset.store import load_store
from cecot.remote.checking import Verdict, check, find_cap
from cecot.remote.connecting import connect, patient, reader_of
from cecot.rooms import Rooms
from cecot.settings import read_settings

_COLOURS = {Verdict.PASSED: "green", Verdict.WARNING: "yellow", Verdict.FAILED: "red"}


@click.command("check-engine")
@click.argument("url", required=False)
@settings_options("engine", but=("engine_rows",))
@rooms_option
def command(url: str | None, rooms: Rooms, **given: object) -> None:
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
            click.echo(f"{mark}{each.what}{': ' if each.found else ''}{each.found}")
            if each.cure:
                click.echo(f"        {each.cure}")
        if not failed and engine.remote.dialect.may_cut:
            cap = find_cap(engine)
            told = f"answers of {cap:,} rows or more are refused" if cap else "no answer was cut"
            click.echo(f"{'':8}{told}")
    finally:
        engine.close()
    click.get_current_context().exit(1 if failed else 0)
