"""``cecot serve``: the graph as a SPARQL service over HTTP."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from cecot.commands import rooms_option
from cecot.dataset.source_texts import read_texts, text_files, text_paths
from cecot.rooms import Rooms
from cecot.settings import read_settings, table

if sys.platform == "linux":
    from cecot.service.serving import serve
else:
    from cecot.service.unguarded import serve


def _settings_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Offer every setting as an option; what it means is said in one table."""
    for row in reversed(table()):
        default = f"  [default: {row.default or 'none'}]"
        shape: dict[str, Any] = (
            {"is_flag": True, "default": None} if row.is_switch else {"metavar": row.metavar}
        )
        option = click.option(row.flag, row.name, help=row.help + default, **shape)
        function = option(function)
    return function


@click.command("serve")
@_settings_options
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
    serve(rooms, settings, lambda text: click.echo(text, err=True))
