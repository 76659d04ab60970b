"""Literals that a store would write otherwise: terms as they are written, values compared."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from test_nesting import read, told

from cecot.validation.judge import judge, run_shapes

DATA = """\
ex:a ex:p true, "5" .
ex:b ex:p 1.0, 1, 1.00, "1"^^xsd:decimal, "300"^^xsd:byte, "3"^^xsd:byte ; ex:q 2.0 .
"""
XSD = "^^<http://www.w3.org/2001/XMLSchema#{}>"
ONE, ONE_0, ONE_00 = (f'"{one}"' + XSD.format("decimal") for one in ("1", "1.0", "1.00"))
INTEGER, TRUE = '"1"' + XSD.format("integer"), '"true"' + XSD.format("boolean")
THREE, TOO_MUCH = ('"' + n + '"' + XSD.format("byte") for n in ("3", "300"))


@pytest.mark.parametrize(
    ("constraint", "broken"),
    [
        ("sh:maxExclusive 1.5", {TRUE, '"5"', THREE, TOO_MUCH}),
        ("sh:maxExclusive 1e30", {TRUE, '"5"', TOO_MUCH}),
        ("sh:datatype xsd:decimal", {TRUE, '"5"', INTEGER, THREE, TOO_MUCH}),
        ("sh:datatype xsd:byte", {TRUE, '"5"', INTEGER, TOO_MUCH, ONE, ONE_0, ONE_00}),
        ("sh:in ( 1.0 2 )", {TRUE, '"5"', INTEGER, ONE, ONE_00, THREE, TOO_MUCH}),
        ('sh:pattern "0"', {TRUE, '"5"', INTEGER, ONE, THREE}),
        ("sh:minLength 4", {'"5"', INTEGER, ONE, ONE_0, THREE, TOO_MUCH}),
        ("sh:lessThan ex:q", {THREE, TOO_MUCH}),
        ("sh:hasValue 1.0", {""}),
        ("sh:maxCount 5", {""}),
        ("sh:maxCount 6", set()),
        (
            "sh:node [ sh:sparql [ sh:select 'SELECT $this { FILTER ($this < 2) }' ] ]",
            {INTEGER, ONE, ONE_0, ONE_00},
        ),
    ],
)
def test_terms_are_told_apart_and_values_compared(
    constraint: str, broken: set[str], tmp_path: Path
) -> None:
    shape = f"ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; {constraint} ] ."
    found = told(read(tmp_path, DATA, shape))
    assert {value for _, value, _ in found} == broken
    assert set(found.values()) <= {1}


LARGE, LONG = "12345678901234567890", "0.1234567890123456789012345"
FINE = '"2020-01-01T00:00:00.1234567890123456789"^^xsd:dateTime'


@pytest.mark.parametrize(
    ("value", "constraint", "conforms"),
    [
        (LARGE, "sh:minInclusive 1", True),
        (LARGE, "sh:maxInclusive 1", False),
        (f"-{LARGE}", "sh:minInclusive 1", False),
        (f"1.50 , {LARGE}", "sh:minInclusive 1", True),
        ("1e0", f"sh:maxExclusive {LARGE}", True),
        (LARGE, f"sh:minExclusive {LARGE}", False),
        (LONG, "sh:minInclusive 0", True),
        (LONG, "sh:lessThan ex:q", True),
        (f"{LARGE}.5", "sh:lessThanOrEquals ex:q", False),
        ("false", "sh:minExclusive false", False),
        ("true", "sh:minExclusive false", True),
        ("true", "sh:minInclusive 0", False),
        (FINE, 'sh:minInclusive "2020-01-01T00:00:00"^^xsd:dateTime', True),
        (FINE, 'sh:minInclusive "2020-01-01T00:00:00Z"^^xsd:dateTime', False),
        (f'"{LARGE}"', "sh:minInclusive 1", False),
    ],
)
def test_what_the_store_cannot_read_as_a_value_is_compared(
    value: str, constraint: str, conforms: bool, tmp_path: Path
) -> None:
    shape = f"ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; {constraint} ] ."
    data = read(tmp_path, f"ex:a ex:p {value} ; ex:q {LARGE} .", shape)
    assert (not told(data)) == conforms


@pytest.mark.parametrize(
    "value",
    [
        '"300"^^xsd:byte',
        '"-1"^^xsd:unsignedInt',
        '"-5"^^xsd:nonNegativeInteger',
        '"0"^^xsd:positiveInteger',
        '"99999999999999999999"^^xsd:unsignedLong',
        '"9223372036854775808"^^xsd:long',
        '"x"^^xsd:integer',
        '"2020-02-30"^^xsd:date',
        '"u"^^ex:datatype',
        "ex:thing",
    ],
)
def test_what_is_no_value_compares_with_nothing(value: str, tmp_path: Path) -> None:
    other = f"ex:a ex:p {value} ; ex:q {value}, 1e30 . ex:b ex:p 5 ; ex:q 5 ."
    shape = "ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; {} ] ."
    for constraint in ("maxInclusive 1e30", "minInclusive -1e30", "lessThanOrEquals ex:q"):
        found = told(read(tmp_path, other, shape.format(f"sh:{constraint}")))
        assert {focus for focus, _, _ in found} == {"<a>"}, constraint
    if '"' in value:
        bound = told(read(tmp_path, other, shape.format(f"sh:minInclusive {value}")))
        assert {focus for focus, _, _ in bound} == {"<a>", "<b>"}


@pytest.mark.parametrize(
    ("literal", "constraint", "conforms"),
    [
        ("1.50", "sh:datatype xsd:decimal", True),
        ("01", "sh:datatype xsd:integer", True),
        ("9" * 5_000, "sh:datatype xsd:integer", True),
        ("9" * 5_000, "sh:minExclusive " + "8" * 5_000, True),
        ("9" * 5_000, "sh:maxExclusive " + "8" * 5_000, False),
        ("1.0E0", "sh:datatype xsd:double", True),
        ('"05"^^xsd:byte', "sh:datatype xsd:byte", True),
        ('"300"^^xsd:byte', "sh:datatype xsd:byte", False),
        ("1.50", "sh:datatype xsd:integer", False),
        ("1.50", "sh:minInclusive 1.5", True),
        ("1.50", "sh:maxExclusive 1.5", False),
        ("1.50", "sh:hasValue 1.50", True),
        ("1.50", "sh:hasValue 1.5", False),
        ("1.50", "sh:in ( 1.50 )", True),
        ("1.50", "sh:in ( 1.5 )", False),
        ("1.50", "sh:node [ sh:or ( [ sh:datatype xsd:decimal ] ) ]", True),
    ],
)
@pytest.mark.parametrize("more", ["", "ex:b ex:r 7.0 ."])
def test_a_literal_that_is_a_target_is_as_the_shapes_write_it(
    literal: str, constraint: str, conforms: bool, more: str, tmp_path: Path
) -> None:
    data = read(tmp_path, f"ex:a ex:p 2 . {more}", f"ex:S sh:targetNode {literal} ; {constraint} .")
    assert (not told(data)) == conforms
    assert (not list(judge(data, data.shapes.graph))) == conforms


def test_booleans_have_an_order(tmp_path: Path) -> None:
    shape = "ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:lessThan ex:q ] ."
    data = "ex:a ex:p false ; ex:q true . ex:b ex:p true ; ex:q false ."
    assert [focus for focus, _, _ in told(read(tmp_path, data, shape))] == ["<b>"]


@pytest.mark.parametrize(
    "constraint", ["sh:maxExclusive 10.5", "sh:lessThan ex:q", "sh:in ( 1 2.0 )", "sh:maxCount 1"]
)
def test_a_verdict_is_the_same_whatever_else_the_data_hold(constraint: str, tmp_path: Path) -> None:
    shape = f"ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; {constraint} ] ."
    data = (
        'ex:a ex:p true, "5", "2020-01-01"^^xsd:date ; ex:q "2020-01-01T00:00:00"^^xsd:dateTime .'
    )
    alone = told(read(tmp_path, data, shape))
    beside = told(read(tmp_path, data + " ex:b ex:p 1.0 ; ex:q 2.50 .", shape))
    assert alone == Counter(
        {key: n for key, n in beside.items() if "/a>" in key[0] or "<a>" in key[0]}
    )
    assert alone


def test_a_literal_is_a_focus_node_as_it_is_written(tmp_path: Path) -> None:
    shape = "ex:S sh:targetObjectsOf ex:q ; sh:targetNode 7.00 ; sh:nodeKind sh:IRI ."
    found = told(read(tmp_path, DATA, shape))
    decimal = XSD.format("decimal")
    assert {focus for focus, _, _ in found} == {f'"2.0"{decimal}', f'"7.00"{decimal}'}


def test_what_a_query_selects_as_a_target_is_a_value(tmp_path: Path) -> None:
    target = "sh:target [ sh:select 'SELECT ?this { ?s <http://example.org/q> ?this }' ]"
    found = told(read(tmp_path, DATA, f"ex:S {target} ; sh:nodeKind sh:IRI ."))
    assert {value for _, value, _ in found} == {'"2"' + XSD.format("decimal")}


def test_pyshacl_is_given_every_spelling(tmp_path: Path) -> None:
    shape = "ex:S sh:targetSubjectsOf ex:q ; sh:property [ sh:path ex:p ; sh:in ( ) ] ."
    data = read(tmp_path, DATA, shape)
    assert {f.value for f in judge(data, data.shapes.graph)} == {f.value for f in run_shapes(data)}
    assert len(list(run_shapes(data))) == 6


@pytest.mark.parametrize(
    ("pattern", "broken"),
    [
        ("^[a-z-[aeiou]]+$", {"aei", "a-b"}),
        (r"^\\[a-[bc]", {"aei", "bcd", "a-b"}),
        ("^a-[bc]$", {"aei", "bcd"}),
        ("^[b-d]", {"aei", "a-b"}),
    ],
)
def test_a_class_of_characters_may_be_less_another(
    pattern: str, broken: set[str], tmp_path: Path
) -> None:
    shape = f'ex:S sh:targetObjectsOf ex:p ; sh:pattern "{pattern}" .'
    found = told(read(tmp_path, 'ex:a ex:p "aei", "bcd", "a-b" .', shape))
    assert {value.strip('"') for _, value, _ in found} == broken


@pytest.mark.parametrize(
    ("pattern", "flags", "broken"),
    [
        ("^[a-z&&x]+$", "", {"#abcdef", "nothing~~"}),
        ("^[a-z~~]+$", "", {"#abcdef", "ab&c"}),
        ("#[0-9 a-f]{6}", "x", {"ab&c", "nothing~~"}),
        ("[a-z]&&|~~", "q", {"#abcdef", "ab&c", "nothing~~"}),
        ("~~$ | ^ab [&] c", "x", {"#abcdef"}),
    ],
)
def test_a_sign_that_is_none_of_xpath_is_a_letter(
    pattern: str, flags: str, broken: set[str], tmp_path: Path
) -> None:
    shape = f'ex:S sh:targetObjectsOf ex:p ; sh:pattern "{pattern}" ; sh:flags "{flags}" .'
    found = told(read(tmp_path, 'ex:a ex:p "ab&c", "#abcdef", "nothing~~" .', shape))
    assert {value.strip('"') for _, value, _ in found} == broken
