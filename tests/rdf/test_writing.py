from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple, serialize

from cecot.dataset.content import Material
from cecot.errors import TurtleError
from cecot.rdf.reading import parse_text
from cecot.rdf.terms import Prefixes
from cecot.rdf.writing import format_turtle, write_turtle
from graphs import graphs, graphs_with_triple_terms, isomorphic

PREFIXES = Prefixes(
    {
        "e": "https://example.org/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)


def same(one: list[Triple], other: list[Triple]) -> bool:
    """Whether two graphs are the same, whatever their blank nodes are called."""
    datasets = [Dataset(Quad(*triple) for triple in each) for each in (one, other)]
    for dataset in datasets:
        dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return datasets[0] == datasets[1]


def formatted(text: str) -> str:
    """The canonical form of ``text``, without its prefixes, in one line per line."""
    lines = format_turtle("PREFIX e: <https://example.org/>\n" + text, PREFIXES).splitlines()
    return "\n".join(line for line in lines if line and not line.startswith("PREFIX"))


@given(graphs)
def test_what_is_written_says_what_was_read(triples: list[Triple]) -> None:
    assert isomorphic(parse_text(write_turtle(triples, PREFIXES)).triples, triples)


@given(graphs_with_triple_terms)
def test_triple_terms_survive(triples: list[Triple]) -> None:
    assert set(parse_text(write_turtle(triples, PREFIXES)).triples) == set(triples)


@given(graphs)
def test_the_canonical_form_is_its_own_canonical_form(triples: list[Triple]) -> None:
    text = write_turtle(triples, PREFIXES)
    assert format_turtle(text, PREFIXES) == text


@given(graphs, st.randoms(use_true_random=False))
def test_order_and_names_in_a_file_leave_no_trace(
    triples: list[Triple], chance: random.Random
) -> None:
    shuffled = chance.sample(triples, len(triples))
    text = serialize(shuffled, format=RdfFormat.TURTLE)
    assert format_turtle(text or b"", PREFIXES) == write_turtle(triples, PREFIXES)


def test_the_example_of_the_design_is_canonical(shared_dir: Path, material: Material) -> None:
    text = (shared_dir / "design" / "example.ttl").read_text()
    assert format_turtle(text, material.prefixes) == text


def test_one_new_triple_is_one_new_line(material: Material) -> None:
    before = write_turtle(material.graph, material.prefixes).splitlines()
    first = material.graph[0]
    new = Triple(first.subject, first.predicate, material.graph[-1].subject)
    after = write_turtle([*material.graph, new], material.prefixes).splitlines()
    assert len(after) - len(before) == 1
    assert len(set(after) - set(before)) <= 1


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("19", "19"),
        ("0.6", "0.6"),
        ("1.5E3", "1.5E3"),
        ("true", "true"),
        ("007", "007"),
        ("+5", "+5"),
        ("1.50", "1.50"),
        ("-.5", "-.5"),
        ("1e3", "1e3"),
        ("+1.50E-07", "+1.50E-07"),
        ("'1.'^^<http://www.w3.org/2001/XMLSchema#decimal>", '"1."^^xsd:decimal'),
        ("'1,5'^^<http://www.w3.org/2001/XMLSchema#decimal>", '"1,5"^^xsd:decimal'),
        ("'INF'^^<http://www.w3.org/2001/XMLSchema#double>", '"INF"^^xsd:double'),
        ("'1'^^<http://www.w3.org/2001/XMLSchema#boolean>", '"1"^^xsd:boolean'),
        ("'٣'^^<http://www.w3.org/2001/XMLSchema#integer>", '"٣"^^xsd:integer'),
        ("'2023-02-01'^^<http://www.w3.org/2001/XMLSchema#date>", '"2023-02-01"^^xsd:date'),
        (r"'6.5\u00A0sq\u00A0ft'@en", r'"6.5\u00A0sq\u00A0ft"@en'),
        (
            r"'a\u200A\u200B\uFEFF\u00AD\u0007\U000E0001'",
            r'"a\u200A\u200B\uFEFF\u00AD\u0007\U000E0001"',
        ),
        ("'é ¿“ñ”? 漢字 😀'", '"é ¿“ñ”? 漢字 😀"'),
        (r"'\"a\" \\ \t'", r'"\"a\" \\ \t"'),
        ("'x'@EN", '"x"@en'),
        ("()", "()"),
        ("( 1 e:a 'x' )", '( 1 e:a "x" )'),
        ("[]", "[]"),
        ("[ e:q e:r ]", "[ e:q e:r ]"),
        ("[ e:q [ e:r ( 1 2 ) ] ]", "[ e:q [ e:r ( 1 2 ) ] ]"),
        ("<<( e:a e:b 'c' )>>", '<<( e:a e:b "c" )>>'),
        ("<https://example.org/a/b>", "<https://example.org/a/b>"),
    ],
)
def test_terms_have_one_form(value: str, written: str) -> None:
    assert formatted(f"e:s e:p {value} .") == f"e:s\n    e:p {written} ;\n."


def test_text_of_several_lines_stays_readable() -> None:
    text = 'e:s e:p """SELECT ?s\n  { ?s a "x", """ , "a\\nb\\"", "q\\"\\"\\"\\n" .'
    assert formatted(text) == (
        'e:s\n    e:p """SELECT ?s\n  { ?s a "x", """ ;\n    e:p """a\nb\\"""" ;\n'
        '    e:p """q\\"\\"\\"\n""" ;\n.'
    )


def test_objects_stand_by_kind_and_language() -> None:
    text = "e:s e:p 'b'@en, 'a'@es, 'c', e:z, e:y, [ e:q 1 ] ; a e:T ; e:o e:x ."
    assert formatted(text).splitlines() == [
        "e:s",
        "    a e:T ;",
        "    e:o e:x ;",
        "    e:p e:y ;",
        "    e:p e:z ;",
        '    e:p "c" ;',
        '    e:p "b"@en ;',
        '    e:p "a"@es ;',
        "    e:p [ e:q 1 ] ;",
        ".",
    ]


def test_a_blank_node_with_more_to_say_takes_lines_of_its_own() -> None:
    text = "e:s e:p [ e:b ( [ e:x 1 ; e:y 2 ] e:z ) ; e:a 1 ] ."
    assert (
        formatted(text)
        == """e:s
    e:p [
        e:a 1 ;
        e:b (
            [
                e:x 1 ;
                e:y 2 ;
            ]
            e:z
        ) ;
    ] ;
."""
    )


def test_blank_nodes_that_many_point_to_have_labels_from_the_graph_alone() -> None:
    one = formatted("e:s e:p _:foo . e:t e:p _:foo . _:foo e:q _:bar . _:bar e:q _:foo .")
    other = formatted("_:a e:q _:b . _:b e:q _:a . e:t e:p _:b . e:s e:p _:b .")
    assert one == other
    assert "_:b0" in one


@pytest.mark.parametrize(
    "text",
    [
        "<urn:a> <urn:a> <<( _:x <urn:a> <urn:a> )>> .",
        "<urn:a> <urn:a> <<( <urn:a> <urn:a> _:x )>> .",
        "<urn:a> <urn:a> <<( <urn:a> <urn:a> <<( _:x <urn:a> 1 )>> )>> . _:x <urn:b> 2 .",
        "<urn:a> <urn:a> <<( _:x <urn:a> _:x )>>, _:x .",
    ],
)
def test_a_blank_node_inside_a_triple_term_has_a_label(text: str) -> None:
    written = format_turtle(text, PREFIXES)
    assert "_:b" in written
    assert same(parse_text(written).triples, parse_text(text).triples)
    assert format_turtle(written, PREFIXES) == written


def test_a_list_that_is_none_is_written_as_the_nodes_that_it_is() -> None:
    text = "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"
    text += "e:s e:p [ rdf:first 1 ; rdf:first 2 ; rdf:rest () ] ."
    assert "rdf:first 1 ;\n        rdf:first 2 ;\n        rdf:rest () ;" in formatted(text)


def test_only_prefixes_in_use_are_declared_and_sorted() -> None:
    byte = "<http://www.w3.org/2001/XMLSchema#byte>"
    text = f"<https://example.org/a> <https://example.org/b> '1'^^{byte} ."
    assert format_turtle(text, PREFIXES).splitlines()[:3] == [
        "PREFIX e: <https://example.org/>",
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>",
        "",
    ]


def test_the_comments_at_the_top_are_kept() -> None:
    text = "# shapes:One\n#  and why\n\nPREFIX e: <https://example.org/>\ne:a e:b e:c ."
    assert format_turtle(text, PREFIXES).startswith(
        "# shapes:One\n#  and why\nPREFIX e: <https://example.org/>\n\ne:a\n"
    )


def test_a_comment_that_would_be_lost_is_an_error_with_its_place() -> None:
    text = "# top\n<a:b>\n    <a:c> '#no', <a:d#no> ; # why\n."
    with pytest.raises(TurtleError, match="comment would be lost") as caught:
        format_turtle(text, PREFIXES, where="x.ttl")
    assert caught.value.location == "x.ttl:3:29"


def test_a_text_without_triples_is_empty_but_for_its_comments() -> None:
    assert format_turtle("", PREFIXES) == "\n"
    assert format_turtle("# nothing yet\n", PREFIXES) == "# nothing yet\n"


@pytest.mark.parametrize(
    ("opens", "closes"), [("[ e:p ", " ]"), ("( ", " )"), ("[ e:p ( 1 ", " ) ; e:q 2 ]")]
)
def test_what_nests_deeply_is_written_once(opens: str, closes: str) -> None:
    # Each level was written twice: forty of them took a year.
    text = f"PREFIX e: <https://example.org/>\ne:s e:p {opens * 400}1{closes * 400} ."
    written = format_turtle(text, PREFIXES)
    assert "".join(written.split()).replace(";", "") == "".join(text.split()).replace(";", "")
    assert format_turtle(written, PREFIXES) == written


@pytest.mark.parametrize("inner", ["", "rdf:first 1 ; rdf:rest "])
def test_nesting_without_end_is_an_error_of_ours(inner: str) -> None:
    head = "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n<a:b> <a:c> "
    depth = 20_000
    text = head + f"[ {inner or '<a:c> '}" * depth + "1" + " ]" * depth + " ."
    with pytest.raises(TurtleError, match="nested too deeply") as caught:
        format_turtle(text, PREFIXES, where="x.ttl")
    assert caught.value.location == "x.ttl"
    with pytest.raises(TurtleError, match="nested too deeply"):
        write_turtle(parse_text(text).triples, PREFIXES)
