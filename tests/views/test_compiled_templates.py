"""What templates are compiled to is kept, and nobody needs it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment

from cecot.views.app import prepare_templates


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text("{% trans %}Search{% endtrans %} {{ 1 + 1 }}")
    return again(tmp_path)


def again(root: Path) -> Flask:
    app = Flask("pages", root_path=str(root))
    prepare_templates(app)
    app.jinja_env.install_null_translations()  # type: ignore[attr-defined]
    return app


def said(app: Flask) -> str:
    return app.jinja_env.get_template("page.html").render()


def test_a_template_is_compiled_once_until_it_changes(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "__pycache__").mkdir()
    assert said(app) == "Search 2"
    with monkeypatch.context() as patch:
        patch.delattr(Environment, "compile")
        assert said(again(tmp_path)) == "Search 2"
    (tmp_path / "templates" / "page.html").write_text("{{ 1 + 2 }}")
    assert said(again(tmp_path)) == "3"


def test_where_nothing_can_be_written_it_is_compiled_each_time(app: Flask, tmp_path: Path) -> None:
    assert said(app) == "Search 2"
    assert said(again(tmp_path)) == "Search 2"
    assert [each.name for each in tmp_path.iterdir()] == ["templates"]


def test_nothing_is_written_where_python_writes_nothing(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "__pycache__").mkdir()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert said(app) == "Search 2"
    assert not list((tmp_path / "__pycache__").iterdir())
