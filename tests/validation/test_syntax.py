"""Shapes that are not what SHACL has: ill-formed ones are an error, misspelt terms a notice."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

from cecot.cli import run

SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"
HEAD = """\
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

ex:Shape sh:targetClass ex:Person ;
"""
OPTIONS = ["--data", "data.ttl", "--shapes", "shapes.ttl"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.ttl").write_text("<http://example.org/a> a <http://example.org/Person> .\n")
    return tmp_path


def validate(capsys: pytest.CaptureFixture[str], shape: str, *more: str) -> tuple[int, str, str]:
    """Code, output and errors for a shape whose description begins on line 5."""
    Path("shapes.ttl").write_text(f"{HEAD}{shape}\n")
    code = run(["validate", *OPTIONS, *more])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("engine", ["queries", "pyshacl"])
@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ('sh:property [ sh:path "n" ] .', (5, "The sh:path of ex:Shape/path is none", "IRI of a")),
        ("sh:property [\n sh:path [ ] ] .", (6, "it leads nowhere", "a list of several paths")),
        ("sh:property [ sh:path ( ex:n ) ] .", (5, "must contain at least two", "a list of")),
        (
            "sh:property [ sh:minCount 1 ] .",
            (5, "is a property shape without a sh:path", "Say with"),
        ),
        ("sh:property ex:Nothing .", (5, "leads to ex:Nothing, which does not exist", "--shapes")),
        ("sh:property [ sh:path ex:n, ex:m ] .", (5, "has sh:path 2 times", "Leave one")),
        (
            'sh:property [ sh:path ex:n ;\n\nsh:minCount "1" ] .',
            (7, 'sh:minCount "1"', "a whole number"),
        ),
        (
            "sh:property [ sh:path ex:n ; sh:maxCount 1.5 ] .",
            (5, "sh:maxCount 1.5", "whole number"),
        ),
        ("sh:minCount 1 .", (5, "no sh:path that it could be about", "Write sh:property [")),
        ("sh:in 3 .", (5, "ex:Shape has sh:in 3", "Write a list")),
        ("sh:in ( 1 ) , ( 2 ) .", (5, "sh:in 2 times", "Leave one")),
        ("sh:or ex:Other .", (5, "sh:or ex:Other", "Write a list of shapes")),
        ("sh:languageIn ( ex:en ) .", (5, "sh:languageIn", "a list of language tags")),
        ("sh:nodeKind sh:Iri .", (5, "sh:nodeKind sh:Iri", "Write one of sh:IRI, ")),
        ('sh:class "Person" .', (5, 'sh:class "Person"', "Write an IRI")),
        ("sh:datatype ex:a , ex:b .", (5, "sh:datatype 2 times: ex:a and ex:b", "Leave one")),
        ('sh:closed "true" .', (5, 'sh:closed "true"', "without quotation marks")),
        ('sh:class ex:A ;\nsh:severity "Warning" .', (6, 'sh:severity "Warning"', "Write an IRI")),
        ('sh:pattern "("@en .', (5, 'sh:pattern "("@en', "a string without a language tag")),
        ('sh:node "x" .', (5, 'sh:node "x"', "Write a shape")),
        (
            'sh:pattern "a" ;\nsh:flags "g" .',
            (6, 'has sh:flags "g"', "Write some of the letters i, m"),
        ),
        (
            'sh:sparql [\nsh:select "SELECT ?o { $this ?p ?o }" ] .',
            (6, "it does not select $this", "Write SELECT $this"),
        ),
        (
            'sh:sparql [\nsh:select "SELECT (COUNT(*) AS ?n) { $this ?p ?o }" ] .',
            (6, "it does not select $this", "Write SELECT $this"),
        ),
        (
            'sh:sparql [\nsh:select "CONSTRUCT { $this ?p ?o } { $this ?p ?o }" ] .',
            (6, "it is not a SELECT query", "Write SELECT $this"),
        ),
        ("sh:target [ a ex:Kind ] .", (5, "is of a kind that is not known", "sh:targetClass")),
        ("sh:target [ a sh:JSTarget ] .", (5, "is of a kind that is not known", "sh:targetClass")),
        ("sh:entailment ex:RDFS .", (5, "the entailment ex:RDFS, which is not known", "take sh:")),
    ],
)
def test_an_ill_formed_shape_is_told_with_its_line_and_a_cure(
    shape: str, expected: tuple[int, str, str], engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line, words, cure = expected
    code, _, err = validate(capsys, shape, "--engine", engine)
    assert code == 2
    assert err.startswith(f"error: shapes.ttl:{line}: The rules cannot be run: ")
    assert words in err
    assert cure in err


def test_all_places_are_named_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    shape = 'sh:closed "true" ;\nsh:in 3 ;\nsh:or 4 .'
    _, _, err = validate(capsys, shape)
    assert "shapes.ttl:5: " in err
    assert "There is more: shapes.ttl:6, shapes.ttl:7." in err


@pytest.mark.parametrize("engine", ["queries", "pyshacl"])
def test_a_query_is_told_by_its_line_in_the_file(
    engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    query = 'sh:sparql [ sh:select """\n  SELECT $this WHERE {\n  $this foo:a ?x }""" ] .'
    code, _, err = validate(capsys, query, "--engine", engine)
    assert code == 2
    assert err.startswith(
        'error: shapes.ttl:7: The query of ex:Shape does not parse: The prefix "foo:"'
    )


def test_a_pattern_that_is_none_is_told_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = validate(capsys, 'sh:class ex:A ;\nsh:pattern "(" .')
    assert code == 2
    assert err.startswith("error: shapes.ttl:6: ")
    assert "'(' is not a regular expression" in err


@pytest.mark.parametrize("pattern", ["^\\\\i\\\\c*$", "\\\\p{IsBasicLatin}+", "[\\\\I]"])
def test_a_pattern_of_xpath_that_nothing_here_reads_is_not_called_wrong(
    pattern: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = validate(capsys, f'sh:pattern "{pattern}" .')
    assert code == 2
    assert "which XPath knows and nothing here can read." in err
    assert "Write the characters that it stands for" in err
    assert "Correct the shapes" not in err


def test_what_a_rule_adds_is_not_said_to_be_missing(capsys: pytest.CaptureFixture[str]) -> None:
    shape = (
        "sh:property [ sh:path ex:new ; sh:maxCount 0 ] ; sh:rule [ a sh:TripleRule ;"
        " sh:subject sh:this ; sh:predicate ex:new ; sh:object 1 ] ."
    )
    code, out, _ = validate(capsys, shape)
    assert code == 1
    assert "ex:a has no ex:new in the files, to which a sh:rule adds" in out


def test_what_makes_pyshacl_stumble_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    shape = "sh:class ex:Other . ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path [ ] ] ."
    code, _, err = validate(capsys, shape, "--engine", "pyshacl")
    assert code == 2
    assert err.startswith("error: shapes.ttl:4: The rules cannot be run: pySHACL fails at ex:Shape")


@pytest.mark.parametrize(
    ("shape", "line", "words"),
    [
        ("sh:expression [ sh:count [ sh:path ex:n ] ] .", 4, "pySHACL fails at ex:Shape: "),
        ("ex:n 1 . ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:n ] .", 5, ""),
        ('sh:pattern "(?=a)\\\\p{Lu}" .', 4, "bad escape"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_whatever_pyshacl_raises_is_told_with_the_line(
    shape: str, line: int, words: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = validate(capsys, shape, "--engine", "pyshacl", "--format", form)
    assert code == 2
    assert err.startswith(f"error: shapes.ttl:{line}: The rules cannot be run: ")
    assert words in err
    assert not re.search(r"\b[0-9a-f]{16,}\b", err), "the name of a blank node"
    if form == "json":
        assert json.loads(out)["findings"][0]["line"] == line


def test_what_pyshacl_prints_is_no_part_of_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    shape = "sh:expression [ sh:filterShape [ sh:nodeKind sh:IRI ] ; sh:nodes [ sh:path ex:n ] ] ."
    Path("data.ttl").write_text("PREFIX ex: <http://example.org/> ex:a a ex:Person ; ex:n 1 .\n")
    _, out, _ = validate(capsys, shape, "--format", "json")
    json.loads(out)


@pytest.mark.parametrize("engine", ["queries", "pyshacl"])
def test_a_triple_term_is_told(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("data.ttl").write_text(
        "PREFIX ex: <http://example.org/> ex:a a ex:Person ; ex:n <<( ex:x ex:y ex:z )>> .\n"
    )
    shape = "sh:property [ sh:path ex:n ; sh:nodeKind sh:IRI ] ."
    code, _, err = validate(capsys, shape, "--engine", engine)
    assert code == 2
    assert "SHACL 1.0 does not know triple terms, such as <<( <http://example.org/x> " in err


@pytest.mark.parametrize("engine", ["queries", "pyshacl"])
@pytest.mark.parametrize("shape", ['sh:hasValue "a"@ar--rtl', "sh:maxLength 0"])
def test_a_text_with_a_direction_is_told(
    shape: str, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("data.ttl").write_text(
        'PREFIX ex: <http://example.org/>\nex:a a ex:Person ; ex:name "a"@ar--rtl .\n'
    )
    body = f"sh:targetClass ex:Person ; sh:property [ sh:path ex:name ; {shape} ] ."
    code, _, err = validate(capsys, body, "--engine", engine)
    assert code == 2
    assert 'SHACL 1.0 does not know text with a direction, such as "a"@ar--rtl.' in err


@pytest.mark.parametrize(
    ("engine", "kind"),
    [
        *(("queries", each) for each in ("owl:Class", "rdfs:Class", "ex:Kind", "ex:Finer")),
        # It knows direct subclasses of rdfs:Class alone.
        *(("pyshacl", each) for each in ("owl:Class", "rdfs:Class", "ex:Kind")),
    ],
)
def test_a_shape_that_is_a_class_applies_to_its_instances(
    kind: str, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shape = f"""sh:class ex:Person .
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        ex:Kind rdfs:subClassOf rdfs:Class . ex:Finer rdfs:subClassOf ex:Kind .
        ex:Person a {kind}, sh:NodeShape ; sh:property [ sh:path ex:n ; sh:minCount 1 ] .
    """
    code, out, _ = validate(capsys, shape, "--engine", engine)
    assert code == 1
    assert "ex:a has no ex:n" in out


@pytest.mark.parametrize("form", ["json", "github", "sarif", "junit", "markdown"])
def test_an_ill_formed_shape_stands_in_every_report(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = validate(capsys, "sh:in 3 .", "--format", form)
    assert code == 2
    assert "sh:in 3" in out


MISSPELT = """\
    sh:property [ sh:path ex:n ; sh:minCont 1 ] ;
    sh:property [ sh:path ex:m ;
        # sh:minCont is only spoken of here, and in the next line.
        sh:message "sh:minCont" ; sh:minCont 2 ; sh:datatyp ex:d ] .
"""


def test_a_misspelt_term_is_told_wherever_it_stands_and_fails_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = validate(capsys, MISSPELT)
    assert code == 0
    assert out.startswith("conforms (1 file, 1 rule, ")
    assert "; 3 notices)" in out
    ignored = "is not a term of SHACL, and is ignored. Is"
    assert err.splitlines() == [
        f"shapes.ttl:5: notice: sh:minCont {ignored} sh:minCount meant?",
        f"shapes.ttl:8: notice: sh:minCont {ignored} sh:minCount meant?",
        f"shapes.ttl:8: notice: sh:datatyp {ignored} sh:datatype meant?",
    ]


def test_notices_stand_in_the_reports_too(capsys: pytest.CaptureFixture[str]) -> None:
    def told(form: str) -> str:
        code, out, _ = validate(capsys, MISSPELT, "--format", form)
        assert code == 0
        return out

    assert json.loads(told("json"))["notices"][1] == {
        "file": "shapes.ttl",
        "line": 8,
        "message": "sh:minCont is not a term of SHACL, and is ignored. Is sh:minCount meant?",
    }
    assert "::warning file=shapes.ttl,line=8,title=SHACL::sh:datatyp is not a term" in told(
        "github"
    )
    assert "- shapes.ttl:8: notice: sh:datatyp is not a term of SHACL" in told("markdown")
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text())
    log: Any = json.loads(told("sarif"))
    jsonschema.validate(log, schema)
    (invocation,) = log["runs"][0]["invocations"]
    assert len(invocation["toolConfigurationNotifications"]) == 3
    suites = etree.fromstring(told("junit").encode())
    etree.XMLSchema(file=SCHEMAS / "JUnit.xsd").assertValid(suites)
    assert "shapes.ttl:5: notice: sh:minCont" in suites.findtext(".//system-err", "")


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ("sh:js [ ] .", "shapes.ttl:5: notice: sh:js is not applied here"),
        ("sh:values ex:n .", "shapes.ttl:5: notice: sh:values is not applied here"),
        ("sh:singleLine true .", "notice: sh:singleLine is of a draft of SHACL 1.2"),
        ("<https://www.w3.org/ns/shacl#class> ex:A .", "<http://www.w3.org/ns/shacl#> is meant"),
        (
            "sh:node ex:Nothing .",
            "sh:node of ex:Shape leads to ex:Nothing, of which the shapes say",
        ),
        (
            "sh:maxcount 1 .",
            "sh:maxcount is not a term of SHACL, and is ignored. Is sh:maxCount meant?",
        ),
        ("sh:shape ex:Other .", "sh:shape is not a term of SHACL, and is ignored.\n"),
        (
            "sh:ignoredProperties ( ) .",
            "ignoredProperties of ex:Shape checks nothing without sh:clo",
        ),
        ('sh:flags "i" .', "5: notice: sh:flags of ex:Shape checks nothing without sh:pattern."),
        (
            "sh:property [ sh:path ex:n ; sh:qualifiedMinCount 5 ] .",
            "5: notice: sh:qualifiedMinCount of ex:Shape/ex:n checks nothing without"
            " sh:qualifiedValueShape.",
        ),
        (
            "sh:property [ sh:path ex:n ; sh:qualifiedMaxCount 0 ] .",
            "sh:qualifiedMaxCount of ex:Shape/ex:n checks nothing without sh:qualifiedValueShape",
        ),
        (
            "sh:property [ sh:path ex:n ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ] .",
            "checks nothing without sh:qualifiedMinCount or sh:qualifiedMaxCount.",
        ),
        ("sh:deactivated true .", "notice: No shape has a target, so nothing was checked."),
    ],
)
def test_what_checks_nothing_is_told(
    shape: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = validate(capsys, shape)
    assert code == 0
    assert words in err


@pytest.mark.parametrize(
    ("data", "applies"),
    [
        ("ex:a a ex:Person .", True),
        ("ex:a a ex:Nurse . ex:Nurse rdfs:subClassOf ex:Person .", True),
        ("ex:a ex:name 'A' .", True),
        ("ex:b ex:of ex:a .", True),
        ("ex:a a ex:person .", False),
    ],
)
def test_shapes_that_apply_to_nothing_are_told(
    data: str, applies: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    prefixes = (
        "PREFIX ex: <http://example.org/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
    )
    Path("data.ttl").write_text(f"{prefixes} {data}\n")
    shape = "sh:targetSubjectsOf ex:name ; sh:targetObjectsOf ex:of ; sh:nodeKind sh:IRI ."
    code, _, err = validate(capsys, shape)
    assert code == 0
    assert ("notice: No shape applies to anything in the data" in err) is not applies


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        ("sh:nodeKind sh:BlankNodeOrLiteral", "Each value must be a blank node or a literal."),
        ("sh:class ex:Other", "Each value must be of the class ex:Other."),
        ("sh:minLength 99", "Each value must have at least 99 characters."),
        ("sh:maxLength 1", "Each value may have 1 character at most."),
        ("sh:in ( )", "No value may stand here: the list of sh:in is empty."),
        ("sh:languageIn ( )", "No value may stand here: the list of sh:languageIn is empty."),
        ("sh:or ( )", "No value conforms: the list of sh:or is empty."),
        ("sh:xone ( )", "No value conforms: the list of sh:xone is empty."),
    ],
)
def test_a_shape_without_a_message_has_one_in_plain_words(
    constraint: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert validate(capsys, constraint + " .")[1].startswith(f"data.ttl:1: violation: {words} (")


def test_nothing_is_said_of_shapes_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    shape = """
        sh:property [ sh:path ( ex:n [ sh:inversePath ex:m ] ) ; sh:maxCount 1 ; sh:order 1 ;
            sh:severity sh:Trace ; sh:name "n" ; sh:group [ a sh:PropertyGroup ] ] .
    """
    assert validate(capsys, shape)[2] == ""


@pytest.mark.parametrize(
    ("severity", "code", "word"),
    [
        ("sh:Violation", 1, "violation"),
        ("sh:Warning", 0, "warning"),
        ("sh:Info", 0, "info"),
        ("sh:Debug", 0, "debug"),
        ("sh:Trace", 0, "trace"),
        ("sh:Critical", 1, "critical"),
        ("<urn:x>", 1, "urn:x"),
    ],
)
@pytest.mark.parametrize("engine", ["queries", "pyshacl"])
def test_any_severity_is_told_by_its_name(
    severity: str, code: int, word: str, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shape = f"sh:class ex:Other ; sh:severity {severity} ."
    told, out, _ = validate(capsys, shape, "--engine", engine)
    assert told == code
    assert out.startswith(f"data.ttl:1: {word}: ")


@pytest.mark.parametrize(
    ("shape", "circles"),
    [
        ("sh:property [ sh:path ex:knows ; sh:node ex:Shape ] .", ["ex:Shape"]),
        ("sh:or ( [ sh:not ex:A ] ex:B ) . ex:A sh:node ex:B . ex:B sh:and ( ex:A ) .", ["ex:B"]),
        ("sh:node ex:A , ex:Shape . ex:A sh:not ex:A .", ["ex:Shape", "ex:A"]),
        ("sh:node ex:A , ex:B . ex:A sh:node ex:C . ex:B sh:node ex:C . ex:C sh:minCount 0 .", []),
        ("sh:nodeKind sh:IRI . ex:A sh:node ex:A .", []),
        ("sh:node ex:A . ex:A sh:node ex:A ; sh:deactivated true .", []),
    ],
)
def test_shapes_that_lead_back_to_themselves_are_told(
    shape: str, circles: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, err = validate(capsys, shape)
    told = [line for line in err.splitlines() if "leads back to itself" in line]
    assert [line.partition("notice: ")[2].partition(" ")[0] for line in told] == circles
    assert all("findings may be missing" in line for line in told)
