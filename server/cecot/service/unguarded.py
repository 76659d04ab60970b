"""``cecot serve`` where there is no Linux: the same answers from one process, without budgets.

For trying things out. A query there can take the whole service down, for nothing ends it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from werkzeug.serving import make_server

from cecot.dataset.description import describe
from cecot.dataset.store import load_store
from cecot.rooms import Rooms
from cecot.service.listening import address_of, listen
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine
from cecot.views.app import create_app


def serve(rooms: Rooms, settings: Settings, tell: Callable[[str], None]) -> None:
    """Serve ``rooms`` until Ctrl-C.

    Raises UsageError if the address cannot be listened on, and what reading the rooms raises.
    """
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
