"""The W3C SHACL suite through ``cecot validate``, by the standard's own expected reports.

A report is compared as a multiset of focus node, path, value, source shape, component and severity;
blank nodes are taken as one.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib import BNode, Graph, Namespace, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from cecot.cli import run
from cecot.validation.terms import quiet

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
SUITE = (
    Path(os.environ.get("CECOT_SHARED", Path(__file__).parents[3] / "shared"))
    / "shacl-tests"
    / "tests"
)
FILES = [
    path
    for folder in ("core", "sparql")
    for path in sorted((SUITE / folder).rglob("*.ttl"))
    if "sht:Validate" in path.read_text(encoding="utf-8")
]
KNOWN_OF_PYSHACL = {
    # It takes "1"^^xsd:boolean for true, which sh:uniqueLang does not (SHACL 4.4.3).
    "core/property/uniqueLang-002.ttl",
    # It does not know $shapesGraph (SHACL 5.3.1).
    "sparql/pre-binding/shapesGraph-001.ttl",
}


def title(path: Path) -> str:
    return path.relative_to(SUITE).as_posix()


@pytest.fixture(autouse=True)
def letter_for_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def read(path: Path) -> Graph:
    with quiet():
        return Graph().parse(path, publicID=path.as_uri(), format="turtle")


def path_key(graph: Graph, path: Node | None) -> Any:
    if path is None or isinstance(path, URIRef):
        return path
    return tuple(
        sorted((str(how), str(path_key(graph, to))) for how, to in graph.predicate_objects(path))
    )


def key(node: Node | None) -> str | None:
    return "a blank node" if isinstance(node, BNode) else node and node.n3()


def results(graph: Graph, report: Node) -> Counter[tuple[Any, ...]]:
    """The results of one report."""
    parts = (
        SH.focusNode,
        SH.value,
        SH.sourceShape,
        SH.sourceConstraintComponent,
        SH.resultSeverity,
    )
    return Counter(
        (
            path_key(graph, graph.value(result, SH.resultPath)),
            *(key(graph.value(result, part)) for part in parts),
        )
        for result in graph.objects(report, SH.result)
    )


def tell(path: Path, engine: str, capsys: pytest.CaptureFixture[str]) -> tuple[Any, Any, int]:
    """The results that are expected and those that are told (None: a failure), and the code."""
    manifest = read(path)
    (test,) = manifest.subjects(RDF.type, SHT.Validate)
    action, expected = manifest.value(test, MF.action), manifest.value(test, MF.result)
    files = [
        str(manifest.value(action, part)).removeprefix("file://")
        for part in (SHT.dataGraph, SHT.shapesGraph)
    ]
    options = ["--data", files[0], "--shapes", files[1], "--format", "turtle"]
    code = run(["validate", *options, "--engine", engine])
    wanted = None if expected == SHT.Failure else results(manifest, expected)
    if code == 2:
        return wanted, None, code
    with quiet():
        graph = Graph().parse(data=capsys.readouterr().out, publicID=path.as_uri())
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    return wanted, results(graph, report), code


def test_the_suite_is_there(shared_dir: Path) -> None:
    assert sum("core" in path.parts for path in FILES) == 98
    assert sum("sparql" in path.parts for path in FILES) == 23


@pytest.mark.parametrize("path", FILES, ids=title)
def test_the_command_tells_what_the_standard_says(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted, told, _ = tell(path, "queries", capsys)
    assert told == wanted


@pytest.mark.parametrize("path", FILES, ids=title)
def test_pyshacl_tells_it_too_but_for_two(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted, told, _ = tell(path, "pyshacl", capsys)
    assert (told != wanted) is (title(path) in KNOWN_OF_PYSHACL)
