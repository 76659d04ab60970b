"""What people use from Python: SPARQLWrapper, rdflib, pandas, sparql-dataframe."""

from __future__ import annotations

from urllib.parse import urlencode

import pandas
import pytest
import rdflib
import sparql_dataframe
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

# The readers of rdflib 7.6 use what rdflib 7.6 calls deprecated.
OF_RDFLIB = pytest.mark.filterwarnings(
    "ignore:(ConjunctiveGraph|Dataset.default_context) is deprecated:DeprecationWarning"
)
PREFIXES = """PREFIX cecot: <https://w3id.org/cecot/ontology#>
PREFIX schema: <https://schema.org/>
"""
LINES = PREFIXES + "SELECT ?line { ?p a cecot:Passage ; schema:position ?line } ORDER BY ?line"
PASSAGES = PREFIXES + "CONSTRUCT { ?p a cecot:Passage } WHERE { ?p a cecot:Passage }"
ASKED = PREFIXES + "ASK { ?p a cecot:Passage }"


def wrapper(endpoint: str, query: str, wanted: str) -> SPARQLWrapper:
    asking = SPARQLWrapper(endpoint)
    asking.setQuery(query)
    asking.setReturnFormat(wanted)
    return asking


def count_lines(converted: object, wanted: str) -> int:
    if wanted == JSON:
        return len(converted["results"]["bindings"])  # type: ignore[index]
    if wanted == XML:
        return len(converted.getElementsByTagName("result"))  # type: ignore[attr-defined]
    return len(converted.decode().strip().splitlines()) - 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("wanted", [JSON, XML, CSV, TSV])
@pytest.mark.parametrize(
    ("method", "encoding"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]
)
def test_sparqlwrapper_gets_rows_in_every_format_and_way(
    endpoint: str, wanted: str, method: str, encoding: str
) -> None:
    asking = wrapper(endpoint, LINES, wanted)
    asking.setMethod(method)
    asking.setRequestMethod(encoding)
    assert count_lines(asking.queryAndConvert(), wanted) == 30


@OF_RDFLIB
@pytest.mark.parametrize("wanted", [TURTLE, N3, RDFXML, XML, JSONLD])
def test_sparqlwrapper_gets_graphs_in_every_format(endpoint: str, wanted: str) -> None:
    converted = wrapper(endpoint, PASSAGES, wanted).queryAndConvert()
    graph = converted
    if isinstance(converted, bytes):
        graph = rdflib.Graph().parse(data=converted, format="turtle")
    assert len(graph) == 30


def test_sparqlwrapper_gets_yes_or_no(endpoint: str) -> None:
    assert wrapper(endpoint, ASKED, JSON).queryAndConvert()["boolean"] is True


def test_sparqlwrapper_is_told_what_is_wrong(endpoint: str) -> None:
    with pytest.raises(QueryBadFormed, match="line"):
        wrapper(endpoint, "SELECT ?s { ?s ?p }", JSON).query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads_the_endpoint_as_a_graph(endpoint: str, method: str) -> None:
    graph = rdflib.Graph(SPARQLStore(endpoint, method=method))
    assert [int(row[0]) for row in graph.query(LINES)][:2] == [1, 3]  # type: ignore[index]
    assert len(graph.query(PASSAGES).graph or ()) == 30
    assert graph.query(ASKED).askAnswer is True
    passage = rdflib.URIRef("https://w3id.org/cecot/ontology#Passage")
    assert len(list(graph.subjects(rdflib.RDF.type, passage))) == 30


@OF_RDFLIB
def test_rdflib_sends_one_accept_header_for_every_form(endpoint: str) -> None:
    """Its results in JSON and its graphs in RDF/XML are asked for by stores of their own."""
    rows = rdflib.Graph(SPARQLStore(endpoint, returnFormat="json"))
    assert len(list(rows.query(LINES))) == 30
    assert rows.query(ASKED).askAnswer is True
    for name in ("xml", "turtle", "nt", "json-ld", "n3"):
        graphs = rdflib.Graph(SPARQLStore(endpoint, returnFormat=name))
        assert len(graphs.query(PASSAGES).graph or ()) == 30, name


@pytest.mark.parametrize("length", [2_000, 8_000])
def test_rdflib_puts_long_queries_into_the_address(endpoint: str, length: int) -> None:
    query = LINES + "\n# " + "x" * (length - len(LINES))
    assert len(urlencode({"query": query})) > 2_000
    assert len(list(rdflib.Graph(SPARQLStore(endpoint)).query(query))) == 30


@pytest.mark.parametrize("length", [0, 1_000])
def test_another_rdflib_calls_the_endpoint_as_a_service(endpoint: str, length: int) -> None:
    inner = (
        f"?p a <https://w3id.org/cecot/ontology#Passage> {'#' + 'x' * length if length else ''}\n"
    )
    found = rdflib.Graph().query(f"SELECT ?p {{ SERVICE <{endpoint}> {{ {inner} }} }}")
    assert len(list(found)) == 30


def test_pandas_reads_csv_and_tsv_from_an_address(endpoint: str) -> None:
    for name, separator, column in (("csv", ",", "line"), ("tsv", "\t", "?line")):
        address = f"{endpoint}?{urlencode({'query': LINES, 'format': name})}"
        frame = pandas.read_csv(address, sep=separator)
        assert frame[column].sum() == sum((*range(1, 53, 2), 53, 54, 55, 56))


@pytest.mark.parametrize("post", [False, True])
def test_sparql_dataframe_gets_a_frame(endpoint: str, post: bool) -> None:
    frame = sparql_dataframe.get(endpoint, LINES, post=post)
    assert len(frame) == 30
