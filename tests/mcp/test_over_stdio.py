"""The server as a client meets it: the SDK's own client, a real process, real standard streams."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from mcp.shared.exceptions import MCPError

from model_clients import PATIENCE, Session, connected, named, text_of
from witnesses import check

DEADLINE, SPARE = 1.0, 4.0
"""Seconds of a query, and what a busy machine may add."""

COMMAND = ["-m", "cecot", "mcp", "--deadline", str(DEADLINE), "--memory", "64M"]
CROSS_JOIN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
DOUBLED = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}, ?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(16))
HOSTILE = {
    "time": CROSS_JOIN,
    "memory": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?d ?b ?e",
    "nesting": "SELECT * { ?s ?p ?o FILTER(" + "(" * 9000 + "?o" + ")" * 9000 + ") }",
    "length": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "doubling": f'SELECT (STRLEN(?x16) AS ?n) {{ BIND("word" AS ?x0) {DOUBLED} }}',
}


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("t")


@pytest.fixture(scope="module")
def session(temporary: Path) -> Iterator[Session]:
    with connected(*COMMAND, temporary=temporary) as found:
        yield found
    assert not list(temporary.iterdir())


def test_the_client_is_told_how_to_read(session: Session) -> None:
    assert session.client.server_info.name == "cecot"
    assert "An allegation is not a fact." in (session.client.instructions or "")
    tools = session.portal.call(session.client.list_tools).tools
    assert [each.name for each in tools] == [
        "search", "describe", "list_claims", "questions", "sparql",
    ]  # fmt: skip
    for each in tools:
        assert each.annotations is not None
        assert each.annotations.read_only_hint is True
        assert each.output_schema is not None
        assert each.output_schema["type"] == "object"


# The client itself checks each record against the tool's schema.
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("search", {"text": "arrests without evidence"}),
        ("search", {"text": "Bukele"}),
        ("describe", {"thing": "cecot"}),
        ("describe", {"thing": "tcc-33"}),
        ("describe", {"thing": "tcc-29-0-6-square-meters"}),
        ("describe", {"thing": "https://w3id.org/cecot/id/tcc-35-accusation"}),
        ("list_claims", {"limit": 100}),
        ("list_claims", {"status": "alleged"}),
        ("list_claims", {"by": "nayib-bukele", "status": "planned"}),
    ],
)
def test_every_statement_has_its_status_its_speaker_and_its_place(
    session: Session, name: str, given: dict[str, object], language: str
) -> None:
    found, text = session.told(name, **given, language=language)
    assert check(found, text, language)


def test_the_capacity_is_told_not_to_be_said(session: Session) -> None:
    found, text = session.told("describe", thing="cecot")
    assert [each["property"]["label"] for each in found["not_said"]] == ["capacity"]
    assert "NOT STATED by the source" in text


def test_an_unknown_iri_is_a_helpful_error(session: Session) -> None:
    answer = session.call("describe", thing="https://w3id.org/cecot/id/bukele")
    assert answer.is_error
    assert answer.structured_content is None
    assert "Not found: The graph says nothing of" in text_of(answer)
    assert "nayib-bukele (Nayib Bukele)" in text_of(answer)
    assert answer.meta is not None
    assert answer.meta["error"]["where"] == "thing"


def test_a_mistake_in_a_query_has_its_line_its_column_and_its_cure(session: Session) -> None:
    answer = session.call("sparql", query="SELECT ?x\n{ ?x a cecot:Person }")
    assert answer.is_error
    assert "Line 2, column 8." in text_of(answer)
    assert answer.meta is not None
    error = answer.meta["error"]
    assert (error["line"], error["column"]) == (2, 8)
    assert error["hint"].startswith("Put this line first: PREFIX cecot:")


def test_a_misspelt_argument_and_a_missing_one_are_errors(session: Session) -> None:
    answer = session.call("list_claims", speaker="nayib-bukele")
    assert answer.is_error
    assert "It takes about, by, status" in text_of(answer)
    assert session.call("sparql").is_error
    with pytest.raises(MCPError, match="There is no tool"):
        session.call("delete_everything")


def test_service_and_updates_are_refused(session: Session) -> None:
    answer = session.call("sparql", query="SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert answer.is_error
    assert "SERVICE is refused" in text_of(answer)
    assert session.call("sparql", query="DELETE WHERE { ?s ?p ?o }").is_error
    assert session.told("sparql", query="ASK { ?s ?p ?o }")[0]["truth"] is True


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_query_ends_within_its_budget(session: Session, kind: str) -> None:
    started = time.monotonic()
    answer = session.call("sparql", query=HOSTILE[kind])
    assert time.monotonic() - started < DEADLINE + SPARE
    assert answer.is_error
    assert answer.meta is not None
    assert answer.meta["error"]["hint"]
    assert session.told("describe", thing="cecot")[1]


def test_other_tools_answer_beside_a_hostile_query(session: Session) -> None:
    async def both() -> list[str]:
        order: list[str] = []

        async def ask(name: str, **given: object) -> None:
            answer = await session.client.call_tool(name, given)
            order.append("error" if answer.is_error else name)

        async with anyio.create_task_group() as group:
            group.start_soon(lambda: ask("sparql", query=CROSS_JOIN + " # beside"))
            group.start_soon(lambda: ask("describe", thing="cecot"))
        return order

    assert session.portal.call(both) == ["describe", "error"]


def test_resources_are_read(session: Session) -> None:
    listed = session.portal.call(session.client.list_resources).resources
    assert [str(each.uri) for each in listed] == ["cecot://passages", "cecot://ontology"]
    for each in listed:
        read = session.portal.call(session.client.read_resource, str(each.uri))
        assert len(read.contents[0].text) > 1000
    with pytest.raises(MCPError, match="There is no resource"):
        session.portal.call(session.client.read_resource, "cecot://nothing")


def test_the_graph_is_started_again_when_it_dies(session: Session) -> None:
    (graph,) = named("cecot-graph", session.process)
    os.kill(graph, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while session.call("describe", thing="cecot").is_error:
        assert time.monotonic() < deadline
    assert session.told("describe", thing="cecot")
