"""Building the package: with the editor where that can be, and never failing for it."""

from __future__ import annotations

import shutil
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

HOUSE = Path(__file__).parents[1]
BUILT = Path("server", "cecot", "views", "static", "built")


@pytest.fixture(scope="module")
def module() -> ModuleType:
    """The hook, as hatchling loads it: from its file."""
    spec = spec_from_file_location("hatch_build", HOUSE / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def hook(module: ModuleType, tmp_path: Path) -> Any:
    """The hook over a copy of the sources of the editor, with nothing built or installed."""
    skipped = shutil.ignore_patterns("node_modules")
    shutil.copytree(HOUSE / "server" / "web", tmp_path / "server" / "web", ignore=skipped)
    return module.CustomBuildHook(str(tmp_path), {}, None, None, str(tmp_path), "wheel")


@pytest.fixture
def without_npm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine that has neither npm nor Node.js."""
    monkeypatch.setenv("PATH", str(tmp_path))


def build(hook: Any) -> None:
    """What hatchling does before it gathers the files of a wheel."""
    hook.initialize("standard", {})


@pytest.mark.usefixtures("without_npm")
def test_without_npm_and_node_the_package_is_built_and_says_what_is_missing(
    hook: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    build(hook)
    assert not (tmp_path / BUILT).exists()
    assert "query editor is not built" in capfd.readouterr().err


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is absent")
def test_without_a_registry_the_package_is_built_all_the_same(
    hook: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retry_mintimeout", "1")
    build(hook)
    assert not (tmp_path / BUILT).exists()
    assert "query editor is not built" in capfd.readouterr().err


@pytest.mark.usefixtures("without_npm")
def test_node_is_asked_for_as_a_wheel_only_where_npm_is_missing(
    hook: Any, module: ModuleType
) -> None:
    assert hook.dependencies() == ([module.NODE] if module._has_wheel_of_node() else [])


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is absent")
def test_where_npm_is_nothing_else_is_asked_for(hook: Any) -> None:
    assert hook.dependencies() == []


@pytest.mark.usefixtures("without_npm")
def test_a_bundle_of_these_very_sources_is_kept(hook: Any, tmp_path: Path) -> None:
    built = tmp_path / BUILT
    built.mkdir(parents=True)
    (built / "editor.js").write_text("kept")
    (built / ".sources").write_text(hook._sources())
    assert hook.dependencies() == []
    build(hook)
    assert (built / "editor.js").read_text() == "kept"


def test_a_bundle_of_other_sources_is_not_taken_for_theirs(hook: Any, tmp_path: Path) -> None:
    before = hook._sources()
    script = tmp_path / "server" / "web" / "src" / "editor.js"
    script.write_text(script.read_text() + "\n")
    assert hook._sources() != before


def test_the_lock_file_names_no_registry_and_pins_each_package() -> None:
    text = (HOUSE / "server" / "web" / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert text.count('"integrity"') >= text.count('"node_modules/')
