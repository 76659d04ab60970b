"""``cecot serve``: the graph as a SPARQL service over HTTP."""

from __future__ import annotations

import multiprocessing
import socket
from dataclasses import replace

import click
from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server as Granian

from cecot.commands import rooms_option
from cecot.description import describe
from cecot.errors import UsageError
from cecot.evaluation import InProcessEngine
from cecot.rooms import Rooms
from cecot.settings import Settings, read_settings
from cecot.store import load_store
from cecot.views.app import create_app


@click.command("serve")
@click.option("--host", help=f"Address to listen on.  [default: {Settings().host}]")
@click.option("--port", help=f"TCP port to listen on.  [default: {Settings().port}]")
@click.option("--public-url", help="Address under which the world sees the service.")
@rooms_option
def command(host: str | None, port: str | None, public_url: str | None, rooms: Rooms) -> None:
    """Serve the graph: SPARQL at /sparql, its description and its health beside it."""
    settings = read_settings({"host": host, "port": port, "public_url": public_url})
    settings = replace(settings, port=_port(settings))
    loaded = load_store(rooms)
    engine = InProcessEngine(loaded.store, prefixes=loaded.names.prefixes)
    app = create_app(engine, describe(loaded), settings)
    _serve(app, settings)


def _port(settings: Settings) -> int:
    """The port to listen on, a free one for 0; raises UsageError if it is taken.

    Two servers on one port would start without a word: granian sets SO_REUSEPORT.
    """
    try:
        with socket.create_server((settings.host, settings.port)) as probe:
            port: int = probe.getsockname()[1]
    except OSError as error:
        raise UsageError(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}.",
            hint="Choose another with --port; 0 takes a free one.",
            where="--port",
        ) from None
    return port


def _serve(app: Flask, settings: Settings) -> None:
    """Let granian serve ``app`` until it is told to stop."""
    multiprocessing.set_start_method("fork", force=True)  # the store is loaded once, and inherited
    server = Granian(
        "cecot",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        blocking_threads=settings.threads,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    )
    click.echo(
        f"Serving at http://{settings.host}:{settings.port}/sparql (Ctrl-C to stop)", err=True
    )
    server.serve(target_loader=lambda _: app)
