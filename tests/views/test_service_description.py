"""The service description, each triple held against what the endpoint does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from cecot.dataset.description import describe
from cecot.dataset.store import Loaded
from cecot.settings import Settings
from cecot.sparql.evaluation import InProcessEngine
from cecot.sparql.formats import FORMATS, GRAPHS, GraphFormat, graph_writer
from cecot.views.app import create_app

SD = "http://www.w3.org/ns/sparql-service-description#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
ROOT = "https://garden.example/graph"
ENDPOINT = f"{ROOT}/sparql"
RESULT_TYPES = {
    "SPARQL_Results_JSON": ("SELECT * {}", "application/sparql-results+json"),
    "SPARQL_Results_XML": ("SELECT * {}", "application/sparql-results+xml"),
    "SPARQL_Results_CSV": ("SELECT * {}", "text/csv"),
    "SPARQL_Results_TSV": ("SELECT * {}", "text/tab-separated-values"),
    "Turtle": ("DESCRIBE <http://e/>", "text/turtle"),
    "N-Triples": ("DESCRIBE <http://e/>", "application/n-triples"),
    "RDF_XML": ("DESCRIBE <http://e/>", "application/rdf+xml"),
    "JSON-LD": ("DESCRIBE <http://e/>", "application/ld+json"),
    "N-Quads": ("DESCRIBE <http://e/>", "application/n-quads"),
    "TriG": ("DESCRIBE <http://e/>", "application/trig"),
}


def triples(client: FlaskClient, path: str) -> set[Triple]:
    response = client.get(path, headers={"Accept": "text/turtle"})
    assert response.status_code == 200
    return {quad.triple for quad in parse(response.data, format=RdfFormat.TURTLE)}


def rows(client: FlaskClient, query: str, **parameters: str) -> list[str]:
    response = client.get("/sparql", query_string={"query": query, "format": "csv", **parameters})
    return response.text.split()[1:]


def local(term: object) -> str:
    assert isinstance(term, NamedNode)
    return term.value.rpartition("#")[2].rpartition("/")[2]


class Described:
    """Checks of single triples by predicate; each answers whether the triple is true."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.triples = triples(client, "/sparql")
        self.names = {t.subject: t.object for t in self.triples if t.predicate.value == SD + "name"}
        self.graph_of = {
            t.object: self.names[t.subject]
            for t in self.triples
            if t.predicate.value == SD + "graph"
        }

    def checks(self) -> dict[str, Callable[[Triple], bool]]:
        return {
            TYPE: self.kind,
            SD + "endpoint": lambda t: t.object == t.subject == NamedNode(ENDPOINT),
            SD + "supportedLanguage": self.language,
            SD + "resultFormat": self.result_format,
            SD + "defaultEntailmentRegime": self.entailment,
            SD + "defaultDataset": lambda t: self.has(t.object, TYPE, SD + "Dataset"),
            SD + "availableGraphs": lambda t: self.has(t.object, TYPE, SD + "GraphCollection"),
            SD + "defaultGraph": lambda t: self.has(t.object, TYPE, SD + "Graph"),
            SD + "namedGraph": lambda t: t.object in self.names,
            SD + "name": self.name,
            SD + "graph": lambda t: t.object in self.graph_of,
            "http://rdfs.org/ns/void#triples": self.size,
            "http://www.w3.org/2000/01/rdf-schema#comment": self.budgets,
            "http://www.w3.org/2000/01/rdf-schema#seeAlso": self.see_also,
        }

    def has(self, subject: object, predicate: str, value: str) -> bool:
        return any(
            t.subject == subject
            and t.predicate.value == predicate
            and str(t.object) == f"<{value}>"
            for t in self.triples
        )

    def kind(self, triple: Triple) -> bool:
        return local(triple.object) in {
            "Service",
            "Dataset",
            "Graph",
            "NamedGraph",
            "GraphCollection",
        }

    def language(self, triple: Triple) -> bool:
        path = "SELECT (COUNT(?x) AS ?n) { ?x a/^a ?x MINUS { ?x a 1 } } GROUP BY ?nothing"
        return local(triple.object) == "SPARQL11Query" and bool(rows(self.client, path))

    def result_format(self, triple: Triple) -> bool:
        (found,) = [each for each in FORMATS if triple.object == NamedNode(each.iri or "urn:")]
        known = ("DESCRIBE <http://e/>" if found in GRAPHS else "SELECT * {}", found.media_type)
        query, media_type = RESULT_TYPES.get(local(triple.object), known)
        response = self.client.get(
            "/sparql", query_string={"query": query}, headers={"Accept": media_type}
        )
        return response.status_code == 200 and response.mimetype == media_type

    def entailment(self, triple: Triple) -> bool:
        inferred = "SELECT * { <http://garden.example/ontology#height> a ?property }"
        return local(triple.object) == "Simple" and not rows(self.client, inferred)

    def name(self, triple: Triple) -> bool:
        assert isinstance(triple.object, NamedNode)
        return bool(
            rows(self.client, f"SELECT * {{ GRAPH <{triple.object.value}> {{ ?s ?p ?o }} }}")
        )

    def size(self, triple: Triple) -> bool:
        count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        graph = self.graph_of.get(triple.subject)
        parameters = {"default-graph-uri": graph.value} if isinstance(graph, NamedNode) else {}
        assert isinstance(triple.object, Literal)
        return rows(self.client, count, **parameters) == [triple.object.value]

    def budgets(self, triple: Triple) -> bool:
        told = self.client.get("/limits").get_json()
        assert isinstance(triple.object, Literal)
        return f" {told['deadline']['value']:g} se" in triple.object.value and (
            f" {told['memory']['value'] >> 20} MiB" in triple.object.value
        )

    def see_also(self, triple: Triple) -> bool:
        assert isinstance(triple.object, NamedNode)
        path = triple.object.value.removeprefix(ROOT)
        return self.client.get(path).status_code == 200


def test_every_triple_of_the_service_description_is_true(client: FlaskClient) -> None:
    described = Described(client)
    checks = described.checks()
    assert not {t for t in described.triples if not checks[t.predicate.value](t)}
    assert {t.predicate.value for t in described.triples} == set(checks)


def test_every_format_and_every_named_graph_is_described(client: FlaskClient) -> None:
    described = Described(client)
    formats = {
        local(t.object) for t in described.triples if t.predicate.value == SD + "resultFormat"
    }
    assert formats == {local(NamedNode(each.iri)) for each in FORMATS if each.iri}
    assert formats >= set(RESULT_TYPES)
    graphs = rows(client, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    assert {str(name) for name in described.names.values()} == {f"<{graph}>" for graph in graphs}


@pytest.fixture
def federated(loaded: Loaded) -> Flask:
    """The application with federation switched on."""
    engine = InProcessEngine(loaded.store, federation=True)
    return create_app(engine, describe(loaded), Settings(public_url=ROOT, federation=True))


def test_federation_is_claimed_only_where_it_is_switched_on(
    client: FlaskClient, federated: Flask
) -> None:
    feature = NamedNode(SD + "feature")
    assert not [t for t in triples(client, "/sparql") if t.predicate == feature]
    (claimed,) = [t for t in triples(federated.test_client(), "/sparql") if t.predicate == feature]
    assert local(claimed.object) == "BasicFederatedQuery"


PATHS = ("/sparql", "/.well-known/void", "/dcat")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("each", GRAPHS, ids=lambda each: each.name)
def test_descriptions_say_the_same_in_every_format(
    client: FlaskClient, path: str, each: GraphFormat
) -> None:
    response = client.get(path, headers={"Accept": each.media_type})
    assert response.mimetype == each.media_type
    parsed = list(parse(response.data, format=graph_writer(each.media_type)))
    assert len(parsed) == len(triples(client, path))
    named = client.get(path, query_string={"format": each.name}, headers={"Accept": "image/png"})
    assert named.data == response.data


@pytest.mark.parametrize("path", PATHS)
def test_a_description_is_kept_and_negotiated_like_an_answer(
    client: FlaskClient, path: str
) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert client.head(path).headers["ETag"] == first.headers["ETag"]
    refused = client.get(path, headers={"Accept": "application/sparql-results+json"})
    assert refused.status_code == 406
    assert "text/turtle" in refused.get_json()["hint"]
    assert "application/sparql-results+json" not in refused.get_json()["offered"]
