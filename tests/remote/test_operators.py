"""What an operator gets wrong, or meets: each is a sentence that says what to do about it."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from scripted import Scripted, reply

from cecot import errors
from cecot.dataset.content import read_names
from cecot.engine import Form, Query
from cecot.remote.client import FAILURES, FIRST, Breaker
from cecot.remote.connecting import SIZES, connect, find_cap, reader_of
from cecot.remote.engine import RemoteEngine
from cecot.rooms import Rooms
from cecot.settings import Settings
from engines import free_port

JSON = "application/sparql-results+json"
HOLDS, EMPTY = (reply(f'{{"head":{{}},"boolean":{truth}}}') for truth in ("true", "false"))
ROWS = reply('{"head":{"vars":["s"]},"results":{"bindings":[]}}')
OURS = Query("SELECT * { ?s ?p ?o }", JSON, JSON, None, ours=Form.SELECT)
Make = Callable[..., RemoteEngine]


@contextmanager
def behind_tls(folder: Path, name: str = "127.0.0.1", **dates: datetime) -> Iterator[Scripted]:
    """An engine behind TLS, and the file of its authority in ``folder``."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **dates).configure_cert(context)  # type: ignore[arg-type]
    authority.cert_pem.write_to_path(folder / "ca.pem")
    with Scripted(context) as server:
        server.replies = [ROWS]
        yield server


def told(rooms: Rooms, address: str, **settings: str) -> errors.UsageError:
    """What is said to whoever names this engine."""
    names = read_names(rooms)
    with pytest.raises(errors.UsageError) as caught:
        connect(Settings(engine=address, **settings), names, reader_of(names))  # type: ignore[arg-type]
    assert caught.value.where == "--engine"
    return caught.value


@pytest.mark.parametrize(
    ("answer", "message", "cure"),
    [
        (reply("", status="401 Unauthorized"), "name and password", "CECOT_ENGINE_PASSWORD"),
        (reply("", status="403 Forbidden"), "name and password", "--engine-user"),
        (
            reply("", status="301 Moved", Location="https://engine.example/sparql"),
            "another address",
            "https://engine.example/sparql",
        ),
        (reply("", status="404 Not Found"), "404", "--engine-kind"),
        (reply("", status="405 Method Not Allowed"), "405", "--engine-kind"),
        (reply("", status="502 Bad Gateway"), "502", "whole address"),
        (reply("<h1>Hello</h1>", "text/html"), "text/html", "--engine-kind"),
        (reply("no such query", status="400 Bad"), "no such query", "--engine-kind"),
    ],
)
def test_an_answer_that_is_none_says_what_to_check(
    scripted: Scripted, foreign_rooms: Rooms, answer: bytes, message: str, cure: str
) -> None:
    scripted.replies = [answer]
    error = told(foreign_rooms, scripted.address)
    assert message in error.message
    assert cure in error.hint


@pytest.mark.parametrize(
    ("address", "message", "cure"),
    [
        ("localhost:7878", "not an address", "http://localhost:7878/"),
        ("engine", "not an address", "http://localhost:7878/"),
        ("http://nowhere.invalid/sparql", "cannot be reached", "resolve"),
        ("http://127.0.0.1:{free}/", "connection refused", "Start it"),
    ],
)
def test_an_address_that_leads_nowhere_says_why(
    foreign_rooms: Rooms, address: str, message: str, cure: str
) -> None:
    error = told(foreign_rooms, address.format(free=free_port()))
    assert message in error.message
    assert cure in error.hint


def test_a_certificate_out_of_date_is_not_taken_and_said(
    foreign_rooms: Rooms, tmp_path: Path
) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    dates = {"not_before": yesterday - timedelta(days=30), "not_after": yesterday}
    with behind_tls(tmp_path, **dates) as server:
        error = told(foreign_rooms, server.address, engine_ca=str(tmp_path / "ca.pem"))
    assert "expired" in error.message
    assert "Renew it" in error.hint


def test_an_authority_that_is_not_known_is_said_and_may_be_named(
    foreign_rooms: Rooms, tmp_path: Path
) -> None:
    names = read_names(foreign_rooms)
    with behind_tls(tmp_path) as server:
        assert "--engine-ca" in told(foreign_rooms, server.address).hint
        settings = Settings(engine=server.address, engine_ca=str(tmp_path / "ca.pem"))
        connect(settings, names, reader_of(names)).close()


def test_a_certificate_of_another_host_is_said(foreign_rooms: Rooms, tmp_path: Path) -> None:
    with behind_tls(tmp_path, "other.example") as server:
        error = told(foreign_rooms, server.address, engine_ca=str(tmp_path / "ca.pem"))
    assert "certificate" in error.message
    assert "host" in error.hint


def test_http_and_https_that_were_mixed_up_are_said(
    scripted: Scripted, foreign_rooms: Rooms, tmp_path: Path
) -> None:
    scripted.replies = [ROWS]
    plain = scripted.address.replace("http:", "https:")
    assert "write http://" in told(foreign_rooms, plain).hint
    with behind_tls(tmp_path) as server:
        error = told(foreign_rooms, server.address.replace("https:", "http:"))
    assert "write https://" in error.hint


def test_what_an_operator_is_told_is_told_to_no_client(scripted: Scripted, remote: Make) -> None:
    scripted.replies = [reply("", status="301 Moved", Location="https://inside.example/")]
    with pytest.raises(errors.Unavailable) as caught:
        remote().answer(OURS)
    assert "inside" in caught.value.cure
    assert "inside" not in caught.value.message + caught.value.hint


def test_an_engine_that_came_back_with_nothing_is_not_believed(
    scripted: Scripted, remote: Make
) -> None:
    engine = remote(holds_graph=True, engine_connections=1)
    scripted.replies = [ROWS, HOLDS, ROWS]
    for _ in range(2):  # on a connection that is known nothing more is asked
        engine.answer(OURS)
    assert len(scripted.asked) == 3
    scripted.replies = [lambda _: None, ROWS, EMPTY]
    with pytest.raises(errors.Unavailable, match="does not hold the graph") as caught:
        engine.answer(OURS)
    assert "cecot load" in caught.value.cure
    scripted.replies = [EMPTY]
    with pytest.raises(errors.Unavailable):
        engine.answer(OURS)
    scripted.replies = [ROWS, HOLDS, ROWS]
    engine.answer(OURS)


def test_an_engine_that_returns_is_asked_again_by_itself(scripted: Scripted, remote: Make) -> None:
    now = [0.0]
    engine = remote()
    engine.breaker = Breaker(lambda: now[0])
    scripted.replies = [lambda _: None]
    for _ in range(FAILURES):
        with pytest.raises(errors.Unavailable):
            engine.answer(OURS)
    scripted.replies = [ROWS]
    with pytest.raises(errors.Unavailable, match="at this moment"):
        engine.answer(OURS)
    now[0] += FIRST
    engine.answer(OURS)
    assert not engine.breaker.is_open


def test_queries_of_a_client_at_which_the_engine_hangs_up_leave_the_breaker_closed(
    scripted: Scripted, remote: Make
) -> None:
    scripted.replies = [lambda _: None]
    engine = remote()
    for _ in range(2 * FAILURES):
        with pytest.raises(errors.Unavailable):
            engine.answer(Query("SELECT * { ?s ?p ?o }", JSON, JSON, None))
    assert not engine.breaker.is_open


def test_rows_that_take_the_engine_too_long_are_no_cap_of_three_lines(
    scripted: Scripted, remote: Make
) -> None:
    def numbers(count: int) -> bytes:
        return reply("n\n" + "1\n" * count, "text/csv")

    late = reply("Virtuoso S1T00 Error\nSR171:\nTransaction timed out", status="500 Failed")
    scripted.replies = [numbers(SIZES[0]), late]
    assert find_cap(remote()) == SIZES[0], "what came in time is sure to be whole"
    scripted.replies = [late]
    with pytest.raises(errors.DeadlineExceeded):
        find_cap(remote())
    scripted.replies = [numbers(SIZES[0]), numbers(SIZES[1]), numbers(500_000)]
    assert find_cap(remote()) == 500_000
    scripted.replies = [numbers(each) for each in SIZES]
    assert find_cap(remote()) == 0
