"""Long answers of engines are read in time, and no further than the deadline."""

from __future__ import annotations

import io
import time
from dataclasses import replace

import pytest

from cecot.engine import Form, Query
from cecot.errors import DeadlineExceeded
from cecot.remote.answers import read_answer
from cecot.remote.client import HttpReply

JSON, NTRIPLES = "application/sparql-results+json", "application/n-triples"
QUERY = Query("", "text/tab-separated-values", None, NTRIPLES)
BEGINNING, END = '{"head":{"vars":["s"]},"results":{"bindings":[', "]}}"


def replied(text: str, kind: str = JSON) -> HttpReply:
    body = text.encode()
    return HttpReply(200, {"content-type": kind}, io.BytesIO(body), len(body))


@pytest.mark.parametrize("padding", range(66))
def test_names_are_read_wherever_a_long_answer_is_cut(padding: int) -> None:
    blank = '{"s":{"type": "bnode", "value": "nodeID://b1"}}'
    before = " " * (65_536 - len(BEGINNING) - padding)
    answer = read_answer(
        replied(BEGINNING + before + blank + " " * 70_000 + END), Form.SELECT, QUERY
    )
    assert answer.body == b"?s\n_:b1\n"


@pytest.mark.parametrize("kind", ["rows", "space"])
def test_an_answer_of_one_long_line_is_read_in_time(kind: str) -> None:
    """Twenty megabytes took a minute, when what was left was copied at each piece."""
    row = '{"s":{"type":"literal","value":"' + "x" * 1000 + '"}}'
    rows = ",".join([row] * 20_000) if kind == "rows" else " " * 20_000_000 + row
    began = time.process_time()
    answer = read_answer(replied(BEGINNING + rows + END), Form.SELECT, QUERY)
    assert answer.length == 3 + 1003 * (20_000 if kind == "rows" else 1)
    assert time.process_time() - began < 10
    if not isinstance(answer.body, bytes):
        answer.body.close()


@pytest.mark.parametrize("form", [Form.SELECT, Form.GRAPH])
def test_reading_ends_with_the_deadline(form: Form) -> None:
    row = '{"s":{"type":"uri","value":"urn:a"}}'
    if form is Form.SELECT:
        whole = replied(BEGINNING + ",".join([row] * 500_000) + END)
    else:
        whole = replied("<urn:a> <urn:b> <urn:c> .\n" * 1_000_000, NTRIPLES)
    whole = replace(whole, until=time.perf_counter() + 0.05)
    with pytest.raises(DeadlineExceeded):
        read_answer(whole, form, QUERY)
    assert whole.body.tell() < whole.length
