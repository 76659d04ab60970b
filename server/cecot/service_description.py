"""What the endpoint says of itself in RDF (SPARQL 1.1 Service Description, section 3).

Every triple is meant to be true: a feature that is not there is not claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from cecot.description import Description
from cecot.settings import MIB, Settings
from cecot.vocabulary import RDF, RDFS, VOID

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
_SIMPLE = "http://www.w3.org/ns/entailment/Simple"
_RESULT_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "N-Quads",
    "TriG",
)
Address = Callable[[str], str]


def service_description(
    description: Description, settings: Settings, address: Address
) -> Iterator[Triple]:
    """The endpoint at ``address("/sparql")``: language, formats, dataset, budgets."""
    service = NamedNode(address("/sparql"))
    yield _link(service, str(RDF.type), SD + "Service")
    yield _link(service, SD + "endpoint", service.value)
    yield _link(service, SD + "supportedLanguage", SD + "SPARQL11Query")
    for name in _RESULT_FORMATS:
        yield _link(service, SD + "resultFormat", FORMATS + name)
    if settings.federation:
        yield _link(service, SD + "feature", SD + "BasicFederatedQuery")
    yield _link(service, SD + "defaultEntailmentRegime", _SIMPLE)
    for language, text in budgets(settings).items():
        yield Triple(service, NamedNode(str(RDFS.comment)), Literal(text, language=language))
    yield _link(service, str(RDFS.seeAlso), address("/limits"))
    yield from _dataset(description, service, address)


def budgets(settings: Settings) -> dict[str, str]:
    """What one query may use, in one sentence by language."""
    seconds = f"{settings.deadline:g}"
    memory, result = settings.memory // MIB, settings.result // MIB
    return {
        "en": f"A query may take {seconds} seconds and {memory} MiB of memory; "
        f"its answer may have {result} MiB.",
        "es": f"Una consulta puede durar {seconds} segundos y usar {memory} MiB de memoria; "
        f"su respuesta puede tener {result} MiB.",
    }


def _dataset(description: Description, service: NamedNode, address: Address) -> Iterator[Triple]:
    dataset = NamedNode(address("/.well-known/void#dataset"))
    default = NamedNode(address("/.well-known/void#default-graph"))
    available = NamedNode(address("/.well-known/void#graphs"))
    yield _link(service, SD + "defaultDataset", dataset.value)
    yield _link(service, SD + "availableGraphs", available.value)
    yield _link(dataset, str(RDF.type), SD + "Dataset")
    yield _link(dataset, SD + "defaultGraph", default.value)
    yield _link(default, str(RDF.type), SD + "Graph")
    yield Triple(default, NamedNode(str(VOID.triples)), _integer(description.triples))
    yield _link(available, str(RDF.type), SD + "GraphCollection")
    for number, part in enumerate(description.graphs, 1):
        named = NamedNode(address(f"/.well-known/void#named-graph-{number}"))
        graph = NamedNode(address(f"/.well-known/void#graph-{number}"))
        yield _link(dataset, SD + "namedGraph", named.value)
        yield _link(available, SD + "namedGraph", named.value)
        yield _link(named, str(RDF.type), SD + "NamedGraph")
        yield _link(named, SD + "name", part.iri)
        yield _link(named, SD + "graph", graph.value)
        yield _link(graph, str(RDF.type), SD + "Graph")
        yield Triple(graph, NamedNode(str(VOID.triples)), _integer(part.count))


def _link(subject: NamedNode, predicate: str, value: str) -> Triple:
    return Triple(subject, NamedNode(predicate), NamedNode(value))


def _integer(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
