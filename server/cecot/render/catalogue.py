"""What is in the dataset and how to reach it, for machines that look around (VoID; DCAT 3)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from pyoxigraph import BlankNode, NamedNode, Triple

from cecot.dataset.description import Description
from cecot.dataset.questions import describe_questions
from cecot.locale.catalogue import in_all
from cecot.protocol.requests import budgets
from cecot.rdf.terms import link, typed, worded
from cecot.render.dumps import Dump, Dumps, expected
from cecot.render.urls import Urls
from cecot.settings import Settings
from cecot.sparql.formats import FORMATS, GRAPHS
from cecot.vocabulary import DCAT, DCTERMS, FOAF, RDF, RDFS, SPDX, VOID, XSD

Node = NamedNode | BlankNode
DATASET, DEFAULT_GRAPH = "/.well-known/void#dataset", "/.well-known/void#default-graph"


def count(subject: Node, predicate: str, value: int) -> Triple:
    """``subject`` has so many of something."""
    return typed(subject, predicate, str(value), XSD.integer)


def texts(subject: Node, predicate: str, values: Mapping[str, str]) -> list[Triple]:
    """``subject`` is told in ``values``, which are by language."""
    return [worded(subject, predicate, value, tag) for tag, value in values.items()]


SD = "http://www.w3.org/ns/sparql-service-description#"
_SIMPLE = "http://www.w3.org/ns/entailment/Simple"


def service_description(
    description: Description, settings: Settings, site: Urls
) -> Iterator[Triple]:
    """The endpoint at ``site.to("/sparql")``: language, formats, dataset, budgets."""
    service = NamedNode(site.to("/sparql"))
    yield link(service, RDF.type, SD + "Service")
    yield link(service, SD + "endpoint", service)
    yield link(service, SD + "supportedLanguage", SD + "SPARQL11Query")
    for each in FORMATS:
        if each.iri:
            yield link(service, SD + "resultFormat", each.iri)
    if settings.federation:
        yield link(service, SD + "feature", SD + "BasicFederatedQuery")
    yield link(service, SD + "defaultEntailmentRegime", _SIMPLE)
    yield from texts(service, RDFS.comment, in_all(budgets(settings)))
    yield link(service, RDFS.seeAlso, site.to("/limits"))
    yield from _dataset(description, service, site)


def _dataset(description: Description, service: NamedNode, site: Urls) -> Iterator[Triple]:
    dataset, default = NamedNode(site.to(DATASET)), NamedNode(site.to(DEFAULT_GRAPH))
    available = NamedNode(site.to("/.well-known/void#graphs"))
    yield link(service, SD + "defaultDataset", dataset)
    yield link(service, SD + "availableGraphs", available)
    yield link(dataset, RDF.type, SD + "Dataset")
    yield link(dataset, SD + "defaultGraph", default)
    yield link(default, RDF.type, SD + "Graph")
    yield count(default, VOID.triples, description.triples)
    yield link(available, RDF.type, SD + "GraphCollection")
    for number, (iri, triples) in enumerate(description.graphs.items(), 1):
        named = NamedNode(site.to(f"/.well-known/void#named-graph-{number}"))
        graph = NamedNode(site.to(f"/.well-known/void#graph-{number}"))
        yield link(dataset, SD + "namedGraph", named)
        yield link(available, SD + "namedGraph", named)
        yield link(named, RDF.type, SD + "NamedGraph")
        yield link(named, SD + "name", iri)
        yield link(named, SD + "graph", graph)
        yield link(graph, RDF.type, SD + "Graph")
        yield count(graph, VOID.triples, triples)


_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"


def void(description: Description, site: Urls, dumps: Dumps | None = None) -> Iterator[Triple]:
    """The dataset with its sizes, classes and properties (VoID 4), where and what to ask it.

    ``dumps`` are the files that hold it, those that are ready.
    """
    document, dataset = NamedNode(site.to("/.well-known/void")), NamedNode(site.to(DATASET))
    yield link(document, RDF.type, VOID.DatasetDescription)
    yield link(document, FOAF.primaryTopic, dataset)
    yield from _described_dataset(description, dataset, VOID.Dataset)
    yield link(dataset, VOID.sparqlEndpoint, site.to("/sparql"))
    yield link(dataset, VOID.uriLookupEndpoint, site.to("/resource?iri="))
    yield link(dataset, FOAF.homepage, site.to("/"))
    yield worded(dataset, VOID.uriSpace, description.names.namespace)
    for each in GRAPHS:
        if each.iri:
            yield link(dataset, VOID.feature, each.iri)
    for dump in dumps.of_kind("graph") if dumps else ():
        yield link(dataset, VOID.dataDump, site.to(f"/dumps/{dump.name}.gz"))
    for namespace in _vocabularies(description):
        yield link(dataset, VOID.vocabulary, namespace)
    yield count(dataset, VOID.triples, description.triples)
    yield count(dataset, VOID.distinctSubjects, description.subjects)
    yield count(dataset, VOID.distinctObjects, description.objects)
    yield count(dataset, VOID.classes, len(description.classes))
    yield count(dataset, VOID.properties, len(description.properties))
    for number, (iri, things) in enumerate(description.classes.items()):
        partition = BlankNode(f"class{number}")
        yield link(dataset, VOID.classPartition, partition)
        yield link(partition, VOID["class"], iri)
        yield count(partition, VOID.entities, things)
    for number, (iri, triples) in enumerate(description.properties.items()):
        partition = BlankNode(f"property{number}")
        yield link(dataset, VOID.propertyPartition, partition)
        yield link(partition, VOID.property, iri)
        yield count(partition, VOID.triples, triples)
    yield from describe_questions(description.questions, description.names.base, site.to("/sparql"))


def dcat(description: Description, site: Urls, dumps: Dumps | None = None) -> Iterator[Triple]:
    """A catalogue of the dataset, its files and the service that answers for it (DCAT 6)."""
    catalogue, dataset, service, graph = (
        NamedNode(site.to(path))
        for path in ("/dcat#catalogue", DATASET, "/sparql", "/dcat#default-graph")
    )
    yield link(catalogue, RDF.type, DCAT.Catalog)
    yield from texts(catalogue, DCTERMS.title, description.titles)
    yield link(catalogue, DCAT.dataset, dataset)
    yield link(catalogue, DCAT.service, service)
    yield from _described_dataset(description, dataset, DCAT.Dataset)
    yield worded(dataset, DCAT.version, description.version)
    yield link(dataset, DCAT.landingPage, site.to("/"))
    yield link(dataset, DCAT.distribution, graph)
    yield link(graph, RDF.type, DCAT.Distribution)
    yield link(graph, DCAT.accessService, service)
    yield link(graph, DCAT.accessURL, site.to("/graph-store?default"))
    for each in GRAPHS:
        yield link(graph, DCAT.mediaType, _MEDIA_TYPES + each.media_type)
    for dump in dumps.files.values() if dumps else ():
        if dump.kind != "sitemap":
            yield from _distribution(description, dataset, dump, site)
    yield link(service, RDF.type, DCAT.DataService)
    yield from texts(service, DCTERMS.title, {"en": "SPARQL", "es": "SPARQL"})
    yield link(service, DCAT.endpointURL, service)
    yield link(service, DCAT.endpointDescription, service)
    yield link(service, DCTERMS.conformsTo, _PROTOCOL)
    yield link(service, DCAT.servesDataset, dataset)


def _distribution(
    description: Description, dataset: NamedNode, dump: Dump, site: Urls
) -> Iterator[Triple]:
    """A file of the dataset as it is sent in gzip (DCAT 6.8)."""
    file = NamedNode(site.to(f"/dcat#{dump.name}"))
    checksum = NamedNode(site.to(f"/dcat#{dump.name}-checksum"))
    yield link(dataset, DCAT.distribution, file)
    yield link(file, RDF.type, DCAT.Distribution)
    yield worded(file, DCTERMS.title, f"{dump.name}.gz")
    yield link(file, DCAT.downloadURL, site.to(f"/dumps/{dump.name}.gz"))
    yield link(file, DCAT.accessURL, site.to("/dumps"))
    yield link(file, DCAT.mediaType, _MEDIA_TYPES + dump.media_type.partition(";")[0])
    yield link(file, DCAT.compressFormat, _MEDIA_TYPES + "application/gzip")
    yield typed(file, DCAT.byteSize, str(dump.packed_length), XSD.nonNegativeInteger)
    yield link(file, SPDX.checksum, checksum)
    yield link(checksum, RDF.type, SPDX.Checksum)
    yield link(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    yield typed(checksum, SPDX.checksumValue, dump.packed_sha256, XSD.hexBinary)
    if description.license:
        yield link(file, DCTERMS.license, description.license)


def _described_dataset(
    description: Description, dataset: NamedNode, class_: str
) -> Iterator[Triple]:
    yield link(dataset, RDF.type, class_)
    yield from texts(dataset, DCTERMS.title, description.titles)
    if description.license:
        yield link(dataset, DCTERMS.license, description.license)
    for role, maker in description.makers:
        yield link(dataset, role, maker)
    if description.day:
        yield typed(dataset, DCTERMS.modified, description.day.isoformat(), XSD.date)


def _vocabularies(description: Description) -> list[str]:
    """The namespaces of the prefix table that a class or a property of the dataset is in."""
    used = (*description.classes, *description.properties)
    return sorted(
        namespace
        for namespace in set(description.names.prefixes.values())
        if any(iri.startswith(namespace) for iri in used)
    )


def dataset_record(
    description: Description,
    site: Urls,
    dumps: Dumps | None,
    words: Mapping[str, str],
    language: str,
) -> dict[str, object]:
    """The dataset as a schema.org object in JSON-LD, in ``language``.

    ``words`` is what the dataset is, by language; ``dumps`` are its files, if it is in
    files: all are named, whether they are ready yet or not, so that the record stays the same.
    """
    record = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": site.to("/.well-known/void#dataset"),
        "name": description.title(language),
        "description": words.get(language) or next(iter(words.values()), ""),
        "url": site.to("/"),
        "identifier": description.names.base,
        "version": description.version,
        "inLanguage": sorted(description.titles) or None,
        "license": description.license,
        "dateModified": description.day.isoformat() if description.day else None,
        "isAccessibleForFree": True,
        "includedInDataCatalog": {"@type": "DataCatalog", "url": site.to("/dcat")},
        "distribution": [
            _download(name, media_type, site)
            for name, media_type in (expected(description).items() if dumps is not None else ())
        ],
    }
    return {name: value for name, value in record.items() if value not in (None, "", [])}


def embedded(record: Mapping[str, object]) -> str:
    """``record`` as JSON that may stand in a script element: nothing in it can end the element."""
    text = json.dumps(record, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _download(name: str, media_type: str, site: Urls) -> dict[str, object]:
    return {
        "@type": "DataDownload",
        "name": name,
        "contentUrl": site.to(f"/dumps/{name}"),
        "encodingFormat": media_type,
    }
