"""The attacks themselves: many, distinct, repeatable, and able to hurt who is not careful."""

from __future__ import annotations

import itertools

import pytest
from bench.attack import chance
from bench.attack.families import Family, families
from bench.attack.outside import Canary, decoys, services
from bench.wire import Target

from cecot.sparql.lexer import find_service

WHERE = Target("127.0.0.1", 8000, "/sparql")
URL = "http://127.0.0.1:9/sparql"


def test_the_same_seed_gives_the_same_random_queries() -> None:
    first, second = (list(itertools.islice(chance.queries(5), 200)) for _ in "ab")
    assert first == second
    assert first != list(itertools.islice(chance.queries(6), 200))


@pytest.mark.parametrize("family", [each for each in families(URL, 1) if each.name != "random"])
def test_every_attack_has_a_name_of_its_own(family: Family) -> None:
    names = [step.name for step in family.steps()]
    assert names
    assert len(set(names)) == len(names)


def test_requests_are_whole_requests() -> None:
    for _, text, accept in itertools.islice(chance.queries(1), 50):
        request = WHERE.post(text, accept=accept)
        head, _, body = request.partition(b"\r\n\r\n")
        assert head.startswith(b"POST /sparql HTTP/1.1\r\n")
        assert f"Content-Length: {len(body)}".encode() in head


def test_the_canary_hears() -> None:
    canary = Canary()
    canary.check()
    assert canary.heard == []


def test_decoys_are_no_services_and_most_services_are_seen_in_their_text() -> None:
    assert [name for name, text in decoys(URL) if find_service(text) is not None] == []
    assert sum(find_service(text) is not None for _, text in services(URL)) > 40
