"""Linked data: every IRI leads to a document about it, in the format that the client prefers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Triple, parse
from werkzeug.test import TestResponse

from cecot.dataset.content import Material
from cecot.rdf.writing import canonical_triples
from cecot.render.documents import SUFFIXES
from cecot.rooms import Rooms
from cecot.vocabulary import CECOT, RDF, RDFS
from sites import site_of
from worlds import build_store

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
READERS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
LINK = re.compile(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?')
TYPE, ASSERTED = NamedNode(str(RDF.type)), NamedNode(str(CECOT.Asserted))
MODALITY = NamedNode(str(CECOT.modality))


def triples(response: TestResponse, suffix: str) -> set[Triple]:
    assert response.status_code == 200, response.text[:300]
    assert response.mimetype == SUFFIXES[suffix]
    found = [quad.triple for quad in parse(response.data, READERS[suffix])]
    return set(canonical_triples(found))


def links(response: TestResponse) -> list[tuple[str, str, str]]:
    return LINK.findall(response.headers["Link"])


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        (None, "ttl"),
        ("*/*", "ttl"),
        (BROWSER, "html"),
        ("application/xhtml+xml", "html"),
        ("text/turtle", "ttl"),
        ("text/n3, text/turtle;q=0.9", "ttl"),
        ("application/n-triples", "nt"),
        ("text/plain", "nt"),
        ("application/rdf+xml", "rdf"),
        ("application/xml", "rdf"),
        ("application/ld+json", "jsonld"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
        ("application/json", "json"),
        ("application/rdf+xml;q=0.5, application/ld+json;q=0.6", "jsonld"),
        ("text/html;q=0.4, text/turtle", "ttl"),
    ],
)
@pytest.mark.parametrize("path", ["/id/cecot", "/ontology", "/shapes"])
def test_an_iri_leads_to_the_document_that_the_client_prefers(
    site: FlaskClient, path: str, accept: str | None, suffix: str
) -> None:
    response = site.get(path, headers={"Accept": accept} if accept else {})
    assert response.status_code == 303
    assert response.headers["Location"] == f"{path}.{suffix}"
    assert "accept" in response.vary
    assert (f"{path}.{suffix}", "describedby", SUFFIXES[suffix]) in links(response)


def test_nothing_acceptable_is_406_and_a_parameter_beats_the_header(site: FlaskClient) -> None:
    refused = site.get("/id/cecot", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/turtle" in refused.get_json()["hint"]
    assert refused.get_json()["offered"] == [*SUFFIXES.values()]
    for value, suffix in [("turtle", "ttl"), ("json", "json"), ("json-ld", "jsonld")]:
        response = site.get(f"/id/cecot?format={value}", headers={"Accept": BROWSER})
        assert response.headers["Location"] == f"/id/cecot.{suffix}"


def test_the_language_asked_for_is_kept(site: FlaskClient) -> None:
    response = site.get("/id/cecot?lang=es", headers={"Accept": BROWSER})
    assert response.headers["Location"] == "/id/cecot.html?lang=es"


@pytest.mark.parametrize("path", ["/id/cecot", "/id/tcc-33-accusation", "/ontology", "/shapes"])
def test_a_document_says_the_same_in_every_format(site: FlaskClient, path: str) -> None:
    first = triples(site.get(f"{path}.ttl"), "ttl")
    assert first
    for suffix in READERS:
        assert triples(site.get(f"{path}.{suffix}"), suffix) == first


@pytest.mark.parametrize("suffix", READERS)
def test_a_document_speaks_of_its_thing_first(site: FlaskClient, suffix: str) -> None:
    response = site.get(f"/id/tecoluca.{suffix}")
    first = next(parse(response.data, READERS[suffix]))
    assert str(first.subject) == "<https://w3id.org/cecot/id/tecoluca>"


@pytest.mark.parametrize("slug", ["cecot", "tcc", "tcc-29", "act-torture", "noboa-prisons"])
def test_the_plain_record_holds_the_same_claims_with_status_and_speaker(
    site: FlaskClient, slug: str
) -> None:
    found = triples(site.get(f"/id/{slug}.nt"), "nt")
    said = {t.subject.value: t.object.value for t in found if t.predicate == MODALITY}
    record = site.get(f"/id/{slug}.json").get_json()
    told = {each["iri"]: str(CECOT[each["status"]]) for each in record["claims"]}
    assert told == said
    assert all(each["speakers"] and each["places"] for each in record["claims"])
    facts = [*record.get("facts", ()), *record.get("incomingFacts", ())]
    assert all(told[claim] == str(CECOT.Asserted) for each in facts for claim in each["claims"])
    assert all(each["claims"] for each in facts)


def test_a_document_has_the_same_bytes_every_time_and_304_saves_them(site: FlaskClient) -> None:
    for suffix in SUFFIXES:
        first = site.get(f"/id/cecot.{suffix}")
        again = site.get(f"/id/cecot.{suffix}")
        assert first.data == again.data
        tag = first.headers["ETag"]
        kept = site.get(f"/id/cecot.{suffix}", headers={"If-None-Match": tag})
        assert kept.status_code == 304
        packed = site.get(f"/id/cecot.{suffix}", headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["ETag"] != tag


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_document_names_its_thing_its_twins_and_its_licence(
    site: FlaskClient, suffix: str
) -> None:
    response = site.get(f"/id/nayib-bukele.{suffix}")
    found = links(response)
    assert ("https://w3id.org/cecot/id/nayib-bukele", "describes", "") in found
    twins = {target: kind for target, relation, kind in found if relation == "alternate"}
    others = {each: kind for each, kind in SUFFIXES.items() if each != suffix}
    assert twins == {f"/id/nayib-bukele.{each}": kind for each, kind in others.items()}
    assert all(site.get(target).status_code == 200 for target in twins)
    assert "license" in {relation for _, relation, _ in found}


def test_what_is_unknown_is_404_in_the_form_asked(site: FlaskClient) -> None:
    for path in ("/id/nothing", "/id/nothing.ttl", "/resource?iri=http://e/x", "/shapes.xyz"):
        assert site.get(path, headers={"Accept": "text/turtle"}).get_json()["status"] == 404
        assert site.get(path, headers={"Accept": "text/plain"}).status_code == 404
        assert "<html" in site.get(path, headers={"Accept": BROWSER}).text


@pytest.mark.parametrize("slug", ["a b", "%3E", "x>} DROP ALL", "é", "../sparql", "a%00b", "'\""])
def test_an_iri_that_cannot_be_is_404(site: FlaskClient, slug: str) -> None:
    assert site.get(f"/id/{slug}").status_code == 404


def test_the_document_of_a_thing_holds_its_facts_labels_and_claims(site: FlaskClient) -> None:
    found = triples(site.get("/id/cecot.ttl"), "ttl")
    cecot = NamedNode("https://w3id.org/cecot/id/cecot")
    tecoluca = NamedNode("https://w3id.org/cecot/id/tecoluca")
    assert Triple(cecot, NamedNode(str(CECOT.locatedIn)), tecoluca) in found
    labels = {t.object.value for t in found if t.predicate.value == str(RDFS.label)}
    assert {"Tecoluca", "attributed", "Financial Times"} <= labels
    said = NamedNode("https://w3id.org/cecot/id/tcc-29-space-per-prisoner")
    assert {t.predicate.value for t in found if t.subject == said} >= {
        str(CECOT.modality),
        str(CECOT.statedBy),
        str(CECOT.passage),
        str(RDF.object),
    }


@pytest.mark.parametrize(
    "slug", ["tcc-49-12-000-inmates", "tcc-29-6-5-sq-ft", "noboa-prisons", "act-torture"]
)
def test_a_figure_and_a_proposal_never_come_without_their_claims(
    site: FlaskClient, slug: str
) -> None:
    found = triples(site.get(f"/id/{slug}.ttl"), "ttl")
    modalities = {t.object for t in found if t.predicate.value == str(CECOT.modality)}
    assert modalities - {ASSERTED}


def test_the_terms_of_a_vocabulary_are_fragments_of_its_document(
    site: FlaskClient, material: Material
) -> None:
    for path, wanted in (("/ontology", material.ontology), ("/shapes", material.shapes)):
        found = triples(site.get(f"{path}.nt"), "nt")
        assert found == set(canonical_triples(wanted))
    page = site.get("/ontology.html").text
    assert 'id="Claim"' in page


def test_what_else_is_below_the_base_is_found_by_its_path(site: FlaskClient) -> None:
    moved = site.get("/prefixes")
    assert moved.status_code == 303
    found = triples(site.get(moved.headers["Location"], follow_redirects=True), "ttl")
    subjects = {str(t.subject) for t in found}
    assert "<https://w3id.org/cecot/prefixes#cecot>" in subjects


def test_what_has_no_page_of_its_own_is_told_by_what_is_said_here(site: FlaskClient) -> None:
    path = "/resource?iri=https%3A%2F%2Fw3id.org%2Fcecot%2Fprefixes%23cecot"
    response = site.get(path, headers={"Accept": "text/turtle"})
    assert response.headers["Location"] == path.replace("?", ".ttl?")
    found = triples(site.get(response.headers["Location"]), "ttl")
    assert "cecot" in {t.object.value for t in found if "prefix" in str(t.predicate)}
    for wrong in ("/resource", "/resource?iri=x", "/resource?iri=http://e/a&iri=http://e/b"):
        assert site.get(wrong).status_code == 400


def test_links_keep_the_path_of_the_public_address(rooms: Rooms) -> None:
    site = site_of(rooms, public_url="https://garden.example/graph")
    response = site.get("/id/cecot", headers={"Accept": "text/turtle"})
    assert response.headers["Location"] == "/graph/id/cecot.ttl"
    page = site.get("/id/cecot.html").text
    assert 'href="/graph/id/tecoluca.html"' in page
    assert not re.findall(r'href="/(?!graph)', page)


def test_pages_link_to_this_host_and_to_nothing_that_is_not_there(site: FlaskClient) -> None:
    for path in ("/id/cecot.html", "/id/tcc-33-accusation.html", "/id/tcc-29.html"):
        for link in set(re.findall(r'href="(/[^"#]*)', site.get(path).text)):
            assert site.get(unescape(link), follow_redirects=True).status_code == 200, link


def iris(material: Material) -> Iterator[str]:
    """Every IRI of ours that is the subject of a triple in any of the rooms."""
    for triple in (*material.facts, *material.shapes):
        if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(
            material.names.base
        ):
            yield triple.subject.value


def test_every_iri_of_ours_leads_to_a_document_that_tells_of_it(
    site: FlaskClient, material: Material
) -> None:
    documents: dict[str, set[Triple]] = {}
    for iri in sorted(set(iris(material))):
        path = iri.removeprefix(material.names.base[:-1]).partition("#")[0]
        if path not in documents:
            response = site.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
            documents[path] = triples(response, "ttl")
        assert NamedNode(iri) in {triple.subject for triple in documents[path]}, iri
    assert len(documents) > 300
    default = build_store(material).quads_for_pattern(None, None, None, DefaultGraph())
    direct = {quad.triple for quad in default}
    for path, found in documents.items():
        if path.startswith("/id/"):
            told(path, found, direct)


def told(path: str, found: set[Triple], direct: set[Triple]) -> None:
    """Nothing that is said stands in a document without its status, or as a fact if it is none."""
    said = {t.subject: t.object for t in found if t.predicate.value == str(CECOT.modality)}
    speakers = {t.subject for t in found if t.predicate.value == str(CECOT.statedBy)}
    parts: dict[object, dict[str, object]] = {}
    for triple in found:
        assert triple in direct, f"{path}: {triple}"
        if triple.predicate.value.startswith(str(RDF)) and triple.predicate != TYPE:
            assert triple.subject in said, f"{path}: {triple}"
            assert triple.subject in speakers, f"{path}: {triple}"
            parts.setdefault(triple.subject, {})[triple.predicate.value] = triple.object
    stated = {
        claim: tuple(each.get(str(part)) for part in (RDF.subject, RDF.predicate, RDF.object))
        for claim, each in parts.items()
    }
    asserted = {triple for claim, triple in stated.items() if said[claim] == ASSERTED}
    others = {triple for claim, triple in stated.items() if said[claim] != ASSERTED}
    leaked = {tuple(triple) for triple in found} & (others - asserted)
    assert not leaked, path


def test_a_world_without_claims_has_documents_too(foreign_rooms: Rooms) -> None:
    site = site_of(foreign_rooms)
    for path in ("/id/oak", "/ontology", "/shapes", "/plants"):
        for accept in ("text/turtle", BROWSER, "application/json"):
            response = site.get(path, headers={"Accept": accept}, follow_redirects=True)
            assert response.status_code == 200
    oak = triples(site.get("/id/oak.ttl"), "ttl")
    assert "https://example.org/garden/plants#tallerThan" in {t.predicate.value for t in oak}
    assert "cecot" not in site.get("/id/oak.ttl").text


@pytest.mark.parametrize("document", ["ontology", "shapes"])
def test_a_format_that_there_is_not_is_told_with_those_that_there_are(
    site: FlaskClient, document: str
) -> None:
    response = site.get(f"/{document}.foo", headers={"Accept": "text/plain"})
    assert response.status_code == 404
    assert "not offered as foo" in response.text
    assert "ttl" in response.text
    assert site.get(f"/{document}").status_code == 303
