"""Settings come from flags and the environment; the documentation has the same table."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cecot.commands import settings_options
from cecot.errors import UsageError
from cecot.settings import Settings, read_settings, table

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"


def test_a_flag_beats_the_environment_and_the_environment_the_default() -> None:
    assert read_settings({}, {}).port == Settings().port
    assert read_settings({}, {"CECOT_PORT": "1"}).port == 1
    assert read_settings({"port": "2"}, {"CECOT_PORT": "1"}).port == 2
    assert read_settings({"port": None}, {"CECOT_PORT": "1"}).port == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [("1024", 1024), ("1K", 1024), ("64M", 64 << 20), ("1.5G", 3 << 29), ("2 GiB", 2 << 30)],
)
def test_sizes_have_units(written: str, read: int) -> None:
    assert read_settings({"cache": written}, {}).cache == read


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("port", "http"),
        ("port", "-1"),
        ("deadline", "soon"),
        ("deadline", "0"),
        ("memory", "lots"),
        ("memory", "1M"),
        ("federation", "perhaps"),
        ("trusted_proxies", "localhost"),
        ("log_format", "xml"),
        ("queries", "0"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_flag(name: str, written: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings({name: written}, {})
    assert caught.value.where == "--" + name.replace("_", "-")
    with pytest.raises(UsageError) as caught:
        read_settings({}, {f"CECOT_{name.upper()}": written})
    assert caught.value.where == f"CECOT_{name.upper()}"


def test_a_switch_is_off_unless_it_is_set() -> None:
    assert not read_settings({}, {}).federation
    assert read_settings({"federation": True}, {}).federation
    assert read_settings({}, {"CECOT_FEDERATION": "yes"}).federation
    assert not read_settings({}, {"CECOT_FEDERATION": "0"}).federation


def test_a_switch_that_is_on_is_turned_off_by_its_flag() -> None:
    @click.command()
    @settings_options()
    def show(**given: object) -> None:
        for row in rows:
            click.echo(getattr(read_settings(given, {}), row.name))

    rows = [row for row in table() if row.is_switch and row.default == "yes"]
    assert "downloads" in [row.name for row in rows]
    for turned, told in (("", "True"), ("no-", "False")):
        flags = [f"--{turned}{row.flag[2:]}" for row in rows]
        assert CliRunner().invoke(show, flags).output.split() == [told] * len(rows)
    assert CliRunner().invoke(show, []).output.split() == ["True"] * len(rows)
    assert CliRunner().invoke(show, ["--no-watch"]).exit_code == 2


def test_the_page_of_settings_is_the_table() -> None:
    page = PAGE.read_text("utf-8")
    rows = [
        f"| `{row.flag}` | `{row.environment}` | {f'`{row.default}`' if row.default else 'none'} "
        f"| {row.help} |"
        for row in table()
    ]
    written = [line for line in page.splitlines() if line.startswith("| `--")]
    assert written == rows
