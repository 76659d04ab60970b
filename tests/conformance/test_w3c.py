"""The W3C SPARQL suites over HTTP, against the list of failures and their reasons."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from scratch import scratch_service

from cecot.rooms import Rooms

IGNORED = tomllib.loads((Path(__file__).parent / "ignored.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("suite", IGNORED)
def test_a_suite_fails_only_where_the_list_says_why(
    suite: str, shared_dir: Path, rooms: Rooms, tmp_path: Path
) -> None:
    failed = failures(suite, shared_dir, rooms, tmp_path / "outcomes.json")
    assert failed.keys() == IGNORED[suite].keys(), failed


def test_every_ignored_test_has_a_reason() -> None:
    assert all(len(reason) > 20 for suite in IGNORED.values() for reason in suite.values())


def failures(suite: str, shared: Path, rooms: Rooms, outcomes: Path) -> dict[str, str]:
    """The tests of ``suite`` that fail against our endpoint, with what the runner says of each."""
    with scratch_service(rooms.root, federation=suite == "sparql11-federation") as address:
        command = [
            sys.executable,
            str(shared / "w3c" / "run.py"),
            *("--query-url", f"{address}/sparql", "--update-url", f"{address}/scratch"),
            *("--tests-dir", str(shared / "rdf-tests"), "--suite", suite),
            *("--json", str(outcomes), "--quiet"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    (report,) = json.loads(outcomes.read_text(encoding="utf-8"))
    assert report["total"], "the suite has no tests here"
    return {test["label"]: test["reason"] for test in report["tests"] if test["status"] == "failed"}
