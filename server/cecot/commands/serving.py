"""``cecot serve`` and ``cecot mcp``: the graph for clients over HTTP, and for language models.

What language models need is loaded for them alone: the process that starts a service stays small.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from cecot.commands import rooms_option, settings_options
from cecot.errors import UsageError
from cecot.messages import escaped
from cecot.rooms import Rooms, read_texts, text_files, text_paths
from cecot.service.serving import serve, serve_unguarded
from cecot.settings import read_settings

if TYPE_CHECKING:
    from cecot.service.private_graph import PrivateGraph


@click.command("serve")
@settings_options()
@rooms_option
def serve_command(rooms: Rooms, **given: object) -> None:
    """Serve the graph: SPARQL over HTTP.

    The endpoint is /sparql; its description and its health stand beside it.

    Every option can also be set in the environment: --public-url is CECOT_PUBLIC_URL.
    """
    settings = read_settings(given)
    _keep_freed_memory()
    texts = text_files(rooms, text_paths(settings.source_text))
    read_texts(texts)  # what cannot be read is told before anything starts
    settings = replace(settings, source_text=",".join(map(str, texts)))
    start = serve if sys.platform == "linux" else serve_unguarded
    start(rooms, settings, lambda text: click.echo(escaped(text), err=True))


_TUNABLE = "glibc.malloc.tcache_count"
_KEPT = 200
"""Pieces of memory of each size that a thread keeps at hand once they are free, where 7 are usual:
a query takes and frees thousands (decision 97)."""


def _keep_freed_memory() -> None:
    """Begin this program anew, once, with ``_KEPT``: glibc reads that when a program begins."""
    said = os.environ.get("GLIBC_TUNABLES", "")
    has_glibc = "CS_GNU_LIBC_VERSION" in getattr(os, "confstr_names", {})
    if has_glibc and _TUNABLE not in said and "serve" in sys.orig_argv:
        os.environ["GLIBC_TUNABLES"] = ":".join(filter(None, (said, f"{_TUNABLE}={_KEPT}")))
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 (ourselves)


_OPTIONS = ("deadline", "memory", "engine")
_FIXED = {"result": "16M", "queries": 4, "heavy": 2}
"""Settings of the service for models: those that are options, and those that are not to be set."""

_ADDRESS = re.compile(r"(?:(?P<host>[\w.-]+|\[[\da-fA-F:.]+\]):)?(?P<port>\d{1,5})", re.ASCII)


@click.command("mcp")
@click.option(
    "--http",
    metavar="[HOST:]PORT",
    help="Listen at this address instead (streamable HTTP, path /mcp; 0 takes a free port). "
    "It asks nobody who they are.  [default host: 127.0.0.1]",
)
@settings_options(_OPTIONS)
@rooms_option
def mcp_command(http: str | None, rooms: Rooms, **given: object) -> None:
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
    from cecot.service.private_graph import PrivateGraph  # noqa: PLC0415

    listener = _listen(http) if http else None
    graph = PrivateGraph(rooms, read_settings({**given, **_FIXED}))
    try:
        _serve(graph, listener)
    finally:
        graph.close()


def _serve(graph: PrivateGraph, listener: socket.socket | None) -> None:
    # Only now: importing the SDK takes as long as loading the graph, which has begun.
    from cecot.mcp.library import Library  # noqa: PLC0415
    from cecot.mcp.server import build_server, serve_http, serve_stdio  # noqa: PLC0415

    engine, description = graph.ready()
    try:
        server = build_server(Library(engine, description))
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
            f"{address!r} is not an address.", where="--http", hint="Write PORT or HOST:PORT."
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
