"""One place answers every query, says what went wrong, and holds nothing of the answer."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from cecot.engine import Dataset, Form, Query
from cecot.errors import NotAcceptable, QuerySyntaxError, Refused, Unreachable
from cecot.sparql.evaluation import IN_MEMORY, MOST_UNKNOWN_FUNCTIONS, InProcessEngine
from cecot.sparql.formats import FORMATS, GRAPHS, RESULTS

A, B, C, P, G, H = (ox.NamedNode(f"urn:{name}") for name in "abcpgh")


def small_store() -> ox.Store:
    """One triple in the default graph, one each in <urn:g> and <urn:h>."""
    store = ox.Store()
    store.extend([ox.Quad(A, P, ox.Literal("1")), ox.Quad(B, P, A, G), ox.Quad(C, P, A, H)])
    return store


STORE = small_store()
OWN = Dataset()
ENGINE = InProcessEngine(STORE)


class Pieces:
    """A sink that remembers what happened to it."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.longest = 0

    def begin(self) -> None:
        self.events.append("begin")

    def write(self, data: bytes) -> int:
        self.longest = max(self.longest, len(data))
        if self.events[-1] != "write":
            self.events.append("write")
        return len(data)

    def flush(self) -> None:
        pass


def query(text: str, dataset: Dataset = OWN, media_type: str = "text/csv") -> Query:
    return Query(text, media_type, media_type, "application/n-triples", dataset)


def rows(text: str, dataset: Dataset = OWN) -> list[str]:
    body = ENGINE.answer(query(text, dataset)).body
    assert isinstance(body, bytes)
    return sorted(body.decode().split())


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * { ?s ?p ?o }", Form.SELECT),
        ("ASK { ?s ?p ?o }", Form.ASK),
        ("CONSTRUCT WHERE { ?s ?p ?o }", Form.GRAPH),
        ("DESCRIBE <urn:a>", Form.GRAPH),
    ],
)
def test_the_form_of_an_answer_is_told_and_its_sink_begins_once(text: str, form: Form) -> None:
    sink = Pieces()
    answered, _ = ENGINE.evaluate(query(text), sink)
    assert answered is form
    assert sink.events == ["begin", "write"]


def test_a_long_answer_comes_in_small_pieces() -> None:
    sink = Pieces()
    ENGINE.evaluate(
        query(f"SELECT * {{ VALUES ?x {{ {' '.join(map(str, range(20000)))} }} }}"), sink
    )
    assert 0 < sink.longest <= 8192


@pytest.mark.parametrize(
    "media_type", [each for format_ in RESULTS for each in format_.media_types]
)
def test_rows_are_written_in_every_type_that_is_offered(media_type: str) -> None:
    answer = ENGINE.answer(query("SELECT * { ?s ?p ?o }", media_type=media_type))
    assert answer.media_type == media_type
    assert answer.length == len(answer.body if isinstance(answer.body, bytes) else b"")


@pytest.mark.parametrize("media_type", [each for format_ in GRAPHS for each in format_.media_types])
def test_graphs_are_written_in_every_type_that_is_offered(media_type: str) -> None:
    answer = ENGINE.answer(Query("CONSTRUCT WHERE { ?s ?p ?o }", None, None, media_type))
    assert answer.form is Form.GRAPH
    assert answer.length > 0


def test_every_format_has_been_written_above() -> None:
    assert set(FORMATS) == {*RESULTS, *GRAPHS}


def test_a_form_that_nothing_acceptable_can_carry_is_not_acceptable() -> None:
    with pytest.raises(NotAcceptable):
        ENGINE.answer(Query("SELECT * { ?s ?p ?o }", None, None, "text/turtle"))
    with pytest.raises(NotAcceptable):
        ENGINE.answer(Query("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv", "text/csv", None))


def test_graphs_of_the_client_are_the_dataset() -> None:
    assert rows("SELECT ?s { ?s ?p ?o }") == ["s", "urn:a"]
    assert rows("SELECT ?s { ?s ?p ?o }", Dataset(("urn:g",))) == ["s", "urn:b"]
    assert rows("SELECT ?s { ?s ?p ?o }", Dataset(("urn:g", "urn:h"))) == ["s", "urn:b", "urn:c"]
    assert rows("SELECT ?s { ?s ?p ?o }", Dataset((), ("urn:g",))) == ["s"]
    assert rows("SELECT ?s { GRAPH ?g { ?s ?p ?o } }", Dataset((), ("urn:g",))) == ["s", "urn:b"]
    assert rows("SELECT ?s { GRAPH ?g { ?s ?p ?o } }", Dataset(("urn:g",))) == ["s"]


def test_an_unknown_graph_is_an_empty_graph() -> None:
    assert rows("SELECT ?s { ?s ?p ?o }", Dataset(("urn:nowhere",))) == ["s"]
    assert rows("SELECT ?s FROM <urn:nowhere> { ?s ?p ?o }") == ["s"]


def test_from_names_the_dataset_unless_the_request_does() -> None:
    assert rows("SELECT ?s FROM <urn:g> { ?s ?p ?o }") == ["s", "urn:b"]
    assert rows("SELECT ?s FROM <urn:g> { ?s ?p ?o }", Dataset(("urn:h",))) == ["s", "urn:c"]


def test_an_unknown_function_is_an_error_of_its_expression() -> None:
    assert rows("SELECT (<urn:f>(1) AS ?x) (2 AS ?y) {}") == [",2", "x,y"]
    assert rows("SELECT ?s { ?s ?p ?o FILTER(<urn:f>(?o)) }") == ["s"]
    assert rows("SELECT ?s { ?s ?p ?o FILTER(!BOUND(?q) || <urn:f>(<urn:g>(?o))) }") == [
        "s",
        "urn:a",
    ]


def test_unknown_functions_have_a_bound() -> None:
    many = " ".join(f"(<urn:f{n}>(1) AS ?x{n})" for n in range(MOST_UNKNOWN_FUNCTIONS + 1))
    with pytest.raises(QuerySyntaxError, match="custom function"):
        ENGINE.answer(query(f"SELECT {many} {{}}"))


def test_federation_is_refused_unless_it_is_allowed() -> None:
    text = "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"
    with pytest.raises(Refused):
        ENGINE.answer(query(text))
    with pytest.raises(Unreachable, match="did not answer"):
        InProcessEngine(STORE, federation=True).answer(query(text))


def test_escapes_are_read_wherever_the_specification_allows_them() -> None:
    assert rows("SEL\\u0045CT ?\\u0073 { ?s <urn:\\u0070> '\\u0031' }") == ["s", "urn:a"]


def test_a_small_answer_is_bytes_and_a_large_one_a_file() -> None:
    text = "SELECT * {{ VALUES ?x {{ {} }} }}"
    small = ENGINE.answer(query(text.format("1 2 3")))
    large = ENGINE.answer(query(text.format(" ".join(f"'{'x' * 1000}{n}'" for n in range(1200)))))
    assert isinstance(small.body, bytes)
    assert not isinstance(large.body, bytes)
    assert large.length > IN_MEMORY
    with large.body as file:
        assert len(file.read()) == large.length


class FullDisk(Pieces):
    """A sink that cannot take what is written."""

    def write(self, data: bytes) -> int:
        raise OSError(28, "No space left on device")


def test_a_sink_that_fails_is_not_taken_for_a_service_that_is_refused() -> None:
    query = Query("SELECT * { ?s ?p ?o }", "text/tab-separated-values", None, None)
    for federation in (False, True):
        with pytest.raises(OSError, match="No space left"):
            InProcessEngine(STORE, federation=federation).evaluate(query, FullDisk())
