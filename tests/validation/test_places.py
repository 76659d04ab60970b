from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cecot.cli import run
from cecot.validation import Report

Check = Callable[..., Report]
Spoil = Callable[[str, str], int]


def places(report: Report) -> set[tuple[str, str, int | None]]:
    """Rule, file and line of each finding."""
    return {
        (f.rule.iri.rpartition("#")[2], f.file.name if f.file else "", f.line)
        for f in report.findings
    }


def test_what_is_missing_stands_where_the_block_begins(spoil: Spoil, check: Check) -> None:
    line = spoil(
        "id:town\n    a cecot:Place ;\n    skos:prefLabel",
        "id:town\n    a cecot:Place ;\n    skos:altLabel",
    )
    assert places(check()) == {("EnglishLabel", "base.ttl", line)}


def test_what_is_wrong_stands_on_its_own_line(spoil: Spoil, check: Check) -> None:
    line = spoil('    schema:unitCode "MTK" ;', '    schema:unitCode "FTK" ;')
    assert places(check()) == {("QuantityUnitCode", "base.ttl", line)}


def test_of_two_values_the_wrong_one_is_found(spoil: Spoil, check: Check) -> None:
    line = spoil(
        '"act"@en ;', '"act"@en ;\n    skos:altLabel "deed"@en ;\n    skos:altLabel "Tat"@de ;'
    )
    assert places(check()) == {("OwnWordsLanguage", "base.ttl", line + 2)}


def test_a_derived_triple_stands_at_its_claim(small: Path, check: Check) -> None:
    (small / "graph" / "more.ttl").write_text(
        "PREFIX cecot: <https://w3id.org/cecot/ontology#>\n"
        "PREFIX id: <https://w3id.org/cecot/id/>\n"
        "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"
        "\n"
        "id:text-03-home a cecot:Claim ; cecot:modality cecot:Asserted ;\n"
        "    cecot:passage id:text-03 ; cecot:statedBy id:text ;\n"
        f'    cecot:start 120 ; cecot:end 121 ; cecot:spanHash "{"0" * 64}" ;\n'
        "    rdf:subject id:governor ; rdf:predicate cecot:locatedIn ; rdf:object id:town .\n"
    )
    assert places(check()) == {("PersonInPublicRole", "more.ttl", 5)}


def test_a_statement_in_a_second_block_is_found_there(small: Path, check: Check) -> None:
    (small / "graph" / "more.ttl").write_text(
        "PREFIX cecot: <https://w3id.org/cecot/ontology#>\n"
        "PREFIX id: <https://w3id.org/cecot/id/>\n"
        "id:prison cecot:locatedIn id:town .\n"
    )
    assert places(check()) == {("BackedFacts", "more.ttl", 3)}


def test_a_blank_node_stands_where_it_is_pointed_to(spoil: Spoil, check: Check) -> None:
    line = spoil("id:fence\n", "id:fence\n    cecot:about [ a cecot:Place ] ;\n")
    found = places(check())
    assert ("NoBlankNodes", "base.ttl", line) in found
    assert all(file == "base.ttl" for _, file, _ in found)


def test_a_prefix_stands_on_the_line_of_its_declaration(small: Path, check: Check) -> None:
    query = small / "ontology" / "derive" / "facts.rq"
    text = query.read_text()
    query.write_text(text.replace("PREFIX rdf: <http", "PREFIX rdf: <https"))
    line = text[: text.index("PREFIX rdf:")].count("\n") + 1
    assert ("PrefixTable", "facts.rq", line) in places(check())


def test_a_prefix_that_the_table_does_not_know_is_told(small: Path, check: Check) -> None:
    path = small / "graph" / "more.ttl"
    path.write_text("@prefix ex: <https://example.org/> .\n")
    report = check()
    assert places(report) == {("PrefixTable", "more.ttl", 1)}
    assert (
        report.findings[0].detail == "ex: is <https://example.org/> here, and is not in the table"
    )


def test_findings_come_in_the_order_of_the_file(spoil: Spoil, check: Check) -> None:
    last = spoil(
        '    skos:prefLabel "Town"@en ;', '    skos:prefLabel "Town"@en ;\n    skos:altLabel "x" ;'
    )
    first = spoil(
        '    skos:prefLabel "Fence"@en ;',
        '    skos:prefLabel "Fence"@en ;\n    skos:altLabel "x" ;',
    )
    assert [f.line for f in check().findings] == [first + 1, last + 2]


def test_words_that_the_file_writes_with_escapes_are_found(spoil: Spoil, check: Check) -> None:
    more = '    skos:altLabel "a\\u00A0b"@en ;\n    skos:altLabel "a\\u00A0b"@de ;'
    line = spoil('    skos:prefLabel "Town"@en ;', f'    skos:prefLabel "Town"@en ;\n{more}')
    assert places(check()) == {("OwnWordsLanguage", "base.ttl", line + 2)}


def test_a_file_without_statements_is_no_trouble(small: Path, spoil: Spoil, check: Check) -> None:
    (small / "graph" / "empty.ttl").write_text("# Nothing yet.\n")
    line = spoil('    schema:unitCode "MTK" ;', '    schema:unitCode "FTK" ;')
    assert places(check()) == {("QuantityUnitCode", "base.ttl", line)}


def test_what_stands_in_brackets_is_found_in_its_own_brackets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data.ttl").write_text(
        "PREFIX ex: <http://example.org/>\n"
        "ex:a a ex:Thing ;\n"
        '    ex:part [ a ex:Part ; ex:name "one" ; ex:size 1 ] ;\n'
        '    ex:part [ a ex:Part ; ex:name "two" ;\n'
        '        ex:inner [ a ex:Part ; ex:name "three" ] ;\n'
        "        ex:size 2 ] ;\n"
        '    ex:note "[ no bracket" .\n'
    )
    Path("shapes.ttl").write_text(
        "PREFIX ex: <http://example.org/>\nPREFIX sh: <http://www.w3.org/ns/shacl#>\n"
        "ex:Shape sh:targetClass ex:Part ; sh:property [ sh:path ex:size ; sh:minCount 1 ;\n"
        '    sh:maxExclusive 2 ] ; sh:property [ sh:path ex:name ; sh:pattern "^one" ] .\n'
    )
    run(["validate", "--data", "data.ttl", "--shapes", "shapes.ttl", "--format", "json"])
    told = [(f["line"], f["detail"]) for f in json.loads(capsys.readouterr().out)["findings"]]
    assert sorted(told) == [
        (4, 'a blank node ex:name "two"'),
        (5, 'a blank node ex:name "three"'),
        (5, "a blank node has no ex:size"),
        (6, "a blank node ex:size 2"),
    ]


def lines(
    capsys: pytest.CaptureFixture[str], data: str, shapes: str, name: str = "data.ttl"
) -> list[tuple[int, str]]:
    """Line and detail of each finding."""
    head = "PREFIX ex: <http://example.org/>\nPREFIX sh: <http://www.w3.org/ns/shacl#>\n"
    Path(name).write_text(data)
    Path("shapes.ttl").write_text(head + shapes)
    run(["validate", "--data", name, "--shapes", "shapes.ttl", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [(each["line"], each["detail"]) for each in found]


TITLE = "ex:S sh:targetClass ex:Book ; sh:property [ sh:path ex:title ; sh:minCount 1 ] .\n"
EMAIL = 'ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:email ; sh:pattern "@" ] .\n'


@pytest.fixture
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_elsewhere")
@pytest.mark.parametrize("node", ["[] a ex:Book ;\n    ex:year 1", "_:x a ex:Book ;\n ex:year 1"])
def test_statements_that_begin_with_a_blank_node_have_lines(
    node: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = (
        "PREFIX ex: <http://example.org/>\n"
        'ex:a a ex:Book .\n[] a ex:Book ; ex:title "anon" .\n'
        f"{node} .\n[] a ex:Book .\n[] a ex:Book .\n"
    )
    assert [line for line, _ in lines(capsys, data, TITLE)] == [2, 4, 6, 7]


@pytest.mark.usefixtures("_elsewhere")
def test_brackets_in_statements_of_a_blank_node_have_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = (
        "PREFIX ex: <http://example.org/>\n"
        "[] ex:n 1 ; ex:has [\n a ex:Book ] .\n[] ex:n 2 ; ex:has [ ex:title 2 ;\n a ex:Book ] ,\n"
        "[ a ex:Book ] .\n"
    )
    assert [line for line, _ in lines(capsys, data, TITLE)] == [2, 6]


@pytest.mark.usefixtures("_elsewhere")
def test_blank_nodes_of_files_of_lines_have_lines(capsys: pytest.CaptureFixture[str]) -> None:
    e, a = "<http://example.org/", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    data = (
        f'{e}a> {e}has> _:c .\n_:b {a} {e}Book> .\n_:b {e}year> "1" .\n_:d {e}title> "x" .\n'
        f'_:c {a} {e}Book> .\n_:d {a} {e}Book> .\n_:c {e}year> "2" .\n'
    )
    shapes = TITLE + "ex:S sh:property [ sh:path ex:year ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] .\n"
    assert lines(capsys, data, shapes, "data.nt") == [
        (2, "a blank node has no ex:title"),
        (3, 'a blank node ex:year "1"'),
        (5, "a blank node has no ex:title"),
        (7, 'a blank node ex:year "2"'),
    ]


@pytest.mark.usefixtures("_elsewhere")
@pytest.mark.parametrize(
    ("statements", "line"),
    [
        ('ex:email "info@example.org" ;\nex:email "info"', 3),
        ('ex:email "info@example.org" ,\n\n"info"', 4),
        ('ex:name 1 ; # ex:email "info"\nex:email\n"info"', 4),
        ('ex:name """\nex:email "info"\n""" ;\nex:email "info"', 5),
        ('ex:email "x@info"@en , "info"@en ,\n"info"', 3),
    ],
)
def test_a_value_stands_on_the_line_that_says_it(
    statements: str, line: int, capsys: pytest.CaptureFixture[str]
) -> None:
    data = f"PREFIX ex: <http://example.org/>\nex:a a ex:P ; {statements} .\n"
    told = [n for n, detail in lines(capsys, data, EMAIL) if detail == 'ex:a ex:email "info"']
    assert told == [line]


@pytest.mark.usefixtures("_elsewhere")
def test_a_number_and_a_relative_name_are_whole(capsys: pytest.CaptureFixture[str]) -> None:
    data = "PREFIX ex: <http://example.org/>\n<a> a ex:P ; ex:n 10 , 2 ,\n  1 .\n"
    shapes = "ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:n ; sh:minInclusive 2 ] .\n"
    assert [line for line, _ in lines(capsys, data, shapes)] == [3]


@pytest.mark.usefixtures("_elsewhere")
def test_members_of_lists_stand_on_their_lines(capsys: pytest.CaptureFixture[str]) -> None:
    data = "PREFIX ex: <http://example.org/>\nex:a a ex:P ; ex:l (\n 1\n 20\n ) .\n"
    rdf = "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"
    path = "( ex:l [ sh:zeroOrMorePath rdf:rest ] rdf:first )"
    shapes = f"{rdf}ex:S sh:targetClass ex:P ; sh:property [ sh:path {path} ; sh:maxInclusive 9 ] ."
    assert [line for line, _ in lines(capsys, data, shapes)] == [4]


RDF_PREFIX = "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"
ALONG = "( ex:l [ sh:zeroOrMorePath rdf:rest ] rdf:first )"
MANY = 5_000


@pytest.mark.usefixtures("_elsewhere")
@pytest.mark.parametrize(
    ("opening", "each", "end", "shapes"),
    [
        ("ex:a ex:p", "{} ,", "0", "targetSubjectsOf ex:p ; sh:property [ sh:path ex:p"),
        ("ex:a ex:l (", "{}", ")", f"targetSubjectsOf ex:l ; sh:property [ sh:path {ALONG}"),
        ("ex:a ex:l (", "{}", ")", "targetSubjectsOf rdf:first ; sh:property [ sh:path rdf:first"),
        ("ex:a ex:l", "[ ex:p {} ] ,", "0", "targetSubjectsOf ex:p ; sh:property [ sh:path ex:p"),
        ("ex:a ex:l", "[ ex:p 5 ] ,", "0", "targetSubjectsOf ex:p ; sh:property [ sh:path ex:p"),
    ],
    ids=["values", "members", "cells", "brackets", "alike"],
)
def test_the_lines_of_many_findings_of_one_node_are_looked_up(
    opening: str, each: str, end: str, shapes: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Minutes or hours, if each finding walked through all statements."""
    values = "".join(each.format(n) + "\n" for n in range(1, MANY + 1))
    data = f"PREFIX ex: <http://example.org/>\n{opening}\n{values}{end} .\n"
    shape = f"{RDF_PREFIX}ex:S sh:{shapes} ; sh:minExclusive {MANY} ] .\n"
    told = [line for line, detail in lines(capsys, data, shape) if not detail.endswith(" 0")]
    assert sorted(told) == list(range(3, MANY + 3))


@pytest.mark.usefixtures("_elsewhere")
def test_blank_nodes_without_a_line_are_followed_once(capsys: pytest.CaptureFixture[str]) -> None:
    depth = 3_000
    head = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="http://example.org/"'
    opening, closing = "<rdf:Description><ex:p>", "</ex:p></rdf:Description>"
    data = f"<rdf:RDF {head}>{opening * depth}{closing * depth}</rdf:RDF>"
    shapes = "ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:maxCount 0 ] .\n"
    assert len(lines(capsys, data, shapes, "data.rdf")) == depth


@pytest.mark.usefixtures("_elsewhere")
@pytest.mark.parametrize(
    ("one", "other"),
    [("12.50", "12.5"), ("1.0E1", "10e0"), ('"010"^^xsd:byte', "10"), ("010", "10")],
)
def test_a_blank_node_has_a_line_however_its_numbers_are_spelt(
    one: str, other: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = (
        "PREFIX ex: <http://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
        f"ex:order ex:line [\n ex:n {other} ] ,\n"
        f" [ ex:n {one} ; ex:tax 1.10 ] , [\n ex:n {one} ] .\n"
        f"[]\n ex:n {one} .\n"
    )
    shapes = "ex:S sh:targetSubjectsOf ex:n ; sh:property [ sh:path ex:n ; sh:maxInclusive 1 ] .\n"
    assert [line for line, _ in lines(capsys, data, shapes)] == [3, 4, 5, 7]
