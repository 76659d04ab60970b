"""How a service begins: what it says of its address, and what other systems than Linux serve."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request
from dataclasses import fields

import pytest
from serving import serving, target_of

from cecot.errors import UsageError
from cecot.rooms import Rooms
from cecot.service.serving import address_of, listen
from cecot.settings import Settings, table

PROGRAM = """
import sys
from pathlib import Path
from cecot.service.serving import serve_unguarded
from cecot.rooms import find_rooms
from cecot.settings import Settings
def say(text):
    print(text, flush=True)
serve_unguarded(find_rooms(Path(sys.argv[1])), Settings(port=int(sys.argv[2])), say)
"""


def test_one_process_answers_and_warns(foreign_rooms: Rooms) -> None:
    command = [sys.executable, "-c", PROGRAM, str(foreign_rooms.root), "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            assert "no budgets" in process.stdout.readline()
            address = process.stdout.readline().split()[2].removesuffix("/sparql")
            with urllib.request.urlopen(address + target_of("ASK {}"), timeout=10) as reply:
                assert b"true" in reply.read()
        finally:
            process.kill()


def test_a_taken_port_is_an_error(foreign_rooms: Rooms) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        failed = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(foreign_rooms.root), port],
            check=False,
            capture_output=True,
            text=True,
            timeout=90,
        )
    assert failed.returncode != 0
    assert f"port {port}" in failed.stderr


def test_a_connection_sends_what_is_written_at_once() -> None:
    with (
        listen(Settings(host="127.0.0.1", port=0)) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "localhost"), ("localhost", "localhost")],
)
def test_the_address_is_one_that_can_be_reached(host: str, shown: str) -> None:
    with listen(Settings(host=host, port=0)) as listener:
        port = listener.getsockname()[1]
        assert address_of(listener, host) == f"http://{shown}:{port}/"


@pytest.mark.parametrize("host", ["nowhere.invalid", "[::1]", "256.0.0.1"])
def test_a_host_that_is_none_is_an_error_of_the_host(host: str) -> None:
    with pytest.raises(UsageError) as caught:
        listen(Settings(host=host, port=0))
    assert caught.value.where == "--host"


def test_it_serves_with_the_greatest_of_each_setting(foreign_rooms: Rooms) -> None:
    most = {each.name: each.metadata["most"] for each in fields(Settings)}
    given = [f"{row.flag}={most[row.name]}" for row in table() if most[row.name]]
    with serving(foreign_rooms.root, *(each for each in given if "--port" not in each)) as service:
        assert service.ask("SELECT * { ?s ?p ?o }").status == 200
        body, form = b"query=ASK+{}", "application/x-www-form-urlencoded"
        assert service.send("POST", "/sparql", body, Content_Type=form).status == 200
        for path in ("/health", "/", "/limits", "/metrics"):
            assert service.send("GET", path).status == 200
