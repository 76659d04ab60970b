"""The queries that shapes hold are read before anything is asked, wherever they stand."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from cecot.cli import run

HEAD = """\
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

"""
NOBODY = "ex:S sh:targetClass ex:Nobody ; "
OPTIONS = ["--data", "data.ttl", "--shapes", "shapes.ttl"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def validate(shapes: str, data: str, *more: str) -> int:
    """The exit code for shapes that begin on line 4."""
    Path("data.ttl").write_text(f"{HEAD}{data}\n")
    Path("shapes.ttl").write_text(f"{HEAD}{shapes}\n")
    return run(["validate", *OPTIONS, *more])


@pytest.mark.parametrize("engine", ["queries", "pyshacl"])
@pytest.mark.parametrize(
    ("shapes", "line", "name"),
    [
        (NOBODY + '\nsh:sparql [ sh:select "no query at all" ] .', 5, "ex:S"),
        (
            NOBODY + 'sh:sparql [ sh:select """SELECT $this {\n $this ?p ?o\n FILTER ( }""" ] .',
            6,
            "ex:S",
        ),
        (NOBODY + '\nsh:sparql [ sh:select "SELECT $this {\\n\\n FILTER ( }" ] .', 5, "ex:S"),
        ('ex:S\nsh:target [ sh:select "SELECT ?this {" ] ; sh:nodeKind sh:IRI .', 5, "ex:S"),
        (
            "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:n ] ;\n"
            'sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER ( }" ] .',
            5,
            "ex:C",
        ),
        (
            "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:n ] ;\n"
            'sh:nodeValidator [ a sh:SPARQLSelectValidator ; sh:select "SELECT $this {" ] .',
            5,
            "ex:C",
        ),
        (
            NOBODY + '\nsh:rule [ a sh:SPARQLRule ; sh:construct "CONSTRUCT { $this }" ] .',
            5,
            "ex:S",
        ),
        (
            'ex:T a sh:SPARQLTargetType ;\nsh:select "SELECT ?this WHERE" .',
            5,
            "ex:T",
        ),
    ],
)
def test_a_query_that_does_not_parse_is_told_though_it_would_not_run(
    shapes: str,
    line: int,
    name: str,
    engine: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = validate(shapes, "ex:a a ex:B .", "--engine", engine)
    assert code == 2
    told = f"error: shapes.ttl:{line}: The query of {name} does not parse: "
    assert capsys.readouterr().err.startswith(told)


SERVICE = "SERVICE SILENT <http://127.0.0.1:{}/> {{ $this ?p ?o }}"


@pytest.mark.parametrize(
    "shapes",
    [
        'sh:targetNode ex:a ; sh:sparql [ sh:select "SELECT $this { QUERY }" ] .',
        'sh:nodeKind sh:IRI ; sh:target [ sh:select "SELECT ?this { QUERY }" ] .',
        "ex:n 1 ; sh:targetNode ex:a . ex:C a sh:ConstraintComponent ;"
        " sh:parameter [ sh:path ex:n ] ;"
        ' sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { QUERY }" ] .',
        "sh:targetNode ex:a ; sh:rule [ a sh:SPARQLRule ;"
        ' sh:construct "CONSTRUCT { $this a $this } WHERE { QUERY }" ] .',
    ],
)
@pytest.mark.parametrize("engine", ["queries", "pyshacl"])
def test_no_query_of_shapes_asks_another_service(
    shapes: str, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        query = SERVICE.format(listening.getsockname()[1])
        code = validate(
            f"ex:S {shapes.replace('QUERY', query)}", "ex:a a ex:B .", "--engine", engine
        )
        listening.settimeout(0)
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert code == 2
    err = capsys.readouterr().err
    assert err.startswith("error: shapes.ttl:4: ")
    assert "SERVICE is not allowed" in err


def test_what_is_not_applied_is_not_read(capsys: pytest.CaptureFixture[str]) -> None:
    shapes = NOBODY + 'sh:sparql [ sh:deactivated true ; sh:select "no query" ] .'
    assert validate(shapes, "ex:a a ex:B .") == 0, capsys.readouterr().err


def test_a_prefix_that_is_missing_is_given_with_both_cures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shapes = NOBODY + 'sh:sparql [ sh:select "SELECT $this { $this ex:p ?o }" ] .'
    assert validate(shapes, "ex:a a ex:B .") == 2
    err = capsys.readouterr().err
    assert "PREFIX ex: <http://example.org/>" in err
    assert "sh:declare" in err
    assert "sh:prefixes" in err


COMPONENT = """\
ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:most ] ;
    sh:propertyValidator [ a sh:SPARQLSelectValidator ;
        sh:select "SELECT $this { $this $PATH ?v } GROUP BY $this HAVING (COUNT(?v) > $most)" ] .
"""


@pytest.mark.parametrize(
    "path",
    [
        "[ sh:inversePath [ sh:inversePath ex:p ] ]",
        "[ sh:inversePath [ sh:oneOrMorePath [ sh:inversePath ex:p ] ] ]",
        "[ sh:zeroOrMorePath [ sh:zeroOrOnePath ex:p ] ]",
        "[ sh:inversePath ( [ sh:inversePath ex:q ] [ sh:inversePath ex:p ] ) ]",
        "[ sh:inversePath [ sh:alternativePath ( [ sh:inversePath ex:p ] ex:q ) ] ]",
    ],
)
def test_any_path_may_be_given_to_a_component(
    path: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shapes = f"{COMPONENT}ex:S a sh:PropertyShape ; sh:targetNode ex:a ; sh:path {path} ; ex:most 0"
    data = "ex:a ex:p ex:b . ex:b ex:q ex:c ."
    assert validate(f"{shapes} .", data) == 1, capsys.readouterr().err


@pytest.mark.parametrize("engine", ["queries", "pyshacl"])
def test_a_sequence_is_walked_backwards_from_its_end(engine: str) -> None:
    shape = "ex:S sh:targetNode ex:c ; sh:property [ sh:path [ sh:inversePath ( {} ) ] ; {} ] ."
    data = "ex:a ex:p ex:b . ex:b ex:q ex:c ."
    for way, broken in (("ex:p ex:q", 1), ("ex:q ex:p", 0)):
        for constraint in ("sh:maxCount 0", 'sh:maxCount 0 ; sh:pattern "^(?=h)"'):
            shapes = shape.format(way, constraint)
            assert validate(shapes, data, "--engine", engine) == broken


@pytest.mark.parametrize(
    ("query", "conforms"),
    [
        ("FILTER NOT EXISTS { $this $PATH ?v }", True),
        ("FILTER NOT EXISTS { $this <urn:r>* ?v }", True),
        ("FILTER EXISTS { $this $PATH ?v }", False),
        ("FILTER NOT EXISTS { $this <urn:r>+ ?v }", False),
    ],
)
def test_a_way_of_no_length_leads_from_any_node_to_itself(query: str, conforms: bool) -> None:
    shapes = (
        "ex:S sh:targetNode ex:not-there ; sh:property [ sh:path [ sh:zeroOrMorePath ex:r ] ;"
        f' sh:sparql [ sh:select "SELECT $this {{ {query} }}" ] ] .'
    )
    assert (validate(shapes, "ex:a ex:r ex:b .") == 0) is conforms
