from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from cecot.rooms import Rooms
from cecot.workbench.app import create_workbench
from workbenches import practice_rooms

TOKEN, PORT = "secret", 8765
HOST = f"127.0.0.1:{PORT}"
Open = Callable[[Rooms], FlaskClient]


class _Editor(FlaskClient):
    def open(self, *args: Any, **options: Any) -> Any:
        options.setdefault("base_url", f"http://{HOST}")
        options.setdefault("headers", {"Origin": f"http://{HOST}"})
        return super().open(*args, **options)


@pytest.fixture
def practice(tmp_path: Path) -> Rooms:
    return practice_rooms(tmp_path / "rooms")


@pytest.fixture
def open_client() -> Open:
    """An editor who has opened the address of the workbench."""

    def opened(rooms: Rooms) -> FlaskClient:
        app = create_workbench(rooms, (), TOKEN, PORT)
        app.test_client_class = _Editor
        client = app.test_client()
        assert client.get(f"/?token={TOKEN}").status_code == 303
        return client

    return opened


@pytest.fixture
def client(practice: Rooms, open_client: Open) -> FlaskClient:
    return open_client(practice)
