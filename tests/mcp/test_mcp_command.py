"""``cecot mcp`` as a command: how it begins, how it ends, and what it says when it cannot."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from mcp.client import Client

from model_clients import PATIENCE, Session, descendants
from running import running
from witnesses import check

COMMAND = [sys.executable, "-m", "cecot", "mcp"]
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "by hand", "version": "1"},
    },
}
READY = {"jsonrpc": "2.0", "method": "notifications/initialized"}


def asking(number: int, tool: str, **given: object) -> dict[str, object]:
    """A request to use a tool."""
    params = {"name": tool, "arguments": given}
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}


class ByHand:
    """A server to which one writes lines, and which writes lines."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin
        assert process.stdout
        self.process, self.stdin, self.stdout = process, process.stdin, process.stdout

    def say(self, line: bytes | dict[str, object]) -> None:
        """Write a line."""
        self.stdin.write((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n")
        self.stdin.flush()

    def answer(self, number: int) -> dict[str, Any]:
        """The answer to the request ``number``; whatever else is said before is dropped."""
        for line in self.stdout:
            said: dict[str, Any] = json.loads(line)
            if said.get("id") == number:
                return said
        raise AssertionError("the server has gone")


@contextmanager
def by_hand(temporary: Path, *options: str) -> Iterator[ByHand]:
    """A server that has been greeted; it is ended with the block, if it has not ended before."""
    with subprocess.Popen(
        [*COMMAND, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"TMPDIR": str(temporary)},
    ) as process:
        alarm = threading.Timer(PATIENCE, process.kill)
        alarm.start()
        try:
            server = ByHand(process)
            server.say(HELLO)
            assert server.answer(1)["result"]["serverInfo"]["name"] == "cecot"
            server.say(READY)
            yield server
        finally:
            alarm.cancel()
            process.kill()


def wait_until_gone(processes: list[int], temporary: Path) -> None:
    """AssertionError if a process or a file is still there after some time."""
    until = time.monotonic() + PATIENCE
    while any(alive(each) for each in processes) or list(temporary.iterdir()):
        assert time.monotonic() < until
    assert processes


def alive(process: int) -> bool:
    """Whether a process runs: a zombie does not."""
    try:
        return Path("/proc", str(process), "stat").read_text("ascii").split(") ")[1][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_it_ends_when_its_client_goes(tmp_path: Path) -> None:
    with by_hand(tmp_path) as server:
        started = descendants(server.process.pid)
        server.stdin.close()
        assert server.process.wait(PATIENCE) == 0
        wait_until_gone(started, tmp_path)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_of_it_however_it_ends(tmp_path: Path, number: signal.Signals) -> None:
    with by_hand(tmp_path) as server:
        started = descendants(server.process.pid)
        server.process.send_signal(number)
        assert server.process.wait(PATIENCE) == -number
        wait_until_gone(started, tmp_path)


def test_garbage_does_not_end_it(tmp_path: Path) -> None:
    with by_hand(tmp_path) as server:
        for line in (b"", b"{", b"\xff\xfe", b"[]", b'{"jsonrpc": "2.0", "id": 9}', b"\0" * 50):
            server.say(line)
        # Half a surrogate pair is no JSON text to the SDK, as the lines above are none.
        server.say(asking(2, "describe", thing="cecot\ud800"))
        server.say(asking(3, "describe", thing="cecot\0\ufffe<>\n"))
        assert server.answer(3)["result"]["isError"] is True
        server.say(asking(4, "describe", thing="cecot"))
        assert server.answer(4)["result"]["structuredContent"]["statements"]


@pytest.mark.parametrize("line", [b"{", b"\xff\xfe", b"[]", b'{"jsonrpc": "2.0", "\\ud800": 9}'])
def test_what_is_no_message_is_answered(tmp_path: Path, line: bytes) -> None:
    """Whoever has sent it waits for an answer, which can name no request."""
    with by_hand(tmp_path) as server:
        server.say(line)
        said = json.loads(server.stdout.readline())
        assert (said["id"], said["error"]["code"]) == (None, -32700)


def test_a_query_that_is_cancelled_makes_room(tmp_path: Path) -> None:
    hostile = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } # "
    with by_hand(tmp_path, "--deadline", "40") as server:
        cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled"}
        started = time.monotonic()
        for number in range(2, 6):
            server.say(asking(number, "sparql", query=f"{hostile}{number}"))
            server.say({**cancel, "params": {"requestId": number}})
        server.say(asking(6, "describe", thing="cecot"))
        assert server.answer(6)["result"]["structuredContent"]["statements"]
        server.stdin.close()
        assert server.process.wait(PATIENCE) == 0
        assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--rooms", "nowhere"], "nowhere"),
        (["--deadline", "soon"], "--deadline"),
        (["--http", "here"], "--http"),
        (["--http", "127.0.0.1:99999"], "--http"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(
    options: list[str], words: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [*COMMAND, *options],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not list(tmp_path.iterdir())


def test_broken_turtle_is_named_with_its_line(scratch: Path, tmp_path: Path) -> None:
    (scratch / "graph" / "broken.ttl").write_text("<urn:a> a\n")
    temporary = tmp_path / "t"
    temporary.mkdir()
    done = subprocess.run(
        [*COMMAND, "--rooms", str(scratch)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=os.environ | {"TMPDIR": str(temporary)},
        check=False,
    )
    assert done.returncode == 2
    assert re.search(r"broken\.ttl:\d+:\d+: ", done.stderr)
    assert not list(temporary.iterdir())


def test_without_the_sdk_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['mcp_types'] = None\n"
        "from cecot.cli import run; sys.exit(run(['mcp']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 2
    assert "SDK of the Model Context Protocol is not installed" in done.stderr
    assert "hint: pip install 'cecot[mcp]'" in done.stderr


def test_no_other_command_needs_the_sdk() -> None:
    code = (
        "import sys; sys.modules.update(mcp=None, mcp_types=None, anyio=None, pydantic=None)\n"
        "from cecot.cli import run; sys.exit(run(['query', '-', '--format', 'csv']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="SELECT (1 AS ?n) {}",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout.split()) == (0, ["n", "1"]), done.stderr


def test_it_answers_over_http_too(tmp_path: Path) -> None:
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with running([*COMMAND, "--http", "0"], tmp_path, environment) as address:
        with start_blocking_portal() as portal:
            client = Client(f"{address}/mcp", read_timeout_seconds=PATIENCE)
            with portal.wrap_async_context_manager(client) as entered:
                found, text = Session(portal, entered).told("describe", thing="cecot")
                assert check(found, text)
        # A page of another site that a browser has open must not get in.
        headers = {
            "Host": "evil.example",
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
        }
        request = urllib.request.Request(
            f"{address}/mcp", data=json.dumps(HELLO).encode(), headers=headers
        )
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=PATIENCE)
        assert caught.value.code == 421
        caught.value.close()
    assert not list(tmp_path.iterdir())
