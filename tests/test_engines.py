"""Oxigraph evaluates, wherever a query comes in; rdflib's own engine is never entered."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from oxrdflib import OxigraphStore
from rdflib.plugins.sparql import evaluate, processor

import cecot
from cecot.cli import run
from cecot.dataset.description import describe
from cecot.dataset.store import load_store
from cecot.rooms import Rooms
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine
from cecot.views.app import create_app

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


class RdflibAskedError(AssertionError):
    """rdflib's SPARQL engine was asked."""


@pytest.fixture
def _guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every way into rdflib's parser and evaluator of queries an error."""

    def entered(*_: object, **__: object) -> None:
        raise RdflibAskedError

    monkeypatch.setattr(evaluate, "evalQuery", entered)
    for name in ("evalQuery", "parseQuery", "translateQuery"):
        monkeypatch.setattr(processor, name, entered)
    monkeypatch.setattr(processor.SPARQLProcessor, "query", entered)


@pytest.mark.usefixtures("_guarded")
def test_the_guard_sees_rdflibs_engine() -> None:
    with pytest.raises(RdflibAskedError):
        rdflib.Graph().query(COUNT)


@pytest.mark.usefixtures("_guarded")
def test_the_endpoint_never_enters_it(rooms: Rooms) -> None:
    loaded = load_store(rooms)
    app = create_app(InProcessEngine(loaded.store), describe(loaded), Settings())
    for query in (COUNT, "ASK {}", "DESCRIBE <http://e/>", "CONSTRUCT WHERE { ?s ?p 1 }"):
        assert app.test_client().get("/sparql", query_string={"query": query}).status_code == 200


@pytest.mark.usefixtures("_guarded")
def test_the_command_line_never_enters_it(
    rooms: Rooms, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "count.rq"
    file.write_text(COUNT)
    assert run(["query", "--rooms", str(rooms.root), "--format", "csv", str(file)]) == 0
    assert capfdbinary.readouterr().out.startswith(b"n\r\n")


@pytest.mark.usefixtures("_guarded")
def test_oxrdflib_is_given_text_and_then_never_enters_it(rooms: Rooms) -> None:
    graph = rdflib.Graph(
        OxigraphStore(store=load_store(rooms).store), identifier=rdflib.URIRef("http://e/")
    )
    assert len(list(graph.query(COUNT))) == 1


def prepared_queries() -> Iterator[str]:
    for path in Path(cecot.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (f"{path.name}: {name}" for name in names if "rdflib.plugins.sparql" in name)


def test_no_module_prepares_queries_which_oxrdflib_would_hand_to_rdflib() -> None:
    assert not list(prepared_queries())
