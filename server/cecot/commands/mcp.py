"""``cecot mcp``: the graph for language models, over the Model Context Protocol."""

from __future__ import annotations

import re
import signal
import socket
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import click

from cecot.commands import rooms_option, settings_options
from cecot.errors import UsageError
from cecot.mcp.library import Library
from cecot.rooms import Rooms
from cecot.service.private_graph import PrivateGraph
from cecot.settings import read_settings, table

_OPTIONS = ("deadline", "memory")
_FIXED = {"result": "16M", "queries": 4, "heavy": 2}
"""Settings of the service: those that are options here too, and those that are not to be set."""

_ADDRESS = re.compile(r"(?:(?P<host>[\w.-]+|\[[\da-fA-F:.]+\]):)?(?P<port>\d{1,5})")


def _limits(function: Callable[..., Any]) -> Callable[..., Any]:
    """Offer the limits of a query as options, as ``cecot serve`` has them."""
    for row in table():
        if row.name in _OPTIONS:
            text = f"{row.help}  [default: {row.default}]"
            function = click.option(row.flag, row.name, help=text, metavar=row.metavar)(function)
    return function


@click.command("mcp")
@click.option(
    "--http",
    metavar="[HOST:]PORT",
    help="Listen at this address instead (streamable HTTP, path /mcp; 0 takes a free port). "
    "It asks nobody who they are.  [default host: 127.0.0.1]",
)
@_limits
@settings_options("engine")
@rooms_option
def command(http: str | None, rooms: Rooms, **given: object) -> None:
    """Serve the graph to language models (Model Context Protocol).

    A client starts this command and talks to it through standard input and output. Its model gets
    tools to search, describe, list statements and run SPARQL, each statement with its status, its
    speaker and its place. The graph is that of the rooms, or the one that an engine at --engine URL
    holds.
    """
    if find_spec("mcp_types") is None:
        raise UsageError(
            "The SDK of the Model Context Protocol is not installed, or is older than 2.",
            hint="pip install 'cecot[mcp]'",
        )
    listener = _listen(http) if http else None
    graph = PrivateGraph(rooms, read_settings({**given, **_FIXED}))
    try:
        _serve(graph, listener)
    finally:
        graph.close()


def _serve(graph: PrivateGraph, listener: socket.socket | None) -> None:
    # Only now: importing the SDK takes as long as loading the graph, which has begun.
    from cecot.mcp.server import build_server, serve_http, serve_stdio  # noqa: PLC0415

    engine, description = graph.ready()
    try:
        server = build_server(Library.of(engine, description))
        if listener:
            host, port = listener.getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            click.echo(f"Serving at http://{shown}:{port}/mcp (Ctrl-C to stop)", err=True)
            serve_http(server, listener)
            return
        if sys.stdin.isatty():
            click.echo("Waiting for a client on standard input (Ctrl-C to stop).", err=True)
        # A thread waits for the client's next word, and cannot be interrupted.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        serve_stdio(server)
    finally:
        engine.close()


def _listen(address: str) -> socket.socket:
    """Listen at ``HOST:PORT``; raises UsageError if that cannot be."""
    found = _ADDRESS.fullmatch(address)
    if not found or int(found["port"]) > 65535:
        raise UsageError(
            f"{address!r} is no address.", where="--http", hint="Write PORT or HOST:PORT."
        )
    host = (found["host"] or "127.0.0.1").strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, int(found["port"])), family=family)
    except OSError as error:
        raise UsageError(
            f"Cannot listen at {address}: {error.strerror}.",
            where="--http",
            hint="Stop the other program, or choose another port (0 takes a free one).",
        ) from None
