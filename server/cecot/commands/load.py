"""``cecot load``: the graph into an existing SPARQL engine, which serves it from then on."""

from __future__ import annotations

import click

from cecot.commands import rooms_option, settings_options
from cecot.dataset.store import load_store
from cecot.remote.connecting import connect, patient, reader_of
from cecot.remote.loading import load
from cecot.rooms import Rooms
from cecot.settings import read_settings


@click.command("load")
@settings_options("engine", but=("engine_rows", "engine_any_version", "engine_graph"))
@rooms_option
def command(rooms: Rooms, **given: object) -> None:
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
