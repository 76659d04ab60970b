"""The processes of ``cecot serve``: who listens, who holds the graph, who answers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cecot.rooms import Rooms
from cecot.service.listening import address_of, listen
from cecot.service.processes import claim
from cecot.service.supervisor import Supervisor
from cecot.settings import Settings


def serve(rooms: Rooms, settings: Settings, tell: Callable[[str], None]) -> None:
    """Serve ``rooms`` until SIGTERM or SIGINT.

    Raises UsageError if the address cannot be listened on, and what reading the rooms raises.
    """
    with listen(settings) as listener, tempfile.TemporaryDirectory(prefix="cecot-") as folder:
        here, port = address_of(listener, settings.host), listener.getsockname()[1]
        claim(Path(folder))
        own = replace(settings, port=port, public_url=settings.public_url or here)

        # Each process loads what it needs: the one that started them, and stays, needs little.
        def graph(address: Path, pipe: int) -> None:
            from cecot.service.graph_process import serve_rooms  # noqa: PLC0415

            listener.close()
            serve_rooms(rooms, own, address, pipe)

        def front(current: Path, pipe: int) -> None:
            from cecot.service.front_process import serve_front  # noqa: PLC0415

            serve_front(current, own, listener, pipe)

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
        ).run()
