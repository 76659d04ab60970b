"""What a service says of its own address."""

from __future__ import annotations

import pytest

from cecot.service.listening import address_of, listen
from cecot.settings import Settings


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "localhost"), ("localhost", "localhost")],
)
def test_the_address_is_one_that_can_be_reached(host: str, shown: str) -> None:
    with listen(Settings(host=host, port=0)) as listener:
        port = listener.getsockname()[1]
        assert address_of(listener, host) == f"http://{shown}:{port}/"
