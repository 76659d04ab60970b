"""How a request is read: the same by the cache, in the event loop and by the application."""

from __future__ import annotations

import http.client
from contextlib import closing

import pytest
from serving import Service, target_of

SOME = "SELECT ?x { VALUES ?x { " + " ".join(f"'row {n}'" for n in range(60)) + " } }"


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("Accept-Encoding", "identity", "gzip"),
        ("Accept", "text/csv;q=0.1", "application/sparql-results+xml"),
    ],
)
def test_a_header_that_is_sent_twice_says_what_both_say(
    service: Service, name: str, first: str, second: str
) -> None:
    text = f"{SOME} # {name}"
    both = asked_with(service, f"{text} 1", name, first, second)
    assert both == asked_with(service, f"{text} 2", name, f"{first},{second}")
    # What was kept then is no answer to who sent the first alone.
    alone = asked_with(service, f"{text} 1", name, first)
    assert alone == asked_with(service, f"{text} 3", name, first)
    assert alone != both


def asked_with(service: Service, text: str, name: str, *values: str) -> tuple[str | None, ...]:
    """Coding, type and body of the answer to a request with a header for each of the values."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port)
    connection.putrequest("GET", target_of(text), skip_accept_encoding=True)
    for value in values:
        connection.putheader(name, value)
    connection.endheaders()
    with closing(connection):
        response = connection.getresponse()
        body = response.read().hex()
        return response.getheader("content-encoding"), response.getheader("content-type"), body


def test_a_path_is_decoded_once(service: Service) -> None:
    query = target_of("ASK {}").removeprefix("/sparql")
    assert service.send("GET", "/%73parql" + query).status == 200
    assert service.send("GET", "/%2573parql" + query).status == 404
