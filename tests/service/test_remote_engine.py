"""The service over an engine that somebody else runs: a real Oxigraph server."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from serving import PATIENCE, Service, serving, until

from bench import engines
from cecot.service.engines import watch
from cecot.settings import Settings
from engines import oxigraph
from model_clients import connected

COUNT = "SELECT (COUNT(*) AS ?n) { ?s a <http://garden.example/ontology#Plant> }"
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?s{n} ?p{n} ?o{n} .' for n in range(24))} }}"
MANY = 28
SLOW = f"""SELECT (COUNT(*) AS ?n) {{
    {" ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(MANY)))} }}" for n in range(5))}
}}"""


@pytest.fixture
def rooms(tmp_path: Path) -> Path:
    """Rooms of one plant."""
    for room in ("ontology", "graph", "shapes"):
        (tmp_path / room).mkdir()
    (tmp_path / "ontology" / "garden.ttl").write_text(
        "<http://garden.example/ontology> a <http://www.w3.org/2002/07/owl#Ontology> ."
    )
    plant(tmp_path, "fern")
    return tmp_path


def plant(rooms: Path, name: str) -> None:
    (rooms / "graph" / f"{name}.ttl").write_text(
        f"<http://garden.example/id/{name}> a <http://garden.example/ontology#Plant> ."
    )


def cecot(*arguments: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "cecot", *arguments]
    return subprocess.run(words, check=False, capture_output=True, text=True, timeout=PATIENCE)


def options(engine: Settings, rooms: Path) -> list[str]:
    return [
        "--engine", engine.engine, "--engine-kind", engine.engine_kind, "--rooms", str(rooms),
    ]  # fmt: skip


@pytest.fixture
def engine() -> Iterator[Settings]:
    with oxigraph() as found:
        yield found


@pytest.fixture
def service(engine: Settings, rooms: Path) -> Iterator[Service]:
    """A service over ``rooms`` as they were loaded."""
    assert cecot("load", *options(engine, rooms)).returncode == 0
    with serving(rooms, *options(engine, rooms)[:4], "--deadline", "1") as found:
        yield found


def count(service: Service) -> int:
    answer = service.ask(COUNT, **{"Cache-Control": "no-cache"})
    assert answer.status == 200, answer.body
    return int(json.loads(answer.body)["results"]["bindings"][0]["n"]["value"])


def test_pages_and_queries_are_answered_by_the_other_engine(service: Service) -> None:
    assert count(service) == 1
    page = service.send("GET", "/id/fern.html", Accept="text/html")
    assert page.status == 200
    assert b"fern" in page.body
    assert service.send("GET", "/health").status == 200
    limits = json.loads(service.send("GET", "/limits", Accept="application/json").body)
    assert (limits["words"]["value"], limits["nesting"]["value"]) == (1000, 100)
    assert "memory" not in limits


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("SELCT", 400),
        ("DELETE WHERE { ?s ?p ?o }", 400),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403),
        (ENDLESS, 504),
    ],
)
def test_what_a_client_does_wrong_has_the_status_that_it_always_has(
    service: Service, text: str, status: int
) -> None:
    answer = service.ask(text)
    assert answer.status == status
    assert json.loads(answer.body)["hint"]


def test_rooms_that_were_not_loaded_are_not_served(engine: Settings, rooms: Path) -> None:
    tried = cecot("serve", "--port", "0", *options(engine, rooms))
    assert tried.returncode == 2
    assert "Run cecot load" in tried.stderr


def test_an_engine_that_is_not_there_is_named(rooms: Path) -> None:
    tried = cecot("serve", "--port", "0", "--engine", "http://127.0.0.1:1/", "--rooms", str(rooms))
    assert tried.returncode == 2
    assert "cannot be reached" in tried.stderr
    assert "Traceback" not in tried.stderr


def test_another_graph_is_served_once_it_is_loaded_and_never_half_of_it(
    engine: Settings, rooms: Path, service: Service
) -> None:
    plant(rooms, "moss")
    assert cecot("load", *options(engine, rooms)).returncode == 0
    assert count(service) == 1, "the graph from before is still there for who has not heard"
    os.kill(service.process, signal.SIGHUP)
    until(lambda: count(service) == 2)


def test_what_is_under_way_while_another_graph_is_taken_gets_its_answer(
    engine: Settings, rooms: Path
) -> None:
    assert cecot("load", *options(engine, rooms)).returncode == 0
    with serving(rooms, *options(engine, rooms)[:4]) as service, ThreadPoolExecutor() as threads:
        plant(rooms, "moss")
        assert cecot("load", *options(engine, rooms)).returncode == 0
        asked = threads.submit(service.ask, SLOW)
        os.kill(service.process, signal.SIGHUP)
        until(lambda: count(service) == 2)
        assert not asked.done(), "it is too quick to tell"
        answer = asked.result(PATIENCE)
        assert answer.status == 200, answer.body


def test_an_engine_that_ends_and_returns_is_met_again_without_anybody(rooms: Path) -> None:
    def health() -> int:
        return service.send("GET", "/health").status

    with ExitStack() as first:
        engine = first.enter_context(oxigraph())
        assert cecot("load", *options(engine, rooms)).returncode == 0
        with serving(rooms, *options(engine, rooms)[:4]) as service:
            kept = service.send("GET", "/id/fern.html", Accept="text/html")
            first.close()
            assert service.send("GET", "/id/fern.html", Accept="text/html").body == kept.body
            other = service.ask("ASK {}")
            assert other.status == 503
            assert "retry-after" in other.headers
            assert health() == 503
            with oxigraph(int(engine.engine.rstrip("/").rpartition(":")[2])):
                lost = service.ask(COUNT, Cache_Control="no-cache")
                assert lost.status == 503, "it came back with nothing, which is no answer"
                assert health() == 503
                assert cecot("load", *options(engine, rooms)).returncode == 0
                until(lambda: health() == 200)
                assert count(service) == 1


def test_an_engine_that_holds_what_it_is_asked_is_out_of_time_and_out_of_health(
    rooms: Path,
) -> None:
    with engines.oxigraph() as engine:
        assert engine.process is not None
        engine.load(rooms)
        with serving(rooms, *engine.options, "--deadline", "1") as service:
            kept = service.send("GET", "/id/fern.html", Accept="text/html")
            engine.process.send_signal(signal.SIGSTOP)
            try:
                held = service.ask("ASK { ?s ?p ?o }")
                health = service.send("GET", "/health")
                page = service.send("GET", "/id/fern.html", Accept="text/html")
            finally:
                engine.process.send_signal(signal.SIGCONT)
            assert (held.status, health.status) == (504, 503)
            assert "did not answer within the deadline" in json.loads(held.body)["detail"]
            assert page.body == kept.body
            until(lambda: service.send("GET", "/health").status == 200)


def test_a_graph_that_is_not_taken_is_told_of_later_and_later() -> None:
    pause, looks = 0.01, 5

    async def until_told() -> float:
        """The seconds until somebody was told ``looks`` times of the same graph."""
        loop = asyncio.get_running_loop()
        begun, told = loop.time(), asyncio.Semaphore(0)
        watching = asyncio.create_task(watch(lambda: True, told.release, pause))
        for _ in range(looks):
            await asyncio.wait_for(told.acquire(), PATIENCE)
        watching.cancel()
        return loop.time() - begun

    assert asyncio.run(until_told()) >= pause * (2**looks - 1)


def test_language_models_ask_the_other_engine_as_well(
    engine: Settings, rooms: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    temporary = tmp_path_factory.mktemp("t")
    assert cecot("load", *options(engine, rooms)).returncode == 0
    plant(rooms, "moss")  # the rooms go on; what answers is what was loaded
    command = ["-m", "cecot", "mcp", *options(engine, rooms), "--engine-any-version"]
    with connected(*command, temporary=temporary) as session:
        told, _ = session.told("sparql", query=COUNT)
        assert told["rows"][0]["n"]["value"] == "1"
        refused = session.call("sparql", query="SELECT * { SERVICE <http://127.0.0.1:1/> {} }")
        assert refused.is_error
    assert not list(temporary.iterdir())
