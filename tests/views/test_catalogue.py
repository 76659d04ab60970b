"""VoID, DCAT and the limits: what is in the dataset, and what one request may use."""

from __future__ import annotations

import shutil
from pathlib import Path

from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store

from cecot.rooms import Rooms, find_rooms
from markup import links, read
from sites import site_of

VOID = "PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcterms: <http://purl.org/dc/terms/> "
DCAT = "PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dcterms: <http://purl.org/dc/terms/> "
DATASET = "https://garden.example/graph/.well-known/void#dataset"
BROWSER = "text/html,*/*;q=0.8"


def described(client: FlaskClient, path: str) -> Store:
    store = Store()
    store.load(client.get(path).data, format=RdfFormat.TURTLE)
    return store


def column(store: Store, query: str) -> list[str]:
    return sorted(row[0].value for row in store.query(query))  # type: ignore[union-attr]


def asked(client: FlaskClient, query: str) -> list[str]:
    return client.get("/sparql", query_string={"query": query, "format": "csv"}).text.split()[1:]


def test_the_sizes_in_void_are_those_that_queries_count(client: FlaskClient) -> None:
    void = described(client, "/.well-known/void")
    for name, counted in (
        ("triples", "COUNT(*)"),
        ("distinctSubjects", "COUNT(DISTINCT ?s)"),
        ("distinctObjects", "COUNT(DISTINCT ?o)"),
        ("properties", "COUNT(DISTINCT ?p)"),
    ):
        told = column(void, f"{VOID} SELECT ?n {{ <{DATASET}> void:{name} ?n }}")
        assert told == asked(client, f"SELECT ({counted} AS ?n) {{ ?s ?p ?o }}"), name


def test_every_class_and_property_has_its_partition_with_its_size(client: FlaskClient) -> None:
    void = described(client, "/.well-known/void")
    for part, name, size, pattern in (
        ("classPartition", "class", "entities", "?s a ?name"),
        ("propertyPartition", "property", "triples", "?s ?name ?o"),
    ):
        told = void.query(
            f"{VOID} SELECT ?name ?n {{ <{DATASET}> void:{part} ?part . "
            f"?part void:{name} ?name ; void:{size} ?n }}"
        )
        counted = asked(
            client, f"SELECT ?name (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY ?name ORDER BY ?name"
        )
        assert sorted(f"{row[0].value},{row[1].value}" for row in told) == counted  # type: ignore[union-attr]
        assert counted


def test_void_and_dcat_name_who_the_dataset_says_made_it(garden: Rooms, tmp_path: Path) -> None:
    folder = shutil.copytree(garden.graph.parent, tmp_path / "rooms")
    (folder / "graph" / "dataset.ttl").write_text(
        """PREFIX dcat: <http://www.w3.org/ns/dcat#>
        PREFIX dcterms: <http://purl.org/dc/terms/>
        <urn:it> a dcat:Dataset ; dcterms:creator "The gardener", "La jardinera"@es ;
            dcterms:publisher <urn:house> ."""
    )
    named = site_of(find_rooms(folder), public_url="https://garden.example/graph")
    wanted = f"{VOID} SELECT ?x {{ ?dataset dcterms:creator|dcterms:publisher ?x }}"
    for path in ("/.well-known/void", "/dcat"):
        found = column(described(named, path), wanted)
        assert found == ["La jardinera", "The gardener", "urn:house"]


def test_void_names_nobody_where_the_dataset_does_not(client: FlaskClient) -> None:
    void = described(client, "/.well-known/void")
    assert not column(void, f"{VOID} SELECT ?x {{ ?d dcterms:creator|dcterms:publisher ?x }}")


def test_void_says_where_to_ask_and_what_the_dataset_says_of_itself(client: FlaskClient) -> None:
    void = described(client, "/.well-known/void")
    endpoint = column(void, f"{VOID} SELECT ?x {{ <{DATASET}> void:sparqlEndpoint ?x }}")
    assert endpoint == ["https://garden.example/graph/sparql"]
    assert column(void, f"{VOID} SELECT ?x {{ <{DATASET}> dcterms:title ?x }}") == [
        "A garden",
        "Un jardín",
    ]
    assert column(void, f"{VOID} SELECT ?x {{ <{DATASET}> dcterms:modified ?x }}") == ["2026-11-20"]
    assert column(void, f"{VOID} SELECT ?x {{ <{DATASET}> void:vocabulary ?x }}")


def test_the_questions_stand_in_void_as_queries_that_the_endpoint_answers(
    client: FlaskClient,
) -> None:
    void = described(client, "/.well-known/void")
    shacl = "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX schema: <https://schema.org/> "
    target = "schema:target <https://garden.example/graph/sparql>"
    (query,) = column(
        void,
        f"{shacl} SELECT ?q {{ ?x a sh:SPARQLExecutable ; sh:select ?q ; {target} }}",
    )
    assert sorted(asked(client, query)) == ["2", "40"]


def test_dcat_leads_to_the_endpoint_and_to_the_whole_graph(client: FlaskClient) -> None:
    dcat = described(client, "/dcat")
    (version,) = column(dcat, f"{DCAT} SELECT ?v {{ ?d a dcat:Dataset ; dcat:version ?v }}")
    assert version == client.get("/health").get_json()["version"]
    for predicate in ("endpointURL", "endpointDescription", "accessURL", "landingPage"):
        (address,) = column(dcat, f"{DCAT} SELECT ?x {{ ?d dcat:{predicate} ?x }}")
        assert client.get(address.removeprefix("https://garden.example/graph")).status_code == 200
    types = column(dcat, f"{DCAT} SELECT ?x {{ ?d dcat:distribution/dcat:mediaType ?x }}")
    for each in types:
        media_type = each.removeprefix("https://www.iana.org/assignments/media-types/")
        graph = client.get("/graph-store?default", headers={"Accept": media_type})
        assert graph.mimetype == media_type


def test_limits_are_told_as_they_are_set(client: FlaskClient) -> None:
    told = client.get("/limits").get_json()
    assert told["deadline"] == {
        "value": 10.0,
        "unit": "seconds",
        "status": 504,
        "hint": "Add LIMIT, or make the pattern more specific.",
    }
    assert told["body"]["value"] == 1 << 20
    page = client.get("/limits", headers={"Accept": BROWSER})
    assert page.mimetype == "text/html"
    assert "1 MiB, packed" in page.text


def test_the_description_of_the_dataset_is_a_page_for_people_too(site: FlaskClient) -> None:
    page = read(site, "/dataset")
    told = page.text
    version = site.get("/health").get_json()["version"]
    for part in (version, "https://creativecommons.org/licenses/by-sa/4.0/", "23 November 2026"):
        assert part in told
    rows = {
        row.all("th")[0].text: row.all("td")[-1].text for row in page.all("tr") if row.all("td")
    }
    assert rows["claim"] == str(site.get("/claims.json").get_json()["total"])
    assert {"/.well-known/void", "/dcat"} <= set(links(page))


def test_a_dataset_of_another_world_has_that_page_too(foreign_rooms: Rooms) -> None:
    assert site_of(foreign_rooms).get("/dataset").status_code == 200
