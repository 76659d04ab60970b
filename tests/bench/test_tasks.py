"""Every task runs, in its shortest form. No figure is tested: the machine is anybody's."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from bench.__main__ import TASKS

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_door_names_every_task(bench: Run) -> None:
    said = bench("--help").stdout
    assert [name for name in TASKS if name not in said] == []


@pytest.mark.parametrize("task", TASKS)
def test_every_task_explains_itself(bench: Run, task: str) -> None:
    ended = bench(task, "--help")
    assert ended.returncode == 0
    assert f"bench {task}" in ended.stdout


def test_the_client_is_measured(bench: Run) -> None:
    ended = bench("client", "--seconds", "0.2")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count(" 0 errors") == 2


def test_a_comparison_runs(bench: Run) -> None:
    ended = bench(
        *("compare", "--servers", "cecot", "--triples", "3000", "--rows", "500"),
        *("--rounds", "1", "--seconds", "0.1"),
    )
    assert ended.returncode == 0, ended.stderr
    for kind in ("repeated", "small", "medium", "heavy", "large"):
        assert f"| {kind} | 8 | cecot |" in ended.stdout
    assert "errors" not in ended.stdout


def test_a_siege_runs_and_finds_no_fault(bench: Run) -> None:
    ended = bench(
        *("hostile", "--triples", "2000", "--budget", "1", "--most", "2", "--rest", "0.5"),
        *("--minutes", "0.05", "--times", "1000", "--late", "60"),
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "0 faults" in ended.stdout


def test_a_siege_with_an_engine_behind_ours_reaches_nobody(bench: Run) -> None:
    ended = bench(
        *("hostile", "--engine", "oxigraph", "--triples", "2000", "--budget", "1", "--most", "2"),
        *("--families", "joins,outside,pages", "--rest", "0.5", "--times", "1000", "--late", "60"),
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "canary: 0 calls" in ended.stdout


def test_pages_and_questions_are_the_same_over_an_engine_behind_ours(bench: Run) -> None:
    ended = bench("remote", "--engine", "oxigraph", "--triples", "2000", "--rounds", "1")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "\n| question | 20 | " in ended.stdout


def test_large_answers_come_whole_beside_readers_that_stall(bench: Run) -> None:
    ended = bench(
        *("large", "--triples", "5000", "--rows", "5000", "--readers", "3"),
        *("--rest", "0.5", "--times", "1000"),
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "text/csv: 200" in ended.stdout


def test_loading_is_measured(bench: Run) -> None:
    ended = bench("loading", "--triples", "3000", "--rounds", "1")
    assert ended.returncode == 0, ended.stderr
    assert "| serve |" in ended.stdout


def test_both_engines_are_measured_on_whole_and_broken_graphs(bench: Run) -> None:
    done = bench("validation", "--triples", "2000")
    assert done.returncode == 0, done.stderr
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in done.stdout.splitlines()[2:]]
    assert [row[1:3] for row in rows] == [
        ["no", "queries"],
        ["no", "pyshacl"],
        ["yes", "queries"],
        ["yes", "pyshacl"],
    ]
    assert [row[-1] == "0" for row in rows] == [True, True, False, False]
    assert all(float(row[4]) > 0 for row in rows[1::2])


def test_engines_are_compared_finding_by_finding(bench: Run) -> None:
    done = bench("agreement", "--triples", "2000", "--seeds", "4")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("| 2,000 | 4 | ")
    assert done.stdout.splitlines()[-1].endswith(" | 0 |")
