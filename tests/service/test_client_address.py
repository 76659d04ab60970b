"""A proxy is believed if it is trusted, and then only about the one before it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import Service, serving, until

from cecot.rooms import Rooms
from cecot.service.gateway import UNKNOWN, Networks, client_of, is_address

PROXY, CLIENT, OTHER = "10.0.0.1", "203.0.113.7", "198.51.100.9"


def client(trusted: str, peer: str, *forwarded: str) -> str:
    return client_of(peer, ",".join(forwarded), Networks(trusted))


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        ("", PROXY, [CLIENT], "10.0.0.1"),
        ("10.0.0.0/8", PROXY, [CLIENT], CLIENT),
        ("10.0.0.1", PROXY, [CLIENT], CLIENT),
        ("10.0.0.2", PROXY, [CLIENT], "10.0.0.1"),
        ("10.0.0.0/8", PROXY, [], "10.0.0.1"),
        ("10.0.0.0/8", PROXY, [f"{OTHER}, {CLIENT}"], CLIENT),
        ("10.0.0.0/8", PROXY, [f"{CLIENT}, 10.1.1.1"], CLIENT),
        ("10.0.0.0/8", PROXY, [OTHER, CLIENT], CLIENT),
        ("10.0.0.0/8", PROXY, ["unknown"], UNKNOWN),
        ("10.0.0.0/8", PROXY, ["_hidden"], UNKNOWN),
        ("10.0.0.0/8", PROXY, [f"{OTHER}, <script>, 10.1.1.1"], UNKNOWN),
        ("10.0.0.0/8", PROXY, [f"{OTHER}, {CLIENT}:49152"], CLIENT),
        ("10.0.0.0/8", PROXY, [f"{CLIENT}:1, 10.1.1.1:80"], CLIENT),
        ("10.0.0.0/8", PROXY, [f"{CLIENT}:http"], UNKNOWN),
        ("10.0.0.0/8", PROXY, ["[2001:db8::1]:80"], "2001:db8::1"),
        ("10.0.0.0/8", PROXY, ["[2001:db8::1]"], "2001:db8::1"),
        ("::1", "::1", ["[::1]:80"], "::1"),
        ("::1", "::1", ["2001:db8::1"], "2001:db8::1"),
    ],
)
def test_the_last_address_that_no_trusted_proxy_has_is_the_client(
    trusted: str, peer: str, forwarded: list[str], address: str
) -> None:
    assert client(trusted, peer, *forwarded) == address


@given(st.text(max_size=60))
def test_whatever_is_forwarded_an_address_comes_out(forwarded: str) -> None:
    assert is_address(client("10.0.0.0/8", PROXY, forwarded))


def test_networks_hold_addresses_and_nothing_else() -> None:
    networks = Networks("127.0.0.0/8, ::1")
    assert "127.9.9.9" in networks
    assert "::1" in networks
    assert "128.0.0.1" not in networks
    assert "localhost" not in networks
    assert "127.0.0.1" not in Networks("")


def test_who_may_read_the_counters_is_a_setting(foreign_rooms: Rooms) -> None:
    with serving(foreign_rooms.root, "--metrics-from", "192.0.2.0/24") as service:
        assert service.send("GET", "/metrics").status == 404
        assert service.send("GET", "/metrics", X_Forwarded_For="192.0.2.1").status == 404


def test_the_counters_are_read_and_nothing_else(service: Service) -> None:
    for accept in ("*/*", "text/html"):
        reply = service.send("POST", "/metrics", b"x", Accept=accept)
        assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")
    assert service.send("HEAD", "/metrics").status == 200


def test_a_trusted_proxy_tells_who_the_client_is(foreign_rooms: Rooms) -> None:
    options = ("--trusted-proxies", "127.0.0.0/8", "--log-addresses", "--log-format", "json")
    with serving(foreign_rooms.root, *options) as service:
        name = service.ask("ASK {}", X_Forwarded_For="192.0.2.7").headers["x-query-id"]
        until(lambda: name in "".join(service.lines))
        assert [json.loads(line)["client"] for line in service.lines if name in line] == [
            "192.0.2.7"
        ]
