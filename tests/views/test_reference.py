"""The ontology and the rules as pages: every term and every rule at its own fragment."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from cecot.dataset.content import Material
from cecot.rooms import ROOMS, Rooms, find_rooms
from cecot.vocabulary import CECOT, RDF, SH
from sites import site_of

TYPE = NamedNode(str(RDF.type))
ID = re.compile(r' id="([^"]+)"')
HREF = re.compile(r'href="([^"]+)"')
TAG = re.compile(r"<[^>]+>")


def page(site: FlaskClient, name: str, language: str = "en") -> str:
    response = site.get(f"/{name}.html?lang={language}")
    assert response.status_code == 200
    assert len(response.data) < 100_000
    return response.text


def entry(text: str, anchor: str) -> str:
    """The words of the term or the rule at ``anchor``."""
    found = re.search(rf'<section class="term" id="{anchor}">(.*?)</section>', text, re.DOTALL)
    assert found, anchor
    return " ".join(unescape(TAG.sub(" ", found[1])).split())


def fragments(iris: Iterable[str], document: str) -> set[str]:
    return {iri.removeprefix(f"{document}#") for iri in iris if iri.startswith(f"{document}#")}


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_term_stands_once_at_its_fragment(
    site: FlaskClient, material: Material, language: str
) -> None:
    told = {each.subject.value for each in material.ontology if isinstance(each.subject, NamedNode)}
    wanted = fragments(told, material.names.ontology_iri)
    ids = ID.findall(page(site, "ontology", language))
    assert len(ids) == len(set(ids))
    assert len(wanted) > 90
    assert wanted <= set(ids)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_rule_and_every_part_of_one_stands_once_at_its_fragment(
    site: FlaskClient, material: Material, language: str
) -> None:
    shapes = {
        each.subject.value
        for each in material.shapes
        if each.predicate == TYPE
        and each.object.value in (str(SH.NodeShape), str(SH.PropertyShape))
        and isinstance(each.subject, NamedNode)
    }
    ids = ID.findall(page(site, "shapes", language))
    assert len(ids) == len(set(ids))
    assert len(shapes) > 100
    assert fragments(shapes, material.names.shapes_iri) <= set(ids)


@pytest.mark.parametrize("name", ["ontology", "shapes"])
def test_every_mention_leads_to_a_place_that_exists(site: FlaskClient, name: str) -> None:
    text = page(site, name)
    ids = set(ID.findall(text))
    links = {unescape(each) for each in HREF.findall(text)}
    assert {link[1:] for link in links if link.startswith("#")} <= ids
    ontology = set(ID.findall(page(site, "ontology")))
    there = {link for link in links if link.startswith("/ontology.html") and "#" in link}
    elsewhere = {link.partition("#")[2] for link in there}
    assert elsewhere <= ontology


def test_a_property_tells_what_it_is_said_of_and_how_often(site: FlaskClient) -> None:
    text = entry(page(site, "ontology"), "capacity")
    assert text.startswith(
        "capacity cecot:capacity How many people, such as inmates, a facility can hold."
    )
    assert "Said of facility , proposal" in text
    assert "Its value schema:QuantitativeValue" in text
    assert "direct triples: 0" in text
    assert "claims: 2" in text
    spanish = entry(page(site, "ontology", "es"), "capacity")
    assert "Cuántas personas (por ejemplo, privadas de libertad) caben" in spanish


def test_a_class_tells_its_properties_and_how_many_things_it_has(site: FlaskClient) -> None:
    text = entry(page(site, "ontology"), "Allegation")
    assert "Kind of claim" in text
    assert "Properties about policy , accused , accuser , alleged act" in text
    assert "6 things in this graph" in text


def test_counts_are_those_of_the_graph(site: FlaskClient) -> None:
    text = page(site, "ontology")
    query = f"SELECT (COUNT(*) AS ?n) {{ ?c <{CECOT.modality}> <{CECOT.Asserted}> }}"
    asserted = site.get("/sparql", query_string={"query": query, "format": "csv"}).text.split()[1]
    assert f"referred to {asserted} times in this graph" in entry(text, "Asserted")


def test_a_rule_tells_its_name_its_message_and_its_weight(site: FlaskClient) -> None:
    text = entry(page(site, "shapes"), "NoLeak")
    assert text.startswith("What is only said is no fact shapes:NoLeak")
    assert "Remove the direct triple." in text
    assert "violation" in text
    assert "a query over the whole graph" in text
    assert "checked beside SHACL" in entry(page(site, "shapes"), "NumberAsWritten")
    assert "infracción" in entry(page(site, "shapes", "es"), "NoLeak")


def test_a_foreign_ontology_is_told_in_the_same_way(foreign_rooms: Rooms) -> None:
    site = site_of(foreign_rooms)
    home = {unescape(each) for each in HREF.findall(site.get("/").text)}
    for name in ("ontology", "shapes"):
        response = site.get(f"/{name}.html")
        assert response.status_code == (200 if f"/{name}.html" in home else 404)
        if response.status_code == 200:
            assert len(ID.findall(response.text)) == len(set(ID.findall(response.text)))


def test_terms_of_a_small_ontology_are_grouped_by_what_they_are(tmp_path: Path) -> None:
    folder = tmp_path
    for room in ("ontology", "graph", "shapes"):
        (folder / room).mkdir()
    (folder / "ontology" / "o.ttl").write_text(
        """
        PREFIX : <http://e.example/o#>
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        <http://e.example/o> a owl:Ontology .
        :Plant a owl:Class ; rdfs:label "<plant>" ; rdfs:subClassOf [ a owl:Restriction ] .
        :grows a owl:ObjectProperty ; rdfs:domain :Plant ; rdfs:range :Plant .
        :height a owl:DatatypeProperty .
        :odd a :Plant .
        """
    )
    (folder / "graph" / "g.ttl").write_text(
        "PREFIX : <http://e.example/o#> "
        "<http://e.example/id/fern> a :Plant ; :height 4 ; :grows :odd ."
    )
    (folder / "shapes" / "s.ttl").write_text(
        """
        PREFIX : <http://e.example/shapes#>
        PREFIX sh: <http://www.w3.org/ns/shacl#>
        :Plant a sh:NodeShape ; sh:targetClass <http://e.example/o#Plant> ;
          sh:property [ sh:path <http://e.example/o#height> ] .
        """
    )
    site = site_of(find_rooms(folder))
    text = page(site, "ontology")
    assert "&lt;plant&gt;" in text
    assert "2 things in this graph" in entry(text, "Plant")
    assert "direct triples: 1" in entry(text, "height")
    assert 'id="group-properties_of-Plant"' in text
    assert "Rules for: &lt;plant&gt;" in page(site, "shapes")
    assert 'id="group-terms_other"' in text


def test_a_page_of_many_terms_takes_no_longer_than_it_is_long(tmp_path: Path) -> None:
    for room in ROOMS:
        (tmp_path / room).mkdir()
    head = "PREFIX owl: <http://www.w3.org/2002/07/owl#>\nPREFIX : <https://e.example/o#>\n"
    head += "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
    terms = "".join(
        f":C{n} a owl:Class ; rdfs:label 'Kind {n}'@en .\n"
        f":p{n} a owl:ObjectProperty ; rdfs:label 'has {n}'@en ; rdfs:domain :C{n}, :C0 .\n"
        for n in range(1000)
    )
    (tmp_path / "ontology" / "o.ttl").write_text(
        f"{head}<https://e.example/o> a owl:Ontology .\n{terms}"
    )
    site = site_of(Rooms(tmp_path))
    start = time.process_time()
    page = site.get("/ontology", headers={"Accept": "text/html"}, follow_redirects=True)
    assert time.process_time() - start < 3
    kind = page.text.partition('id="C1"')[2].partition('id="C2"')[0]
    assert "has 1<" in kind
    assert "has 2<" not in kind
