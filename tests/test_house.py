"""The habits of the house, held by tests: sizes, names, and what no file may contain."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
ROOMS = ("ontology", "graph", "shapes")
CODE_OR_GRAPH = {".py", ".ttl", ".rq", ".js", ".ts", ".css", ".html", ".sh"}
# One namespace, one file: the ontology is read as a whole.
LONG_BY_DESIGN = {"ontology/cecot.ttl"}
ROOMS_WITHOUT_A_NAME = {"utils.py", "util.py", "helpers.py", "common.py", "misc.py"}
# Joined here, so that this file does not hold what it looks for.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"),
    )
]
MACHINE_PATH = re.compile(r"(?<![\w.~:/-])/(?:work|root|home|Users)/\w+")


def files() -> list[Path]:
    """Every file that git tracks or would track, as paths below the house."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = sorted(set(filter(None, listed.split("\0"))))
    return [Path(name) for name in names if (HOUSE / name).is_file()]


def texts() -> Iterator[tuple[Path, str]]:
    """The files that are text, with what stands in them."""
    for path in files():
        data = (HOUSE / path).read_bytes()
        if b"\0" not in data:
            yield path, data.decode()


def test_no_file_of_code_or_graph_passes_500_lines() -> None:
    long = {
        path.as_posix(): text.count("\n")
        for path, text in texts()
        if path.suffix in CODE_OR_GRAPH
        and path.as_posix() not in LONG_BY_DESIGN
        and text.count("\n") > 500
    }
    assert not long


def test_no_module_is_a_room_without_a_name() -> None:
    assert not [path for path in files() if path.name in ROOMS_WITHOUT_A_NAME]


@pytest.mark.parametrize("room", ROOMS)
def test_an_editor_of_the_material_never_meets_code(room: str) -> None:
    found = {path.suffix for path in files() if path.parts[0] == room}
    # .toml: lists of words, which are data for people who write no code (ontology/words).
    assert found <= {".ttl", ".rq", ".md", ".toml"}
    assert ".ttl" in found or ".rq" in found


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_explains_itself(room: str) -> None:
    assert Path(room, "README.md") in files()


def test_server_is_a_source_folder_and_no_package() -> None:
    assert Path("server/__init__.py") not in files()


def test_no_file_names_a_package_registry() -> None:
    assert not [(path, host) for path, text in texts() for host in REGISTRIES if host in text]


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    found = [
        (path, match.group()) for path, text in texts() if (match := MACHINE_PATH.search(text))
    ]
    assert not found


def test_decisions_are_short_and_numbered_once() -> None:
    records = [path for path in files() if path.parent == Path("docs/decisions")]
    numbers = [path.name[:4] for path in records]
    assert len(numbers) == len(set(numbers))
    assert all(number.isdigit() for number in numbers)
    lines = {
        path: sum(map(bool, (HOUSE / path).read_text("utf-8").split("\n"))) for path in records
    }
    assert not {path: count for path, count in lines.items() if not 5 <= count <= 15}


def test_no_public_class_stands_twice_in_the_package() -> None:
    found: dict[str, set[str]] = {}
    for path in (HOUSE / "server" / "cecot").rglob("*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, set()).add(path.as_posix())
    twice = {name for name, places in found.items() if len(places) > 1}
    assert twice == set(), "one of them needs a name of its own"
