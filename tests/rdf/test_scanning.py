from __future__ import annotations

import pytest
from hypothesis import given
from pyoxigraph import NamedNode, Triple

from cecot.dataset.content import Material
from cecot.rdf.reading import blocks, blocks_of_lines, comments, named
from cecot.rdf.terms import Prefixes
from cecot.rdf.writing import write_turtle
from graphs import graphs

E = "https://example.org/"


def subjects(text: str) -> list[tuple[str, int]]:
    """The IRIs of the blocks, and their lines."""
    found = ((block.subject, block.line) for block in blocks(text))
    return [each for each in found if each[0][0].isalpha()]


def lines_of(text: str) -> list[tuple[str, int]]:
    return [(iri.removeprefix(E), line) for iri, line in subjects(text)]


def test_a_subject_has_the_line_on_which_it_stands() -> None:
    text = f"PREFIX e: <{E}>\n\ne:a\n    a e:B ;\n.\n\n<{E}c> a e:D .\ne:e a e:F ."
    assert lines_of(text) == [("a", 3), ("c", 7), ("e", 8)]


def test_text_that_looks_like_a_statement_is_none() -> None:
    text = (
        f"@prefix e: <{E}> . # e:not a e:B .\n"
        'e:a e:b "x. e:not a e:B . # \\"", \'y. e:not\', """\n. e:not a e:B .\n"". """,\n'
        "    '''\n. e:not a e:B .\n''', 1.5, e:c.d, <http://not.org/#a> ; e:f 2 . e:g e:h e:i."
    )
    assert lines_of(text) == [("a", 2), ("g", 7)]


def test_brackets_and_lists_are_not_statements() -> None:
    text = (
        f"PREFIX e: <{E}>\n"
        "[ e:a e:b ; e:c 1.5 ] .\n"
        "( 1 2.0 [ e:x e:y ] ) e:p e:q .\n_:b e:p e:q .\ne:last e:p ( e:q ) , <<( e:s e:p 1 )>> .\n"
        "e:z e:p 1 {| e:q 2.5 |} .\ne:end e:p e:q ."
    )
    assert lines_of(text) == [("last", 5), ("z", 6), ("end", 7)]


def test_names_are_resolved_as_the_parser_resolves_them() -> None:
    text = (
        f"BASE <{E}>\nprefix : <deep/>\n<a> <p> 1 .\n:b <p> 1 .\nPREFIX : <{E}other/>\n"
        ":c\\,d <p> 1 .\n<\\u0065> <p> 1 .\n<f#> <p> 1 ."
    )
    found = [("a", 3), ("deep/b", 4), ("other/c,d", 6), ("e", 7), ("f#", 8)]
    assert lines_of(text) == found


def test_windows_line_ends_count_once() -> None:
    assert lines_of(f"PREFIX e: <{E}>\r\n\r\ne:a a e:B .\r\n") == [("a", 3)]


@given(graphs)
def test_every_named_subject_is_found_where_it_is_written(triples: list[Triple]) -> None:
    prefixes = Prefixes({"e": E})
    text = write_turtle(triples, prefixes)
    found = subjects(text)
    assert [iri for iri, _ in found] == sorted(
        {triple.subject.value for triple in triples if isinstance(triple.subject, NamedNode)}
    )
    lines = text.split("\n")
    for iri, line in found:
        written = lines[line - 1]
        assert written.startswith(("<", "e:"))
        assert iri.isascii() is False or prefixes.compact(iri) == written or "\\u" in written


def test_every_subject_of_the_rooms_is_found(material: Material) -> None:
    named = {
        triple.subject.value
        for triples in (material.ontology, material.graph, material.shapes)
        for triple in triples
        if isinstance(triple.subject, NamedNode)
    }
    assert named == set(material.lines)
    for iri, (path, line) in material.lines.items():
        written = path.read_text().splitlines()[line - 1]
        assert written.split()[0] == material.prefixes.compact(iri)


@pytest.mark.parametrize(
    ("text", "header", "others"),
    [
        ("# a\n# b\n<a:b> <a:c> 1 . # c", "# a\n# b", [(3, 17)]),
        ("\n  # a\n\n# b\n\n", "# a\n\n# b", []),
        ("<a:b> <a:c#d> '#e', '''\n#f''' .", "", []),
        ("PREFIX a: <a:>\n# a\n", "", [(2, 1)]),
    ],
)
def test_comments_are_told_from_what_looks_like_one(
    text: str, header: str, others: list[tuple[int, int]]
) -> None:
    found = comments(text)
    assert (found.header, found.others) == (header, others)


def test_a_long_text_is_scanned_in_one_pass() -> None:
    # A scan that went back over what it has seen would take minutes.
    text = f'PREFIX e: <{E}>\ne:a e:b """' + '""x' * 50_000 + '""" .\n'
    assert lines_of(text) == [("a", 2)]


def test_names_are_found_in_statements_alone() -> None:
    text = (
        "PREFIX ex: <http://example.org/>\n"
        "# ex:comment\n"
        'ex:a ex:b "ex:string" ,\n'
        "    <http://example.org/c> ; a [ ex:d ( ex:a ) ] .\n"
        "@prefix other: <http://example.org/> .\n"
        "other:e other:f true .\n"
    )
    begins = "http://example.org/"
    assert [(iri.removeprefix(begins), line) for iri, line in named(text, (begins,))] == [
        ("a", 3),
        ("b", 3),
        ("c", 4),
        ("d", 4),
        ("a", 4),
        ("e", 6),
        ("f", 6),
    ]


def test_a_block_holds_what_follows_about_its_subject() -> None:
    text = (
        "# Not this.\n"
        "<a> <b> 1 . <a> <c> 2 . # nor this\n"
        "[] <b> 3 .\n[ <c> 4 ] .\n_:x <b> 5 .\n"
        "PREFIX e: <e:>\n_:x <b> 6 .\n"
    )
    assert [
        (each.subject, each.line, text[each.start : each.end])
        for each in blocks(text, "file:///d/")
    ] == [
        ("file:///d/a", 2, "<a> <b> 1 . <a> <c> 2 ."),
        ("[", 3, "[] <b> 3 ."),
        ("[", 4, "[ <c> 4 ] ."),
        ("_:x", 5, "_:x <b> 5 ."),
        ("_:x", 7, "_:x <b> 6 ."),
    ]


def test_the_subjects_in_the_graphs_of_trig_are_found() -> None:
    text = (
        "<a:a> <a:b> <a:c> .\n"
        "<a:g> {\n<a:d> <a:b> <a:c> .\n<a:e> <a:b> 1 }\n"
        "GRAPH <a:h> {\n<a:f> <a:b> 2 }\n"
    )
    assert [each for each in subjects(text) if each[0] not in ("GRAPH", "a:g", "a:h")] == [
        ("a:a", 1),
        ("a:d", 3),
        ("a:e", 4),
        ("a:f", 6),
    ]


def test_the_subjects_of_files_of_lines_are_those_of_any_turtle() -> None:
    text = r"""
# <a:comment> <a:p> <a:o> .
<a:a> <a:p> "<a:no> . <a:no>" .
 <a:a> <a:p> <a:o> . # <a:no>
_:b <a:p> <a:o> .
<a:\u00e9> <a:p> _:b .
<a:a> <a:p> "\"<a:no>"@en ."""
    found = [(each.subject, each.line) for each in blocks_of_lines(text)]
    assert found == [(each.subject, each.line) for each in blocks(text)]
    assert [line for _, line in found] == [3, 5, 6, 7]
