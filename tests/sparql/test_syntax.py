"""SERVICE is seen however it is written, and nothing else is taken for it."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecot.sparql.diagnostics import CHECKS_OF_CLAUSES
from cecot.sparql.lexer import decode, find_service, tokens
from cecot.sparql.lexical_errors import CHECKS_OF_WORDS, Suspect

# Oxigraph refuses this port before it opens a connection: an error shows that SERVICE was reached.
NOWHERE = "http://127.0.0.1:1/"
ONE_TRIPLE = ox.Store()
ONE_TRIPLE.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ox.Literal("a")))
BODY = "{ ?s ?p ?o }"


def found(text: str) -> bool:
    return find_service(decode(text).text) is not None


def reaches(text: str) -> bool:
    """Whether Oxigraph evaluates a SERVICE of ``text``."""
    try:
        results = ONE_TRIPLE.query(decode(text).text)
        assert isinstance(results, ox.QuerySolutions)
        list(results)
    except (OSError, RuntimeError):  # the latter: a service without a name
        return True
    except SyntaxError:
        return False
    return False


DISGUISES = [
    f"SELECT * {{ SERVICE <{NOWHERE}> {BODY} }}",
    f"SELECT * {{ service<{NOWHERE}>{BODY} }}",
    f"SELECT * {{ SeRvIcE#\n<{NOWHERE}>\t{BODY} }}",
    f"SELECT * {{ SERVICE # {{ }} <x>\n <{NOWHERE}> # }}\n {BODY} }}",
    f"SELECT * {{ \\u0053ERVICE <{NOWHERE}> {BODY} }}",
    f"SELECT * {{ SERV\\U00000049CE <{NOWHERE}> {BODY} }}",
    f"SELECT * {{ OPTIONAL {{ {{ SERVICE <{NOWHERE}> {BODY} }} }} }}",
    f"SELECT * {{ {{ SELECT * {{ SERVICE <{NOWHERE}> {BODY} }} }} }}",
    f"SELECT * {{ VALUES ?g {{ <{NOWHERE}> }} SERVICE ?g {BODY} }}",
    f"PREFIX x: <{NOWHERE}> SELECT * {{ SERVICE x: {BODY} }}",
    f"PREFIX x: <{NOWHERE}> SELECT * {{ SERVICEx:y {BODY} }}",
    f"PREFIX : <{NOWHERE}> SELECT * {{ SERVICE:y {BODY} }}",
    f"PREFIX : <{NOWHERE}> PREFIX SERVICE: <urn:> SELECT * {{ SERVICE:y {BODY} }}",
    f"SELECT * {{ VALUES ?x {{ UNDEF }}SERVICE<{NOWHERE}>{BODY} }}",
    f"SELECT * {{ ?a ?b 'a'.SERVICE<{NOWHERE}>{BODY} }}",
    f"BASE <{NOWHERE}> SELECT * {{ ?a ?b ?c FILTER(?b<?c || true)SERVICE#>\n<x> {BODY} }}",
    f"SELECT * {{ ?a ?b ?c FILTER(?b<?c||?c='>'||true)SERVICE<{NOWHERE}>{BODY} FILTER('a'='a') }}",
]


@pytest.mark.parametrize("text", DISGUISES)
def test_a_disguised_service_is_found_and_was_one(text: str) -> None:
    assert found(text)
    assert reaches(text)


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ SERVICE SILENT <{NOWHERE}> {BODY} }}",
        f"SELECT * {{ SERVICESILENT<{NOWHERE}>{BODY} }}",
        f"PREFIX x: <{NOWHERE}> SELECT * {{ ?a ?b 1SERVICESILENTx:y {BODY} }}",
        f"SELECT * {{ FILTER EXISTS {{ SERVICE SILENT <{NOWHERE}> {BODY} }} }}",
        f"ASK {{ ?a ?b trueSERVICE SILENT <{NOWHERE}> {BODY} }}",
    ],
)
def test_a_silent_service_is_found(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { ?service ?p ?o }",
        "SELECT * { ?s ?p 'SERVICE <http://x/> { ?s ?p ?o }' }",
        'SELECT * { ?s ?p """\nSERVICE <http://x/> { ?s ?p ?o }\n""" }',
        "SELECT * { ?s ?p ?o } # SERVICE <http://x/> { ?s ?p ?o }",
        "SELECT * { ?s <http://x/service#> ?o . <http://x/SERVICE> ?p ?o }",
        "PREFIX ex: <urn:> SELECT * { ?s a ex:Service ; ex:service ?o }",
        "PREFIX ex: <urn:> SELECT * { ?s ex:service ?o { ?o ?p ?q } }",
        "PREFIX service: <urn:> SELECT * { GRAPH service:a { ?s service:b ?o } }",
        "PREFIX service: <urn:> SELECT * FROM service:a { VALUES ?x { service:b } }",
        "PREFIX : <urn:> PREFIX service: <urn:> DESCRIBE service:a { ?s ?p ?o }",
        "SELECT * { ?s ?p 'a'@service }",
        "SELECT * { _:service ?p ?o }",
        "PREFIX selfservice: <urn:> SELECT * { ?s selfservice:in ?o }",
    ],
)
def test_the_word_alone_is_no_service(text: str) -> None:
    ONE_TRIPLE.query(text)  # it parses, so a SERVICE in it would count
    assert not found(text)


GAPS = st.sampled_from(["", " ", "\n", "\t", "\r\n", " # { } <a> 'b\n", "#\n"])
WORDS = st.sampled_from(["SERVICE", "service", "SerVice", "S\\u0045RVICE", "\\U00000053ERVICE"])
BEFORE = st.sampled_from(
    [
        "",
        "?a ?b 1",
        "?a ?b 1.5",
        "?a ?b 'x' .",
        "VALUES ?x { UNDEF }",
        "BIND(1 AS ?k)",
        "OPTIONAL {}",
    ]
)
TARGETS = st.sampled_from([f"<{NOWHERE}>", "x:y", "x:", ":", "?g"])
WRAPS = st.sampled_from(["{}", "{{ {} }}", "OPTIONAL {{ {} }}", "{{ SELECT * {{ {} }} }}"])


@given(WORDS, st.tuples(GAPS, GAPS, GAPS), BEFORE, TARGETS, WRAPS)
@settings(max_examples=300)
def test_every_service_that_oxigraph_reaches_is_found(
    word: str, gaps: tuple[str, str, str], before: str, target: str, wrap: str
) -> None:
    first, second, third = gaps
    pattern = f"{before}{first}{word}{second}{target}{third}{BODY}"
    text = (
        f"PREFIX x: <{NOWHERE}> PREFIX : <{NOWHERE}> SELECT * {{ VALUES ?g {{ <{NOWHERE}> }} "
        f"{wrap.format(pattern)} }}"
    )
    if reaches(text):
        assert found(text)


PIECES = st.sampled_from(
    [
        *"<>'\"{}()#\n .1",
        *("SERVICE", "SILENT", f"<{NOWHERE}>", "x:y", "?a", "?b", "'>'", "true", "&&"),
        *("FILTER(?a<?b", "FILTER(true)", "GRAPH ?g", BODY),
    ]
)


@given(st.lists(PIECES, max_size=14))
@settings(max_examples=400)
def test_no_heap_of_pieces_hides_a_service(pieces: list[str]) -> None:
    text = f"PREFIX x: <{NOWHERE}> SELECT * {{ ?a ?b ?c {''.join(pieces)} }}"
    if reaches(text):
        assert found(text)


@given(st.text(alphabet="SELECT*{}<>?'\"#\\u0041 \n\t.:@^|&=()é😀", max_size=60))
@settings(max_examples=300)
def test_any_text_is_read_without_an_error(text: str) -> None:
    decoded = decode(text)
    assert sum(len(token.text) for token in tokens(decoded.text)) <= len(decoded.text)
    find_service(decoded.text)


@given(st.text(max_size=80))
def test_text_without_escapes_is_left_as_it_is(text: str) -> None:
    if "\\" not in text and not text.startswith("\ufeff"):
        assert decode(text).text == text


def test_escapes_outside_strings_stand_for_characters_of_names() -> None:
    assert decode("SEL\\u0045CT ?\\u0078").text == "SELECT ?x"


def test_escapes_in_strings_iris_and_comments_are_left_to_the_parser() -> None:
    text = "'\\u0041' <http://\\u0041> # \\u0041"
    assert decode(text).text == text


def test_an_escape_cannot_end_a_string_or_make_white_space() -> None:
    assert decode("'a' \\u0022 \\u0020").text == "'a' \\u0022 \\u0020"


def test_positions_are_those_of_the_clients_own_text() -> None:
    source = "SEL\\u0045CT\n ?\\u0078 😀 !"
    decoded = decode(source)
    assert decoded.position(decoded.text.index("!")) == (2, 12)
    assert source.split("\n")[1][11] == "!"


def test_a_byte_order_mark_is_white_space() -> None:
    assert decode("\ufeffASK {}").text == " ASK {}"


def test_no_check_finds_a_mistake_in_a_query_that_parses(shared_dir: Path) -> None:
    wrong, seen = [], 0
    for path in sorted((shared_dir / "rdf-tests").rglob("*.rq")):
        text = path.read_text("utf-8")
        decoded = decode(text)
        try:
            ONE_TRIPLE.query(decoded.text, base_iri="http://example.org/")
        except SyntaxError:
            continue
        except (RuntimeError, OSError):
            pass
        seen += 1
        suspect = Suspect(list(tokens(decoded.text)), "", {}, has_base=True)
        wrong += [
            (path.name, finding)
            for check in (*CHECKS_OF_WORDS, *CHECKS_OF_CLAUSES)
            for finding in check(suspect)
        ]
    assert seen > 200
    assert not wrong


def test_exactly_the_federated_queries_of_the_suites_are_found(shared_dir: Path) -> None:
    for path in (shared_dir / "rdf-tests").rglob("*.rq"):
        text = path.read_text("utf-8")
        bare = " ".join(line.partition("#")[0] for line in text.splitlines()).lower()
        assert found(text) == ("service " in bare), path
