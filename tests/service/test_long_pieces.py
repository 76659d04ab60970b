"""Answers and requests in pieces that are longer than a packet between front and evaluator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import pytest
from graph_processes import graph_at
from graph_server import small_store
from running_engines import Running, engine_at

from cecot.engine import Dataset, Query
from cecot.service.wire import PACKET
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine
from cecot.sparql.formats import RESULTS


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An engine whose deadline no busy machine passes: what it computes gives way to all else."""
    address = tmp_path_factory.mktemp("graph") / "graph"
    with graph_at(address, deadline=60.0), engine_at(address, Settings(deadline=60.0)) as running:
        yield running


@pytest.mark.parametrize("media_type", [each.media_types[0] for each in RESULTS])
@pytest.mark.parametrize("size", [PACKET - 1000, PACKET, 3 * PACKET, 12 * PACKET, 40 * PACKET])
def test_one_literal_of_many_packets_arrives_whole(
    engine: Running, media_type: str, size: int
) -> None:
    most = size.bit_length()
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(most))
    text = f"SELECT (SUBSTR(?x{most}, 1, {size}) AS ?x) {{ BIND('é' AS ?x0) {doubled} }}"
    asked = Query(text, media_type, None, None)
    answer = engine.answer(asked)
    body = whole(answer.body)
    assert body == whole(InProcessEngine(small_store()).answer(asked).body)
    assert answer.length == len(body) > size


def test_as_many_graph_names_as_a_request_may_carry_come_across(engine: Running) -> None:
    graphs = tuple(f"urn:graph:{n:01000}" for n in range(900))
    asked = Query("ASK {}", None, "text/csv", None, Dataset(graphs, graphs[:9]))
    assert whole(engine.answer(asked).body) == b"true"


def whole(body: bytes | IO[bytes]) -> bytes:
    if isinstance(body, bytes):
        return body
    with body:
        return body.read()
