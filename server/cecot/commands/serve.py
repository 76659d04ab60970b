"""``cecot serve``: the graph as a SPARQL service over HTTP."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from cecot.commands import rooms_option, settings_options
from cecot.dataset.source_texts import read_texts, text_files, text_paths
from cecot.rooms import Rooms
from cecot.service.serving import serve, serve_unguarded
from cecot.settings import read_settings


@click.command("serve")
@settings_options()
@rooms_option
def command(rooms: Rooms, **given: object) -> None:
    """Serve the graph: SPARQL over HTTP.

    The endpoint is /sparql; its description and its health stand beside it.

    Every option can also be set in the environment: --public-url is CECOT_PUBLIC_URL.
    """
    settings = read_settings(given)
    texts = text_files(rooms, text_paths(settings.source_text))
    read_texts(texts)  # what cannot be read is told before anything starts
    settings = replace(settings, source_text=",".join(map(str, texts)))
    start = serve if sys.platform == "linux" else serve_unguarded
    start(rooms, settings, lambda text: click.echo(text, err=True))
