"""Whatever dies is started again; whatever is told to stop finishes first (real processes)."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import pytest
from graph_processes import BUSY, until

from cecot.rooms import Rooms

SERVE = [sys.executable, "-m", "cecot", "serve"]
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {' . '.join(f'?s{n} ?p{n} ?o{n}' for n in range(12))} }}"


class Service:
    """A running ``cecot serve``: its processes, what it says, and a client."""

    def __init__(self, process: subprocess.Popen[str], port: int, said: SimpleQueue[str]) -> None:
        self.process = process
        self.port = port
        self.said = said

    def ask(self, text: str, timeout: float = 60) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            head = {"Content-Type": "application/sparql-query"}
            connection.request("POST", "/sparql", text.encode(), head)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def version(self) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", "/health")
        version: str = json.loads(connection.getresponse().read())["version"]
        connection.close()
        return version

    def children(self, name: str) -> list[int]:
        """The processes called ``name`` that descend from the service."""
        return [each for each, called in descendants(self.process.pid) if called == name]


def descendants(ancestor: int) -> list[tuple[int, str]]:
    found = []
    for child in children_of(ancestor):
        try:
            name = Path(f"/proc/{child}/comm").read_text().strip()
        except OSError:
            continue
        found += [(child, name), *descendants(child)]
    return found


def children_of(parent: int) -> list[int]:
    try:
        return list(map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split()))
    except OSError:
        return []


def ended(*options: str) -> subprocess.CompletedProcess[str]:
    """A service that could not be started."""
    return subprocess.run(
        [*SERVE, *options], check=False, capture_output=True, text=True, timeout=90
    )


@contextmanager
def serving(rooms: Path, *options: str, before: Sequence[str] = ()) -> Iterator[Service]:
    command = [*before, *SERVE, "--port", "0", "--rooms", str(rooms), *options]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    assert process.stderr is not None
    said: SimpleQueue[str] = SimpleQueue()
    listener = threading.Thread(target=lambda: [said.put(line) for line in process.stderr or ()])
    listener.start()
    try:
        first = said.get(timeout=90)
        assert "http://127.0.0.1:" in first, first
        port = int(first.split("http://127.0.0.1:")[1].split("/")[0])
        yield Service(process, port, said)
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(60)
        finally:
            process.kill()
            listener.join()
            process.stderr.close()


@pytest.fixture(scope="module")
def service(foreign_rooms: Rooms) -> Iterator[Service]:
    with serving(foreign_rooms.root, "--deadline", "40", "--patience", "30") as started:
        yield started


@pytest.mark.parametrize("name", ["cecot-evaluator", "cecot-graph", "cecot-front"])
def test_whatever_is_killed_is_replaced_and_no_client_is_turned_away(
    service: Service, name: str
) -> None:
    assert service.ask("ASK {}")[0] == 200
    until(lambda: bool(service.children(name)))
    before = set(service.children(name))
    for process in before:
        os.kill(process, signal.SIGKILL)
    for number in range(20):
        assert service.ask(f"ASK {{ FILTER({number} = {number}) }}") == (
            200,
            b'{"head":{},"boolean":true}',
        )
    until(lambda: bool(set(service.children(name)) - before))


def test_a_process_that_dies_again_and_again_is_replaced_again_and_again(service: Service) -> None:
    for _ in range(3):
        until(lambda: bool(service.children("cecot-front")))
        os.kill(service.children("cecot-front")[0], signal.SIGKILL)
        assert service.ask("ASK {}")[0] == 200


def test_a_client_that_goes_frees_its_evaluator_within_a_second(service: Service) -> None:
    def computing() -> bool:
        return any(state_of(each) in "RD" for each in service.children("cecot-evaluator"))

    with socket.create_connection(("127.0.0.1", service.port)) as client:
        query = urllib.parse.urlencode({"query": ENDLESS})
        client.sendall(f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        until(computing)
    gone = time.monotonic()
    until(lambda: not computing())
    assert time.monotonic() - gone < 1.0 + BUSY


def state_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"


def test_a_taken_port_is_an_error(service: Service, foreign_rooms: Rooms) -> None:
    second = ended("--port", str(service.port), "--rooms", str(foreign_rooms.root))
    assert second.returncode == 2
    assert f"port {service.port}" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("graph/broken.ttl", b"<urn:a> <urn:b> .\n"),
        ("graph/broken.ttl", b"# caf\xe9\n"),
        ("graph/queries/broken.rq", b"# number: 1\n# caf\xe9\n"),
    ],
)
def test_rooms_that_cannot_be_read_are_an_error(
    foreign_rooms: Rooms, tmp_path: Path, name: str, content: bytes
) -> None:
    rooms = shutil.copytree(foreign_rooms.root, tmp_path / "rooms")
    (rooms / name).parent.mkdir(exist_ok=True)
    (rooms / name).write_bytes(content)
    failed = ended("--port", "0", "--rooms", str(rooms))
    assert failed.returncode == 2
    assert re.search(rf"{re.escape(name)}:\d+:\d+: ", failed.stderr)
    assert "Traceback" not in failed.stderr


def test_each_process_keeps_freed_memory_at_hand_unless_the_operator_says_otherwise(
    foreign_rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    for said, count in (("glibc.malloc.perturb=0", 200), ("glibc.malloc.tcache_count=9", 9)):
        monkeypatch.setenv("GLIBC_TUNABLES", said)
        with serving(foreign_rooms.root) as service:
            begun = Path(f"/proc/{service.process.pid}/environ").read_text().split("\0")
            assert f"{count}" == next(each for each in begun if "tcache" in each).rpartition("=")[2]
            assert any(each.startswith(f"GLIBC_TUNABLES={said}") for each in begun)
            assert service.ask("ASK {}")[0] == 200


def test_sigterm_lets_a_query_finish_and_leaves_nothing_behind(foreign_rooms: Rooms) -> None:
    with serving(foreign_rooms.root, "--deadline", "3", "--queries", "2") as service:
        family = [service.process.pid]
        until(lambda: [state_of(e) for e in service.children("cecot-evaluator")] == ["S", "S"])
        answers: list[int] = []
        asking = threading.Thread(target=lambda: answers.append(service.ask(ENDLESS)[0]))
        asking.start()
        until(lambda: any(state_of(each) == "R" for each in service.children("cecot-evaluator")))
        family += [each for each, _ in descendants(service.process.pid)]
        service.process.terminate()
        asking.join()
        assert answers == [504]
        assert service.process.wait(60) == 0
        assert not [each for each in family if Path(f"/proc/{each}").exists()]


def test_a_signal_to_all_of_its_processes_ends_it_without_a_word(foreign_rooms: Rooms) -> None:
    with serving(foreign_rooms.root, before=["setsid"]) as service:
        until(lambda: bool(service.children("cecot-evaluator")))
        os.killpg(service.process.pid, signal.SIGTERM)
        assert service.process.wait(60) == 0
        time.sleep(0.2)
        said = [service.said.get() for _ in range(service.said.qsize())]
        assert not [line for line in said if "started again" in line]


def test_nothing_outlives_a_service_that_is_killed(foreign_rooms: Rooms) -> None:
    with serving(foreign_rooms.root) as service:
        until(lambda: bool(service.children("cecot-evaluator")))
        family = [each for each, _ in descendants(service.process.pid)]
        service.process.kill()
        until(lambda: not [each for each in family if state_of(each) not in "XZ"])


def test_sighup_reads_the_rooms_anew_while_clients_are_answered(
    foreign_rooms: Rooms, tmp_path: Path
) -> None:
    rooms = shutil.copytree(foreign_rooms.root, tmp_path / "rooms")
    question = "ASK { <urn:new> <urn:p> <urn:o> }"
    with serving(rooms) as service:
        before = service.version()
        assert b"false" in service.ask(question)[1]
        statuses: list[int] = []
        stop = threading.Event()

        def keep_asking() -> None:
            while not stop.is_set():
                statuses.append(service.ask("ASK {}")[0])

        client = threading.Thread(target=keep_asking)
        client.start()
        (rooms / "graph" / "new.ttl").write_text("<urn:new> <urn:p> <urn:o> .\n")
        service.process.send_signal(signal.SIGHUP)
        until(lambda: b"true" in service.ask(question)[1])
        stop.set()
        client.join()
        assert service.version() != before
        assert set(statuses) == {200}

        # The second change comes while the first is being read.
        for name in ("first", "second"):
            (rooms / "graph" / f"{name}.ttl").write_text(f"<urn:{name}> <urn:p> <urn:o> .\n")
            service.process.send_signal(signal.SIGHUP)
            time.sleep(0.05)
        until(lambda: b"true" in service.ask("ASK { <urn:second> ?p ?o }")[1])

        (rooms / "graph" / "broken.ttl").write_text("<urn:a> <urn:b> .\n")
        service.process.send_signal(signal.SIGHUP)
        until(lambda: "broken.ttl" in service.said.get(timeout=20))
        assert b"true" in service.ask(question)[1]


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user already: every test shows it")
def test_an_ordinary_user_can_serve(foreign_rooms: Rooms) -> None:
    # Root may keep Python where others cannot read, so reading is allowed, and nothing else.
    reading = "+dac_read_search"
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    nobody += [f"--inh-caps=-all,{reading}", f"--ambient-caps=-all,{reading}"]
    with serving(foreign_rooms.root, "--deadline", "5", before=nobody) as service:
        assert {owner_of(each) for each, _ in descendants(service.process.pid)} == {65534}
        assert service.ask("ASK {}")[0] == 200
        assert service.ask(ENDLESS)[0] == 504
        assert service.ask("SELECT * { " + "{" * 5000 + "}" * 5000 + " }")[0] == 422
        service.process.terminate()
        assert service.process.wait(60) == 0


def owner_of(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Uid:"))
