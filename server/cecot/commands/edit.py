"""``cecot edit``: the workbench, in a browser, for one editor."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path
from typing import Any

import click
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from cecot.commands import rooms_option
from cecot.dataset.source_texts import read_texts, text_files
from cecot.editing.saving import finish
from cecot.errors import UsageError
from cecot.messages import say
from cecot.rooms import Rooms
from cecot.workbench.app import create_workbench


@click.command("edit")
@click.option(
    "--source-text",
    "texts",
    metavar="FILE",
    multiple=True,
    type=click.Path(readable=False, exists=True, dir_okay=False, path_type=Path),
    help="The text of a source. Repeatable.  [default: texts/KEY.txt beside the rooms]",
)
@click.option(
    "--port",
    default=0,
    show_default="a free one",
    type=click.IntRange(0, 65535),
    help="TCP port on this machine; nobody else reaches it.",
)
@rooms_option
def command(*, texts: tuple[Path, ...], port: int, rooms: Rooms) -> None:
    """Open the workbench: from words of a passage to a claim that passes every rule.

    It answers on this machine alone, to whoever opens the address that it prints. It writes the
    files of the graph when you save, all of a change or nothing, and never commits.
    """
    read_texts(text_files(rooms, texts))
    if finish(rooms):
        click.echo("A save that was interrupted has been carried to its end.", err=True)
    token = secrets.token_urlsafe(32)
    try:
        listening = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise UsageError(
            say("Port {port} cannot be used.", port=port), hint=say("Give another --port.")
        ) from error
    with listening:
        port = listening.getsockname()[1]
        app = create_workbench(rooms, texts, token, port)
        click.echo(f"Open http://127.0.0.1:{port}/?token={token}")
        click.echo("The address is for you alone. Ctrl-C ends the workbench.", err=True)
        serve(app, listening)


def serve(app: Flask, listening: socket.socket) -> None:
    """Answer at ``listening`` until the program is interrupted."""
    host, port = listening.getsockname()
    server = make_server(
        host, port, app, threaded=True, request_handler=_Silent, fd=listening.fileno()
    )
    try:
        server.serve_forever()
    finally:
        server.server_close()


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Log no request: the first one holds the token."""
