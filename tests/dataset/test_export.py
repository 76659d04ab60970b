from __future__ import annotations

import io
import json
import subprocess
import sys
from xml.etree import ElementTree

import pytest
import rdflib
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from cecot.dataset.content import Material, read_material
from cecot.dataset.store import EXPORTS, export_store
from cecot.errors import UsageError
from cecot.rdf.reading import parse_text
from cecot.rdf.serialization import Omissions
from cecot.rdf.terms import Prefixes
from cecot.rdf.writing import format_turtle
from cecot.rooms import Rooms
from graphs import isomorphic
from worlds import build_store, export

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PARTS = {NamedNode(RDF + name) for name in ("subject", "predicate", "object")}
RDFLIB = {"turtle": "turtle", "ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld"}
GRAPHS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}


def default_graph(material: Material) -> list[Triple]:
    quads = build_store(material).quads_for_pattern(None, None, None, DefaultGraph())
    return [quad.triple for quad in quads]


def canonical(quads: list[Quad]) -> set[str]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


@pytest.fixture(params=["rooms", "foreign_rooms"], scope="module")
def any_material(request: pytest.FixtureRequest) -> Material:
    return read_material(request.getfixturevalue(request.param))


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_format_says_what_the_default_graph_says(any_material: Material, name: str) -> None:
    read = parse(export(any_material, name), GRAPHS[name])
    assert isomorphic([quad.triple for quad in read], default_graph(any_material))


# rdflib's own parser of JSON-LD uses what rdflib deprecates.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
@pytest.mark.parametrize("name", RDFLIB)
def test_rdflib_reads_as_many_triples(any_material: Material, name: str) -> None:
    graph = rdflib.Graph()
    graph.parse(data=export(any_material, name), format=RDFLIB[name])
    assert len(graph) == len(default_graph(any_material))


@pytest.mark.parametrize(
    ("name", "form"), [("nquads", RdfFormat.N_QUADS), ("trig", RdfFormat.TRIG)]
)
def test_a_dataset_format_carries_the_named_graphs(
    any_material: Material, name: str, form: RdfFormat
) -> None:
    read = [quad for quad in parse(export(any_material, name), form) if isinstance(quad, Quad)]
    assert canonical(read) == canonical(list(build_store(any_material)))


@pytest.mark.parametrize("name", EXPORTS)
def test_each_format_ends_its_last_line_and_holds_no_time(material: Material, name: str) -> None:
    content = export(material, name)
    assert content.endswith(b"\n")
    assert not content.endswith(b"\n\n")
    assert content.decode()


@pytest.mark.parametrize("name", EXPORTS)
def test_the_bytes_do_not_depend_on_chance(foreign_rooms: Rooms, name: str) -> None:
    def run(seed: str) -> bytes:
        command = [sys.executable, "-m", "cecot", "export", "--format", name]
        command += ["--rooms", str(foreign_rooms.root)]
        environment = {"PYTHONHASHSEED": seed}
        return subprocess.run(command, check=True, capture_output=True, env=environment).stdout

    assert run("1") == run("2") == run("3") == export(read_material(foreign_rooms), name)


def test_turtle_is_canonical(any_material: Material) -> None:
    content = export(any_material, "turtle").decode()
    assert format_turtle(content, any_material.prefixes) == content


def test_derived_triples_are_included(material: Material) -> None:
    content = export(material, "ntriples").decode()
    for triple in material.derived:
        assert f"{triple} .\n" in content


def test_lines_are_sorted(material: Material) -> None:
    for name in ("ntriples", "nquads"):
        lines = export(material, name).splitlines()
        assert lines == sorted(lines)


def test_claims_are_reifiers_in_rdf_1_2(material: Material) -> None:
    claims = {
        triple.subject: triple.object
        for triple in material.graph
        if triple.predicate.value == RDF + "predicate"
    }
    exported = parse_text(export(material, "turtle12")).triples
    reified = {t.subject: t.object for t in exported if t.predicate.value == RDF + "reifies"}
    assert reified.keys() == claims.keys()
    for claim, spoken_of in reified.items():
        assert isinstance(spoken_of, Triple)
        assert spoken_of.predicate == claims[claim]
    assert not PARTS & {triple.predicate for triple in exported}
    others = {t for t in default_graph(material) if t.predicate not in PARTS}
    assert others == {t for t in exported if t.predicate.value != RDF + "reifies"}


def test_what_no_fact_is_stays_only_spoken_of_in_rdf_1_2(material: Material) -> None:
    exported = parse_text(export(material, "turtle12")).triples
    space = NamedNode("https://w3id.org/cecot/ontology#spacePerPrisoner")
    assert space not in {triple.predicate for triple in exported}
    assert [t for t in exported if isinstance(t.object, Triple) and t.object.predicate == space]


def test_a_subject_that_is_half_a_statement_keeps_what_it_has() -> None:
    half = (
        "@prefix r: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . "
        "<urn:c> r:subject <urn:a>, <urn:b> ; r:predicate <urn:p> ; r:object 1 ."
    )
    store = Store()
    store.load(half, RdfFormat.TURTLE)
    exported = export_store(store, Prefixes({}), "turtle12")
    assert isomorphic(parse_text(exported).triples, parse_text(half).triples)


def test_a_large_graph_tells_its_claims_whole_however_its_triples_came() -> None:
    store = Store()
    for part in ("subject", "object", "predicate"):  # each part of all claims, one after the other
        for number in range(5):
            claim, value = NamedNode(f"urn:c{number}"), NamedNode(f"urn:{part}")
            store.add(Quad(claim, NamedNode(RDF + part), value))
    stream = EXPORTS["turtle12"].stream
    assert stream
    output = io.BytesIO()
    stream(store, output, Prefixes({}), Omissions())
    told = parse_text(output.getvalue()).triples
    assert {triple.predicate.value for triple in told} == {RDF + "reifies"}
    assert len(told) == 5


def test_rdfxml_is_well_formed_and_jsonld_is_json(material: Material) -> None:
    root = ElementTree.parse(io.BytesIO(export(material, "rdfxml"))).getroot()
    assert root.tag == f"{{{RDF}}}RDF"
    assert all("@id" in node for node in json.loads(export(material, "jsonld")))


def test_an_unknown_format_is_refused_with_those_there_are(material: Material) -> None:
    with pytest.raises(UsageError, match="no format n3") as caught:
        export(material, "n3")
    assert "turtle12" in caught.value.hint
