"""What a question's page gives to paste runs as it stands, and finds the rows of the page."""

from __future__ import annotations

import csv
import html
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest

from cecot.dataset.questions import read_questions
from cecot.rooms import find_rooms

SLUGS = [each.slug for each in read_questions(find_rooms(Path(__file__).parents[2]))]
# Starting R takes half a second: none, one and several rows, in words with accents.
SOME = ["capacity", "space-per-prisoner", "quoted-words"]
SNIPPET = re.compile(r'<code id="snippet-(\w+)">(.*?)</code>', re.DOTALL)

Run = Callable[[str, str], str]


@pytest.fixture(scope="session")
def rows(endpoint: str) -> Callable[[str], list[dict[str, str]]]:
    """The rows of a question's answer, from its CSV twin."""

    def read(slug: str) -> list[dict[str, str]]:
        address = endpoint.replace("/sparql", f"/questions/{slug}.csv?lang=es")
        with urlopen(address) as answer:
            return list(csv.DictReader(io.StringIO(answer.read().decode(), newline="")))

    return read


@pytest.fixture
def run(endpoint: str, tmp_path: Path) -> Run:
    """Copy a snippet from the page of a question into a file, run it, and give what it printed."""

    def running(slug: str, suffix: str) -> str:
        with urlopen(endpoint.replace("/sparql", f"/questions/{slug}?lang=es")) as answer:
            found = dict(SNIPPET.findall(answer.read().decode()))
        file = tmp_path / f"snippet.{suffix}"
        file.write_text(html.unescape(found[suffix]), encoding="utf-8")
        program = {"sh": "bash", "py": sys.executable, "mjs": "node", "R": "Rscript"}[suffix]
        done = subprocess.run(
            [program, str(file)],
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return running


@pytest.mark.parametrize("slug", SLUGS)
def test_curl_prints_the_answer(run: Run, rows: Callable[..., object], slug: str) -> None:
    printed = run(slug, "sh")
    assert list(csv.DictReader(io.StringIO(printed, newline=""))) == rows(slug)


@pytest.mark.parametrize("slug", SLUGS)
def test_python_prints_each_row(
    run: Run, rows: Callable[[str], list[dict[str, str]]], slug: str
) -> None:
    assert run(slug, "py").splitlines() == [str(row) for row in rows(slug)]


@pytest.mark.skipif(shutil.which("node") is None, reason="node is absent: JavaScript is not tried")
@pytest.mark.parametrize("slug", SLUGS)
def test_javascript_prints_each_row(
    run: Run, rows: Callable[[str], list[dict[str, str]]], slug: str
) -> None:
    printed = run(slug, "mjs")
    assert printed.count("claim: ") + printed.count("passage: ") >= len(rows(slug))
    for row in rows(slug):
        for value in filter(None, (row.get("line"), row.get("passage"))):
            assert f"'{value}'" in printed


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is absent: its snippet is not tried")
@pytest.mark.parametrize("slug", SOME)
def test_r_reads_the_answer_as_a_data_frame(
    run: Run, rows: Callable[[str], list[dict[str, str]]], slug: str
) -> None:
    printed = run(slug, "R")
    expected = rows(slug)
    assert ("<0 rows>" in printed) is not bool(expected)
    for row in expected:
        assert row["passage"] in printed
        assert row["unresolved"].split()[0] in printed
