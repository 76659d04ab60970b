"""What leaves is read back to the same terms by readers that are not ours, or it is an error.

``CECOT_EXAMPLES=10000`` tries as many terms as that.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator

import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from pyoxigraph import BaseDirection, Literal, NamedNode, Quad, Store, Triple

from cecot.dataset.store import EXPORTS, export_store, write_rdfxml
from cecot.engine import Query
from cecot.errors import NotAcceptable
from cecot.rdf.serialization import Omissions, write_json_ld
from cecot.rdf.terms import Prefixes
from cecot.rdf.writing import write_turtle
from cecot.sparql.evaluation import InProcessEngine
from cecot.sparql.formats import GRAPHS, RESULTS

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
EXAMPLES = int(os.environ.get("CECOT_EXAMPLES", "200"))
SUBJECT = NamedNode("http://e/s")
PREFIXES = Prefixes({"e": "http://e/", "u": "urn:x:", "http": "http://e/http#"})
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SPARQL = "{http://www.w3.org/2005/sparql-results#}"
READERS = {
    "turtle": "turtle",
    "turtle12": "turtle",
    "ntriples": "nt",
    "rdfxml": "xml",
    "jsonld": "json-ld",
    "nquads": "nquads",
    "trig": "trig",
}

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12) | st.text(
    st.sampled_from(
        "\0\x01\t\n\x0b\r\x1f\x7f\x85\u2028\ufffe\uffff\ufeff\\\"'&<>]]> ,;\U0001f600e\u0301"
    ),
    max_size=12,
)


def iris() -> Iterator[str]:
    return st.builds(
        lambda start, rest: start + rest,
        st.sampled_from(["http://e/", "http://e/a", "urn:x:", "u:", RDF, "http://e/http#", "e://"]),
        st.text(st.characters(exclude_categories=("Cs", "Z", "Cc")), max_size=6)
        | st.sampled_from(
            ["", "1", "a", "a.b", "-a", "é", "%20", "a'b", "//b", "li", "_1", "a:b", "a,b"]
        ),
    ).filter(is_iri)  # rdflib reads no "e:\.a" (Turtle, PN_LOCAL_ESC)


def is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return "/." not in text and ":." not in text and not text.endswith(".")


DATATYPES = iris() | st.sampled_from(
    ["integer", "decimal", "double", "boolean", "date", "dateTime", "anyURI"]
).map("http://www.w3.org/2001/XMLSchema#{}".format)
OWN = (f"{RDF}langString", f"{RDF}dirLangString")
LITERALS = (
    TEXTS.map(Literal)
    | st.builds(
        lambda text, language: Literal(text, language=language),
        TEXTS,
        st.sampled_from(["en", "es-sv", "zh-hans"]),
    )
    | st.builds(
        lambda text, iri: Literal(text, datatype=NamedNode(iri)),
        TEXTS,
        DATATYPES.filter(lambda iri: iri not in OWN),
    )
    | st.sampled_from(["0", "-7", "1.50", "1.5E0", "true", "1", "+5"]).flatmap(
        lambda text: DATATYPES.filter(lambda iri: iri not in OWN).map(
            lambda iri: Literal(text, datatype=NamedNode(iri))
        )
    )
)
TERMS = LITERALS | iris().map(NamedNode)


@pytest.fixture(autouse=True, scope="module")
def _as_written() -> Iterator[None]:
    """rdflib keeps the text of a literal as it stands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        yield


def store_of(quads: list[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


def asked(store: Store, text: str, media_type: str) -> bytes:
    engine = InProcessEngine(store)
    graph = media_type if text.startswith("CONSTRUCT") else None
    rows = None if graph else media_type
    body = engine.answer(Query(text, rows, None, graph)).body
    assert isinstance(body, bytes)
    return body


def key(term: NamedNode | Literal) -> tuple[str, str, str]:
    if isinstance(term, NamedNode):
        return "iri", term.value, ""
    if term.language:
        return "literal", term.value, f"@{term.language}"
    return "literal", term.value, term.datatype.value


def key_of_rdflib(term: rdflib.term.Node) -> tuple[str, str, str]:
    if isinstance(term, rdflib.URIRef):
        return "iri", str(term), ""
    assert isinstance(term, rdflib.Literal)
    if term.language:
        return "literal", str(term), f"@{term.language}"
    return "literal", str(term), str(term.datatype or rdflib.XSD.string)


def from_json(body: bytes) -> tuple[str, str, str]:
    (row,) = json.loads(body)["results"]["bindings"]
    found = row["o"]
    if found["type"] == "uri":
        return "iri", found["value"], ""
    language = found.get("xml:lang")
    default = str(rdflib.XSD.string)
    return "literal", found["value"], f"@{language}" if language else found.get("datatype", default)


def from_xml(body: bytes) -> tuple[str, str, str]:
    (found,) = etree.fromstring(body).find(f".//{SPARQL}binding")
    value = found.text or ""
    if found.tag == f"{SPARQL}uri":
        return "iri", value, ""
    language = found.get("{http://www.w3.org/XML/1998/namespace}lang")
    default = str(rdflib.XSD.string)
    return "literal", value, f"@{language}" if language else found.get("datatype", default)


def from_tsv(body: bytes) -> tuple[str, str, str]:
    head, cell, end = body.decode().split("\n")
    assert (head, end) == ("?o", "")
    assert "\t" not in cell
    assert "\r" not in cell
    (found,) = rdflib.Graph().parse(data=f"<urn:s> <urn:p> {cell} .", format="turtle").objects()
    return key_of_rdflib(found)


ROWS = {"json": from_json, "xml": from_xml, "tsv": from_tsv}


@settings(max_examples=EXAMPLES)
@given(term=TERMS)
@example(term=Literal("a\rb"))
@example(term=Literal("\r\n"))
@example(term=Literal("\x01"))
@example(term=Literal("\uffff"))
@example(term=NamedNode("http://e/a,b"))
@example(term=Literal(",", datatype=NamedNode("http://e/a,b")))
def test_rows_are_read_back_to_the_same_terms(term: NamedNode | Literal) -> None:
    store = store_of([Quad(SUBJECT, NamedNode("http://e/p"), term)])
    term = next(iter(store)).object  # it keeps the value of a number, not its digits
    media_types = {each.name: each.media_type for each in RESULTS}
    for name in ("csv", *ROWS):
        try:
            body = asked(store, "SELECT ?o { ?s ?p ?o }", media_types[name])
        except NotAcceptable:
            assert name == "xml"
            assert not is_xml(term)
            continue
        if name == "csv":
            rows = list(csv.reader(io.StringIO(body.decode(), newline="")))
            assert rows == [["o"], [term.value] if term.value else []], name
        else:
            assert ROWS[name](body) == key(term), name


@settings(max_examples=EXAMPLES)
@given(predicate=iris(), term=TERMS)
@example(predicate="http://e/1", term=Literal("x"))
@example(predicate=f"{RDF}li", term=Literal("x"))
@example(predicate=f"{RDF}type", term=NamedNode("http://e/1"))
@example(predicate=f"{RDF}type", term=NamedNode(f"{RDF}Description"))
@example(predicate="http://www.w3.org/2000/xmlns/a", term=Literal("x"))
@example(predicate="http://e/\U00010000a", term=Literal("x"))
@example(predicate="http://e/a", term=Literal("a\rb\x0c"))
@example(predicate="http://e/a", term=Literal("a\r\nb"))
@example(predicate="u:b", term=NamedNode("e:b"))
@example(predicate="http://e///b", term=Literal("1", datatype=NamedNode("http://e///b")))
def test_graphs_are_read_back_to_the_same_terms(predicate: str, term: NamedNode | Literal) -> None:
    store = store_of([Quad(SUBJECT, NamedNode(predicate), term)])
    triple = next(iter(store)).triple
    term = triple.object  # the store keeps the value of a number, not its digits
    construct = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    written = [
        (each.name, lambda each=each: asked(store, construct, each.media_type)) for each in GRAPHS
    ]
    written += [(name, lambda name=name: export_store(store, PREFIXES, name)) for name in EXPORTS]
    written += [
        ("turtle", lambda: write_turtle([triple], PREFIXES).encode()),
        ("rdfxml", lambda: write_rdfxml([triple], PREFIXES)),
        ("jsonld", lambda: write_json_ld([triple], PREFIXES).encode()),
    ]
    assert READERS.keys() <= dict(written).keys()
    for name, write in written:
        if name not in READERS:  # of a format that rdflib does not read
            continue
        try:
            body = write()
        except NotAcceptable:
            assert name == "rdfxml"
            # Of other letters, editions of XML disagree whether a name may have them.
            assert not is_xml(term) or not is_element(predicate) or not predicate.isascii()
            continue
        graph = rdflib.Dataset() if name in ("nquads", "trig") else rdflib.Graph()
        found = list(graph.parse(data=body, format=READERS[name]).triples((None, None, None)))
        expected = [(SUBJECT.value, predicate, key(term))]
        assert [(str(s), str(p), key_of_rdflib(o)) for s, p, o in found] == expected, (name, body)


def is_xml(term: NamedNode | Literal) -> bool:
    """Whether lxml takes the text."""
    try:
        etree.Element("a").text = term.value
    except ValueError:
        return False
    return True


def is_element(predicate: str) -> bool:
    """Whether rdflib would write the predicate as the name of an element, and may."""
    try:
        namespace, name = rdflib.namespace.split_uri(predicate)
        graph = rdflib.Graph()
        graph.add((rdflib.URIRef("urn:s"), rdflib.URIRef(predicate), rdflib.Literal("x")))
        back = rdflib.Graph().parse(data=graph.serialize(format="xml"), format="xml")
        return len(back) == 1 and set(back) == set(graph) and bool(namespace and name)
    except Exception:  # noqa: BLE001 (rdflib and its parsers raise whatever they like)
        return False


def test_a_file_leaves_out_what_its_format_cannot_hold_and_says_so() -> None:
    good = Quad(SUBJECT, NamedNode("http://e/p"), Literal("x"))
    bad = [
        Quad(SUBJECT, NamedNode("http://e/1"), Literal("x")),
        Quad(SUBJECT, NamedNode("http://e/p"), Literal("\x01")),
    ]
    omitted = Omissions()
    body = export_store(store_of([good, *bad]), PREFIXES, "rdfxml", omitted)
    assert len(rdflib.Graph().parse(data=body, format="xml")) == 1
    assert omitted.count == 2
    assert any("http://e/1" in each for each in omitted.first)
    assert any("U+0001" in each for each in omitted.first)
    with pytest.raises(NotAcceptable, match="cannot hold"):
        export_store(store_of([good, *bad]), PREFIXES, "rdfxml")


def test_a_triple_term_is_no_json_ld() -> None:
    store = store_of([Quad(SUBJECT, NamedNode("http://e/p"), Triple(SUBJECT, SUBJECT, SUBJECT))])
    with pytest.raises(NotAcceptable, match="triple term"):
        asked(store, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "application/ld+json")


def test_a_direction_is_kept() -> None:
    text = Literal("x", language="ar", direction=BaseDirection.RTL)
    told = json.loads(write_json_ld([Triple(SUBJECT, SUBJECT, text)], PREFIXES))
    assert told["@graph"][0]["e:s"]["@direction"] == "rtl"


def test_a_character_cut_in_two_is_seen() -> None:
    long = "a" * 100_000
    for length in range(8185, 8200):
        store = store_of([Quad(SUBJECT, SUBJECT, Literal(long[:length] + "\uffff"))])
        with pytest.raises(NotAcceptable, match=r"U\+FFFF"):
            asked(store, "SELECT ?o { ?s ?p ?o }", "application/sparql-results+xml")


def test_rows_with_a_comma_in_an_iri_are_whole() -> None:
    values = "(<urn:a,b> 'c,\"d' <urn:e>) (UNDEF '' <urn:f,>) (<urn:g> '1\\r\\n2,' UNDEF)"
    query = f"SELECT * {{ VALUES (?x ?y ?z) {{ {values} }} }}"
    body = asked(Store(), query, "text/csv").decode()
    rows = list(csv.reader(io.StringIO(body, newline="")))
    expected = [["urn:a,b", 'c,"d', "urn:e"], ["", "", "urn:f,"], ["urn:g", "1\r\n2,", ""]]
    assert rows == [["x", "y", "z"], *expected]
    assert body.endswith("\r\n")
