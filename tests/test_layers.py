"""Imports point one way: a pure core, a thin shell around it, as docs/architecture.md has it."""

from __future__ import annotations

import ast
import re
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "server"
PAGE = (SOURCES.parent / "docs" / "architecture.md").read_text("utf-8")
ROW = re.compile(r"\| (shell|core|engine|ground) \| ([^|]+) \|")
LAYERS = {row[1]: re.findall(r"`(\w+)/?`", row[2]) for row in ROW.finditer(PAGE)}
"""The folders and modules of each layer, from the top, as the page lists them."""

DEPTH = {name: depth for depth, name in enumerate(["__main__", *chain(*LAYERS.values())])}
FRAMEWORKS = {"anyio", "click", "flask", "httptools", "jinja2", "mcp", "mcp_types", "uvicorn"}


def module_name(path: Path) -> str:
    """``server/cecot/views/app.py`` as ``cecot.views.app``."""
    parts = path.relative_to(SOURCES).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str, modules: set[str]) -> set[str]:
    """What ``source`` imports: modules of ours where it names one, else top-level packages."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            module = name if name in modules else name.rpartition(".")[0]
            found.add(module if module in modules else name.partition(".")[0])
    return found


def room(module: str) -> str:
    """The room of a module: ``views`` of ``cecot.views.app``."""
    return [*module.split("."), ""][1]


def read_imports() -> dict[str, set[str]]:
    """Each module of the package with what it imports, wherever in the module that stands."""
    paths = {module_name(path): path for path in SOURCES.rglob("*.py")}
    names = set(paths)
    return {name: imports(path.read_text("utf-8"), names) for name, path in paths.items()}


IMPORTS = read_imports()
BELOW_THE_SHELL = sorted(
    name for name in IMPORTS if DEPTH.get(room(name), 0) > DEPTH[LAYERS["shell"][-1]]
)


@pytest.mark.parametrize("module", BELOW_THE_SHELL)
def test_the_core_knows_neither_the_web_nor_the_terminal(module: str) -> None:
    assert not IMPORTS[module] & FRAMEWORKS


@pytest.mark.parametrize("module", sorted(name for name in IMPORTS if "." in name))
def test_what_is_imported_stands_below(module: str) -> None:
    ours = {room(name) for name in IMPORTS[module] if name.startswith("cecot.")} - {room(module)}
    assert {name for name in ours if DEPTH[name] <= DEPTH[room(module)]} == set()


def test_no_two_modules_need_each_other() -> None:
    graph = {name: found & IMPORTS.keys() - {"cecot", name} for name, found in IMPORTS.items()}
    assert list(TopologicalSorter(graph).static_order())


def test_the_page_about_the_architecture_names_each_folder_and_module_once() -> None:
    assert [*LAYERS] == ["shell", "core", "engine", "ground"]
    assert len(DEPTH) == 1 + sum(map(len, LAYERS.values()))
    assert DEPTH.keys() == {room(name) for name in IMPORTS if "." in name}


def test_every_form_of_import_is_seen() -> None:
    modules = {"cecot", "cecot.rooms", "cecot.views.app"}
    source = "import flask.json\nfrom cecot import rooms\nfrom cecot.views.app import create_app\n"
    assert imports(source, modules) == {"flask", "cecot.rooms", "cecot.views.app"}


def test_a_circle_would_be_seen() -> None:
    with pytest.raises(CycleError):
        TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()
