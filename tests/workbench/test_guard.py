"""The workbench is open to its editor alone: no token, another host, another origin are refused."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from flask import Flask

from cecot.rooms import Rooms
from cecot.workbench.app import create_workbench

HOST = "127.0.0.1:8765"
OPEN = {"Host": HOST, "Origin": f"http://{HOST}"}
NOTE = "/passage/article/1/note"


@pytest.fixture
def app(practice: Rooms) -> Flask:
    return create_workbench(practice, (), "secret", 8765)


def test_the_token_becomes_a_cookie_and_leaves_the_address(app: Flask) -> None:
    client = app.test_client()
    response = client.get("/source/article?token=secret&lang=es", headers={"Host": HOST})
    assert response.status_code == 303
    assert response.headers["Location"] == "/source/article?lang=es"
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    page = client.get("/source/article", headers={"Host": HOST})
    assert page.status_code == 200
    assert "secret" not in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/%0d%0aX:1", "/%0D%0AX%3A1"),
        ("/claim/a%3Fb%23c", "/claim/a%3Fb%23c"),
        ("/source/%C3%A9", "/source/%C3%A9"),
        ("//evil.example/x", "/evil.example/x"),
        ("/source/a%0ab?lang=es&", "/source/a%0Ab?lang=es"),
    ],
)
def test_the_token_leads_on_to_the_address_itself(app: Flask, path: str, location: str) -> None:
    address = f"{path}{'' if '?' in path else '?'}token=secret"
    environ = {"PATH_INFO": unquote(path.partition("?")[0]).encode().decode("latin-1")}
    response = app.test_client().get(
        "/",
        query_string=address.partition("?")[2],
        headers={"Host": HOST},
        environ_overrides=environ,
    )
    assert response.status_code == 303
    assert response.headers["Location"] == location


@pytest.mark.parametrize("path", ["/", "/source/article", "/static/site.css", "/nothing", NOTE])
def test_without_the_token_nothing_answers(app: Flask, path: str) -> None:
    response = app.test_client().get(path, headers={"Host": HOST})
    assert response.status_code == 403
    assert "Alder Street" not in response.get_data(as_text=True)


@pytest.mark.parametrize("token", ["", "wrong", "secre", "secret2", "é"])
def test_a_wrong_token_opens_nothing(app: Flask, token: str) -> None:
    client = app.test_client()
    assert client.get("/", query_string={"token": token}, headers={"Host": HOST}).status_code == 403
    assert client.get("/", headers={"Host": HOST}).status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example:8765", "evil.example", "127.0.0.1", "127.0.0.1:80", "localhost:1"]
)  # fmt: skip
def test_another_name_of_this_machine_is_refused_with_the_cookie_too(app: Flask, host: str) -> None:
    client = app.test_client()
    client.get("/?token=secret", headers={"Host": HOST})
    assert client.get("/", headers={"Host": host}).status_code == 403
    assert client.get("/?token=secret", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["LOCALHOST:8765", "Localhost:8765", "[::1]:8765"])
def test_a_name_of_this_machine_has_no_case(app: Flask, host: str) -> None:
    client = app.test_client()
    assert client.get("/?token=secret", headers={"Host": host}).status_code == 303
    headers = {"Host": host, "Origin": f"http://{host.lower()}"}
    cookie = {"Cookie": client.get("/?token=secret", headers={"Host": host}).headers["Set-Cookie"]}
    assert client.get("/", headers=headers | cookie).status_code == 200
    assert client.post(NOTE, headers=headers | cookie).status_code == 409


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:8765", "http://127.0.0.1:1", ""]
)
def test_a_form_of_another_site_changes_nothing(app: Flask, practice: Rooms, origin: str) -> None:
    client = app.test_client()
    client.get("/?token=secret", headers={"Host": HOST})
    before = (practice.graph / "sources/article/01.ttl").read_bytes()
    headers = {"Host": HOST} | ({"Origin": origin} if origin else {})
    answer = client.post(NOTE, data={"note_en": "Mine.", "note_es": "Mía."}, headers=headers)
    assert answer.status_code == 403
    assert (practice.graph / "sources/article/01.ttl").read_bytes() == before


def test_every_answer_forbids_what_a_page_of_ours_never_needs(app: Flask) -> None:
    client = app.test_client()
    for path in ("/?token=secret", "/", "/nothing", "/source/article"):
        headers = client.get(path, headers={"Host": HOST}).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fguard.py",
        "/source/..%2f..%2fetc",
        "/source/article%00",
        "/claim/../../x",
        "/claim/<script>",
        "/passage/article/99999999999999999999",
        "/passage/article/-1",
    ],
)
def test_no_address_becomes_a_file_or_a_defect(app: Flask, path: str) -> None:
    client = app.test_client()
    client.get("/?token=secret", headers={"Host": HOST})
    response = client.get(path, headers=OPEN)
    assert response.status_code in (301, 308, 404)
    assert "<script>alert" not in response.get_data(as_text=True)


def test_a_form_that_is_too_long_is_refused(app: Flask) -> None:
    client = app.test_client()
    client.get("/?token=secret", headers={"Host": HOST})
    response = client.post(NOTE, data={"note_en": "a" * (2 << 20)}, headers=OPEN)
    assert response.status_code == 413


def test_a_defect_is_told_as_one(app: Flask) -> None:
    app.add_url_rule("/broken", view_func=lambda: str(1 // 0))
    client = app.test_client()
    client.get("/?token=secret", headers={"Host": HOST})
    assert client.get("/broken", headers={"Host": HOST}).status_code == 500
