"""The example with Virtuoso in docs/engines.md runs as written, where Virtuoso is installed."""

from __future__ import annotations

import os
import subprocess
import sysconfig
import time
from pathlib import Path

import httpx2
import pytest
from bench.engines import has_virtuoso

from engines import free_port
from running import PATIENCE, running
from walkthrough import read_blocks

PAGE = Path(__file__).parents[2] / "docs" / "engines.md"


@pytest.mark.skipif(not has_virtuoso(), reason="apt-get install virtuoso-opensource-7-bin")
def test_virtuoso_is_filled_checked_and_served_as_the_page_says(tmp_path: Path) -> None:
    http, sql = free_port(), free_port()

    def text(of: str) -> str:
        return of.replace(":8890", f":{http}").replace(":1111", f":{sql}")

    blocks = read_blocks(PAGE)
    [settings] = [each.text for each in blocks if each.language == "ini"]
    begin, fill, serve = (text(each.text) for each in blocks if each.words == ("elsewhere",))
    (tmp_path / "virtuoso.ini").write_text(text(settings), encoding="utf-8")
    scripts = sysconfig.get_path("scripts")
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    with subprocess.Popen(
        ["bash", "-c", f"exec {begin}"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as engine:
        try:
            wait_for(f"http://127.0.0.1:{http}/sparql")
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", fill],
                cwd=PAGE.parents[1],
                env=environment,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            for right in ("updates are refused", "SERVICE is refused", "triples"):
                assert f"ok      {right}\n" in done.stdout
            serve = f"exec env {serve.strip()} --port 0"
            with running(["bash", "-c", serve], PAGE.parents[1], environment) as address:
                page = httpx2.get(f"{address}/claims", timeout=PATIENCE, trust_env=False)
                assert page.status_code == 200
        finally:
            engine.terminate()


def wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            httpx2.get(address, params={"query": "ASK {}"}, timeout=5.0, trust_env=False)
        except httpx2.TransportError:
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return
