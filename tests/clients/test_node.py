"""What people use from JavaScript: Comunica and sparql-http-client, in Node."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SOURCES = Path(__file__).parent / "node"
INSTALLED = Path(__file__).parents[2] / "build" / "clients-node"
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")

Ask = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="session")
def packages() -> Path:
    """The folder of the clients and the scripts, installed once and kept below ``build/``."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is absent: the clients from npm are not tried")
    INSTALLED.mkdir(parents=True, exist_ok=True)
    with (INSTALLED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the tests run in several processes
        for source in SOURCES.iterdir():
            shutil.copy(source, INSTALLED)
        install((SOURCES / "package-lock.json").read_text(encoding="utf-8"))
    return INSTALLED


def install(wanted: str) -> None:
    """Install what the lock file ``wanted`` names, unless it is there; skip where npm cannot."""
    stamp = INSTALLED / "installed.json"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    stamp.unlink(missing_ok=True)
    done = subprocess.run(
        ["npm", "ci", *QUIET], cwd=INSTALLED, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"npm cannot install the clients here: {done.stderr.strip()[-300:]}")
    stamp.write_text(wanted, encoding="utf-8")


@pytest.fixture
def ask(packages: Path, endpoint: str) -> Ask:
    """Run one of the scripts against the endpoint and read what it prints."""

    def asking(script: str) -> dict[str, Any]:
        done = subprocess.run(
            ["node", script, endpoint],
            cwd=packages,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return asking


def test_comunica_asks_the_endpoint_and_finds_out_what_it_is(ask: Ask) -> None:
    assert ask("comunica.mjs") == {
        "rows": 30,
        "detected": 30,
        "graph": 30,
        "ask": True,
        "file": 30,
    }


def test_sparql_http_client_asks_in_every_way_and_fetches_a_graph(ask: Ask) -> None:
    each = {"rows": 30, "graph": 30, "ask": True}
    found = ask("sparql-http-client.mjs")
    assert found.pop("store") > 100, "triples of the ontology's graph"
    assert found == {"get": each, "postUrlencoded": each, "postDirect": each}
