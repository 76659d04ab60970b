"""Whole graphs by name: SPARQL 1.1 Graph Store HTTP Protocol, its read side."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Triple, parse

from cecot.dataset.store import Loaded
from cecot.sparql.formats import GRAPHS, GraphFormat, graph_writer

ONTOLOGY = "http://garden.example/ontology"


def held(loaded: Loaded, name: str | None) -> set[Triple]:
    names = {str(name) if name is None else f"<{name}>", "DEFAULT" if name is None else ""}
    return {quad.triple for quad in loaded.store if str(quad.graph_name) in names}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/graph-store?default", None),
        ("/graph-store?default=", None),
        ("/graph-store/?default", None),
        (f"/graph-store?graph={ONTOLOGY}", ONTOLOGY),
        ("/graph-store/ontology", ONTOLOGY),
        ("/graph-store/shapes", "http://garden.example/shapes"),
    ],
)
def test_a_graph_is_read_by_its_name(
    client: FlaskClient, loaded: Loaded, path: str, name: str | None
) -> None:
    response = client.get(path)
    assert response.mimetype == "text/turtle"
    read = {quad.triple for quad in parse(response.data, format=RdfFormat.TURTLE)}
    assert read == held(loaded, name) != set()


@pytest.mark.parametrize("each", GRAPHS, ids=lambda each: each.name)
def test_a_graph_comes_in_every_format(
    client: FlaskClient, loaded: Loaded, each: GraphFormat
) -> None:
    by_accept = client.get("/graph-store?default", headers={"Accept": each.media_type})
    by_name = client.get(f"/graph-store?default&format={each.name}")
    assert by_accept.mimetype == each.media_type
    assert by_accept.data == by_name.data
    read = list(parse(by_accept.data, format=graph_writer(each.media_type)))
    assert {quad.triple for quad in read} == held(loaded, None)


@pytest.mark.parametrize("path", ["/graph-store?graph=http://e/none", "/graph-store/none"])
def test_a_graph_that_is_not_there_is_404_and_names_those_that_are(
    client: FlaskClient, path: str
) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert ONTOLOGY in response.get_json()["hint"]


@pytest.mark.parametrize(
    "query", ["", "?default&graph=http://e/", "?graph=http://e/&graph=http://f/", "?graph=relative"]
)
def test_an_address_that_names_no_graph_or_two_is_400(client: FlaskClient, query: str) -> None:
    response = client.get(f"/graph-store{query}")
    assert response.status_code == 400
    assert response.get_json()["hint"]


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/graph-store?default", "/graph-store/ontology"])
def test_nothing_is_written(client: FlaskClient, path: str, method: str) -> None:
    response = client.open(path, method=method, data=b"")
    assert response.status_code == 405
    assert set(response.allow) == {"GET", "HEAD", "OPTIONS"}


def test_head_and_tags_work_as_for_answers(client: FlaskClient) -> None:
    get, head = client.get("/graph-store?default"), client.head("/graph-store?default")
    assert head.data == b""
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    again = client.get("/graph-store?default", headers={"If-None-Match": get.headers["ETag"]})
    assert again.status_code == 304
    other = client.get("/graph-store/ontology")
    assert other.headers["ETag"] != get.headers["ETag"]


def test_what_cannot_be_written_is_406(client: FlaskClient) -> None:
    for asked in ("/graph-store?default", "/graph-store/ontology"):
        response = client.get(asked, headers={"Accept": "text/csv"})
        assert response.status_code == 406
        told = response.get_json()
        assert told["offered"] == [each.media_type for each in GRAPHS]
        assert "query" not in f"{told['detail']} {told['hint']}"
        assert "SELECT" not in told["hint"]
        assert client.get(f"{asked}&format=csv".replace("y&", "y?")).status_code == 406
