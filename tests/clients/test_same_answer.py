"""The same query has the same answer, whichever way it takes through the service."""

from __future__ import annotations

import urllib.request
from http.client import HTTPResponse
from urllib.parse import urlencode

import pytest

QUERIES = {
    "small": "ASK {}",
    "graph": "CONSTRUCT WHERE { ?s a <https://w3id.org/cecot/ontology#Passage> }",
    "volatile": "SELECT (STRLEN(STR(UUID())) AS ?n) {}",
}
ITS_OWN = {"date", "server-timing", "x-query-id"}


def fetch(address: str, headers: dict[str, str]) -> tuple[dict[str, str], bytes]:
    request = urllib.request.Request(address, headers=headers)
    response: HTTPResponse
    with urllib.request.urlopen(request, timeout=20) as response:
        sent = {name.lower(): value for name, value in response.headers.items()}
        return {name: sent[name] for name in sent.keys() - ITS_OWN}, response.read()


@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize("query", QUERIES)
def test_a_condition_that_fails_changes_nothing(endpoint: str, query: str, coding: str) -> None:
    """A plain request may be answered before Flask, or from the cache; a conditional one is not."""
    address = f"{endpoint}?{urlencode({'query': QUERIES[query]})}"
    headers = {"Accept-Encoding": coding}
    first, again = fetch(address, headers), fetch(address, headers)
    conditional = fetch(address, {**headers, "If-None-Match": '"other"'})
    assert first == again == conditional
    assert "vary" in first[0]
