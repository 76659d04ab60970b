"""Statements that lead back to where they began: every page that tells of them is answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from sites import site_of
from workbenches import practice_rooms

# Figures that are one another, two and three; answers, repetitions, parts, classes, concepts.
CYCLES = """
PREFIX cecot: <https://w3id.org/cecot/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX id: <https://w3id.org/cecot/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
id:article-07-3-0-m cecot:sameQuantityAs id:article-07-9-8-feet .
id:ring-a a schema:QuantitativeValue ; cecot:asWritten "1 m" ; cecot:sameQuantityAs id:ring-b .
id:ring-b a schema:QuantitativeValue ; cecot:asWritten "100 cm" ; cecot:sameQuantityAs id:ring-c .
id:ring-c a schema:QuantitativeValue ; cecot:asWritten "1000 mm" ; cecot:sameQuantityAs id:ring-a .
id:answer-a a cecot:Claim ; cecot:modality cecot:Attributed ; cecot:saying cecot:Deny ;
  cecot:passage id:article-13 ; cecot:statedBy id:article ;
  cecot:respondsTo id:answer-b ; cecot:repeats id:answer-b ; cecot:asOf id:answer-b .
id:answer-b a cecot:Claim ; cecot:modality cecot:Attributed ; cecot:saying cecot:Confirm ;
  cecot:passage id:article-13 ; cecot:statedBy id:article ;
  cecot:respondsTo id:answer-a ; cecot:repeats id:answer-a ; cecot:asOf id:answer-a .
id:article-13-accusation cecot:basis id:part-a ; cecot:about id:ring-a .
id:part-a a schema:Place, skos:Concept ; skos:prefLabel "Part A"@en ; dcterms:isPartOf id:part-b ;
  skos:broader id:part-b ; schema:containedInPlace id:part-b ; cecot:basis id:part-b .
id:part-b a schema:Place, skos:Concept ; skos:prefLabel "Part B"@en ; dcterms:isPartOf id:part-a ;
  skos:broader id:part-a ; schema:containedInPlace id:part-a ; cecot:basis id:part-a .
cecot:Claim rdfs:subClassOf cecot:Allegation .
"""
NAMES = (
    "article-07-9-8-feet",
    "article-07-3-0-m",
    "ring-a",
    "answer-a",
    "answer-b",
    "article-13-accusation",
    "part-a",
    "article-13",
)


@pytest.fixture(scope="module")
def turning(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    rooms = practice_rooms(tmp_path_factory.mktemp("cycles") / "rooms")
    (rooms.graph / "cycles.ttl").write_text(CYCLES)
    downloads: Path = tmp_path_factory.mktemp("downloads")
    return site_of(rooms, downloads)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/questions",
        "/claims",
        "/search?q=Part",
        "/ontology",
        "/timeline",
        "/network",
        "/sitemap.xml",
        *(f"/id/{name}" for name in NAMES),
        *(f"/id/{name}.json" for name in NAMES),
        *(f"/timeline?about={name}" for name in NAMES),
        *(f"/cite?of={name}" for name in NAMES),
        "/evidence/claims/answer-a.json",
        "/evidence/claims/article-13-accusation.json",
    ],
)
def test_what_leads_back_to_itself_is_told_once(turning: FlaskClient, path: str) -> None:
    headers = {"Accept": "text/html,*/*;q=0.5"}
    assert turning.get(path, headers=headers, follow_redirects=True).status_code == 200


def test_figures_that_are_one_another_tell_each_other(turning: FlaskClient) -> None:
    for name, other in (("9-8-feet", "3.0"), ("3-0-m", "9.8")):
        page = turning.get(f"/id/article-07-{name}", headers={"Accept": "text/html"})
        assert other in turning.get(page.headers.get("Location", page.request.path)).text
