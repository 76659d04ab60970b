"""``cecot query`` of an engine by its URL: the answer stands, whatever comes after it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from scripted import Scripted, reply

from cecot.rooms import Rooms

NONE = '{"head": {"vars": ["s"]}, "results": {"bindings": []}}'
ROW = NONE.replace("[]", '[{"s": {"type": "uri", "value": "urn:a"}}]')
BROKEN = reply("no", status="500 Internal Server Error")


@pytest.mark.parametrize("answer", [ROW, NONE])
def test_an_answer_stands_where_no_hint_on_it_can_be_asked_for(
    scripted: Scripted, foreign_rooms: Rooms, tmp_path: Path, answer: str
) -> None:
    query = tmp_path / "q.rq"
    query.write_text("SELECT ?s { ?s ?p <urn:nowhere> }")
    # The first is asked for a version, the second the question; the others are for hints.
    scripted.replies = [reply(NONE), reply(answer), BROKEN]
    told = ["--engine", scripted.address, "--rooms", str(foreign_rooms.root), "--format", "json"]
    command = [sys.executable, "-m", "cecot", "query", str(query), *told]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == json.loads(answer)
