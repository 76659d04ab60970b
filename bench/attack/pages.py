"""Garbage in the parameters of every page and document, not only of the endpoint."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from urllib.parse import quote

from bench.attack.judging import MARK
from bench.attack.requests import Build, Named
from bench.wire import Target

PATHS = (
    "/", "/claims", "/claims.csv", "/claims.json", "/claims.xyz", "/cite", "/cite.bib",
    "/cite.ris", "/search", "/search.json", "/questions", "/questions/x", "/sources", "/resource",
    "/resource.ttl", "/dcat", "/.well-known/void", "/limits", "/dumps", "/dumps/x", "/editor",
    "/editor/terms.json", "/graph-store", "/problems", "/about", "/method", "/corrections",
    "/network", "/timeline", "/network.svg", "/timeline.svg", "/opensearch.xml", "/sitemap.xml",
    "/sitemap-1.xml", "/llms.txt", "/sitemap-99999999999999999999.xml", "/ontology",
    "/ontology.html", "/shapes", "/shapes.ttl", "/id/s0000", "/id/s0000.html", "/id/s0000.ttl",
    "/id/s0000-facility.html", "/id/x.html", "/id/", "/id/s0000-facility.jsonld",
    "/id/s0000-policy.rdf", "/static/x", "/metrics", "/health", "/mcp",
)  # fmt: skip
PARAMETERS = (
    "of", "date", "after", "about", "by", "status", "act", "policy", "sort", "lang", "query",
    "question", "width", "q", "type", "iri", "graph", "default", "page", "format",
)  # fmt: skip
VALUES = (
    "", "%00", "%ff%fe", "x" * 6000, "../../../etc/passwd", "http://%5B::1", "-1", "0", "1e9",
    "99999999999999999999999", quote(MARK), quote("' OR 1=1 --"), quote("> ?p ?o } #"),
    "%0d%0aX: 1", quote("> } SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #"),
    quote('"@en } UNION { ?s ?p ?o }'), quote("https://w3id.org/cecot/id/s0000-facility"),
    "https://w3id.org/cecot/id/%20", quote("(a+)+$"), "%E2%80%AE", "%F0%9F%98%80" * 200,
    "%ED%A0%80", ".*", "*", quote("\\u0041"), "2023-99-99", "en,es;q=x",
    "b+c+d+e+f+g+h+i+j+k", "$x", "9" * 5000, "1" + "&act=1" * 900, "1" + "&q=1" * 900,
)  # fmt: skip
TYPES = (
    "text/html",
    "text/turtle",
    "application/json",
    "*/*",
    "image/svg+xml",
    "application/ld+json",
)


def addresses() -> Iterator[Named]:
    """Every page with every parameter, the values in turn."""
    values, types = itertools.cycle(VALUES), itertools.cycle(TYPES)
    for path, parameter, _ in itertools.product(PATHS, PARAMETERS, "ab"):
        value, accept = next(values), next(types)
        text = f"{path}?{parameter}={value}"
        yield f"{text[:70]} as {accept}", _get(text, accept), None
    for path, accept in itertools.product(PATHS, TYPES):
        yield f"{path} as {accept}", _get(path, accept), None


def _get(path: str, accept: str) -> Build:
    def build(where: Target) -> bytes:
        return where.request("GET", path, f"Accept: {accept}")

    return build
