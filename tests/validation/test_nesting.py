"""Every kind of constraint below every kind of target and inside every other shape: what one part
of a query names may not meet what another names alike.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from rdflib.namespace import SH

from cecot.cli import run
from cecot.validation.data import Data, Files, read_files
from cecot.validation.judge import run_shapes
from cecot.validation.report import Found

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.agreement import agreement

PREFIXES = f"""\
PREFIX ex: <http://example.org/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <{SH}>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
DATA = """\
ex:Man rdfs:subClassOf ex:Person . ex:Dog rdfs:subClassOf ex:Animal .
ex:a a ex:Man ; ex:p ex:b, 5 ; ex:q ex:b .
ex:b a ex:Dog, ex:Man ; ex:p ex:a, ex:c, "x"@en, "y"@en ; ex:q 7 ; ex:self ex:b .
ex:c a ex:Dog ; ex:p 1 ; ex:q ex:a, 5 .
ex:d a ex:Person ; ex:q "xyz" .
"""
TARGETS = [
    "sh:targetClass ex:Person",
    "sh:targetClass ex:Person, ex:Animal",
    "sh:targetNode ex:a, ex:b, 5",
    "sh:targetSubjectsOf ex:p",
    "sh:targetObjectsOf ex:p",
    "sh:targetClass ex:Animal ; sh:targetObjectsOf ex:q",
    'sh:target [ sh:select "SELECT DISTINCT ?this { ?this <http://example.org/q> ?v }" ]',
]
OF_VALUES = [
    "sh:class ex:Animal",
    "sh:class ex:Person, ex:Animal",
    "sh:datatype xsd:integer",
    "sh:nodeKind sh:IRI",
    "sh:minInclusive 4",
    "sh:maxLength 3",
    'sh:pattern "x"',
    'sh:languageIn ( "en" )',
    "sh:languageIn ( )",
    "sh:in ( ex:b 5 )",
    "sh:in ( )",
    "sh:in ( ex:b 5 " + " ".join(f"ex:n{n} '{n}'" for n in range(30)) + " )",
    "sh:equals ex:q",
    "sh:disjoint ex:q",
    "sh:hasValue ex:b",
    "sh:closed true",
    "sh:closed true ; sh:ignoredProperties ( )",
    "sh:closed true ; sh:property [ sh:path [ sh:inversePath ex:p ] ]",
    "sh:closed true ; sh:property [ sh:path ex:p ; sh:class ex:Animal ]",
]
OF_PATHS = [
    *(each for each in OF_VALUES if "closed" not in each),
    "sh:minCount 2",
    "sh:maxCount 1",
    "sh:uniqueLang true",
    "sh:lessThan ex:q",
]
AROUND = [
    "{}",
    "sh:not [ {} ]",
    "sh:node [ {} ]",
    "sh:or ( [ sh:class ex:Person ] [ {} ] )",
    "sh:xone ( [ sh:class ex:Animal ] [ {} ] )",
    "sh:property [ sh:path ex:p ; sh:not [ {} ] ]",
    "sh:property [ sh:path ex:p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ {} ] ]",
]
ALONG = [
    "sh:property [ sh:path ex:p ; {} ]",
    "sh:not [ sh:path ex:p ; {} ]",
    "sh:property [ sh:path [ sh:zeroOrMorePath ex:p ] ; {} ]",
    "sh:property [ sh:path ex:p ; sh:property [ sh:path ex:q ; {} ] ]",
    "sh:property [ sh:path ( ex:p ex:p ) ; sh:node [ sh:property [ sh:path ex:q ; {} ] ] ]",
]


def read(folder: Path, data: str, shapes: str) -> Data:
    (folder / "data.ttl").write_text(PREFIXES + data)
    (folder / "shapes.ttl").write_text(PREFIXES + shapes)
    return read_files(Files((), (folder / "data.ttl",), (folder / "shapes.ttl",)))


def told(data: Data) -> Counter[tuple[str, str, str]]:
    def key(found: Found) -> tuple[str, str, str]:
        ends = (found.focus, found.value)
        focus, value = (
            each.n3().replace("http://example.org/", "") if each else "" for each in ends
        )
        return focus, value, str(found.component).removeprefix(str(SH))

    return Counter(map(key, run_shapes(data)))


@pytest.mark.parametrize("target", TARGETS)
def test_every_constraint_below_every_target(target: str, tmp_path: Path) -> None:
    bodies = [around.format(each) for around in AROUND for each in OF_VALUES]
    bodies += [along.format(each) for along in ALONG for each in OF_PATHS]
    shapes = "".join(f"ex:S{n} {target} ; {body} .\n" for n, body in enumerate(bodies))
    found = agreement(read(tmp_path, DATA, shapes))
    assert found.same > 100
    assert found.unexplained == []


@pytest.mark.parametrize(
    ("shape", "broken"),
    [
        ("sh:property [ sh:path ex:owns ; sh:class ex:Animal ]", 0),
        ("sh:not [ sh:class ex:Animal ]", 1),
        ("sh:not [ sh:class ex:Person ]", 2),
    ],
)
def test_a_class_below_a_class_both_with_subclasses(
    shape: str, broken: int, tmp_path: Path
) -> None:
    animals = "ex:x a ex:Man ; ex:owns ex:y . ex:y a ex:Dog, ex:Man .\n"
    data = DATA.splitlines()[0] + "\n" + animals
    found = told(read(tmp_path, data, f"ex:S sh:targetClass ex:Person ; {shape} ."))
    assert found.total() == broken


@pytest.mark.parametrize(
    ("shape", "broken"),
    [
        ("sh:closed true", 4),
        ("sh:closed true ; sh:ignoredProperties ( )", 4),
        ("sh:closed true ; sh:property [ sh:path ( ex:p ex:q ) ]", 4),
        ("sh:closed true ; sh:ignoredProperties ( ex:p )", 2),
        ("sh:in ( )", 1),
        ("sh:languageIn ( )", 1),
        ("sh:or ( )", 1),
        ("sh:xone ( )", 1),
        ("sh:and ( )", 0),
        ("sh:property [ sh:path ex:p ; sh:in ( ) ]", 2),
        ("sh:property [ sh:path ex:p ; sh:languageIn ( ) ]", 2),
    ],
)
def test_an_empty_list_allows_nothing(shape: str, broken: int, tmp_path: Path) -> None:
    data = 'ex:a a ex:P ; ex:p 1, "x"@en ; ex:q 2 .\n'
    found = told(read(tmp_path, data, f"ex:S sh:targetClass ex:P ; {shape} ."))
    assert found.total() == broken


def test_deep_brackets_in_the_data_are_told_on_their_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    depth = 3_000
    read(
        tmp_path,
        "ex:a a ex:T ; ex:p [\n" + "ex:p [ ex:q 0 ; ex:p (\n" * depth + ") ] " * depth + "] .\n",
        "ex:S sh:targetClass ex:T ; sh:property [ sh:path (ex:p ex:p ex:q) ; sh:minInclusive 1 ] .",
    )
    options = ["--data", str(tmp_path / "data.ttl"), "--shapes", str(tmp_path / "shapes.ttl")]
    assert run(["validate", *options, "--format", "json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["line"], finding["detail"]) == (6, "ex:a ex:p/ex:p/ex:q 0")


MANY = " ".join(f'"x{n}" ex:n{n} {n}' for n in range(2_000))


@pytest.mark.parametrize(
    ("value", "broken"),
    [
        ("1", 0),
        ('"01"^^xsd:integer', 1),
        ('"1"', 1),
        ("1.0", 1),
        ('"x7"', 0),
        ('"x7"@en', 1),
        ('"x7"@en, "x8"^^xsd:token, ex:n7, ex:n2000', 3),
        ("<http://example.org/n7>", 0),
    ],
)
def test_a_long_list_holds_terms_not_values(value: str, broken: int, tmp_path: Path) -> None:
    shape = f"ex:S sh:targetClass ex:T ; sh:property [ sh:path ex:p ; sh:in ( {MANY} ) ] ."
    assert told(read(tmp_path, f"ex:a a ex:T ; ex:p {value} .\n", shape)).total() == broken


def test_a_long_list_takes_no_longer_for_each_value(tmp_path: Path) -> None:
    # Each literal of the list was compared with each value: ten seconds for so many.
    data = "".join(f'ex:a{n} a ex:T ; ex:p "x{n}" .\n' for n in range(6_001))
    listed = " ".join(f'"x{n}"' for n in range(6_000))
    shape = f"ex:S sh:targetClass ex:T ; sh:property [ sh:path ex:p ; sh:in ( {listed} ) ] ."
    start = time.process_time()
    assert told(read(tmp_path, data, shape)).total() == 1
    assert time.process_time() - start < 5


CHAIN = "".join(
    f"ex:S{n} sh:property [ sh:path ex:p ; sh:node ex:S{n + 1} ; sh:minCount 1 ] .\n"
    for n in range(400)
)


@pytest.mark.parametrize("engine", ["queries", "pyshacl"])
@pytest.mark.parametrize(
    "shapes",
    [
        f"ex:S0 sh:targetClass ex:T .\n{CHAIN}",
        "ex:S0 sh:targetClass ex:T ; " + "sh:not [ " * 400 + "sh:class ex:T" + " ]" * 400 + " .",
    ],
)
def test_shapes_that_nest_too_deeply_are_an_error_with_its_place(
    shapes: str, engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read(tmp_path, "ex:a a ex:T ; ex:p ex:a .\n", shapes)
    options = ["--data", str(tmp_path / "data.ttl"), "--shapes", str(tmp_path / "shapes.ttl")]
    assert run(["validate", *options, "--engine", engine]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"error: {tmp_path}/shapes.ttl:")
    assert "shapes stand in shapes, too deeply to be asked." in error


@pytest.mark.parametrize(
    "twice",
    [
        "sh:and ( {0} {0} )",
        "sh:or ( {0} {0} )",
        "sh:node {0} ; sh:not [ sh:not {0} ] ; sh:xone ( {0} )",
        "sh:property [ sh:path ex:p ; sh:node {0} ] , [ sh:path ex:p ; sh:node {0} ]",
        "sh:property [ sh:path ex:p ; sh:qualifiedValueShape {0} ; sh:qualifiedMinCount 1 ] ,"
        " [ sh:path ex:p ; sh:qualifiedValueShape {0} ; sh:qualifiedMinCount 1 ]",
    ],
)
def test_a_shape_that_others_refer_to_twice_is_asked_once(twice: str, tmp_path: Path) -> None:
    """Each of thirty levels would double the time."""
    shapes = "".join(f"ex:S{n} {twice.format(f'ex:S{n + 1}')} .\n" for n in range(30))
    shapes += "ex:S0 sh:targetSubjectsOf ex:p . ex:S30 sh:nodeKind sh:Literal ."
    assert told(read(tmp_path, "ex:a ex:p ex:a .", shapes))
    assert not told(read(tmp_path, "ex:a ex:p ex:a .", shapes.replace("Literal", "IRI")))
