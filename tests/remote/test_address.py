"""Where an engine stands: addresses by its kind, names, passwords that no log shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from cecot.errors import UsageError
from cecot.remote.address import PASSWORD, read_remote
from cecot.remote.client import Client
from cecot.settings import Settings


@pytest.mark.parametrize(
    ("kind", "address", "user", "query", "store"),
    [
        ("oxigraph", "http://e:7878", "", "http://e:7878/query", "http://e:7878/store"),
        ("oxigraph", "http://e:7878/x/query", "", "http://e:7878/x/query", "http://e:7878/x/store"),
        ("oxigraph", "http://e:7878/x/", "", "http://e:7878/x/query", "http://e:7878/x/store"),
        ("oxigraph", "http://e:7878/x", "", "http://e:7878/x", ""),
        ("oxigraph", "http://e:7878/query/", "", "http://e:7878/query", "http://e:7878/store"),
        ("virtuoso", "http://e/", "", "http://e/sparql", "http://e/sparql-graph-crud"),
        ("virtuoso", "http://e", "u", "http://e/sparql-auth", "http://e/sparql-graph-crud-auth"),
        (
            "virtuoso",
            "http://e/sparql",
            "u",
            "http://e/sparql-auth",
            "http://e/sparql-graph-crud-auth",
        ),
        (
            "virtuoso",
            "http://e/v/sparql-auth",
            "",
            "http://e/v/sparql",
            "http://e/v/sparql-graph-crud",
        ),
        ("sparql11", "https://e/ds/query", "", "https://e/ds/query", ""),
        ("sparql11", "https://e/ds/", "", "https://e/ds/", ""),
    ],
)
def test_addresses_follow_the_kind(
    kind: str, address: str, user: str, query: str, store: str
) -> None:
    settings = Settings(engine=address, engine_kind=kind, engine_user=user)
    remote = read_remote(settings, {PASSWORD: "secret"} if user else {})
    assert (remote.query, remote.store) == (query, store)


def test_the_password_may_stand_in_a_file_and_is_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("secret\n", encoding="utf-8")
    settings = Settings(engine="http://e/", engine_user="u")
    remote = read_remote(settings, {f"{PASSWORD}_FILE": str(file)})
    assert remote.password == "secret"
    assert "secret" not in repr(remote)


@pytest.mark.parametrize(
    ("given", "environ", "told"),
    [
        ({"engine": "ftp://e/"}, {}, "--engine"),
        ({"engine": "http:///x"}, {}, "--engine"),
        ({"engine": "http://[::1/"}, {}, "--engine"),
        ({"engine": "http://e:99999/"}, {}, "--engine"),
        ({"engine": "http://u:secret@e/"}, {}, "--engine"),
        ({"engine": "http://u:secret@e:99999/"}, {}, "--engine"),
        ({"engine": "u:secret@e"}, {}, "--engine"),
        ({"engine": "http://e/", "engine_user": "u"}, {}, "--engine-user"),
        ({"engine": "http://e/"}, {PASSWORD: "secret"}, "--engine-user"),
        ({"engine": "http://e/", "engine_kind": "neptune"}, {}, "--engine-kind"),
        ({"engine": "http://e/", "engine_timeout": "t:min"}, {}, "--engine-timeout"),
        (
            {"engine": "http://e/", "engine_kind": "virtuoso", "engine_timeout": "timeout:ms"},
            {},
            "--engine-timeout",
        ),
        ({"engine": "http://e/"}, {f"{PASSWORD}_FILE": "no such file"}, f"{PASSWORD}_FILE"),
    ],
)
def test_what_cannot_be_used_is_named_without_the_password(
    given: dict[str, str], environ: dict[str, str], told: str
) -> None:
    with pytest.raises(UsageError) as caught:
        read_remote(Settings(**given), environ)  # type: ignore[arg-type]
    assert caught.value.where == told
    assert "secret" not in caught.value.message


def test_a_certificate_that_is_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("none", encoding="utf-8")
    settings = Settings(engine="https://e/", engine_ca=str(file))
    with pytest.raises(UsageError) as caught:
        Client(read_remote(settings, {}), settings)
    assert caught.value.where == str(file)
