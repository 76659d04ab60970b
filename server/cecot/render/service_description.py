"""What the endpoint says of itself in RDF (SPARQL 1.1 Service Description, section 3).

Every triple is meant to be true: a feature that is not there is not claimed.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from cecot.material.description import Description
from cecot.render.statements import DATASET, DEFAULT_GRAPH, Address, count, kind, link, texts
from cecot.settings import Settings
from cecot.vocabulary import RDFS, VOID

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
_SIMPLE = "http://www.w3.org/ns/entailment/Simple"
RESULT_FORMATS = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "rdfxml": "RDF_XML",
    "jsonld": "JSON-LD",
    "nquads": "N-Quads",
    "trig": "TriG",
}


def service_description(
    description: Description, settings: Settings, address: Address
) -> Iterator[Triple]:
    """The endpoint at ``address("/sparql")``: language, formats, dataset, budgets."""
    service = NamedNode(address("/sparql"))
    yield from kind(service, SD + "Service")
    yield link(service, SD + "endpoint", service)
    yield link(service, SD + "supportedLanguage", SD + "SPARQL11Query")
    for name in RESULT_FORMATS.values():
        yield link(service, SD + "resultFormat", FORMATS + name)
    if settings.federation:
        yield link(service, SD + "feature", SD + "BasicFederatedQuery")
    yield link(service, SD + "defaultEntailmentRegime", _SIMPLE)
    yield from texts(service, str(RDFS.comment), budgets(settings))
    yield link(service, str(RDFS.seeAlso), address("/limits"))
    yield from _dataset(description, service, address)


def _dataset(description: Description, service: NamedNode, address: Address) -> Iterator[Triple]:
    dataset, default = NamedNode(address(DATASET)), NamedNode(address(DEFAULT_GRAPH))
    available = NamedNode(address("/.well-known/void#graphs"))
    yield link(service, SD + "defaultDataset", dataset)
    yield link(service, SD + "availableGraphs", available)
    yield from kind(dataset, SD + "Dataset")
    yield link(dataset, SD + "defaultGraph", default)
    yield from kind(default, SD + "Graph")
    yield count(default, str(VOID.triples), description.triples)
    yield from kind(available, SD + "GraphCollection")
    for number, part in enumerate(description.graphs, 1):
        named = NamedNode(address(f"/.well-known/void#named-graph-{number}"))
        graph = NamedNode(address(f"/.well-known/void#graph-{number}"))
        yield link(dataset, SD + "namedGraph", named)
        yield link(available, SD + "namedGraph", named)
        yield from kind(named, SD + "NamedGraph")
        yield link(named, SD + "name", part.iri)
        yield link(named, SD + "graph", graph)
        yield from kind(graph, SD + "Graph")
        yield count(graph, str(VOID.triples), part.count)
