"""The front over real sockets: what is kept, what goes out how, and who can disturb whom."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from serving import Service, serving, target_of, until

from cecot.rooms import Rooms

ROWS = "SELECT ?x {{ VALUES ?x {{ {} }} }}"
SOME = ROWS.format(" ".join(f"'row {n}'" for n in range(60)))
JSON_TYPE = "application/sparql-results+json"
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {' . '.join(f'?s{n} ?p{n} ?o{n}' for n in range(12))} }}"
CROSS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . VALUES ?n { 1 2 3 4 5 6 } }"


def is_hit(headers: dict[str, str]) -> bool:
    return "cache" in headers.get("server-timing", "")


def test_an_answer_that_was_given_is_kept_ready(service: Service) -> None:
    first, second = service.ask(SOME), service.ask(SOME)
    assert not is_hit(dict(first.headers))
    assert is_hit(dict(second.headers))
    assert second.body == first.body
    once = {"server-timing", "x-query-id", "date"}
    assert {name: first.headers[name] for name in first.headers.keys() - once} == {
        name: second.headers[name] for name in second.headers.keys() - once
    }


def test_what_was_kept_depends_on_what_was_asked(service: Service) -> None:
    service.ask(SOME)
    csv = service.ask(SOME, Accept="text/csv")
    packed = service.ask(SOME, Accept_Encoding="gzip")
    other = service.ask(SOME + "#")
    assert csv.headers["content-type"].startswith("text/csv")
    assert packed.headers["content-encoding"] == "gzip"
    assert len({each.headers["etag"] for each in (csv, packed, other)}) == 3
    assert gzip.decompress(packed.body) == service.ask(SOME).body
    for again in (service.ask(SOME, Accept="text/csv"), service.ask(SOME, Accept_Encoding="gzip")):
        assert is_hit(dict(again.headers))


def test_a_graph_of_the_request_is_part_of_what_was_asked(service: Service) -> None:
    text = "ASK { ?s ?p ?o }"
    own = service.send("GET", target_of(text))
    empty = service.send("GET", target_of(text, **{"default-graph-uri": "urn:nowhere"}))
    assert json.loads(own.body)["boolean"] is True
    assert json.loads(empty.body)["boolean"] is False


def test_who_has_the_answer_is_told_so(service: Service) -> None:
    for _ in range(2):  # from the view, then from what is kept
        tag = service.ask(SOME).headers["etag"]
        assert tag.startswith('"')
        for known in (tag, f'"other", {tag}', f"W/{tag}"):
            reply = service.ask(SOME, If_None_Match=known)
            assert (reply.status, reply.body) == (304, b"")
            assert reply.headers["etag"] == tag
            assert "cache-control" in reply.headers
        assert service.ask(SOME, If_None_Match='"other"').status == 200


def test_head_says_what_get_says(service: Service) -> None:
    for text in (SOME + "# head", SOME + "# head"):
        head = service.ask(text, "HEAD")
        get = service.ask(text)
        assert head.body == b""
        assert head.status == get.status == 200
        for name in ("content-length", "content-type", "etag"):
            assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize("text", ["SELECT (RAND() AS ?x) {}", "SELECT (NOW() AS ?x) {}"])
def test_what_may_differ_the_next_time_is_not_kept(service: Service, text: str) -> None:
    first, second = service.ask(text), service.ask(text)
    assert first.body != second.body
    for reply in (first, second):
        assert reply.headers["cache-control"] == "no-store"
        assert "etag" not in reply.headers


def test_errors_are_not_kept(service: Service) -> None:
    for _ in range(2):
        reply = service.ask("SELECT")
        assert reply.status == 400
        assert not is_hit(dict(reply.headers))


def test_small_answers_in_the_event_loop_are_those_of_the_view(service: Service) -> None:
    # A condition that cannot hold sends the request to the view, which answers in full.
    for text in (SOME, "ASK {}", "DESCRIBE <urn:x>", "SELECT (RAND() * 0 AS ?x) {}"):
        for headers in ({"Accept": "*/*"}, {"Accept": "*/*", "Accept_Encoding": "gzip"}):
            short = service.ask(text + "# a", **headers)
            long = service.ask(text + "# b", If_None_Match='"none"', **headers)
            assert short.status == long.status == 200
            assert short.body == long.body
            differ = {"date", "etag", "server-timing", "x-query-id"}
            assert {**short.headers, **dict.fromkeys(differ, "")} == {
                **long.headers,
                **dict.fromkeys(differ, ""),
            }


def test_posts_are_answered_like_gets(service: Service) -> None:
    form = urllib.parse.urlencode({"query": SOME}).encode()
    kind = {"Content_Type": "application/x-www-form-urlencoded", "Accept": JSON_TYPE}
    direct = {"Content_Type": "application/sparql-query", "Accept": JSON_TYPE}
    expected = service.ask(SOME)
    for reply in (
        service.send("POST", "/sparql", form, **kind),
        service.send("POST", "/sparql", SOME.encode(), **direct),
    ):
        assert reply.body == expected.body
        assert is_hit(dict(reply.headers))  # the same question by another way
        assert reply.headers["cache-control"] == "no-store"
        assert "etag" not in reply.headers


def test_an_answer_to_a_post_is_kept_ready_for_a_get(service: Service) -> None:
    direct = {"Content_Type": "application/sparql-query", "Accept": JSON_TYPE}
    text = SOME + "# by post first"
    posted = service.send("POST", "/sparql", text.encode(), **direct)
    got = service.ask(text)
    assert not is_hit(dict(posted.headers))
    assert is_hit(dict(got.headers))
    assert got.body == posted.body
    assert service.ask(text, If_None_Match=got.headers["etag"]).status == 304


def test_an_answer_larger_than_memory_is_sent_from_a_file(service: Service) -> None:
    reply = service.ask(CROSS, Accept="text/csv")
    assert reply.status == 200
    assert int(reply.headers["content-length"]) == len(reply.body) > 1 << 20
    rows = (reply.body.count(b"\r\n") - 1) / 6
    assert rows == round(rows ** (1 / 3)) ** 3


def test_health_is_answered_however_many_queries_wait(foreign_rooms: Rooms) -> None:
    def ask(number: int) -> None:
        with suppress(
            OSError, http.client.HTTPException
        ):  # the service ends before they are answered
            service.ask(f"{ENDLESS} # {number}")

    options = ("--deadline", "60", "--patience", "60", "--drain", "0")
    with ThreadPoolExecutor(20) as threads, serving(foreign_rooms.root, *options) as service:
        asked = [threads.submit(ask, number) for number in range(20)]
        until(lambda: count(service, 'cecot_queries_now{places="heavy",state="waiting"}') >= 2)
        for _ in range(10):
            assert service.send("GET", "/health").status == 200
        assert not any(each.done() for each in asked)


def test_pages_are_answered_however_many_queries_wait(foreign_rooms: Rooms) -> None:
    def ask(number: int) -> None:
        with suppress(
            OSError, http.client.HTTPException
        ):  # the service ends before they are answered
            service.ask(f"{ENDLESS} # {number}")

    options = ("--queries", "1", "--heavy-after", "60", "--deadline", "60", "--patience", "60")
    with (
        ThreadPoolExecutor(20) as threads,
        serving(foreign_rooms.root, *options, "--drain", "0") as service,
    ):
        asked = [threads.submit(ask, number) for number in range(20)]
        until(lambda: count(service, 'cecot_queries_now{places="ordinary",state="waiting"}') >= 19)
        for number in range(10):
            assert service.send("GET", f"/search?q=thing{number}").status == 200
        assert not any(each.done() for each in asked)


def count(service: Service, name: str) -> float:
    """What a counter shows, all its labels taken together."""
    lines = service.send("GET", "/metrics").body.decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(name))


def test_whoever_is_turned_away_is_told_when_to_come_back(service: Service) -> None:
    with ThreadPoolExecutor(60) as threads:
        replies = list(threads.map(service.ask, [f"{ENDLESS} # again {n}" for n in range(60)]))
    away = [each for each in replies if each.status == 503]
    assert away
    for reply in away:
        assert int(reply.headers["retry-after"]) > 0
        assert reply.headers["content-type"].startswith("application/problem+json")


def test_who_has_too_many_under_way_is_turned_away_unread(foreign_rooms: Rooms) -> None:
    options = ("--per-client", "2", "--deadline", "4", "--log-format", "json")
    with serving(foreign_rooms.root, *options) as service, ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(service.ask, f"{ENDLESS} # many {n}") for n in range(2)]
        until(lambda: count(service, "cecot_queries_now{") == 2)
        assert service.ask("ASK {").status == 503
        assert service.send("GET", "/health").status == 200
        assert service.send("GET", "/").status == 200
        until(lambda: any(is_unread(json.loads(line)) for line in service.lines))
        # The second may never have had a processor.
        assert {each.result().status for each in asked} <= {503, 504}
        assert service.ask("ASK {").status == 400


def is_unread(line: dict[str, object]) -> bool:
    return line["outcome"] == "overloaded" and line["digest"] == "-"


def test_an_address_of_8_kilobytes_is_read(service: Service) -> None:
    text = "ASK {} #" + "x" * 8000
    assert len(target_of(text)) > 8000
    assert service.ask(text).status == 200


def test_what_is_too_long_is_told_so(service: Service) -> None:
    assert service.ask("ASK {} #" + "x" * 40_000).status == 414
    assert service.send("GET", "/sparql", **{f"X-{n}": "x" * 4000 for n in range(30)}).status == 431
    kind = {"Content_Type": "application/sparql-query"}
    assert service.send("POST", "/sparql", b"ASK {} #" + b"x" * (2 << 20), **kind).status == 413
    bomb = gzip.compress(b"ASK {} #" + b"x" * (64 << 20))
    reply = service.send("POST", "/sparql", bomb, Content_Encoding="gzip", **kind)
    assert reply.status == 413


def test_what_a_client_says_in_its_headers_is_read_for_it_alone(service: Service) -> None:
    text = "SELECT ?x { VALUES ?x { 1 2 } }"
    said = [
        ({"Accept": "text/csv"}, "text/csv; charset=utf-8"),
        ({"Accept": "text/csv", "Authorization": "Basic x"}, "text/csv; charset=utf-8"),
        ({"Accept": "text/csv;q=0.1, application/json"}, "application/json"),
        ({"Accept": "application/sparql-results+xml"}, "application/sparql-results+xml"),
    ]
    for _ in range(3):
        for headers, kind in said:
            assert service.ask(text, **headers).headers["content-type"] == kind
    head = b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nAccept: text/csv\r\n"
    for host, status in ((b"Host: x\r\n", b"200"), (b"Host: x, y\r\n", b"400"), (b"", b"400")) * 2:
        with service.connect() as connection:
            connection.sendall(head + host + b"Connection: close\r\n\r\n")
            assert connection.recv(1000).split()[1] == status


def test_a_body_in_chunks_is_read(service: Service) -> None:
    head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    with service.connect() as connection:
        connection.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        connection.sendall(b"3\r\nASK\r\n3\r\n {}\r\n0\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")


def test_counters_tell_what_happened(service: Service) -> None:
    answered, refused = (
        'cecot_queries_total{outcome="ok"}',
        'cecot_queries_total{outcome="refused"}',
    )
    before = {name: count(service, name) for name in (answered, refused, "cecot_cache_hits_total")}
    service.ask("ASK { FILTER(3 = 3) }")
    service.ask("ASK { FILTER(3 = 3) }")
    service.ask("SELECT * { SERVICE <urn:x> { ?s ?p ?o } }")
    assert count(service, answered) == before[answered] + 1
    assert count(service, refused) == before[refused] + 1
    assert count(service, "cecot_cache_hits_total") == before["cecot_cache_hits_total"] + 1
    assert count(service, "cecot_graph_resident_bytes") > 1 << 20


def test_each_query_is_one_line_of_the_log(service: Service) -> None:
    replies = {
        "ok": service.ask("ASK { FILTER(4 = 4) }"),
        "query-syntax-error": service.ask("ASK {"),
        "refused": service.ask("SELECT * { SERVICE <urn:x> { ?s ?p ?o } }"),
        "budget-exceeded-nesting": service.send(
            "POST",
            "/sparql",
            b"SELECT * " + b"{" * 5000 + b"}" * 5000,
            Content_Type="application/sparql-query",
        ),
        "bad-request": service.ask(""),
    }

    def logged() -> dict[str, dict[str, object]]:
        return {line["id"]: line for line in map(json.loads, service.lines)}

    ids = {outcome: reply.headers["x-query-id"] for outcome, reply in replies.items()}
    until(lambda: set(ids.values()) <= logged().keys())
    for outcome, name in ids.items():
        line = logged()[name]
        assert line["outcome"] == outcome
        assert line["event"] == "query"
        assert "client" not in line
    assert logged()[ids["ok"]]["bytes"] == len(replies["ok"].body)
    assert replies["ok"].headers["etag"].startswith(f'"{logged()[ids["ok"]]["digest"]}')
    assert "FILTER" not in "".join(service.lines)


def test_garbage_is_answered_and_harms_nobody(service: Service) -> None:
    for garbage in (b"\x16\x03\x01\x02", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\0" * 1000):
        with service.connect() as connection:
            connection.sendall(garbage)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass
    assert service.ask("ASK { FILTER(5 = 5) }").status == 200
