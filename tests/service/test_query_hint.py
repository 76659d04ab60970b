"""Why an answer is empty is told by either way to it, and by the cache as well."""

from __future__ import annotations

from urllib.parse import urlencode

from serving import Service

PREFIX = "PREFIX plants: <https://example.org/garden/plants#> "
HINT = (
    'unknown;iri="https://example.org/garden/plants#heigth"'
    ';like="https://example.org/garden/plants#height"'
)


def test_the_hint_is_kept_with_the_answer(service: Service) -> None:
    query = PREFIX + "ASK { ?x plants:heigth ?y }"
    first, second = service.ask(query), service.ask(query)
    posted = service.send(
        "POST",
        "/sparql",
        urlencode({"query": query}).encode(),
        Content_Type="application/x-www-form-urlencoded",
        Accept="application/sparql-results+json",
    )
    assert "cache" in second.headers["server-timing"]
    assert [each.headers.get("x-query-hint") for each in (first, second, posted)] == [HINT] * 3


def test_an_answer_that_is_not_empty_has_no_hint(service: Service) -> None:
    reply = service.ask(PREFIX + "ASK { { ?x plants:heigth ?y } UNION { ?x plants:height ?y } }")
    assert "x-query-hint" not in reply.headers


def test_a_deviation_of_the_engine_is_told_on_whatever_answer(service: Service) -> None:
    reply = service.ask("SELECT (1 AS ?one) (MIN(?x) AS ?least) { VALUES ?x { 1 UNDEF } }")
    assert reply.headers["x-query-hint"] == ('aggregate;text="MIN(?x)";cure="FILTER(BOUND(?x))"')
    reply = service.ask("ASK { <urn:nowhere> <urn:p>* ?o }")
    assert reply.headers["x-query-hint"] == 'unknown;iri="urn:p", path;term="urn:nowhere"'
