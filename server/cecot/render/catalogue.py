"""What is in the dataset and how to reach it, for machines that look around (VoID; DCAT 3)."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cecot.material.description import Description
from cecot.material.questions import describe_questions
from cecot.render.dumps import Dump, Dumps
from cecot.render.service_description import FORMATS, RESULT_FORMATS
from cecot.render.statements import DATASET, Address, count, kind, link, text, texts, typed
from cecot.sparql.formats import GRAPHS
from cecot.vocabulary import DCAT, DCTERMS, FOAF, SPDX, VOID, XSD

_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"


def void(
    description: Description, address: Address, dumps: Dumps | None = None
) -> Iterator[Triple]:
    """The dataset with its sizes, classes and properties (VoID 4), where and what to ask it.

    ``dumps`` are the files that hold it, those that are ready.
    """
    document, dataset = NamedNode(address("/.well-known/void")), NamedNode(address(DATASET))
    yield from kind(document, str(VOID.DatasetDescription))
    yield link(document, str(FOAF.primaryTopic), dataset)
    yield from _dataset(description, dataset, str(VOID.Dataset))
    yield link(dataset, str(VOID.sparqlEndpoint), address("/sparql"))
    yield link(dataset, str(VOID.uriLookupEndpoint), address("/resource?iri="))
    yield link(dataset, str(FOAF.homepage), address("/"))
    yield text(dataset, str(VOID.uriSpace), description.names.namespace)
    for each in GRAPHS:
        yield link(dataset, str(VOID.feature), FORMATS + RESULT_FORMATS[each.name])
    for dump in dumps.of_kind("graph") if dumps else ():
        yield link(dataset, str(VOID.dataDump), address(f"/dumps/{dump.name}.gz"))
    for namespace in _vocabularies(description):
        yield link(dataset, str(VOID.vocabulary), namespace)
    yield count(dataset, str(VOID.triples), description.triples)
    yield count(dataset, str(VOID.distinctSubjects), description.subjects)
    yield count(dataset, str(VOID.distinctObjects), description.objects)
    yield count(dataset, str(VOID.classes), len(description.classes))
    yield count(dataset, str(VOID.properties), len(description.properties))
    for number, part in enumerate(description.classes):
        partition = BlankNode(f"class{number}")
        yield link(dataset, str(VOID.classPartition), partition)
        yield link(partition, str(VOID["class"]), part.iri)
        yield count(partition, str(VOID.entities), part.count)
    for number, part in enumerate(description.properties):
        partition = BlankNode(f"property{number}")
        yield link(dataset, str(VOID.propertyPartition), partition)
        yield link(partition, str(VOID.property), part.iri)
        yield count(partition, str(VOID.triples), part.count)
    yield from describe_questions(description.questions, description.names.base, address("/sparql"))


def dcat(
    description: Description, address: Address, dumps: Dumps | None = None
) -> Iterator[Triple]:
    """A catalogue of the dataset, its files and the service that answers for it (DCAT 6)."""
    catalogue, dataset, service, graph = (
        NamedNode(address(path))
        for path in ("/dcat#catalogue", DATASET, "/sparql", "/dcat#default-graph")
    )
    yield from kind(catalogue, str(DCAT.Catalog))
    yield from texts(catalogue, str(DCTERMS.title), description.titles)
    yield link(catalogue, str(DCAT.dataset), dataset)
    yield link(catalogue, str(DCAT.service), service)
    yield from _dataset(description, dataset, str(DCAT.Dataset))
    yield text(dataset, str(DCAT.version), description.version)
    yield link(dataset, str(DCAT.landingPage), address("/"))
    yield link(dataset, str(DCAT.distribution), graph)
    yield from kind(graph, str(DCAT.Distribution))
    yield link(graph, str(DCAT.accessService), service)
    yield link(graph, str(DCAT.accessURL), address("/graph-store?default"))
    for each in GRAPHS:
        yield link(graph, str(DCAT.mediaType), _MEDIA_TYPES + each.media_type)
    for dump in dumps.files.values() if dumps else ():
        if dump.kind != "sitemap":
            yield from _file(description, dataset, dump, address)
    yield from kind(service, str(DCAT.DataService))
    yield from texts(service, str(DCTERMS.title), {"en": "SPARQL", "es": "SPARQL"})
    yield link(service, str(DCAT.endpointURL), service)
    yield link(service, str(DCAT.endpointDescription), service)
    yield link(service, str(DCTERMS.conformsTo), _PROTOCOL)
    yield link(service, str(DCAT.servesDataset), dataset)


def _file(
    description: Description, dataset: NamedNode, dump: Dump, address: Address
) -> Iterator[Triple]:
    """A file of the dataset as it is sent in gzip (DCAT 6.8)."""
    file = NamedNode(address(f"/dcat#{dump.name}"))
    checksum = NamedNode(address(f"/dcat#{dump.name}-checksum"))
    yield link(dataset, str(DCAT.distribution), file)
    yield from kind(file, str(DCAT.Distribution))
    yield text(file, str(DCTERMS.title), f"{dump.name}.gz")
    yield link(file, str(DCAT.downloadURL), address(f"/dumps/{dump.name}.gz"))
    yield link(file, str(DCAT.accessURL), address("/dumps"))
    yield link(file, str(DCAT.mediaType), _MEDIA_TYPES + dump.media_type.partition(";")[0])
    yield link(file, str(DCAT.compressFormat), _MEDIA_TYPES + "application/gzip")
    yield typed(file, str(DCAT.byteSize), str(dump.packed_length), str(XSD.nonNegativeInteger))
    yield link(file, str(SPDX.checksum), checksum)
    yield from kind(checksum, str(SPDX.Checksum))
    yield link(checksum, str(SPDX.algorithm), str(SPDX.checksumAlgorithm_sha256))
    yield typed(checksum, str(SPDX.checksumValue), dump.packed_sha256, str(XSD.hexBinary))
    if description.license:
        yield link(file, str(DCTERMS.license), description.license)


def _dataset(description: Description, dataset: NamedNode, class_: str) -> Iterator[Triple]:
    yield from kind(dataset, class_)
    yield from texts(dataset, str(DCTERMS.title), description.titles)
    if description.license:
        yield link(dataset, str(DCTERMS.license), description.license)
    for maker in description.makers:
        if maker.is_iri:
            yield link(dataset, maker.role, maker.value)
        elif maker.language:
            yield from texts(dataset, maker.role, {maker.language: maker.value})
        else:
            yield text(dataset, maker.role, maker.value)
    if description.modified:
        day = Literal(description.modified.date().isoformat(), datatype=NamedNode(str(XSD.date)))
        yield Triple(dataset, NamedNode(str(DCTERMS.modified)), day)


def _vocabularies(description: Description) -> list[str]:
    """The namespaces of the prefix table that a class or a property of the dataset is in."""
    used = [part.iri for part in (*description.classes, *description.properties)]
    return sorted(
        namespace
        for namespace in set(description.names.prefixes.values())
        if any(iri.startswith(namespace) for iri in used)
    )
