"""The wheel stands alone: installed without the checkout, it serves and validates.

The environment is a real one, with nothing of ours in it but the wheel. What the wheel depends on
is lent by the environment of the tests, so that nothing is downloaded.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from running import running

HOUSE = Path(__file__).parents[1]
QUERY = """
PREFIX cecot: <https://w3id.org/cecot/ontology#>
SELECT (COUNT(*) AS ?passages) { ?passage a cecot:Passage }
"""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside the checkout with an environment ``env`` that the wheel is installed in."""
    folder = tmp_path_factory.mktemp("elsewhere")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    wheel = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(HOUSE)]
    subprocess.run([*pip, *wheel], check=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "env"], check=True)
    (built,) = folder.glob("cecot-*.whl")
    install = ["--python", str(folder / "env"), "install", "--no-deps", "--no-index", str(built)]
    subprocess.run([*pip, *install], check=True)
    # A plain path in a .pth file lends packages, but does not read the .pth files that stand there:
    # the editable install of the checkout stays out of sight.
    packages = {"base": str(folder / "env"), "platbase": str(folder / "env")}
    own = Path(sysconfig.get_path("purelib", "venv", packages))
    (own / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the environment in ``folder``, with an environment that tells it nothing."""
    program = folder / "env" / "bin" / words[0]
    return subprocess.run(
        [program, *words[1:]],
        cwd=folder,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_package_comes_from_the_wheel(elsewhere: Path) -> None:
    done = run(elsewhere, "python", "-c", "import cecot; print(cecot.__file__)")
    assert Path(done.stdout.strip()).is_relative_to(elsewhere / "env"), done.stderr


def test_the_wheel_holds_the_licences_and_the_rooms(elsewhere: Path) -> None:
    done = run(
        elsewhere, "python", "-c", "import importlib.metadata as m; print(*m.files('cecot'))"
    )
    files = done.stdout.split()
    assert {Path(file).name for file in files} >= {"LICENSE", "LICENSE-DATA", "py.typed"}
    for room in ("ontology", "graph", "shapes"):
        here = {path.name for path in (HOUSE / room).rglob("*.ttl")}
        there = {Path(f).name for f in files if f.startswith(f"cecot/data/{room}/")}
        assert here <= there


def test_the_wheel_validates_its_graph(elsewhere: Path) -> None:
    done = run(elsewhere, "cecot", "validate")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def address(elsewhere: Path) -> Iterator[str]:
    """The address of the service that the wheel runs."""
    command = [str(elsewhere / "env" / "bin" / "cecot"), "serve", "--port", "0"]
    with running(command, elsewhere, {"PATH": os.defpath}) as address:
        yield address


def read(url: str) -> bytes:
    """What stands at ``url``; HTTPError if nothing does."""
    with urllib.request.urlopen(url, timeout=30) as response:
        content = response.read()
        assert isinstance(content, bytes)
        return content


def test_the_wheel_serves_its_graph(address: str) -> None:
    asked = urllib.parse.urlencode({"query": QUERY, "format": "json"})
    answer = json.loads(read(f"{address}/sparql?{asked}"))
    assert answer["results"]["bindings"][0]["passages"]["value"] == "30"


@pytest.mark.parametrize("path", ["/", "/editor"])
def test_the_wheel_serves_its_pages_with_their_sheets(address: str, path: str) -> None:
    page = read(address + path).decode()
    sheets = re.findall(r'<(?:link rel="stylesheet" href|script [^>]*src)="([^"]+)"', page)
    assert sheets
    assert all(read(urllib.parse.urljoin(address, sheet)) for sheet in sheets)
