"""Settings come from flags and the environment; the documentation has the same table."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cecot.commands import settings_options
from cecot.errors import UsageError
from cecot.settings import Settings, read_settings, table

NO_ADDRESSES = (
    *("x.example", "//x.example/", "javascript:alert(1)", "ftp://x.example/", "mailto:a@b.example"),
    *("http://", "http:///x", "http://:80/", "http:\\\\x.example/", "http://[::1/", "http://[x]/"),
    *(f"http://x.example:{port}/" for port in ("0", "-1", "65536", "99999", "http", "\uff11")),
    *("http://x y/", "http://x.example/a b", "http://x.example/<a>", "http://x.example/\n/"),
)
NO_SITES = (
    *("https://x.example/?x", "https://x.example/#y", "https://x.example/sub?x#y", "http://x/?"),
    *("https://me@x.example/", "https://me:secret@x.example/", "https://café.example/"),
)
ADDRESSES = (
    *("http://x.example", "https://x.example/sub/", "http://[::1]:8000/", "HTTP://x.example:/"),
    "https://xn--caf-dma.example/",
)

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
        *(("host", each) for each in ("", "  ", "a..b", "é" * 80, "a" * 80)),
        *(("port", each) for each in ("65536", "99999", "", "9" * 400)),
        *(("deadline", each) for each in ("nan", "inf", "1e3", "-1", "", "604801", "9" * 400)),
        *(("memory", each) for each in ("-5", "", "nan", "9999999999999G", "9" * 400, "1025T")),
        *(("queries", each) for each in ("1.5", "-1", "", "8193")),
        ("waiting", "1000001"),
        ("stall", "999999999"),
        *(("public_url", each) for each in (*NO_ADDRESSES, *NO_SITES)),
        *(("engine", each) for each in NO_ADDRESSES),
        *(("engine_store", each) for each in NO_ADDRESSES),
        *(("engine_graph", each) for each in ("graph", "a b", "urn:a b", ":x")),
        *(("contact", each) for each in ("javascript:alert(1)", "desk", "a@b@c", "//paper")),
        *(("spool", each) for each in ("/nonexistent", __file__)),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_flag(name: str, written: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings({name: written}, {})
    assert caught.value.where == "--" + name.replace("_", "-")
    with pytest.raises(UsageError) as caught:
        read_settings({}, {f"CECOT_{name.upper()}": written})
    assert caught.value.where == f"CECOT_{name.upper()}"


@pytest.mark.parametrize("written", [*ADDRESSES, ""])
@pytest.mark.parametrize("name", ["public_url", "engine", "engine_store", "contact"])
def test_an_address_of_the_web_is_taken_as_it_is(name: str, written: str) -> None:
    assert getattr(read_settings({name: written}, {}), name) == written


def test_an_engine_may_have_what_a_site_may_not() -> None:
    for each in ("http://x.example/?default-graph-uri=urn:x", "http://café.example/"):
        assert read_settings({"engine": each}, {}).engine == each


def test_the_system_has_its_own_folder_for_large_answers(tmp_path: Path) -> None:
    for each in ("", str(tmp_path)):
        assert read_settings({"spool": each}, {}).spool == each


def test_each_default_is_a_value_that_may_be_given() -> None:
    for row in table():
        read = getattr(read_settings({row.name: row.default}, {}), row.name)
        assert read == getattr(Settings(), row.name)


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
