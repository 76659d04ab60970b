"""``cecot serve``: one socket that clients connect to, and the processes behind it.

Each process loads what it needs: the one that started them, and stays, needs little; and what only
Linux has is loaded there alone. What is wrong with the rooms is told by a process of its own: once,
or with ``--watch`` at each change. It then lies in a file too, from which the pages show it.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cecot.errors import CecotError, UsageError
from cecot.messages import escaped
from cecot.rooms import (
    Rooms,
    State,
    Wrong,
    changes,
    files_of_rooms,
    stamps,
    text_paths,
    write_state,
)
from cecot.settings import Settings

BACKLOG = 1024
"""Connections that wait to be accepted."""


def serve(rooms: Rooms, settings: Settings, tell: Callable[[str], None]) -> None:
    """Serve ``rooms`` until SIGTERM or SIGINT.

    Raises UsageError if the address cannot be listened on, and what reading the rooms raises.
    """
    # What the dynamic linker writes into Oxigraph's library, all processes hold together.
    import pyoxigraph  # noqa: F401, PLC0415

    from cecot.service.processes import claim, freeze  # noqa: PLC0415
    from cecot.service.supervisor import Supervisor  # noqa: PLC0415

    freeze()

    with listen(settings) as listener, tempfile.TemporaryDirectory(prefix="cecot-") as folder:
        here, port = address_of(listener, settings.host), listener.getsockname()[1]
        claim(Path(folder))
        own = replace(settings, port=port, public_url=settings.public_url or here)

        def graph(address: Path, pipe: int) -> None:
            from cecot.service.graph_process import serve_rooms  # noqa: PLC0415

            listener.close()
            serve_rooms(rooms, own, address, pipe)

        def front(current: Path, pipe: int) -> None:
            from cecot.service.front_process import serve_front  # noqa: PLC0415

            serve_front(current, own, listener, BACKLOG, pipe)

        def watch(state: Path) -> None:
            listener.close()
            watch_rooms(rooms, tuple(text_paths(own.source_text)), state)

        def check() -> None:
            listener.close()
            check_at_start(rooms, tuple(text_paths(own.source_text)), tell)

        def ready() -> None:
            tell(f"Serving at {here} (SPARQL at {here}sparql; Ctrl-C to stop)")

        Supervisor(
            Path(folder),
            graph,
            front,
            drain=own.drain,
            linger=own.deadline + own.patience,
            say=tell,
            ready=ready,
            watch=watch if own.watch else None,
            check=None if own.watch else check,
        ).run()


def serve_unguarded(rooms: Rooms, settings: Settings, tell: Callable[[str], None]) -> None:
    """Serve ``rooms`` until Ctrl-C where there is no Linux: from one process, without budgets.

    For trying things out: a query there can take the whole service down, for nothing ends it.
    Raises UsageError if the address cannot be listened on, and what reading the rooms raises.
    """
    from werkzeug.serving import make_server  # noqa: PLC0415

    from cecot.dataset.description import describe  # noqa: PLC0415
    from cecot.dataset.store import load_store  # noqa: PLC0415
    from cecot.sparql.evaluation import InProcessEngine  # noqa: PLC0415
    from cecot.views.app import create_app  # noqa: PLC0415

    if settings.watch:
        raise UsageError("Rooms can be watched on Linux alone.", where="--watch")
    with listen(settings) as listener:
        loaded = load_store(rooms)
        engine = InProcessEngine(
            loaded.store,
            federation=settings.federation,
            prefixes=loaded.names.prefixes,
            base=loaded.names.base,
        )
        here, port = address_of(listener, settings.host), listener.getsockname()[1]
        own = replace(settings, port=port, public_url=settings.public_url or here)
        application = create_app(engine, describe(loaded), own)
        tell("This system is not Linux: queries have no budgets. Serve nobody but yourself.")
        tell(f"Serving at {here} (SPARQL at {here}sparql; Ctrl-C to stop)")
        server = make_server(own.host, own.port, application, threaded=True, fd=listener.fileno())
        server.serve_forever()


def listen(settings: Settings) -> socket.socket:
    """Listen on the address of the settings; raises UsageError if somebody else does."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server(
            (settings.host, settings.port), family=family, backlog=BACKLOG
        )
    except OSError as error:
        is_port = error.errno in (errno.EADDRINUSE, errno.EACCES)
        raise UsageError(
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}.",
            where="--port" if is_port else "--host",
            hint="Stop the other program, or choose another --port (0 takes a free one)."
            if is_port
            else "127.0.0.1 is for this machine alone, 0.0.0.0 for all.",
        ) from None
    # Accepted connections inherit both. Without the first, the end of a long answer waits for a
    # client that delays its acknowledgement of the piece before: 40 ms (RFC 1122, 4.2.3.2).
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # it also ends those whose reader takes nothing
        milliseconds = int(settings.stall * 1000)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
    return listener


def address_of(listener: socket.socket, host: str) -> str:
    """Give the address at which clients on this machine reach ``listener``."""
    port = listener.getsockname()[1]
    # The address that stands for all of them is nobody's: a client cannot follow a link to it.
    host = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


_MOST = 20
"""Findings that are told; who breaks more rules than that wants `cecot validate`."""

LARGEST = 16 << 20
"""Bytes of rooms that are checked when a service starts: a second's work, memory below 200 MiB."""


def check_at_start(rooms: Rooms, texts: tuple[Path, ...], tell: Callable[[str], None]) -> None:
    """Tell which rules ``rooms`` break, unless they are large; what is served waits for nothing."""
    if sum(size for _, size in stamps(files_of_rooms(rooms)).values()) <= LARGEST:
        os.nice(19)
        for line in told(check_rooms(rooms, texts), State()):
            tell(line)


def watch_rooms(rooms: Rooms, texts: tuple[Path, ...], state: Path) -> None:
    """Check ``rooms`` now and whenever they change; keep what is wrong in the file ``state``.

    Rooms that can be read are served from then on: the parent is told (SIGHUP).
    """
    from cecot.service.processes import in_a_child  # noqa: PLC0415

    before = State()
    for number, _ in enumerate(changes(lambda: files_of_rooms(rooms))):
        now = in_a_child(lambda: check_rooms(rooms, texts))()
        write_state(state, now)
        if number and now.is_read:
            os.kill(os.getppid(), signal.SIGHUP)
        # Of rooms that could not be read at the start the service itself has told.
        for line in told(now, before) if number or now.is_read else ():
            print(escaped(line), file=sys.stderr, flush=True)  # noqa: T201
        before = now


def check_rooms(rooms: Rooms, texts: tuple[Path, ...]) -> State:
    """What is wrong with ``rooms`` as they are now."""
    from cecot.validation import Severity, validate  # noqa: PLC0415 (in a child, and much)
    from cecot.validation.data import read_rooms  # noqa: PLC0415
    from cecot.validation.report import Showing  # noqa: PLC0415

    try:
        data = read_rooms(rooms)
    except CecotError as error:
        return State(False, *_of_error(error, rooms))
    try:
        report = validate(data, texts=texts)
    except CecotError as error:
        return State(True, *_of_error(error, rooms))
    found = [each for each in report.findings if each.severity is Severity.VIOLATION]
    place = Showing(rooms.root).place
    wrong = (Wrong(place(each), each.messages, each.detail) for each in found[:_MOST])
    return State(True, len(found), tuple(wrong))


def _of_error(error: CecotError, rooms: Rooms) -> tuple[int, tuple[Wrong, ...]]:
    """In how many files something is wrong, and what in the first of them."""
    wrong = (
        Wrong(rooms.place(each), {"en": each.message}, each.hint) for each in error.each[:_MOST]
    )
    return len(error.each), tuple(wrong)


def told(now: State, before: State) -> list[str]:
    """The lines of the log that tell what is wrong ``now``; none if it was wrong ``before``."""
    if now == before:
        return []
    if not now.count:
        return ["The rooms break no rule any more."]
    head = "The rooms break a rule" if now.is_read else "The rooms cannot be read"
    lines = [f"{head}: {each.place} {each.worded('en')}" for each in now.wrong]
    return [*lines, *([f"And {now.more} more: cecot validate tells all."] if now.more else [])]
